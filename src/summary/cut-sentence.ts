import type { Candidate } from "./document.ts";
import type { Sentence } from "./summary.ts";
import { isTooLong } from "./refusal.ts";
import { countWords } from "./language/reading-time.ts";

interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * A sentence as it is shown by itself: without the connective that tied it to one left out, and without what
 * stands in brackets and says nothing of the matter. Both are in `cut`, so the source between `start` and
 * `end` without its cuts is the text.
 * @param text the article's
 * @param parenthetical what else to leave off
 */
export function cutSentence(candidate: Candidate, text: string, parenthetical?: Range): Sentence {
  const whole = sentenceOf(candidate);
  const { start, end, connective } = candidate;
  // Clipped, it is not a sentence any more and is not to be cut further.
  if (whole.end !== end) return whole;
  const brackets = bracketsIn(candidate, text);
  const others = brackets.filter(
    (it) => !parenthetical || it.end <= parenthetical.start || it.start >= parenthetical.end,
  );
  const cuts = [
    ...others,
    ...(parenthetical ? [{ start: parenthetical.start, end: parenthetical.end }] : []),
  ];
  cuts.sort((a, b) => a.start - b.start);
  if (connective === 0 && cuts.length === 0) return whole;
  const from = start - connective;
  const leading = connective > 0 ? [{ start: from, end: start }] : [];
  const cut = [...leading, ...cuts];
  return { text: without(cut, text, { start: from, end }), start: from, end, cut };
}

function without(cuts: readonly Range[], text: string, { start, end }: Range): string {
  let shown = "";
  let at = start;
  for (const cut of cuts) {
    shown += text.slice(at, cut.start);
    at = cut.end;
  }
  return shown + text.slice(at, end);
}

/** Brackets with the space before them, a word on their left and no other inside. */
const BRACKETS = /(?<=[\p{L}\p{N}.”"'’]) \(([^()[\]“”"«»]{1,40})\)(?=[\s.,;:!?])/gu;

/** " (pictured)", " (42)" as an age, " (11 km)" as a measure told in another unit already. */
const IDLE = /^(?:pictured|above|below|\p{N}{1,3}|[\p{Sc}]?\p{N}[\p{N}.,]*\s?\p{L}{1,12})$/u;
const ABBREVIATION = /^\p{Lu}[\p{Lu}\p{N}&.-]{1,7}$/u;

/**
 * Only what is sure to change nothing: "(if approved)" and "(not the county)" do, so words stay. An
 * abbreviation goes where the article never comes back to it.
 */
function bracketsIn(candidate: Candidate, article: string): readonly Range[] {
  return [...candidate.text.matchAll(BRACKETS)]
    .filter(([, inside = ""]) => IDLE.test(inside) || isUsedOnce(inside, article))
    .map(({ index, 0: bracket }) => {
      const start = candidate.start + index;
      return { start, end: start + bracket.length };
    });
}

function isUsedOnce(inside: string, article: string): boolean {
  return ABBREVIATION.test(inside) && article.indexOf(inside) === article.lastIndexOf(inside);
}

const CLIPPED_WORDS = 30;
/** Where no space comes soon: an address, or a script that has none. */
const CLIPPED_LETTERS = 80;
const LONGEST_WORD = 40;

/** A candidate as a Sentence of the summary; a text that never ends is clipped between two words. */
function sentenceOf({ text, start, end, words }: Candidate): Sentence {
  if (!isTooLong(text, words)) return { text, start, end };
  const clipped = clip(text);
  return { text: clipped, start, end: start + clipped.length };
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
