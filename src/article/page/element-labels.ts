import written from "./element-labels.json" with { type: "json" };
import type { PageElement } from "./page-dom.ts";
import type { Boilerplate } from "../boilerplate.ts";

/**
 * Returns the names of an element in the page's source, as plain words with spaces around: `sdc-article__relatedStories`
 * gives " sdc article related stories ". They come from its class, id, role and test attributes.
 */
export function labelOf(element: PageElement): string {
  let label = "";
  for (const name of LABELS) {
    const value = element.getAttribute(name);
    if (value) label += ` ${value.slice(0, LONGEST_VALUE)}`;
  }
  return label === "" ? "" : plainLabel(label);
}

const LABELS = "class id role itemprop data-component data-module data-testid data-type".split(" ");

// Some frameworks write long lists of style rules into a class.
const LONGEST_VALUE = 400;

const plainLabel = remembering((label): string => {
  const words = label
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ");
  return ` ${words.trim()} `;
});

const MOST_KNOWN = 20_000;

/** Caches a function of labels, because pages repeat the same few. */
function remembering<Said>(say: (names: string) => Said): (names: string) => Said {
  const known = new Map<string, Said>();
  return (names) => {
    const before = known.get(names);
    if (before !== undefined) return before;
    if (known.size >= MOST_KNOWN) known.clear();
    const said = say(names);
    // A substring of the page would keep the whole page in memory, so the key is copied.
    known.set(Buffer.from(names).toString(), said);
    return said;
  };
}

/** The kinds of words that authors use for parts of a page. A story may be in a part called "recent posts". */
export const LABEL_KINDS = Object.keys(written.evidence);

const BIT_OF = new Map<string, number>();
for (const [index, list] of Object.values(written.evidence).entries()) {
  for (const word of list.split(" ")) BIT_OF.set(word, (BIT_OF.get(word) ?? 0) | (1 << index));
}

const LONGEST_NAMES = 300;

/** Returns the kinds of label words in an element's class, id and role, as bits. */
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

/** Kinds of elements outside the story: those that lines of text show, and those that only markup shows. */
export type PageBoilerplate = Boilerplate | "byline" | "bio" | "footer" | "hidden";

/**
 * Words that sites use for such elements (see labelOf). Only unambiguous words are included: "promo" is a box beside
 * a story, but "content" and "body" are the story, and "header" and "widget" can be anything.
 */
const PATTERNS = Object.keys(written.boilerplate)
  .filter(isLabelled)
  .map((kind) => [kind, new RegExp(` (?:${written.boilerplate[kind]}) `)] as const);

function isLabelled(kind: string): kind is keyof typeof written.boilerplate {
  return kind in written.boilerplate;
}

/** The kind of an element whose label shows that it is not the story. */
export function boilerplateByLabel(label: string): PageBoilerplate | undefined {
  if (label === "") return undefined;
  return PATTERNS.find(([, pattern]) => pattern.test(label))?.[0];
}
