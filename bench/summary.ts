/**
 * How good summaries are, beside the simple ways of making them: ROUGE against human summaries, what a reader
 * would trip over, the facts of one long article, and time.
 *
 *   node bench/summary.ts             the whole table
 *   node bench/summary.ts --show      with every defect
 *
 * BROADSHEET_CORPORA names the folder with summary/*.jsonl and seed/, BROADSHEET_SCORERS the one with
 * rouge.mjs. Leaves with 66 where there are no such folders.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { printDefects } from "./summaries/defects.ts";
import { printScores } from "./summaries/scores.ts";
import { printSeedFacts } from "./summaries/seed.ts";
import { printSpeed } from "./summaries/speed.ts";

const projects = resolve(import.meta.dirname, "../..");
const corpora = process.env["BROADSHEET_CORPORA"] ?? resolve(projects, "shared/corpora");
const scorers = process.env["BROADSHEET_SCORERS"] ?? resolve(projects, "shared/bench");
const corpus = join(corpora, "summary");

process.exitCode = await main();

async function main(): Promise<number> {
  const missing = [corpus, scorers].filter((folder) => !existsSync(folder));
  for (const folder of missing) {
    console.error(`bench/summary: ${folder} does not exist; nothing was measured`);
  }
  if (missing.length > 0) return 66;
  await printScores({ corpus, file: "dev.jsonl", language: "en", scorers });
  await printScores({ corpus, file: "fr_dev.jsonl", language: "fr", scorers });
  printDefects(corpus, "dev.jsonl", process.argv.includes("--show"));
  printSeedFacts(join(corpora, "seed"));
  printSpeed(corpus, "dev.jsonl");
  return 0;
}
