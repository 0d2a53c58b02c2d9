import type { Candidate, Document } from "../document.ts";
import { likenessOf } from "../likeness.ts";

/** What the words of a sentence promise, from the likelihoods of its terms and pairs. */
export interface Prospect {
  readonly terms: number;
  readonly pairs: number;
  /** The likeliest of its terms. */
  readonly best: number;
}

/** What the features are grouped under when a choice is explained. */
export type Ground =
  "place" | "length" | "centre" | "title" | "opening" | "news" | "context" | "form";

/** The features in the order of the trained weights, and what each tells of. None is tied to a language. */
export const SENTENCE_FEATURES: readonly Ground[] = [
  "place", // index
  "place", // index among those that can stand
  "place", // how far down, 0 to 1
  "length", // words
  "length", // words, the article's mean being 1
  "length", // terms
  "length", // terms a word
  "centre", // what its terms promise, by length
  "centre", // what its pairs promise, by length
  "centre", // its likeliest term
  "centre", // how much of what the article comes back to it covers, by length
  "context", // the same of the sentence before
  "title", // share of its terms that the title has
  "opening", // likeness to the first three sentences
  "opening", // likeness to the first that can stand
  "news", // share of its terms that are new
  "news", // share that are new and will be said again
  "context", // it leans on the one before
  "context", // the next leans on it
  "context", // the one before can't stand
  "context", // share of the article that can't stand
  "context", // sentences of the article
  "form", // numbers
  "form", // opens with a quotation
  "form", // share of it that is quoted
  "context", // how many terms it takes for known
];

/** A sentence of so many words less is not much shorter. */
const LENGTH_FLOOR = 15;

/** What is known of each sentence of an article, in the order of `SENTENCE_FEATURES`. */
export function sentenceFeatures(
  { candidates, titleTerms }: Document,
  covers: readonly number[],
  prospects: readonly Prospect[],
): readonly (readonly number[])[] {
  const count = candidates.length;
  const meanWords = candidates.reduce((sum, { words }) => sum + words, 0) / Math.max(1, count);
  const refused = candidates.filter(({ refusal }) => refusal !== undefined).length;
  const opening = new Set(candidates.slice(0, 3).flatMap(({ terms }) => Array.from(terms)));
  const first = candidates.find(({ refusal }) => refusal === undefined) ?? candidates[0];
  const recurring = recurringTerms(candidates);
  const seen = new Set<string>();
  let standing = 0;
  return candidates.map((candidate, index) => {
    const { text, words, terms, refusal, recalls } = candidate;
    const { terms: byTerms = 0, pairs = 0, best = 0 } = prospects[index] ?? {};
    const novel = [...terms].filter((term) => !seen.has(term));
    const size = Math.max(1, terms.size);
    const length = Math.max(1, words);
    for (const term of novel) seen.add(term);
    const features = [
      index,
      standing,
      index / Math.max(1, count - 1),
      words,
      words / meanWords,
      terms.size,
      terms.size / length,
      byTerms / (words + LENGTH_FLOOR),
      pairs / (words + LENGTH_FLOOR),
      best,
      (covers[index] ?? 0) / length,
      covers[index - 1] ?? 0,
      [...terms].filter((term) => titleTerms.has(term)).length / size,
      likenessOf(terms, opening),
      likenessOf(terms, first?.terms ?? terms),
      novel.length / size,
      novel.filter((term) => recurring.has(term)).length / size,
      Number(refusal === "leaning"),
      Number(candidates[index + 1]?.refusal === "leaning"),
      Number(candidates[index - 1]?.refusal !== undefined && index > 0),
      refused / count,
      count,
      text.match(/\p{N}+/gu)?.length ?? 0,
      Number(/^["“„«「]/.test(text)),
      quotedShare(text),
      recalls.length,
    ];
    if (refusal === undefined) standing++;
    return features;
  });
}

function recurringTerms(candidates: readonly Candidate[]): ReadonlySet<string> {
  const once = new Set<string>();
  const more = new Set<string>();
  for (const { terms } of candidates) {
    for (const term of terms) (once.has(term) ? more : once).add(term);
  }
  return more;
}

function quotedShare(text: string): number {
  const quoted = text.slice(0, 1000).match(/["“„«][^"“”„«»]*["”»]/g) ?? [];
  return quoted.join("").length / Math.max(1, text.length);
}
