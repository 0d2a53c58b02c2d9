import type { PageElement } from "./page-dom.ts";
import words from "./label-words.json" with { type: "json" };

/**
 * What the people who built a page call its parts, in kinds. They are evidence among other evidence:
 * a story may well stand in a part called "recent posts".
 */
export const LABEL_KINDS = Object.keys(words);

const BIT_OF = new Map<string, number>();
for (const [index, list] of Object.values(words).entries()) {
  for (const word of list.split(" ")) BIT_OF.set(word, (BIT_OF.get(word) ?? 0) | (1 << index));
}

// Pages use the same few names again and again.
const known = new Map<string, number>();
const MOST_KNOWN = 20_000;
const LONGEST = 300;

/** The kinds of label words in an element's class, id and role, as bits. */
export function labelBitsOf(element: PageElement): number {
  const names = element.getAttribute("class");
  const id = element.getAttribute("id");
  const role = element.getAttribute("role") ?? element.getAttribute("itemprop");
  if (names === null && id === null && role === null) return 0;
  return bitsIn(names) | bitsIn(id) | bitsIn(role);
}

function bitsIn(names: string | null): number {
  if (!names) return 0;
  const before = known.get(names);
  if (before !== undefined) return before;
  let bits = 0;
  const plain = names.slice(0, LONGEST).replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2");
  for (const word of plain.toLowerCase().split(/[^\p{L}]+/u)) bits |= BIT_OF.get(word) ?? 0;
  if (known.size >= MOST_KNOWN) known.clear();
  // What a parser hands out is a piece of the page, and would keep all of it in memory.
  known.set(Buffer.from(names).toString(), bits);
  return bits;
}
