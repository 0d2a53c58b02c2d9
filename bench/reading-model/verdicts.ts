import { chanceOf, confidenceOf, decide, evidenceOf } from "../../src/article/page/choose-story.ts";
import { type JudgedPage } from "./judged-pages.ts";
import { pageF1 } from "./page-scores.ts";

/** Prints which badly read pages the confidence catches, and how many good ones it doubts. */
export function printVerdicts(
  pages: readonly JudgedPage[],
  logOdds: ReadonlyMap<JudgedPage, Float64Array>,
): void {
  console.log("\nverdicts, en         F1 < .8  of them sure   F1 ≥ .95  of them doubted");
  for (const form of new Set(pages.map((page) => page.form))) {
    const judged = pages
      .filter((page) => page.sample.folder === "en" && page.form === form)
      .map((page) => verdictOn(page, logOdds.get(page) ?? new Float64Array()));
    const bad = judged.filter(({ f1 }) => f1 < 0.8);
    const good = judged.filter(({ f1 }) => f1 >= 0.95);
    const sure = bad.filter(({ confidence }) => confidence >= 0.5);
    const doubted = good.filter(({ confidence }) => confidence < 0.5);
    const cells = [bad.length, sure.length, good.length, doubted.length];
    console.log(
      `  ${(form || "as it is").padEnd(18)} ${cells.map((cell) => String(cell).padEnd(12)).join(" ")}`,
    );
  }
}

export function verdictOn(
  page: JudgedPage,
  logOdds: Float64Array,
): { readonly f1: number; readonly confidence: number } {
  const isStory = decide(logOdds);
  const weighed = page.blocks.map(({ words, prose }, index) => ({
    words,
    prose,
    chance: chanceOf(logOdds[index] ?? 0),
    isStory: isStory[index] ?? false,
    choice: page.choice[index] ?? 0,
  }));
  return {
    f1: pageF1(page, (index) => isStory[index] ?? false),
    confidence: confidenceOf(evidenceOf(weighed)),
  };
}
