import type { Dropped } from "../article.ts";
import { oneLine } from "../clean-text.ts";
import { VOID, OpenElements } from "../markup/open-elements.ts";
import { tokensOf, type Attributes, type MarkupToken, textOf } from "../markup/tokens.ts";
import {
  hidesElement,
  type Hiding,
  type ComputedStyle,
  computeStyle,
  INITIAL_STYLE,
  type Styled,
  hidesText,
} from "./computed-style.ts";
import { type Declarations, inlineStyle, StyleRules } from "./style-rules.ts";

/** A stretch of markup that readers of the page do not see. */
export interface HiddenText {
  readonly start: number;
  readonly end: number;
  /** What `Article.dropped` says of it. */
  readonly reason: string;
  /** Whether it is an element with its tags, or only text. */
  readonly isElement: boolean;
}

/** HTML without its hidden text, and that text. */
export function withoutHidden(html: string): { html: string; dropped: Dropped[] } {
  const kept: string[] = [];
  const dropped: Dropped[] = [];
  let from = 0;
  for (const { start, end, reason } of hiddenIn(html)) {
    kept.push(html.slice(from, start));
    const text = oneLine(textOf(html.slice(start, end)));
    if (text !== "") dropped.push({ text, reason });
    from = end;
  }
  return { html: kept.join("") + html.slice(from), dropped };
}

const MAY_HIDE =
  /\bhidden\b|\bstyle\b|<font|bgcolor|<r[tp]\b|#cmnt|\bsr-only|screen-?reader|invisible|-sr\b/i;

/**
 * The hidden text of some markup, in order, no two stretches overlapping: text without size, off screen, in the
 * colour of its background and so on, as styles in the markup say; besides the margin comments of a Google document,
 * and the readings of characters (ruby). A story that the page hides until its scripts have run is not among it.
 * Linear in the length.
 */
export function hiddenIn(markup: string, tokens?: readonly MarkupToken[]): readonly HiddenText[] {
  return MAY_HIDE.test(markup) ? new Search(markup).run(tokens ?? tokensOf(markup)) : [];
}

interface Finding extends HiddenText {
  readonly hiding: Hiding | undefined;
  /** Findings of a group are judged together. */
  readonly group: string | undefined;
  readonly isInStory: boolean;
  readonly size: Size;
}

/** How much there is of a text. */
interface Size {
  readonly letters: number;
  /** Those in stretches as long as a sentence. */
  readonly prose: number;
  /** Marks of a story: its headline, its element. */
  readonly marks: number;
}

interface Open {
  readonly name: string;
  readonly style: ComputedStyle;
  readonly isInStory: boolean;
  readonly at: number;
  readonly before: Size;
  /** Why all that is in it is left out. */
  reason: string | undefined;
  readonly hiding: Hiding | undefined;
  readonly group: string | undefined;
}

type StartTag = Extract<MarkupToken, { is: "open" }>;
type Element = Styled & Pick<Open, "hiding" | "group">;

const LONGEST_KNOWN = 300;
const MOST_KNOWN = 5000;

const STORY: ReadonlySet<string> = new Set(["main", "article"]);
const SENTENCE = 40;
const COMMENT = "a comment";
const COMMENT_LINK = /^#cmnt((?:_ref)?)\d+$/;
const READING = "the reading of a character";

class Search {
  readonly #markup: string;
  readonly #rules: StyleRules;
  /** Whether style sheets that are not in the markup may say more. */
  readonly #isStyledElsewhere: boolean;
  readonly #elements = new Map<string, Element>();
  readonly #found: Finding[] = [];
  readonly #open = new OpenElements<Open>((element) => this.#end(element));
  #page: ComputedStyle = INITIAL_STYLE;
  #letters = 0;
  #prose = 0;
  #marks = 0;
  /** Where the token begins that is read, and where it ends. */
  #at = 0;
  #tokenEnd = 0;
  /** The name of the end tag that is read. */
  #closing = "";

  constructor(markup: string) {
    this.#markup = markup;
    this.#rules = new StyleRules(markup);
    this.#isStyledElsewhere = this.#rules.isEmpty || /<link\s[^>]*stylesheet/i.test(markup);
  }

  run(tokens: readonly MarkupToken[]): readonly HiddenText[] {
    for (const token of tokens) {
      this.#at = token.at;
      this.#tokenEnd = token.at + token.source.length;
      this.#read(token);
    }
    this.#at = this.#markup.length;
    this.#open.closeAll();
    return this.#judged();
  }

