import type { Candidate } from "./document.ts";
import { sentenceOf } from "./fallback.ts";
import type { Sentence } from "./summary.ts";

interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * A sentence as it is shown by itself: without the connective that tied it to one left out, and without what
 * stands in brackets and says nothing of the matter. Both are in `cut`, so the source between `start` and
 * `end` without its cuts is the text.
 * @param text the article's
 * @param aside what else to leave off
 */
export function cutSentence(candidate: Candidate, text: string, aside?: Range): Sentence {
  const whole = sentenceOf(candidate);
  const { start, end, connective } = candidate;
  // Clipped, it is not a sentence any more and is not to be cut further.
  if (whole.end !== end) return whole;
  const brackets = bracketsIn(candidate, text);
  const others = brackets.filter((it) => !aside || it.end <= aside.start || it.start >= aside.end);
  const asides = [...others, ...(aside ? [{ start: aside.start, end: aside.end }] : [])];
  asides.sort((a, b) => a.start - b.start);
  if (connective === 0 && asides.length === 0) return whole;
  const from = start - connective;
  const leading = connective > 0 ? [{ start: from, end: start }] : [];
  const cut = [...leading, ...asides];
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
    .map(({ index, 0: aside }) => {
      const start = candidate.start + index;
      return { start, end: start + aside.length };
    });
}

function isUsedOnce(inside: string, article: string): boolean {
  return ABBREVIATION.test(inside) && article.indexOf(inside) === article.lastIndexOf(inside);
}
