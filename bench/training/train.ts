import { lexiconOf, termsOf } from "../../src/summary/language/lexicon.ts";
import { loadTrees, type StoredTrees, logOddsOf } from "../../src/platform/boosted-trees.ts";
import {
  occurrencesOf,
  pairFeatures,
  pairsOf,
  sentenceFeatures,
  termFeatures,
} from "../../src/summary/ranking/features.ts";
import {
  coversOf,
  prospectsOf,
  termScale,
  type Weights,
} from "../../src/summary/ranking/ranking.ts";
import { growForest, type Growth, type Rows } from "./boosting.ts";
import { choiceWeights, type Choice, type Judged } from "./choice-weights.ts";
import type { Example } from "./examples.ts";
import { memberships } from "./sets.ts";

/** The weights as they are stored. */
export interface StoredWeights {
  readonly choice: Choice;
  readonly terms: StoredTrees;
  readonly pairs: StoredTrees;
  readonly sentences: StoredTrees;
}

const TERMS: Growth = {
  trees: 70,
  depth: 4,
  rate: 0.1,
  leafRows: 100,
  damping: 5,
  featureShare: 0.5,
  rowShare: 0.5,
};
const PAIRS: Growth = { ...TERMS, trees: 40, rowShare: 0.35 };
const SENTENCES: Growth = {
  trees: 100,
  depth: 3,
  rate: 0.06,
  leafRows: 60,
  damping: 10,
  featureShare: 0.4,
  rowShare: 0.6,
};

/**
 * The weights that these examples teach. What one set of trees says goes into the next, and has to be as
 * unsure there as it will be of articles never seen: so it is said by trees grown without the article.
 */
export function train(examples: readonly Example[]): StoredWeights {
  const terms = grown(examples.map(termRows), TERMS);
  const known = examples.map((example, at) => withTerms(example, terms.said[at] ?? []));
  const pairs = grown(
    known.map(({ pairRows }) => pairRows),
    PAIRS,
  );
  const read = known.map((it, at) => withPairs(it, pairs.said[at] ?? []));
  const sentences = grown(
    read.map(({ sentenceRows }) => sentenceRows),
    SENTENCES,
  );
  const judged = read.map((it, at) =>
    Object.assign(it, { sentenceSays: sentences.said[at] ?? [] }),
  );
  return {
    choice: choiceWeights(judged),
    terms: terms.forest,
    pairs: pairs.forest,
    sentences: sentences.forest,
  };
}

export function compileWeights({ choice, terms, pairs, sentences }: StoredWeights): Weights {
  return {
    ...choice,
    terms: loadTrees(terms),
    pairs: loadTrees(pairs),
    sentences: loadTrees(sentences),
  };
}

const PARTS = 4;

/** Trees of all rows, and for each example what trees say that were grown without it, as log-odds. */
function grown(rows: readonly Rows[], growth: Growth) {
  const said: number[][] = [];
  for (let part = 0; part < PARTS; part++) {
    const others = rows.filter((_, at) => at % PARTS !== part);
    const forest = loadTrees(growForest(joined(others), growth));
    for (const [at, { features }] of rows.entries()) {
      if (at % PARTS === part) said[at] = features.map((x) => logOddsOf(forest, x));
    }
  }
  return { forest: growForest(joined(rows), growth), said };
}

function joined(rows: readonly Rows[]): Rows {
  return {
    features: rows.flatMap(({ features }) => features),
    labels: rows.flatMap(({ labels }) => labels),
  };
}

const ENGLISH = lexiconOf("en");

function termRows({ document, reference }: Example): Rows {
  const occurrences = occurrencesOf(document.candidates, ({ terms }) => terms);
  const used = termsOf(reference, ENGLISH.stopWords);
  return {
    features: termFeatures(document, occurrences),
    labels: [...occurrences.keys()].map((term) => Number(used.has(term))),
  };
}

function withTerms(example: Example, said: readonly number[]) {
  const { candidates } = example.document;
  const occurrences = occurrencesOf(candidates, ({ terms }) => terms);
  const termLikelihood = likelihoods([...occurrences.keys()], said);
  const pairs = candidates.map(({ text }) => pairsOf(text));
  const pairOccurrences = occurrencesOf(candidates, ({ index }) => pairs[index] ?? []);
  const used = pairsOf(example.reference);
  const pairRows: Rows = {
    features: [...pairOccurrences].map(([pair, occurrence]) =>
      pairFeatures(pair, occurrence, { candidates, termLikelihood }),
    ),
    labels: [...pairOccurrences.keys()].map((pair) => Number(used.has(pair))),
  };
  const pairNames = [...pairOccurrences.keys()];
  return { example, occurrences, termLikelihood, pairs, pairNames, pairRows };
}

function withPairs(known: ReturnType<typeof withTerms>, said: readonly number[]): Judgeable {
  const { example, occurrences, termLikelihood, pairs, pairNames } = known;
  const { document, overlap } = example;
  const { candidates } = document;
  const pairLikelihood = likelihoods(pairNames, said);
  const prospects = prospectsOf(candidates, { termLikelihood, pairs, pairLikelihood });
  const features = sentenceFeatures(document, coversOf(candidates, occurrences), prospects);
  const labels = memberships(candidates, overlap);
  return {
    document,
    overlap,
    termLikelihood,
    pairs,
    pairLikelihood,
    scale: termScale(candidates),
    sentenceRows: { features, labels },
  };
}

interface Judgeable extends Omit<Judged, "sentenceSays"> {
  readonly sentenceRows: Rows;
}

function likelihoods(
  names: readonly string[],
  said: readonly number[],
): ReadonlyMap<string, number> {
  return new Map(names.map((name, at) => [name, 1 / (1 + Math.exp(-(said[at] ?? 0)))]));
}
