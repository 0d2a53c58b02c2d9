/**
 * Trains how likely a sentence is false, from how it is aligned with its article, and writes the weights, the same
 * to the byte in every run:
 *
 *   npm run train:gate
 *   npm run train:gate -- --check     cross-validated by article: what to expect of articles never seen; writes nothing
 *
 * It learns from judged/claims.ndjson and judged/gate.ndjson. Of other articles it learns from sentences of the article and shortened ones, from a
 * human's about it and about another article, and from such with one thing changed. The article's
 * own sentences and the human's keep as near to the article as what is changed in them. The written paraphrases do not,
 * and from them alone it would learn that what is near is false.
 *
 * BROADSHEET_CORPORA names the folder with summary/. Leaves with 66 where there is none.
 */
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { checkGate } from "./gate/check.ts";
import { gateExamples, trainGate } from "./gate/examples.ts";
import { DOUBTFUL } from "../src/summary/faithfulness/comparison.ts";
import { corpora } from "./judged/examples.ts";

const WEIGHTS = path.join(
  import.meta.dirname,
  "../src/summary/faithfulness/comparison-weights.json",
);

process.exitCode = main();

function main(): number {
  if (!existsSync(path.join(corpora, "summary"))) {
    console.error(`bench/train-gate: ${corpora} has no summary; nothing was trained`);
    return 66;
  }
  const examples = gateExamples();
  if (process.argv.includes("--check")) {
    checkGate(examples, DOUBTFUL);
    return 0;
  }
  const weights = `${JSON.stringify(trainGate(examples))}\n`;
  writeFileSync(WEIGHTS, weights);
  console.log(`${path.basename(WEIGHTS)}: ${Math.ceil(weights.length / 1024)} KB`);
  return 0;
}
