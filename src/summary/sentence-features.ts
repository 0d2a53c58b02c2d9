import type { Candidate } from "./candidate.ts";
import type { Document } from "./document.ts";
import { likenessOf, sharedCount } from "./language/lexicon.ts";

/** The weight of the n-th sentence is 1 / (1 + n × this). */
const FADING = 0.3;

/**
 * Returns the share of each term in the article's repeated terms, with more weight for early mentions. A term of one
 * sentence has none.
 */
export function termWeightsOf(candidates: readonly Candidate[]): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  const repeated = new Set<string>();
  for (const { index, terms } of candidates) {
    for (const term of terms) {
      if (weights.has(term)) repeated.add(term);
      weights.set(term, (weights.get(term) ?? 0) + 1 / (1 + index * FADING));
    }
  }
  const shared = [...weights].filter(([term]) => repeated.has(term));
  const total = shared.reduce((sum, [, weight]) => sum + weight, 0);
  return new Map(shared.map(([term, weight]) => [term, weight / total]));
}

/** Returns the share of the article's repeated terms in some terms, without those that readers know already. */
export function coverOf(
  terms: Iterable<string>,
  weights: ReadonlyMap<string, number>,
  known: ReadonlySet<string> = new Set(),
): number {
  let sum = 0;
  for (const term of terms) if (!known.has(term)) sum += weights.get(term) ?? 0;
  return sum;
}

/** The value of a feature that does not exist for a sentence. */
export const NONE = -1;

/** Returns the share of all terms that some terms contain. `NONE` if there are no terms at all. */
export function shareOf(terms: ReadonlySet<string>, all: ReadonlySet<string>): number {
  return all.size === 0 ? NONE : sharedCount(terms, all) / all.size;
}

/** Returns the highest of some probabilities, or 0. */
export function mostOf(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

/** Returns the words of a text in lower case, split at apostrophes. */
export function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? [];
}

/** Computes features of each sentence of an article by its place and its terms. None depends on a language. */
export function sentenceFeatures(
  { candidates, titleTerms }: Document,
  weights: ReadonlyMap<string, number>,
): readonly (readonly number[])[] {
  const count = candidates.length;
  const meanWords = candidates.reduce((sum, { words }) => sum + words, 0) / Math.max(1, count);
  const refused = candidates.filter(({ refusal }) => refusal !== undefined).length;
  const opening = new Set(candidates.slice(0, 3).flatMap(({ terms }) => Array.from(terms)));
  const first = candidates.find(({ refusal }) => refusal === undefined) ?? candidates[0];
  const covers = candidates.map(({ terms }) => coverOf(terms, weights));
  const seen = new Set<string>();
  let standalone = 0;
  return candidates.map((candidate, index) => {
    const { text, words, terms, refusal, recalls } = candidate;
    const novel = [...terms].filter((term) => !seen.has(term));
    const size = Math.max(1, terms.size);
    const length = Math.max(1, words);
    for (const term of novel) seen.add(term);
    const features = [
      index,
      standalone, // position among the sentences that can be read alone
      index / Math.max(1, count - 1), // relative position, 0 to 1
      words,
      words / meanWords, // relative to the article's mean
      terms.size,
      terms.size / length,
      (covers[index] ?? 0) / length, // share of the article's repeated terms, by length
      covers[index - 1] ?? 0, // the same of the sentence before
      sharedCount(terms, titleTerms) / size,
      likenessOf(terms, opening), // likeness to the first three sentences
      likenessOf(terms, first?.terms ?? terms), // likeness to the first sentence that can be read alone
      novel.length / size,
      novel.filter((term) => weights.has(term)).length / size, // share of new terms that recur later
      Number(refusal === "leaning"), // depends on the sentence before
      Number(candidates[index + 1]?.refusal === "leaning"), // the next sentence depends on it
      Number(candidates[index - 1]?.refusal !== undefined && index > 0), // the sentence before cannot be read alone
      refused / count, // share of sentences that cannot be read alone
      count,
      text.match(/\p{N}+/gu)?.length ?? 0, // numbers
      Number(/^["“„«「]/.test(text)), // begins with a quotation
      quotedShare(text),
      recalls.length, // terms that it presupposes
    ];
    if (refusal === undefined) standalone++;
    return features;
  });
}

function quotedShare(text: string): number {
  const quoted = text.slice(0, 1000).match(/["“„«][^"“”„«»]*["”»]/g) ?? [];
  return quoted.join("").length / Math.max(1, text.length);
}
