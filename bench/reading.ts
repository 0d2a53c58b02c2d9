/**
 * How well articles are read: what must be reached, our figures, and those of what people use without us on the same files.
 *
 *   node bench/reading.ts                  the whole table; takes ten minutes, most of them to train by site
 *   node bench/reading.ts speed fields     parts of it
 *   node bench/reading.ts verdicts         what the verdict catches; takes half an hour more
 *   node bench/reading.ts text-verdicts    the same of texts without a page around them; takes two minutes
 *   node bench/reading.ts worst            what is not in it: the worst pages
 *
 * BROADSHEET_CORPORA names the folder with articles/, feeds/ and texts/ (by default ../shared/corpora beside the project),
 * BROADSHEET_SCORERS the one with the scorers (../shared/bench). Leaves with 66 where there are none. Of pages, what is
 * "by site" was trained without the pages of the same site; the delivered weights have seen all of `en` and
 * `multilingual`. defuddle and @extractus/article-extractor are measured where they are installed
 * (`npm install --no-save`).
 */
import { existsSync } from "node:fs";
import { printBySite, trainBySite, type BySite } from "./reading/by-site.ts";
import { corpora, scorers } from "./reading/corpus.ts";
import { feedRows } from "./reading/feed-rows.ts";
import { fieldRows } from "./reading/field-rows.ts";
import { speedRows } from "./reading/speed-rows.ts";
import { printRows } from "./reading/table.ts";
import { textRows } from "./reading/text-rows.ts";
import { readTextsForVerdicts } from "./reading/text-verdicts.ts";
import {
  OF_TEXTS,
  printVerdicts,
  readForVerdicts,
  trainVerdict,
} from "./reading/verdict-training.ts";
import { printWorst } from "./reading/worst.ts";

let trained: BySite | undefined;

function bySite(): BySite {
  return (trained ??= trainBySite());
}

// The speed first: what comes after it fills the memory.
const TABLE: Readonly<Record<string, () => void | Promise<void>>> = {
  speed: () => printRows(speedRows()),
  fields: async () => printRows(await fieldRows()),
  feeds: () => printRows(feedRows()),
  texts: () => printRows(textRows()),
  "by-site": () => printBySite(bySite()),
};

const ON_REQUEST: typeof TABLE = {
  worst: () => printWorst(bySite()),
  "text-verdicts": () => {
    const texts = readTextsForVerdicts();
    printVerdicts(texts, trainVerdict(texts, OF_TEXTS), OF_TEXTS);
  },
  verdicts: async () => {
    const readings = await readForVerdicts(bySite().trees);
    printVerdicts(readings, trainVerdict(readings));
  },
};

process.exitCode = await main(process.argv.slice(2));

async function main(asked: readonly string[]): Promise<number> {
  const missing = [corpora, scorers].filter((folder) => !existsSync(folder));
  for (const folder of missing)
    console.error(`bench/reading: ${folder} does not exist; nothing was measured`);
  if (missing.length > 0) return 66;
  const parts = { ...TABLE, ...ON_REQUEST };
  const unknown = asked.filter((name) => !(name in parts));
  if (unknown.length > 0) {
    console.error(`bench/reading: the parts are ${Object.keys(parts).join(", ")}`);
    return 64;
  }
  for (const name of asked.length > 0 ? asked : Object.keys(TABLE)) await parts[name]?.();
  return 0;
}
