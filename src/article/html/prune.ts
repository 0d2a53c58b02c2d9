import type { Dropped } from "../article.ts";
import { oneLine } from "../clean-text.ts";
import { BOILERPLATE_REASONS, type Boilerplate } from "../plain-text/boilerplate.ts";
import written from "./element-labels.json" with { type: "json" };
import { BLOCK } from "../markup/open-elements.ts";
import { labelOf, childrenOf, isElement, isWithin, type PageElement } from "../page/page-dom.ts";
import { textBlocksIn } from "./text-blocks.ts";

const REASONS: Readonly<Record<PageBoilerplate, string>> = {
  ...BOILERPLATE_REASONS,
  byline: "the byline",
  bio: "about the author, not the story",
  hidden: "not shown on the page",
  footer: "a footer",
};

// What the HTML standard says these are for (§4.3). A header is left alone: it often has the
// headline.
const BY_NAME: ReadonlyMap<string, PageBoilerplate> = new Map([
  ["nav", "navigation"],
  ["dialog", "hidden"],
  ["footer", "footer"],
  ["aside", "related"],
  ["form", "subscribe"],
  ["byline", "byline"],
]);

const BY_ROLE: ReadonlyMap<string, PageBoilerplate> = new Map([
  ["navigation", "navigation"],
  ["search", "navigation"],
  ["banner", "navigation"],
  ["contentinfo", "legal"],
  ["complementary", "related"],
  ["dialog", "hidden"],
  ["alertdialog", "hidden"],
]);

/**
 * Takes out of a page what its markup says is not the story: menus, sharing buttons, pointers to
 * other stories, invitations, bylines, comments. Returns what was taken, in order.
 */
export function prune(body: PageElement): readonly Dropped[] {
  const pruning = new Pruning(body);
  pruning.inside(body);
  return pruning.dropped;
}

/** Takes out of a page what it does not show. Returns what was taken, in order. */
export function dropHidden(body: PageElement): Dropped[] {
  const dropped: Dropped[] = [];
  // One inside another has gone with it.
  for (const element of Array.from(body.querySelectorAll("[hidden]")))
    if (isWithin(element, body)) drop(element, element.getAttribute("hidden") ?? "", dropped);
  return dropped;
}

function drop(element: PageElement, reason: string, dropped: Dropped[]): void {
  const text = textBlocksIn(element)
    .map((block) => block.text)
    .join("\n");
  if (text !== "") dropped.push({ text, reason });
  element.remove();
}

/** Why an element is not the story, where its markup says what it is there for. */
export function reasonByMarkup(element: PageElement): string | undefined {
  const kind = kindOf(element, false);
  return kind === undefined ? undefined : REASONS[kind];
}

class Pruning {
  readonly dropped: Dropped[] = [];
  readonly #most: number;
  #read = 0;

  constructor(body: PageElement) {
    this.#most = Math.max(600, proseIn(body) * 0.15);
  }

  inside(parent: PageElement, isInFigure = false): void {
    const isFigure = isInFigure || parent.localName === "figure";
    for (const child of childrenOf(parent)) {
      if (!isElement(child)) continue;
      const hidden = child.getAttribute("hidden");
      const kind = hidden === null ? kindOf(child, isFigure) : undefined;
      if (hidden !== null) drop(child, hidden, this.dropped);
      else if (kind !== undefined && this.#mayGo(child, kind))
        drop(child, REASONS[kind], this.dropped);
      else {
        if (child.localName === "p") this.#read += child.textContent.length;
        this.inside(child, isFigure);
      }
    }
  }

  // Whatever it is called, an element with a good part of the page's prose in it is the story, or
  // has it inside.
  #mayGo(element: PageElement, kind: PageBoilerplate): boolean {
    const { length } = element.textContent;
    // A paragraph is the story's before it is anything else.
    if (
      length > (element.localName === "p" ? 300 : 400) &&
      (kind === "byline" || element.localName === "p")
    )
      return false;
    // Comments may well be longer than what they comment on.
    const isLate = kind === "comments" && this.#read > 200 && element.localName !== "article";
    if (!isLate && proseIn(element) > this.#most) return false;
    return element.querySelector("h1, [itemprop=articleBody]") === null;
  }
}

// Characters in paragraphs long enough to be somebody's prose.
function proseIn(element: PageElement): number {
  let prose = 0;
  for (const paragraph of element.querySelectorAll("p")) {
    const { length } = paragraph.textContent.trim();
    if (length > 80) prose += length;
  }
  return prose;
}

// In a figure, what is named for an author or a licence is a picture's.
const IN_FIGURES: ReadonlySet<PageBoilerplate> = new Set(["share", "hidden", "advertisement"]);

function kindOf(element: PageElement, isInFigure: boolean): PageBoilerplate | undefined {
  const name = element.localName;
  if (name === "body" || name === "main") return undefined;
  const kind =
    BY_NAME.get(name) ??
    BY_ROLE.get(element.getAttribute("role") ?? "") ??
    boilerplateByLabel(labelOf(element));
  if (kind === undefined || (isInFigure && !IN_FIGURES.has(kind))) return undefined;
  if (kind === "hidden" || BLOCK.has(name) || BY_NAME.has(name) || name.includes("-")) return kind;
  // Inside a sentence, such a name is a link to a topic or an author.
  return isAlone(element) ? kind : undefined;
}

function isAlone(element: PageElement): boolean {
  return oneLine(element.parentElement?.textContent ?? "") === oneLine(element.textContent);
}

/**
 * What an element around a story is there for: as lines of text say it, and as only markup does.
 */
type PageBoilerplate = Boilerplate | "byline" | "bio" | "footer" | "hidden";

/**
 * The words that sites name such elements by (see labelOf). Only words that are used for nothing
 * else: "promo" names a box beside a story, "content" and "body" name the story, "header" and
 * "widget" name anything.
 */
const PATTERNS = Object.keys(written)
  .filter(isLabelled)
  .map((kind) => [kind, new RegExp(` (?:${written[kind]}) `)] as const);

function isLabelled(kind: string): kind is keyof typeof written {
  return kind in written;
}

/** What an element with this label is there for, where its name says that it is not the story. */
export function boilerplateByLabel(label: string): PageBoilerplate | undefined {
  if (label === "") return undefined;
  return PATTERNS.find(([, pattern]) => pattern.test(label))?.[0];
}
