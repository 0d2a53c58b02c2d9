import type { Lexicon } from "./lexicon.ts";
import { withoutQuotations } from "./quotations.ts";

const NUMBERED = /\b(?:War|Phase|Part|Type|Class|Title|Stage|Elizabeth|Charles|James|Francis) $/;

/** Whether a sentence without its quotations is told by somebody as "I" or "we". */
export function hasNarrator(sentence: string, { narrators }: Lexicon): boolean {
  if (narrators.size === 0) return false;
  return [...sentence.matchAll(/[\p{L}\p{M}]+(?:['’]\p{L}+)?/gu)].some(({ 0: word, index }) => {
    if (!narrators.has(word.replace("’", "'").toLowerCase())) return false;
    // "World War I" and "the US" are no persons.
    if (/^\p{Lu}{2}/u.test(word)) return false;
    return word !== "I" || !NUMBERED.test(sentence.slice(Math.max(0, index - 12), index));
  });
}

/** The same of a sentence with its quotations, which are somebody else's. */
export function isNarrated(sentence: string, lexicon: Lexicon): boolean {
  return hasNarrator(withoutQuotations(sentence), lexicon);
}
