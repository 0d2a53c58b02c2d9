import type { Document } from "../document.ts";
import { loadTrees } from "../../platform/boosted-trees.ts";
import { rankWith, type Ranking, type Weights } from "./ranking.ts";
import stored from "./weights.json" with { type: "json" };

/** The weights that `npm run train:summary` writes. The training itself uses `rankWith`. */
export const TRAINED: Weights = {
  ...stored.choice,
  terms: loadTrees(stored.terms),
  pairs: loadTrees(stored.pairs),
  sentences: loadTrees(stored.sentences),
};

/** Computes the worth of every sentence, term and pair of a document, in linear time. */
export function rank(document: Document): Ranking {
  return rankWith(document, TRAINED);
}
