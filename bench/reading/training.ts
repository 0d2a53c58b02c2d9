import { loadTrees, logOddsOf, type StoredTrees } from "../../src/platform/boosted-trees.ts";
import { binExamples, growTrees, type Examples } from "./boosting.ts";
import { foldOf, samplesOf, type Folder } from "./corpus.ts";
import { judgePage, type JudgedPage } from "./judged-pages.ts";

/**
 * The weight of a page in each of its forms (see `remade`). The labels in `vetted` are weak: they are outputs of
 * Readability that its maintainers accepted.
 */
const COUNTS: Readonly<Record<Folder, Readonly<Record<string, number>>>> = {
  en: { "": 1, bare: 0.8, divs: 0.34, breaks: 0.34 },
  multilingual: { "": 1, bare: 0.8, divs: 0.34, breaks: 0.34 },
  vetted: { "": 0.5, bare: 0.4, divs: 0.17, breaks: 0.17 },
  fields: { "": 0 },
};

/** The number of folds. All pages of one site are in the same fold. */
export const FOLDS = 8;

const FOLDERS: readonly Folder[] = ["en", "multilingual", "vetted", "fields"];

/** All pages in all forms that are trained or measured. */
export function judgedPages(): JudgedPage[] {
  return FOLDERS.flatMap((folder) =>
    samplesOf(folder).flatMap((sample) => judgePage(sample, Object.keys(COUNTS[folder]))),
  );
}

interface SitedExamples extends Examples {
  readonly folds: readonly number[];
}

/** The labelled blocks as training rows. */
function toExamples(pages: readonly JudgedPage[]): SitedExamples {
  const rows: ArrayLike<number>[] = [];
  const labels: number[] = [];
  const weights: number[] = [];
  const folds: number[] = [];
  for (const page of pages) {
    const { folder, site } = page.sample;
    const counts = COUNTS[folder][page.form] ?? 0;
    if (counts === 0) continue;
    const fold = foldOf(site, FOLDS);
    const shares = weightsIn(page);
    for (const [index, label] of page.labels.entries()) {
      if (label === undefined) continue;
      rows.push(page.rows[index] ?? []);
      labels.push(label >= 0.5 ? 1 : 0);
      weights.push(counts * (shares[index] ?? 0));
      folds.push(fold);
    }
  }
  return { rows, labels, weights, folds };
}

const WEIGHT_OF_PAGE = 60;

// Each page has the same weight, whatever its length. Inside a page, the weight of a block is the root of its length.
function weightsIn({ blocks }: JudgedPage): number[] {
  const own = blocks.map(({ words }) => Math.sqrt(words + 1));
  const all = own.reduce((sum, weight) => sum + weight, 0);
  return own.map((weight) => (WEIGHT_OF_PAGE * weight) / all);
}

/** Trees grown from all pages. */
export function trainOn(pages: readonly JudgedPage[]): StoredTrees {
  const examples = toExamples(pages);
  return growTrees(binExamples(examples), Int32Array.from(examples.rows.keys()));
}

/** Trees for each fold, grown without the pages of its sites. */
export function growByFold(pages: readonly JudgedPage[]): StoredTrees[] {
  const examples = toExamples(pages);
  const binned = binExamples(examples);
  return Array.from({ length: FOLDS }, (_, fold) =>
    growTrees(
      binned,
      Int32Array.from(examples.rows.keys()).filter((row) => examples.folds[row] !== fold),
    ),
  );
}

/** The choice of the trees alone: the blocks that are more likely story than not. */
export function likelyBlocks(logOdds: ArrayLike<number>): boolean[] {
  return Array.from(logOdds, (value) => value > 0);
}

/** The log-odds of each page's blocks, from trees that have seen no page of its site. */
export function judgeByFold(
  pages: readonly JudgedPage[],
  byFold: readonly StoredTrees[],
): Map<JudgedPage, Float64Array> {
  const trees = byFold.map(loadTrees);
  return new Map(
    pages.map((page) => {
      const own = trees[foldOf(page.sample.site, FOLDS)];
      if (!own) throw new RangeError(`no trees for ${page.sample.site}`);
      return [page, Float64Array.from(page.rows, (row) => logOddsOf(own, row))];
    }),
  );
}
