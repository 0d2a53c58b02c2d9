import type * as page from "../../src/article/page.ts";
import type { StoredTrees } from "../../src/platform/boosted-trees.ts";
import type { Change } from "../ablate/change.ts";
import { loadWithout } from "../ablate/without.ts";
import { foldOf, type Sample } from "./corpus.ts";
import { FOLDS } from "./training.ts";

type Reader = typeof page;

/** A copy of the reader for each fold, with trees that have not seen its sites, and with the given changes. */
export function readersBySite(
  trees: readonly StoredTrees[],
  name = "none",
  changes: readonly Change[] = [],
): Promise<readonly Reader[]> {
  return readersWith(WEIGHTS, trees, name, changes);
}

/** A copy of the reader for each fold, with the fold's weights in place of a file of `src/`. */
export function readersWith(
  file: string,
  byFold: readonly object[],
  name: string,
  changes: readonly Change[] = [],
): Promise<readonly Reader[]> {
  return Promise.all(
    byFold.map((weights, fold) => {
      const own = { file, name: "", to: JSON.stringify(weights) };
      return loadWithout<Reader>("src/article/page.ts", `${name} ${fold}`, [...changes, own]);
    }),
  );
}

const WEIGHTS = "article/page/story-weights.json";

/** The reader that has not seen a page's site. */
export function readerFor({ site }: Sample, readers: readonly Reader[]): Reader {
  const own = readers[foldOf(site, FOLDS)];
  if (!own) throw new RangeError(`no reader for ${site}`);
  return own;
}
