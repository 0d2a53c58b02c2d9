import type { Candidate, Document } from "./document.ts";
import { isTooLong, type Refusal } from "./guards/guards.ts";
import { countWords } from "./language/reading-time.ts";
import type { Sentence } from "./summary.ts";

/** What may be shown of an article in which no sentence stands by itself, the least bad first. */
const LESSER_EVILS: readonly (readonly Refusal[])[] = [
  ["leaning", "half-quotation", "question", "too-long"],
  ["fragment"],
  ["caption", "furniture", "repeated"],
];

/** What has fewer words is a thing in a list. */
const LIST_WORDS = 3;

/**
 * The candidates as they are where one stands by itself; otherwise the least bad of them, pardoned. A
 * transcript or a text without a full stop still gets its line in the digest; a list of things that has a title
 * is told by that, since "Bring:" and "a coat" say nothing.
 */
export function withFallback({ candidates, titleTerms }: Document): readonly Candidate[] {
  if (candidates.some(({ refusal }) => refusal === undefined)) return candidates;
  for (const evils of LESSER_EVILS) {
    const pardoned = candidates.filter(({ refusal }) => refusal && evils.includes(refusal));
    if (isList(pardoned) && titleTerms.size > 0) return [];
    if (pardoned.length > 0) return sayingMost(pardoned).map(pardon);
  }
  return [];
}

function isList(candidates: readonly Candidate[]): boolean {
  return (
    candidates.length > 1 &&
    candidates.every(({ words, text }) => words < LIST_WORDS || /[:：]$/.test(text))
  );
}

/** Without full stops a heading looks like a sentence; those much shorter than the longest go. */
function sayingMost(candidates: readonly Candidate[]): readonly Candidate[] {
  const longest = candidates.reduce((most, { words }) => Math.max(most, words), 0);
  return candidates.filter(({ words }) => words >= longest / 3);
}

function pardon(candidate: Candidate): Candidate {
  return { ...candidate, refusal: undefined };
}

const CLIPPED_WORDS = 30;
/** Where no space comes soon: an address, or a script that has none. */
const CLIPPED_LETTERS = 80;
const LONGEST_WORD = 40;

/** A candidate as a Sentence of the summary; a text that never ends is clipped between two words. */
export function sentenceOf({ text, start, end, words }: Candidate): Sentence {
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
