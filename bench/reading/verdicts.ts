import type { Sample } from "./corpus.ts";
import { pageF1 } from "./page-scores.ts";
import type { Answers } from "./scorers.ts";

/** Prints which badly read pages are doubted, and how many well read ones, in each form. */
export function printVerdicts(
  samples: readonly Sample[],
  byForm: ReadonlyMap<string, Answers>,
): void {
  console.log("\nverdicts, English    F1 < .8  of them sure   F1 ≥ .95  of them doubted");
  for (const [form, answers] of byForm) {
    const judged = samples.map(({ id, gold }) => {
      const { text = "", isDoubted = true } = answers.get(id) ?? {};
      return { f1: pageF1(text, gold.articleBody ?? ""), isDoubted };
    });
    const bad = judged.filter(({ f1 }) => f1 < 0.8);
    const good = judged.filter(({ f1 }) => f1 >= 0.95);
    const sure = bad.filter(({ isDoubted }) => !isDoubted);
    const doubted = good.filter(({ isDoubted }) => isDoubted);
    const cells = [bad.length, sure.length, good.length, doubted.length];
    const name = (form || "as it is").padEnd(19);
    console.log(`  ${name}${cells.map((cell) => String(cell).padEnd(13)).join("")}`);
  }
}
