/**
 * Trains the ranking of sentences on human summaries and writes its weights, figures only and the same to the byte
 * in every run:
 *
 *   npm run train:summary
 *   npm run train:summary -- --check     what to expect of articles never seen; writes nothing
 *
 * BROADSHEET_CORPORA names the folder with summary/train.jsonl, by default ../shared/corpora beside the
 * project. Nothing else is read.
 */
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { rankWith } from "../src/summary/ranking/ranking.ts";
import { chooseSet } from "./training/choose-set.ts";
import { exampleOf, rowsOf, type Example } from "./training/examples.ts";
import { agreement } from "./training/overlap.ts";
import { compileWeights, train, type StoredWeights } from "./training/train.ts";

const PROJECT = path.resolve(import.meta.dirname, "..");
const WEIGHTS = path.join(PROJECT, "src/summary/ranking/weights.json");
const corpora = process.env["BROADSHEET_CORPORA"] ?? path.resolve(PROJECT, "../shared/corpora");
const file = path.join(corpora, "summary/train.jsonl");

const FOLDS = 5;

/** Set by hand beside the trained weights: human summaries are shorter than most three sentences. */
const EFFORT = 0.1;

process.exitCode = main();

function main(): number {
  if (!existsSync(file)) {
    console.error(`${file} does not exist: set BROADSHEET_CORPORA to the folder of corpora`);
    return 66;
  }
  const examples = rowsOf(file).map((row) => exampleOf(row));
  if (process.argv.includes("--check")) check(examples);
  else write(train(examples));
  return 0;
}

function write(weights: StoredWeights): void {
  const { choice, ...forests } = weights;
  const lines = [
    `"choice": ${JSON.stringify(choice)}`,
    ...Object.entries(forests).map(
      ([name, forest]) => `${JSON.stringify(name)}: ${JSON.stringify(forest)}`,
    ),
  ];
  const json = `{\n${lines.join(",\n")}\n}\n`;
  writeFileSync(WEIGHTS, json);
  console.log(`${path.relative(PROJECT, WEIGHTS)}: ${json.length} bytes`, choice);
}

/** Each fifth of the articles summarised with the weights that the others teach. */
function check(examples: readonly Example[]): void {
  const reached: number[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const weights = compileWeights(train(examples.filter((_, at) => at % FOLDS !== fold)));
    const held = examples.filter((_, at) => at % FOLDS === fold);
    const agreements = held.map(({ document, overlap }) => {
      const chosen = chooseSet(document.candidates, rankWith(document, weights), {
        sentences: 3,
        effort: EFFORT,
      });
      return agreement(
        overlap,
        chosen.map(({ index }) => index),
      );
    });
    reached.push(...agreements);
    console.log(`part ${fold + 1}: ${mean(agreements)}`);
  }
  const lead = examples.map(({ overlap, document }) =>
    agreement(
      overlap,
      document.candidates.slice(0, 3).map(({ index }) => index),
    ),
  );
  console.log(`agreement ${mean(reached)}, LEAD-3 ${mean(lead)}`);
}

function mean(values: readonly number[]): string {
  return ((100 * values.reduce((sum, value) => sum + value, 0)) / values.length).toFixed(2);
}
