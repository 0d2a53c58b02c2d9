import type { Bench } from "../ablate.ts";
import { readExamples } from "../judged/folds.ts";
import { kept } from "./cache.ts";
import { SUMMARY_FAMILIES } from "./summary-families.ts";
import { idiomRows, readAnew, rowsOf } from "./summary-rows.ts";
import { trainSummary } from "./summary-weights.ts";
import type * as Rows from "./summary-rows.ts";
import { loadWithout } from "./without.ts";

/** The files that the weights depend on. */
const SOURCES = [
  "src/{article,summary}/**/*.{ts,json}",
  "src/platform/boosted-trees.ts",
  "bench/{judged,training}/*",
  "bench/reading/boosting.ts",
];

/** Composes the entries of the judged articles with a family of summary/ switched off. */
export async function openSummary(): Promise<Bench> {
  const weights = kept("summary", SOURCES, trainSummary);
  const examples = readExamples(weights.genres);
  const judged = readAnew(examples, weights);
  return {
    families: SUMMARY_FAMILIES,
    measures: { gist: 1, kept: 2, struck: 2, misleading: 3, doubt: 3, idioms: 3 },
    rows: async (family) => {
      if (!family) return [...rowsOf(judged, weights), ...idiomRows()];
      const without = await loadWithout<typeof Rows>(
        "bench/ablate/summary-rows.ts",
        family.name,
        family.changes,
      );
      const read = family.from === "document" ? without.readAnew(examples, weights) : judged;
      return [...without.rowsOf(read, weights), ...without.idiomRows()];
    },
  };
}
