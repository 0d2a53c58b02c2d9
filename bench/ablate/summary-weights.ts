import { readExamples, foldsOf } from "../judged/folds.ts";
import { gistsByFold, judgedByOthers, linesByFold, lineTreesByFold } from "../judged/check.ts";
import { genreExamples, genresByFold, type StoredGenres } from "../judged/genres.ts";
import { trainJudgement, type StoredJudgement } from "../judged/judge.ts";
import type { StoredTrees } from "../../src/platform/boosted-trees.ts";

/** The weights of each fold, trained without its articles. */
export interface SummaryWeights {
  readonly genres: readonly StoredGenres[];
  readonly judgements: readonly StoredJudgement[];
  readonly gists: readonly StoredTrees[];
  readonly lines: readonly StoredTrees[];
}

export function trainSummary(): SummaryWeights {
  const genres = genresByFold(genreExamples());
  const folds = foldsOf(readExamples(genres));
  const judgements = folds.map(({ seen }) => trainJudgement(seen));
  const apart = judgedByOthers(folds, judgements);
  const gists = gistsByFold(apart);
  const lines = linesByFold(apart, gists);
  return {
    genres,
    judgements,
    gists,
    lines: lineTreesByFold(lines),
  };
}
