import { isDeepStrictEqual } from "node:util";
import type { Bench, Room } from "../ablate.ts";
import { readExamples } from "../judged/folds.ts";
import { kept } from "./cache.ts";
import { SUMMARY_FAMILIES } from "./summary-families.ts";
import { idiomRows, readAnew, rowsOf } from "./summary-rows.ts";
import { trainSummary } from "./summary-weights.ts";
import type * as Folds from "../judged/folds.ts";
import type * as Rows from "./summary-rows.ts";
import type * as Weights from "./summary-weights.ts";
import { loadWithout } from "./without.ts";

/** The files that the weights depend on. */
const SOURCES = [
  "src/{article,summary}/**/*.{ts,json}",
  "src/platform/boosted-trees.ts",
  "bench/{judged,training}/*",
  "bench/reading/boosting.ts",
  "bench/ablate/summary-weights.ts",
];

/** The entries of the judged articles, which are composed with a family of summary/ switched off. */
export const SUMMARY: Room = {
  families: SUMMARY_FAMILIES,
  measures: { gist: 1, kept: 2, struck: 2, misleading: 3, doubt: 3, idioms: 3 },
  open: openSummary,
};

function openSummary(): Bench {
  const weights = kept("summary", SOURCES, trainSummary);
  const examples = readExamples(weights.genres);
  const judged = readAnew(examples, weights);
  return {
    rows: async (family) => {
      if (!family) return [...rowsOf(judged, weights), ...idiomRows()];
      const without = await loadWithout<typeof Rows>(ROWS, family.name, family.changes);
      const read = family.from === "document" ? without.readAnew(examples, weights) : judged;
      return [...without.rowsOf(read, weights), ...without.idiomRows()];
    },
    rowsTrainedWithout: async ({ name, changes }) => {
      const without = await loadWithout<typeof Rows>(ROWS, name, changes);
      const training = await loadWithout<typeof Weights>(WEIGHTS, name, changes);
      const folds = await loadWithout<typeof Folds>("bench/judged/folds.ts", name, changes);
      const own = kept("summary", SOURCES, training.trainSummary, changes);
      if (isDeepStrictEqual(own, weights)) return undefined;
      const read = without.readAnew(folds.readExamples(own.genres), own);
      return [...without.rowsOf(read, own), ...without.idiomRows()];
    },
  };
}

const ROWS = "bench/ablate/summary-rows.ts";
const WEIGHTS = "bench/ablate/summary-weights.ts";
