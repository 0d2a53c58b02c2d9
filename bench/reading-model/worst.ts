import { decide } from "../../src/article/page/choose-story.ts";
import { type JudgedPage } from "./judged-pages.ts";
import { verdictOn } from "./verdicts.ts";

const PAGES = 10;
const BLOCKS = 8;

/** Prints the worst English pages, and what was told wrong on them. */
export function printWorst(
  pages: readonly JudgedPage[],
  logOdds: ReadonlyMap<JudgedPage, Float64Array>,
): void {
  const told = pages
    .filter(({ sample, form }) => sample.folder === "en" && form === "")
    .map((page) => {
      const own = logOdds.get(page) ?? new Float64Array();
      return { page, own, verdict: verdictOn(page, own) };
    });
  for (const { page, own, verdict } of told
    .toSorted((a, b) => a.verdict.f1 - b.verdict.f1)
    .slice(0, PAGES)) {
    const { site, id } = page.sample;
    const { f1, confidence } = verdict;
    console.log(
      `\n${site} ${id.slice(0, 8)} F1 ${f1.toFixed(3)} confidence ${confidence.toFixed(2)}`,
    );
    const taken = decide(own);
    const wrong = page.blocks.flatMap(({ kind, text }, index): string[] => {
      const isStory = (page.labels[index] ?? 0) >= 0.5;
      const said = own[index] ?? 0;
      if (isStory === taken[index]) return [];
      return [`  ${isStory ? "missed" : "taken "} ${said.toFixed(1)} ${kind} ${text.slice(0, 90)}`];
    });
    console.log(wrong.slice(0, BLOCKS).join("\n"));
  }
}
