import { rankingsByFold, readExamples, foldsOf } from "../judged/folds.ts";
import { judgedByOthers } from "../judged/check.ts";
import { genreExamples, genresByFold, type StoredGenres } from "../judged/genres.ts";
import { trainGists } from "../judged/gists.ts";
import { trainJudgement, type StoredJudgement } from "../judged/judge.ts";
import type { StoredTrees } from "../../src/platform/boosted-trees.ts";
import type { StoredWeights } from "../training/train.ts";

/** What was trained for each fold without its articles. */
export interface SummaryWeights {
  readonly rankings: readonly StoredWeights[];
  readonly genres: readonly StoredGenres[];
  readonly judgements: readonly StoredJudgement[];
  readonly gists: readonly StoredTrees[];
}

export function trainSummary(): SummaryWeights {
  const rankings = rankingsByFold();
  const genres = genresByFold(genreExamples());
  const folds = foldsOf(readExamples(rankings, genres));
  const judgements = folds.map(({ seen }) => trainJudgement(seen));
  const apart = judgedByOthers(folds, judgements);
  const gists = apart.map((held) => {
    const others = apart.filter((fold) => fold !== held).flat();
    return trainGists(others.flatMap((judged) => judged.gists));
  });
  return { rankings, genres, judgements, gists };
}
