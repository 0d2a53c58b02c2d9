import type { Candidate } from "../candidate.ts";
import type { Document } from "../document.ts";
import { likelihood, logOddsOf, type Trees } from "../../platform/boosted-trees.ts";
import {
  occurrencesOf,
  type Occurrence,
  pairFeatures,
  pairsOf,
  sentenceFeatures,
  type Prospect,
  termFeatures,
} from "./features.ts";

/**
 * How good a set of sentences is as a summary: what each is worth `alone`, and what its terms and pairs of
 * words are worth, each counted once however many of the set have it. Counting once is what keeps a
 * summary from saying a thing twice.
 */
export interface Ranking {
  /** By sentence. May be below 0: words cost. */
  readonly alone: readonly number[];
  readonly termWorth: ReadonlyMap<string, number>;
  readonly pairWorth: ReadonlyMap<string, number>;
  /** By sentence: its pairs of words. */
  readonly pairs: readonly ReadonlySet<string>[];
  /** By sentence: what it was judged by (see `sentenceFeatures`). */
  readonly features: readonly (readonly number[])[];
}

/** What training found: three sets of trees, and what their answers count when sentences are chosen. */
export interface Weights {
  /** Features of a term → whether a human summary uses it. */
  readonly terms: Trees;
  /** Features of two words side by side → whether a human summary has them so. */
  readonly pairs: Trees;
  /** Features of a sentence → how much speaks for it. */
  readonly sentences: Trees;
  /** Of what the trees say of a sentence. */
  readonly sentence: number;
  /** Of each word: below 0. */
  readonly word: number;
  readonly term: number;
  readonly pair: number;
  /** Of the title as a whole. */
  readonly title: number;
}

/**
 * The worth of every sentence, term and pair of words of a document, in time linear in its length. The trees
 * were trained on human summaries (`npm run train:summary`): those of terms and pairs say how likely a human
 * summary uses them, those of sentences how likely one is in the best choice of sentences.
 */
export function rankWith(document: Document, weights: Weights): Ranking {
  const { candidates, titleTerms } = document;
  const occurrences = occurrencesOf(candidates, ({ terms }) => terms);
  const termLikelihood = termLikelihoods(document, occurrences, weights);
  const pairs = candidates.map(({ text }) => pairsOf(text));
  const pairLikelihood = pairLikelihoods(document, pairs, termLikelihood, weights);
  const prospects = prospectsOf(candidates, { termLikelihood, pairs, pairLikelihood });
  const features = sentenceFeatures(document, coversOf(candidates, occurrences), prospects);
  const scale = termScale(candidates);
  const titleWorth = weights.title / Math.max(2, titleTerms.size);
  return {
    alone: candidates.map(
      ({ words }, index) =>
        weights.sentence * logOddsOf(weights.sentences, features[index] ?? []) +
        weights.word * words,
    ),
    termWorth: new Map(
      [...termLikelihood].map(([term, likelihood]) => [
        term,
        weights.term * scale * likelihood + (titleTerms.has(term) ? titleWorth : 0),
      ]),
    ),
    pairWorth: new Map(
      [...pairLikelihood].map(([pair, likelihood]) => [pair, weights.pair * scale * likelihood]),
    ),
    pairs,
    features,
  };
}

function termLikelihoods(
  document: Document,
  occurrences: ReadonlyMap<string, Occurrence>,
  { terms }: Pick<Weights, "terms">,
): ReadonlyMap<string, number> {
  const features = termFeatures(document, occurrences);
  return new Map(
    [...occurrences.keys()].map((term, at) => [term, likelihood(terms, features[at] ?? [])]),
  );
}

function pairLikelihoods(
  { candidates }: Document,
  pairs: readonly ReadonlySet<string>[],
  termLikelihood: ReadonlyMap<string, number>,
  { pairs: trees }: Pick<Weights, "pairs">,
): ReadonlyMap<string, number> {
  const occurrences = occurrencesOf(candidates, ({ index }) => pairs[index] ?? []);
  const context = { candidates, termLikelihood };
  return new Map(
    [...occurrences].map(([pair, occurrence]) => [
      pair,
      likelihood(trees, pairFeatures(pair, occurrence, context)),
    ]),
  );
}

interface Likelihoods {
  readonly termLikelihood: ReadonlyMap<string, number>;
  readonly pairs: readonly ReadonlySet<string>[];
  readonly pairLikelihood: ReadonlyMap<string, number>;
}

/** How many words of a human summary each sentence can be expected to have. */
export function prospectsOf(
  candidates: readonly Candidate[],
  { termLikelihood, pairs, pairLikelihood }: Likelihoods,
): readonly Prospect[] {
  const scale = termScale(candidates);
  return candidates.map(({ terms, index }) => {
    const ofTerms = [...terms].map((term) => termLikelihood.get(term) ?? 0);
    const ofPairs = [...(pairs[index] ?? [])].map((pair) => pairLikelihood.get(pair) ?? 0);
    return {
      terms: scale * sumOf(ofTerms),
      pairs: scale * sumOf(ofPairs),
      best: ofTerms.reduce((most, likelihood) => Math.max(most, likelihood), 0),
    };
  });
}

/**
 * Where words have no spaces, a term is a pair of letters, and there are more of them than words. They count
 * less, so that words cost no less than they do elsewhere.
 */
export function termScale(candidates: readonly Candidate[]): number {
  const words = sumOf(candidates.map(({ words }) => words));
  const terms = sumOf(candidates.map(({ terms }) => terms.size));
  return Math.min(1, words / Math.max(1, terms));
}

/** How much of what the article comes back to each sentence has, early mentions counting more. */
export function coversOf(
  candidates: readonly Candidate[],
  occurrences: ReadonlyMap<string, Occurrence>,
): readonly number[] {
  const weightOf = (term: string) => {
    const { count = 0, weight = 0 } = occurrences.get(term) ?? {};
    return count > 1 ? weight : 0;
  };
  const total = Math.max(1, sumOf([...occurrences.keys()].map(weightOf)));
  return candidates.map(({ terms }) => (20 * sumOf([...terms].map(weightOf))) / total);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** What readers have been told already. */
interface Covered {
  readonly terms: ReadonlySet<string>;
  readonly pairs: ReadonlySet<string>;
}

/** What the sentences of an article are worth, each by itself. */
export interface Worths {
  readonly values: readonly number[];
  readonly mean: number;
  readonly deviation: number;
}

export function worthsOf(candidates: readonly Candidate[], ranking: Ranking): Worths {
  const values = candidates.map((candidate) => worthAdded(candidate, ranking));
  const mean = sumOf(values) / Math.max(1, values.length);
  const square = values.reduce((sum, worth) => sum + (worth - mean) ** 2, 0);
  return { values, mean, deviation: Math.sqrt(square / Math.max(1, values.length)) || 1 };
}

/** What a sentence adds to a summary that has said this already. */
export function worthAdded(
  { index, terms }: Candidate,
  { alone, termWorth, pairs, pairWorth }: Ranking,
  covered: Covered = NOTHING,
): number {
  let worth = alone[index] ?? 0;
  for (const term of terms) if (!covered.terms.has(term)) worth += termWorth.get(term) ?? 0;
  for (const pair of pairs[index] ?? []) {
    if (!covered.pairs.has(pair)) worth += pairWorth.get(pair) ?? 0;
  }
  return worth;
}

const NOTHING = { terms: new Set<string>(), pairs: new Set<string>() };
