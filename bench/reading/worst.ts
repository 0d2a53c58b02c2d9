import type { BySite } from "./by-site.ts";
import type { JudgedPage } from "./judged-pages.ts";
import { pageF1 } from "./page-scores.ts";
import { judgeByFold, likelyBlocks } from "./training.ts";

const PAGES = 10;
const BLOCKS = 8;

/** Prints the worst English pages and the trees' mistakes on them, by site. */
export function printWorst({ pages, trees }: BySite): void {
  const judged = [...judgeByFold(pages, trees)].flatMap(([page, own]) =>
    page.sample.folder === "en" && page.form === "" ? [toMistakes(page, own)] : [],
  );
  for (const { page, f1, mistakes } of judged.toSorted((a, b) => a.f1 - b.f1).slice(0, PAGES)) {
    console.log(`\n${page.sample.site} ${page.sample.id.slice(0, 8)} F1 ${f1.toFixed(3)}`);
    console.log(mistakes.slice(0, BLOCKS).join("\n"));
  }
}

interface Mistakes {
  readonly page: JudgedPage;
  readonly f1: number;
  readonly mistakes: readonly string[];
}

function toMistakes(page: JudgedPage, logOdds: Float64Array): Mistakes {
  const taken = likelyBlocks(logOdds);
  const text = page.blocks.flatMap((block, index) => (taken[index] ? [block.text] : []));
  const mistakes = page.blocks.flatMap(({ kind, text: words }, index): string[] => {
    const isStory = (page.labels[index] ?? 0) >= 0.5;
    if (isStory === taken[index]) return [];
    const said = (logOdds[index] ?? 0).toFixed(1);
    return [`  ${isStory ? "missed" : "taken "} ${said} ${kind} ${words.slice(0, 90)}`];
  });
  return { page, f1: pageF1(text.join("\n\n"), page.sample.gold.articleBody ?? ""), mistakes };
}
