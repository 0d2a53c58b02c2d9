import type { Edit } from "./summary.ts";

/** The reasons why a sentence cannot stand alone, in words for editors. The trained weights depend on their order. */
export const REFUSAL_WORDS = {
  caption: "it is the caption of a picture",
  boilerplate: "it is a credit, a notice or a call to click",
  question: "it is a question, and its answer is not shown",
  "half-quotation": "it contains half of a quotation, or a quotation without its speaker",
  fragment: "it is not a whole sentence",
  "too-long": "it is too long to be shown whole",
  leaning: "it depends on an earlier sentence",
  repeated: "it repeats an earlier sentence",
} as const;

export type Refusal = keyof typeof REFUSAL_WORDS;

/** One sentence of an article with its features for ranking and selection. */
export interface Candidate {
  /** The position among the article's sentences, from 0. */
  readonly index: number;
  readonly paragraph: number;
  readonly text: string;
  /** Offsets in `Article.text`. A dateline, list mark or connective before the sentence is excluded. */
  readonly start: number;
  readonly end: number;
  /** The length of the omitted connective before `start`, in code units. */
  readonly connective: number;
  /** Whether it stands in a block quotation, so that its words are not the author's. */
  readonly isBlockQuoted: boolean;
  /** The sentence that introduces that quotation: see `introducersOf`. */
  readonly introducer: string | undefined;
  /** The number of words by `countWords`; it may be a fraction. */
  readonly words: number;
  readonly terms: ReadonlySet<string>;
  /** Terms of the sentence that an earlier sentence introduced: see `introductions`. */
  readonly recalls: readonly string[];
  /** Whether its subject refers to the sentence before it: "The plan". */
  readonly pointsBack: boolean;
  /** Why the sentence cannot stand alone, even with its `additions`. */
  readonly refusal: Refusal | undefined;
  /** The index of the last sentence that must be shown with it because it denies or corrects it: see `denialsOf`. */
  readonly deniedBy: number | undefined;
  /** Text that is inserted if the sentence is shown without the sentences before it. */
  readonly additions: readonly Addition[];
}

/** Text in brackets that makes a sentence readable by itself. Offsets are those of the article. */
export interface Addition extends Edit {
  /** The name that the addition gives to readers. */
  readonly name: string;
  readonly kind: "pronoun" | "short name";
}

/**
 * The patterns examine the surroundings of each name, which takes quadratic time in an endless sentence. A sentence longer
 * than this is treated as empty.
 */
const LONGEST_LETTERS = 3000;

export function readable(candidate: Candidate): Candidate {
  return candidate.text.length <= LONGEST_LETTERS ? candidate : { ...candidate, text: "" };
}

/** Whether a sentence belongs to the story. Summaries and facts ignore all others. */
export function isOfStory({ refusal }: { readonly refusal: Refusal | undefined }): boolean {
  return refusal !== "caption" && refusal !== "boilerplate" && refusal !== "too-long";
}

/**
 * Returns the candidate with the highest worth, or the first of several equal ones. Candidates without a worth are ignored.
 */
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
