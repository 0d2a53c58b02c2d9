/**
 * Trains what tells a page's story from the rest of it, and writes the weights. The same corpora give the same bytes.
 *
 *   npm run train:reading
 *
 * BROADSHEET_CORPORA names the folder with articles/. Leaves with 66 where there is none. How good it is on sites that it has
 * not seen tells `bench/reading.ts`.
 */
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { askedMost } from "./reading/boosting.ts";
import { corpora } from "./reading/corpus.ts";
import { judgedPages, trainOn } from "./reading/training.ts";

const WEIGHTS = path.join(import.meta.dirname, "../src/article/page/story-weights.json");

process.exitCode = main();

function main(): number {
  if (!existsSync(path.join(corpora, "articles"))) {
    console.error(`bench/train-reading: ${corpora} has no articles; nothing was trained`);
    return 66;
  }
  const trees = trainOn(judgedPages());
  const stored = `${JSON.stringify(trees)}\n`;
  writeFileSync(WEIGHTS, stored);
  console.log(`${path.basename(WEIGHTS)}: ${Math.ceil(stored.length / 1024)} KB`);
  for (const [name, times] of askedMost(trees).slice(0, 20)) console.log(`  ${name} ${times}`);
  return 0;
}
