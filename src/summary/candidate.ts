import type { Edit } from "./summary.ts";

/** Why a sentence may not stand in a summary by itself, in words for people; their order is that of the trained weights. */
export const REFUSAL_WORDS = {
  caption: "it is the caption of a picture",
  boilerplate: "it is a credit, a notice or a call to click",
  question: "it asks, and the answer would be missing",
  "half-quotation": "it holds half of a quotation, or one without its speaker",
  fragment: "it is not a whole sentence",
  "too-long": "it is too long to be shown whole",
  leaning: "it leans on a sentence before it",
  repeated: "it was said before",
} as const;

export type Refusal = keyof typeof REFUSAL_WORDS;

/** One sentence of an article with what the ranking and the choice need to know of it. */
export interface Candidate {
  /** Place among the article's sentences, from 0. */
  readonly index: number;
  readonly paragraph: number;
  readonly text: string;
  /** Offsets in `Article.text`; a dateline, list mark or connective before the sentence is not in it. */
  readonly start: number;
  readonly end: number;
  /** How many code units before `start` are a connective that was left off. */
  readonly connective: number;
  /** See `countWords`: may be a fraction. */
  readonly words: number;
  readonly terms: ReadonlySet<string>;
  /** The terms that it takes for known, since they were introduced before: see `introductions`. */
  readonly recalls: readonly string[];
  /** Whether what it is about can only have been told right before it: "The plan". */
  readonly pointsBack: boolean;
  /** Why it may not stand in a summary by itself, with its `additions`. */
  readonly refusal: Refusal | undefined;
  /** Index of the last sentence that it must not be told without, where that takes back what it says: see `denialsOf`. */
  readonly deniedBy: number | undefined;
  /** What is put into it where it is shown without the sentences before it. */
  readonly additions: readonly Addition[];
}

/** What is put into a sentence in brackets so that it can be read by itself. Offsets are the article's. */
export interface Addition extends Edit {
  /** The name that readers get to know by it. */
  readonly name: string;
  readonly kind: "pronoun" | "short name";
}

/**
 * What is around a name is looked at anew for each name, so in a sentence that never ends that takes time
 * with the square of its length. No reader takes anything from one that fills a page.
 */
const LONGEST_LETTERS = 3000;

export function readable(candidate: Candidate): Candidate {
  return candidate.text.length <= LONGEST_LETTERS ? candidate : { ...candidate, text: "" };
}

/** Whether a sentence is of the story, or one that nothing is taken from. */
export function isOfStory({ refusal }: { readonly refusal: Refusal | undefined }): boolean {
  return refusal !== "caption" && refusal !== "boilerplate" && refusal !== "too-long";
}

/** Whether what a sentence takes for known has been said in what readers have before them. */
export function isIntroduced(
  { recalls, pointsBack, index }: Candidate,
  chosen: readonly Candidate[] = [],
  shown: readonly ReadonlySet<string>[] = [],
): boolean {
  if (pointsBack && !chosen.some((other) => other.index === index - 1)) return false;
  return recalls.every(
    (term) =>
      shown.some((terms) => terms.has(term)) ||
      chosen.some((other) => other.index < index && other.terms.has(term)),
  );
}

/** The candidate worth most, undefined ones left out; of equals the first. */
export function bestBy(
  candidates: readonly Candidate[],
  worthOf: (candidate: Candidate) => number | undefined,
): Candidate | undefined {
  let best: Candidate | undefined;
  let most = -Infinity;
  for (const candidate of candidates) {
    const worth = worthOf(candidate) ?? -Infinity;
    if (worth > most) [best, most] = [candidate, worth];
  }
  return best;
}
