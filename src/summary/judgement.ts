import type { Article } from "../article/article.ts";
import type { Document } from "./document.ts";
import { likelihood, loadTrees, type Trees, type StoredTrees } from "../platform/boosted-trees.ts";
import { passageFeatures } from "./passage-features.ts";
import type { Ranking } from "./ranking/ranking.ts";
import stored from "./judgement-weights.json" with { type: "json" };

/** What an editor would say of a sentence, each from 0 to 1. */
export interface Judgement {
  /** That it has the article's main point. */
  readonly main: number;
  /** That it is worth a line and can be read alone, with its additions. */
  readonly keep: number;
  /** That it is worth a line, if readers know what it leans on. */
  readonly content: number;
}

export type JudgementWeights = Readonly<Record<keyof Judgement, Trees>>;

export function compileJudgement(
  weights: Readonly<Record<keyof Judgement, StoredTrees>>,
): JudgementWeights {
  return {
    main: loadTrees(weights.main),
    keep: loadTrees(weights.keep),
    content: loadTrees(weights.content),
  };
}

let trained: JudgementWeights | undefined;

/**
 * How an editor would judge each sentence of a document: trees trained on sentences that were judged so
 * (`npm run train:judgement`, bench/judged/).
 */
export function judgeSentences(
  article: Article,
  document: Document,
  ranking: Ranking,
  weights: JudgementWeights = (trained ??= compileJudgement(stored)),
): readonly Judgement[] {
  return passageFeatures(article, document, ranking).map((row) => ({
    main: likelihood(weights.main, row),
    keep: likelihood(weights.keep, row),
    content: likelihood(weights.content, row),
  }));
}
