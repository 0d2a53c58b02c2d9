import { loadTrees, likelihood } from "../../src/platform/boosted-trees.ts";
import { type GateExample, trainGate } from "./examples.ts";
import { foldOf } from "../training/random.ts";

const FOLDS = 5;
/** Shares of the written paraphrases that pass. */
const PASSED = [0.95, 0.9, 0.88, 0.85, 0.8, 0.75, 0.7, 0.6];

/**
 * Prints how many of the written falsehoods are caught where so many of the written paraphrases pass, each judged by
 * trees that have seen no sentence about its article; beside it what becomes of the others. Among the human sentences and
 * those with one thing changed, true and false keep equally near to the article.
 */
export function checkGate(examples: readonly GateExample[]): void {
  const scored = Array.from({ length: FOLDS }, (_, fold) => {
    const trees = loadTrees(trainGate(examples.filter(({ id }) => foldOf(id, FOLDS) !== fold)));
    return examples
      .filter(({ id }) => foldOf(id, FOLDS) === fold)
      .map((example) => ({
        example,
        chance: example.isRefusedByWords ? 1 : likelihood(trees, example.features),
      }));
  }).flat();
  const of = (from: GateExample["from"], isTrue: boolean) =>
    scored
      .filter(({ example }) => example.from === from && example.isTrue === isTrue)
      .map(({ chance }) => chance)
      .toSorted((a, b) => a - b);
  const paraphrases = of("written", true);
  console.log(
    "limit  written: passed caught   own passed   human passed   one thing changed: caught",
  );
  for (const share of PASSED) {
    const limit = paraphrases[Math.ceil(share * paraphrases.length) - 1] ?? 1;
    const upTo = (chances: readonly number[]) =>
      (100 * chances.filter((chance) => chance <= limit).length) / chances.length;
    const figures = [
      upTo(paraphrases),
      100 - upTo(of("written", false)),
      upTo(of("own", true)),
      upTo(of("human", true)),
      100 - upTo(of("planted", false)),
    ].map((figure) => figure.toFixed(0).padStart(4));
    console.log(`${limit.toFixed(2)}   ${figures.join("   ")}`);
  }
}
