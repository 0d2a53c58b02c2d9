import type { Document } from "../document.ts";
import { loadTrees } from "../../platform/boosted-trees.ts";
import { rankWith, type Ranking, type Weights } from "./ranking.ts";
import stored from "./weights.json" with { type: "json" };

/** The weights of `npm run train:summary`, which itself must do without them. */
export const TRAINED: Weights = {
  ...stored.choice,
  terms: loadTrees(stored.terms),
  pairs: loadTrees(stored.pairs),
  sentences: loadTrees(stored.sentences),
};

/** The worth of every sentence, term and pair of words of a document, in time linear in its length. */
export function rank(document: Document): Ranking {
  return rankWith(document, TRAINED);
}
