/**
 * Trains the trees that find a page's story, and those that foretell how well its text was read, and writes the weights. The
 * same corpora give the same bytes. Takes about 40 minutes.
 *
 *   npm run train:reading              all weights
 *   npm run train:reading -- texts     only the verdict on texts without a page around them; takes two minutes
 *
 * BROADSHEET_CORPORA names the folder with articles/. Leaves with 66 where there is none. How good it is on sites that it has
 * not seen tells `bench/reading.ts`. The verdict is trained on readings by trees that have not seen their site.
 */
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { askedMost } from "./reading/boosting.ts";
import { corpora } from "./reading/corpus.ts";
import { growByFold, judgedPages, trainOn } from "./reading/training.ts";
import { readTextsForVerdicts } from "./reading/text-verdicts.ts";
import {
  OF_TEXTS,
  printVerdicts,
  readForVerdicts,
  trainVerdict,
} from "./reading/verdict-training.ts";

const FOLDER = path.join(import.meta.dirname, "../src/article/page");

process.exitCode = await main(process.argv[2]);

async function main(part: string | undefined): Promise<number> {
  if (!existsSync(path.join(corpora, "articles"))) {
    console.error(`bench/train-reading: ${corpora} has no articles; nothing was trained`);
    return 66;
  }
  if (part === "texts") {
    trainTexts();
    return 0;
  }
  const pages = judgedPages();
  const trees = trainOn(pages);
  store("story-weights.json", trees);
  for (const [name, times] of askedMost(trees).slice(0, 20)) console.log(`  ${name} ${times}`);
  const readings = await readForVerdicts(growByFold(pages));
  const verdict = trainVerdict(readings);
  store("verdict-weights.json", verdict);
  printVerdicts(readings, verdict);
  trainTexts();
  return 0;
}

function trainTexts(): void {
  const texts = readTextsForVerdicts();
  const verdict = trainVerdict(texts, OF_TEXTS);
  store("text-verdict-weights.json", verdict);
  printVerdicts(texts, verdict, OF_TEXTS);
}

function store(file: string, weights: unknown): void {
  const stored = `${JSON.stringify(weights)}\n`;
  writeFileSync(path.join(FOLDER, file), stored);
  console.log(`${file}: ${Math.ceil(stored.length / 1024)} KB`);
}
