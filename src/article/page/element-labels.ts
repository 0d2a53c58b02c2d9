import written from "./element-labels.json" with { type: "json" };
import type { PageElement } from "./page-dom.ts";
import type { Boilerplate } from "../boilerplate.ts";

/**
 * What an element is called by the people who built the page, as plain words with a space around
 * each: `sdc-article__relatedStories` is " sdc article related stories ". Its class, id, role and
 * test names.
 */
export function labelOf(element: PageElement): string {
  let label = "";
  for (const name of LABELS) {
    const value = element.getAttribute(name);
    if (value) label += ` ${value.slice(0, LONGEST)}`;
  }
  return label === "" ? "" : plainLabel(label);
}

const LABELS = "class id role itemprop data-component data-module data-testid data-type".split(" ");

// Frameworks write whole style sheets into a class.
const LONGEST = 400;

const plainLabel = remembering((label): string => {
  const words = label
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ");
  return ` ${words.trim()} `;
});

const MOST_KNOWN = 20_000;

/** What a function says of names: pages use the same few again and again. */
function remembering<Said>(say: (names: string) => Said): (names: string) => Said {
  const known = new Map<string, Said>();
  return (names) => {
    const before = known.get(names);
    if (before !== undefined) return before;
    if (known.size >= MOST_KNOWN) known.clear();
    const said = say(names);
    // What a parser hands out is a piece of the page, and would keep all of it in memory.
    known.set(Buffer.from(names).toString(), said);
    return said;
  };
}

/**
 * What the people who built a page call its parts, in kinds. They are evidence among other evidence:
 * a story may well stand in a part called "recent posts".
 */
export const LABEL_KINDS = Object.keys(written.evidence);

const BIT_OF = new Map<string, number>();
for (const [index, list] of Object.values(written.evidence).entries()) {
  for (const word of list.split(" ")) BIT_OF.set(word, (BIT_OF.get(word) ?? 0) | (1 << index));
}

const LONGEST_NAMES = 300;

/** The kinds of label words in an element's class, id and role, as bits. */
export function labelBitsOf(element: PageElement): number {
  const names = element.getAttribute("class");
  const id = element.getAttribute("id");
  const role = element.getAttribute("role") ?? element.getAttribute("itemprop");
  return (names ? bitsIn(names) : 0) | (id ? bitsIn(id) : 0) | (role ? bitsIn(role) : 0);
}

const bitsIn = remembering((names): number => {
  let bits = 0;
  const plain = names.slice(0, LONGEST_NAMES).replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2");
  for (const word of plain.toLowerCase().split(/[^\p{L}]+/u)) bits |= BIT_OF.get(word) ?? 0;
  return bits;
});

/** What an element around a story is there for: as lines of text say it, and as only markup does. */
export type PageBoilerplate = Boilerplate | "byline" | "bio" | "footer" | "hidden";

/**
 * The words that sites name such elements by (see labelOf). Only words that are used for nothing
 * else: "promo" names a box beside a story, "content" and "body" name the story, "header" and
 * "widget" name anything.
 */
const PATTERNS = Object.keys(written.boilerplate)
  .filter(isLabelled)
  .map((kind) => [kind, new RegExp(` (?:${written.boilerplate[kind]}) `)] as const);

function isLabelled(kind: string): kind is keyof typeof written.boilerplate {
  return kind in written.boilerplate;
}

/** What an element with this label is there for, where its name says that it is not the story. */
export function boilerplateByLabel(label: string): PageBoilerplate | undefined {
  if (label === "") return undefined;
  return PATTERNS.find(([, pattern]) => pattern.test(label))?.[0];
}
