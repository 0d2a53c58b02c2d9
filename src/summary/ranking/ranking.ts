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
 * The value of sets of sentences as a summary. Each sentence has a worth `alone`, and each term and pair has a worth that
 * counts once for the whole set. This prevents repetitions.
 */
export interface Ranking {
  /** For each sentence. May be below 0, because words cost. */
  readonly alone: readonly number[];
  readonly termWorth: ReadonlyMap<string, number>;
  readonly pairWorth: ReadonlyMap<string, number>;
  /** For each sentence, its pairs of words. */
  readonly pairs: readonly ReadonlySet<string>[];
  /** For each sentence, its features (see `sentenceFeatures`). */
  readonly features: readonly (readonly number[])[];
}

/** The result of the training: three sets of trees, and the weights of their answers. */
export interface Weights {
  /** Predicts whether a human summary uses a term. */
  readonly terms: Trees;
  /** Predicts whether a human summary contains a pair of words. */
  readonly pairs: Trees;
  /** Predicts the quality of a sentence. */
  readonly sentences: Trees;
  /** The weight of the trees' answer for a sentence. */
  readonly sentence: number;
  /** The weight of each word, below 0. */
  readonly word: number;
  readonly term: number;
  readonly pair: number;
  /** The weight of the whole title. */
  readonly title: number;
}

/**
 * Computes the worth of every sentence, term and pair of a document, in linear time. The trees were trained on human
 * summaries (`npm run train:summary`). For terms and pairs they predict whether a human summary uses them, and for
 * sentences whether one is in the best selection.
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

/** Returns the expected number of words from a human summary in each sentence. */
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
 * Returns the weight of one term. In scripts without spaces a term is a pair of letters, and there are more terms than
 * words. They get less weight, so that words cost the same in all scripts.
 */
export function termScale(candidates: readonly Candidate[]): number {
  const words = sumOf(candidates.map(({ words }) => words));
  const terms = sumOf(candidates.map(({ terms }) => terms.size));
  return Math.min(1, words / Math.max(1, terms));
}

/** Returns the share of the article's repeated terms in each sentence, with more weight for early mentions. */
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

/** The content that readers already know. */
interface Covered {
  readonly terms: ReadonlySet<string>;
  readonly pairs: ReadonlySet<string>;
}

/** The worth of each sentence of an article by itself. */
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

/** Returns the worth that a sentence adds to a summary with the given content. */
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
