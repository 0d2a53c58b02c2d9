import { loadTrees, likelihood } from "../../src/platform/boosted-trees.ts";
import { isRefused } from "../../src/summary/faithfulness/comparison.ts";
import { type GateExample, trainGate } from "./examples.ts";
import { foldOf } from "../training/random.ts";

const FOLDS = 8;
const LIMITS = [0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7];
/** In each, sentences that are true and false. */
const GROUPS: readonly (readonly [name: string, isIn: (example: GateExample) => boolean])[] = [
  ["claims", ({ from }) => from === "claims"],
  ["a, c", ({ part }) => part === "a" || part === "c"],
  ["b, d", ({ part }) => part === "b" || part === "d"],
  ["own", ({ from }) => from === "own"],
  ["human, changed", ({ from }) => from === "human" || from === "planted"],
  ["another's", ({ from }) => from === "alien"],
];

function share(count: number, all: number): string {
  return ((100 * count) / all).toFixed(0).padStart(3);
}

/**
 * Prints by limit how many false sentences are caught and true ones passed, each judged by trees that have seen no sentence
 * about its article, and by class what becomes of the claims at one limit. Among the human sentences and those with one thing
 * changed, true and false keep equally near to the article.
 */
export function checkGate(examples: readonly GateExample[], taken: number): void {
  const scored = Array.from({ length: FOLDS }, (_, fold) => {
    const trees = loadTrees(trainGate(examples.filter(({ id }) => foldOf(id, FOLDS) !== fold)));
    return examples
      .filter(({ id }) => foldOf(id, FOLDS) === fold)
      .map((example) => ({
        example,
        chance: example.byWords ? 1 : likelihood(trees, example.features),
      }));
  }).flat();
  for (const limit of LIMITS) {
    const cells = GROUPS.map(([name, isIn]) => {
      const of = (isTrue: boolean) =>
        scored.filter(({ example }) => isIn(example) && example.isTrue === isTrue);
      const caught = of(false).filter(({ chance }) => chance > limit).length;
      const passed = of(true).filter(({ chance }) => chance <= limit).length;
      return `${name}: caught ${share(caught, of(false).length)} passed ${share(passed, of(true).length)}`;
    });
    console.log(`${limit.toFixed(2)}  ${cells.join(" | ")}`);
  }
  const claims = scored.filter(({ example }) => example.from === "claims");
  const isLost = ({ example: { byWords, amounts }, chance }: (typeof claims)[number]) =>
    byWords === "refused" || (!byWords && amounts !== undefined && isRefused(amounts, chance));
  for (const isTrue of [false, true]) {
    const all = claims.filter(({ example }) => example.isTrue === isTrue);
    const kinds = Map.groupBy(all, ({ example }) => example.kind);
    for (const [kind, some] of [["all", all] as const, ...kinds]) {
      const refused = some.filter(isLost).length;
      const caught = some.filter(({ chance }) => chance > taken).length;
      console.log(
        `${isTrue ? "true " : "false"} ${kind.padEnd(16)} of ${String(some.length).padStart(3)}: passed ${some.length - caught}, marked ${caught - refused}, refused ${refused}`,
      );
    }
  }
}
