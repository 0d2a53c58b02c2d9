import type { Candidate } from "./candidate.ts";
import { isTooLong } from "./refusal.ts";
import { countWords } from "./language/reading-time.ts";
import type { Edit } from "./sentence.ts";

/** Brackets with the space before them, a word on their left and no other inside. */
const BRACKETS = /(?<=[\p{L}\p{N}.”"'’]) \(([^()[\]“”"«»]{1,40})\)(?=[\s.,;:!?])/gu;

/** " (pictured)", " (42)" as an age, " (11 km)" as a measure told in another unit already. */
const IDLE = /^(?:pictured|above|below|\p{N}{1,3}|[\p{Sc}]?\p{N}[\p{N}.,]*\s?\p{L}{1,12})$/u;
const ABBREVIATION = /^\p{Lu}[\p{Lu}\p{N}&.-]{1,7}$/u;

/**
 * Only what is sure to change nothing: "(if approved)" and "(not the county)" do, so words stay. An
 * abbreviation goes where the article never comes back to it.
 */
export function bracketEdits(candidate: Candidate, article: string): readonly Edit[] {
  return [...candidate.text.matchAll(BRACKETS)]
    .filter(([, inside = ""]) => IDLE.test(inside) || isUsedOnce(inside, article))
    .map(({ index, 0: bracket }) => {
      const start = candidate.start + index;
      return { start, end: start + bracket.length, text: "" };
    });
}

function isUsedOnce(inside: string, article: string): boolean {
  return ABBREVIATION.test(inside) && article.indexOf(inside) === article.lastIndexOf(inside);
}

const CLIPPED_WORDS = 30;
/** Where no space comes soon: an address, or a script that has none. */
const CLIPPED_LETTERS = 80;
const LONGEST_WORD = 40;

/** Where a candidate ends as it is shown: a text that never ends is clipped between two words. */
export function clippedEnd({ text, start, end, words }: Candidate): number {
  return isTooLong(text, words) ? start + clip(text).length : end;
}

function clip(text: string): string {
  const opening = text.slice(0, CLIPPED_WORDS * LONGEST_WORD);
  let end = 0;
  for (const { index, 0: word } of opening.matchAll(/\S+/g)) {
    const next = index + word.length;
    if (word.length > LONGEST_WORD || countWords(opening.slice(0, next)) > CLIPPED_WORDS) break;
    end = next;
  }
  return end > 0 ? opening.slice(0, end) : withoutHalfCharacter(opening.slice(0, CLIPPED_LETTERS));
}

/** A slice may end between the two code units of one character. */
function withoutHalfCharacter(text: string): string {
  return text.replace(/[\uD800-\uDBFF]$/, "");
}