  #read(token: MarkupToken): void {
    if (token.is === "text") this.#readText(token.source);
    else if (token.is === "open") this.#readStart(token);
    else if (token.is === "close") this.#readEnd(token.name);
  }

  get #size(): Size {
    return { letters: this.#letters, prose: this.#prose, marks: this.#marks };
  }

  #readText(source: string): void {
    const { length } = source.trim();
    if (length === 0) return;
    const before = this.#size;
    this.#letters += length;
    if (length >= SENTENCE) this.#prose += length;
    const { style, isInStory } = this.#around;
    const hiding = hidesText(style);
    if (!hiding) return;
    this.#found.push({
      start: this.#at,
      end: this.#tokenEnd,
      reason: notShown(hiding),
      isElement: false,
      hiding,
      group: hiding.cause,
      isInStory,
      size: since(before, this.#size),
    });
  }

  get #around(): Pick<Open, "style" | "isInStory"> {
    return this.#open.innermost ?? { style: this.#page, isInStory: false };
  }

  #readStart(token: StartTag): void {
    const { name } = token;
    if (name === "head") return;
    const element = this.#elementOf(token);
    if (name === "html" || name === "body") {
      this.#page = computeStyle(this.#page, element);
      return;
    }
    this.#open.makeWayFor(name);
    if (VOID.has(name)) return;
    const { style, isInStory } = this.#around;
    const { hiding, group, attributes } = element;
    const isReading = name === "rt" || name === "rp" || name === "rtc";
    this.#open.push({
      name,
      style: computeStyle(style, element),
      isInStory: isInStory || STORY.has(name),
      at: this.#at,
      before: this.#size,
      reason: isReading ? READING : hiding && notShown(hiding),
      hiding: isReading ? undefined : hiding,
      group,
    });
    if (STORY.has(name) || name === "h1" || attributes.get("itemprop") === "articleBody")
      this.#marks++;
    if (name === "a") this.#readLink(attributes.get("href") ?? "");
  }

  // A page has most of its start tags many times.
  #elementOf({ name: tag, source, attributes }: StartTag): Element {
    const known = this.#elements.get(source);
    if (known) return known;
    const own = inlineStyle(attributes.get("style") ?? "");
    const [classes = "", id = ""] = [attributes.get("class"), attributes.get("id")];
    const style = this.#rules.styleOf(tag, classes, id, own);
    const isStyledElsewhere = this.#isStyledElsewhere;
    const hiding = hidingOf({ own, style, attributes });
    const element = { tag, attributes, style, isStyledElsewhere, ...hiding };
    if (source.length < LONGEST_KNOWN && this.#elements.size < MOST_KNOWN)
      this.#elements.set(source, element);
    return element;
  }

  #readEnd(name: string): void {
    this.#closing = name;
    for (const block of this.#open.close(name)) {
      // It goes on behind the end of the element that it was in.
      this.#open.push({ ...block, at: this.#tokenEnd, before: this.#size });
    }
    this.#closing = "";
  }

  #end({ name, at, before, reason, hiding, group, isInStory }: Open): void {
    const end = name === this.#closing ? this.#tokenEnd : this.#at;
    if (reason === undefined || end <= at) return;
    const size = since(before, this.#size);
    this.#found.push({ start: at, end, reason, isElement: true, hiding, group, isInStory, size });
  }

  // Google Docs: a mark in the text leads to a comment below it, which begins with a link back.
  #readLink(href: string): void {
    const [, back] = COMMENT_LINK.exec(href) ?? [];
    if (back === undefined) return;
    const holders = back === "" ? ["sup"] : ["div", "p"];
    const holder = holders
      .map((name) => this.#open.findLast((element) => element.name === name))
      .find((element) => element?.before.letters === this.#letters);
    const element = holder ?? this.#open.innermost;
    if (element) element.reason = COMMENT;
  }

  #judged(): readonly HiddenText[] {
    const found = this.#found.toSorted((a, b) => a.start - b.start || b.end - a.end);
    const all = this.#size;
    const groups = new Map<string, number>();
    let end = 0;
    for (const { start, end: to, group, size } of found) {
      if (group === undefined || start < end) continue;
      end = to;
      groups.set(group, (groups.get(group) ?? 0) + shareOf(size, all));
    }
    const hidden: Finding[] = [];
    for (const finding of found) {
      const isInside = finding.start < (hidden.at(-1)?.end ?? 0);
      if (!isInside && !isShown(finding, all, groups)) hidden.push(finding);
    }
    return hidden;
  }
}

// What hides an element by itself is judged by itself, save for what pages also do to one paragraph after the other.
function hidingOf({
  own,
  style,
  attributes,
}: {
  readonly own: Declarations;
  readonly style: Declarations;
  readonly attributes: Attributes;
}): Pick<Open, "hiding" | "group"> {
  const hiding = hidesElement({ style, attributes });
  if (!hiding) return { hiding, group: undefined };
  const isInline = style === own || hidesElement({ style: own, attributes }) !== undefined;
  if (!isInline) return { hiding, group: `.${attributes.get("class")}` };
  return { hiding, group: hiding.cause === "opacity: 0" ? hiding.cause : undefined };
}

function since(before: Size, now: Size): Size {
  return {
    letters: now.letters - before.letters,
    prose: now.prose - before.prose,
    marks: now.marks - before.marks,
  };
}

function notShown({ cause }: Hiding): string {
  return `not shown on the page (${cause})`;
}

function shareOf(size: Size, all: Size): number {
  if (all.prose > 0) return size.prose / all.prose;
  return all.letters > 0 ? size.letters / all.letters : 0;
}

const MOST = 0.6;
const NEARLY_ALL = 0.9;

/**
 * Whether it is shown after all, once the page's scripts have run: it is where it is most of the page and the story is
 * in it. A long notice in a dialog isn't.
 */
function isShown(
  { hiding, group, isInStory, size }: Finding,
  all: Size,
  groups: ReadonlyMap<string, number>,
): boolean {
  if (size.letters === all.letters) return true;
  if (!hiding) return false;
  if (!hiding.mayBeForNow) return false;
  const share = shareOf(size, all);
  if (share > MOST && (isInStory || size.marks > 0 || share > NEARLY_ALL)) return true;
  return group !== undefined && (groups.get(group) ?? 0) > MOST;
}
