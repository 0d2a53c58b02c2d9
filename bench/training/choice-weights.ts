import type { Document } from "../../src/summary/document.ts";
import type { Weights } from "../../src/summary/ranking/ranking.ts";
import { agreement, type Overlap } from "./overlap.ts";
import { standingSets } from "./sets.ts";

export type Choice = Omit<Weights, "terms" | "pairs" | "sentences">;

/** An example with what trees say of it that were grown without it. */
export interface Judged {
  readonly document: Document;
  readonly overlap: Overlap;
  readonly termLikelihood: ReadonlyMap<string, number>;
  readonly pairs: readonly ReadonlySet<string>[];
  readonly pairLikelihood: ReadonlyMap<string, number>;
  readonly scale: number;
  readonly sentenceSays: readonly number[];
}

/** Sets are made of so many sentences of which the trees say most. */
const SHORTLIST = 14;
const STEPS = 120;
const PACE = 0.1;
/** Draws the weights to 0, in units of a hundred points of agreement. */
const DAMPING = 0.002;

/**
 * What the trees' answers, words and title count in the worth of a set of three: so that, sets being chosen the
 * likelier the more they are worth, the choice can be expected to agree most with the human summaries. Climbed by
 * Adam from all weights 0; the weights are of features in units of their own spread.
 */
export function choiceWeights(judged: readonly Judged[]): Choice {
  const lessons = judged.map(lessonOf).filter(({ sets }) => sets.length > 1);
  const spread = spreadOf(lessons);
  const scaled = lessons.map(({ sets, agreements }) => ({
    agreements,
    sets: sets.map((x) => x.map((value, at) => value / (spread[at] ?? 1))),
  }));
  const found = climb(scaled, spread.length).map((weight, at) => weight / (spread[at] ?? 1));
  const [sentence = 0, word = 0, term = 0, pair = 0, title = 0] = found.map((weight) =>
    Number((weight / UNIT).toPrecision(4)),
  );
  return { sentence, word, term, pair, title };
}

/** Worths are read by people where a choice is explained, so they are of the order of 1. */
const UNIT = 4;

interface Lesson {
  /** What each set has: of sentences, words, terms, pairs and title. */
  readonly sets: readonly (readonly number[])[];
  readonly agreements: readonly number[];
}

function lessonOf(judged: Judged): Lesson {
  const { document, sentenceSays, overlap } = judged;
  const { candidates } = document;
  const open = candidates.filter(({ refusal }) => refusal === undefined || refusal === "leaning");
  const best = open.toSorted(
    (a, b) => (sentenceSays[b.index] ?? 0) - (sentenceSays[a.index] ?? 0) || a.index - b.index,
  );
  const listed = new Set(best.slice(0, SHORTLIST).map(({ index }) => index));
  const sets = standingSets(candidates).filter(
    (set) => set.length === 3 && set.every((at) => listed.has(at)),
  );
  return {
    sets: sets.map((set) => partsOf(set, judged)),
    agreements: sets.map((set) => agreement(overlap, set)),
  };
}

function partsOf(set: readonly number[], judged: Judged): readonly number[] {
  const { document, sentenceSays, termLikelihood, pairs, pairLikelihood, scale } = judged;
  const { candidates, titleTerms } = document;
  const terms = new Set(set.flatMap((at) => [...(candidates[at]?.terms ?? [])]));
  const told = new Set(set.flatMap((at) => [...(pairs[at] ?? [])]));
  const shared = [...terms].filter((term) => titleTerms.has(term)).length;
  return [
    sumOf(set.map((at) => sentenceSays[at] ?? 0)),
    sumOf(set.map((at) => candidates[at]?.words ?? 0)),
    scale * sumOf([...terms].map((term) => termLikelihood.get(term) ?? 0)),
    scale * sumOf([...told].map((pair) => pairLikelihood.get(pair) ?? 0)),
    shared / Math.max(2, titleTerms.size),
  ];
}

function sumOf(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function spreadOf(lessons: readonly Lesson[]): readonly number[] {
  const all = lessons.flatMap(({ sets }) => sets);
  return (all[0] ?? []).map((_, at) => {
    const values = all.map((x) => x[at] ?? 0);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    return Math.sqrt(square) || 1;
  });
}

function climb(lessons: readonly Lesson[], width: number): readonly number[] {
  let weights = new Float64Array(width);
  const mean = new Float64Array(width);
  const square = new Float64Array(width);
  for (let step = 1; step <= STEPS; step++) {
    const slope = new Float64Array(width);
    for (const lesson of lessons) addSlope(slope, lesson, weights);
    weights = weights.map((weight, at) => {
      const uphill = (100 * (slope[at] ?? 0)) / lessons.length - DAMPING * weight;
      mean[at] = 0.9 * (mean[at] ?? 0) + 0.1 * uphill;
      square[at] = 0.999 * (square[at] ?? 0) + 0.001 * uphill ** 2;
      const momentum = mean[at] / (1 - 0.9 ** step);
      return weight + (PACE * momentum) / (Math.sqrt(square[at] / (1 - 0.999 ** step)) + 1e-8);
    });
  }
  return [...weights];
}

/** Adds how the expected agreement of one example grows with each weight. */
function addSlope(slope: Float64Array, { sets, agreements }: Lesson, weights: Float64Array): void {
  const worths = sets.map((x) => x.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), 0));
  const most = worths.reduce((best, worth) => Math.max(best, worth), -Infinity);
  const shares = worths.map((worth) => Math.exp(worth - most));
  const total = shares.reduce((sum, share) => sum + share, 0);
  const expected = agreements.reduce((sum, value, k) => sum + value * (shares[k] ?? 0), 0) / total;
  for (const [k, x] of sets.entries()) {
    const pull = ((shares[k] ?? 0) / total) * ((agreements[k] ?? 0) - expected);
    for (const [at, value] of x.entries()) slope[at] = (slope[at] ?? 0) + pull * value;
  }
}
