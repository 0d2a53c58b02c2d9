import type { Block } from "./blocks.ts";
import { captionOf } from "./caption.ts";
import { namesInByline } from "./byline.ts";
import { findDate, isDateNoise } from "../publication-date.ts";
import { furnitureOf } from "./furniture.ts";

const MOST_WORDS = 30;
const MOST_CHARACTERS = 300;

// A sentence that ends inside the line; an address of the web; a handle; a place line ("LISBON, PORTUGAL").
const NO_TITLE = /\p{Ll}{3}[.]\s+\p{Lu}|\bwww\.|https?:|^@|^\p{Lu}{3,}, \p{Lu}{2,}$/u;

/** Whether a block has the shape of a headline: short, without a full stop, and nothing else we know. */
export function isTitleShaped({ text, words, bullet }: Block): boolean {
  if (bullet || words < 1 || words > MOST_WORDS || text.length > MOST_CHARACTERS) return false;
  if (/[.:,;。…]["”’»]?$/u.test(text) && !/\p{Lu}\.\p{Lu}\.$/u.test(text)) return false;
  return (
    !NO_TITLE.test(text) &&
    !isFileName(text) &&
    captionOf(text) === undefined &&
    namesInByline(text).length === 0 &&
    !isDateLine(text)
  );
}

/** Whether a line is the name of a file: what is left of a picture when a page is copied. */
export function isFileName(text: string): boolean {
  return /^\S{1,100}\.(?:jpe?g|png|gif|webp|svg|pdf|mp[34])$/i.test(text);
}

/** Whether a line only says when something was published. */
export function isDateLine(text: string): boolean {
  if (/^(?:published|updated|posted|last (?:updated|modified))\b[^.]{0,60}\d{4}/i.test(text))
    return true;
  const date = findDate(text);
  return date !== undefined && isDateNoise(date.rest);
}

/**
 * The index of a page's headline, given where its story starts: of the `reach` blocks above it, the nearest headline-shaped line above it
 * that the page also has elsewhere (in its title or its trail of links), else the nearest of four words
 * or more (shorter ones are names and rubrics). -1 where there is none.
 */
export function titleAbove(blocks: readonly Block[], storyStart: number, reach: number): number {
  const from = Math.max(0, storyStart - reach);
  const above = blocks.slice(from, storyStart);
  const elsewhere = blocks.slice(0, storyStart);
  const isRepeated = ({ text }: Block): boolean =>
    elsewhere.filter((other) => other.text.includes(text)).length > 1;
  const repeated = above.findLastIndex(
    (block) => isHeadline(block) && block.words >= 4 && isRepeated(block),
  );
  if (repeated !== -1) return from + repeated;
  const long = above.findLastIndex((block) => isHeadline(block) && block.words >= 4);
  const index = long === -1 ? above.findLastIndex(isHeadline) : long;
  return index === -1 ? -1 : from + index;
}

function isHeadline(block: Block): boolean {
  return block.words >= 3 && isTitleShaped(block) && furnitureOf(block.text) === undefined;
}
