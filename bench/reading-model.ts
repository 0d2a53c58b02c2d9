/**
 * How well the story of a page is found on sites that were not trained with: cross-validated by site, beside Readability
 * and today's reader; how much is lost where pages are written otherwise; what the verdict catches; time.
 *
 *   node bench/reading-model.ts            the table
 *   node bench/reading-model.ts --speed    with the time a page
 *   node bench/reading-model.ts --worst    with the worst pages and the blocks that were told wrong
 *
 * BROADSHEET_CORPORA names the folder with articles/, BROADSHEET_SCORERS the one with the scorers. Leaves with 66 where there
 * are none. Takes some minutes.
 */
import { existsSync } from "node:fs";
import path from "node:path";
import { decide } from "../src/article/page/choose-story.ts";
import { corpora, samplesOf, scorers } from "./reading-model/corpus.ts";
import { type JudgedPage } from "./reading-model/judged-pages.ts";
import { printWorst } from "./reading-model/worst.ts";
import { scoresOf, todaysTexts, type Texts } from "./reading-model/scores.ts";
import { printSpeed } from "./reading-model/speed.ts";
import { judgedPages, outOfFold } from "./reading-model/training.ts";
import { printVerdicts } from "./reading-model/verdicts.ts";

const REMADE = ["bare", "divs", "breaks"];

process.exitCode = main();

function main(): number {
  const missing = [path.join(corpora, "articles"), scorers].filter((place) => !existsSync(place));
  for (const place of missing) console.error(`bench/reading-model: ${place} does not exist`);
  if (missing.length > 0) return 66;
  const pages = judgedPages();
  const logOdds = outOfFold(pages);
  const decided = new Map([...logOdds].map(([page, own]) => [page, decide(own)]));
  const pick: Pick = (page, index) => decided.get(page)?.[index] ?? false;
  printTable(pages, pick);
  printVerdicts(pages, logOdds);
  if (process.argv.includes("--speed")) printSpeed(samplesOf("en"));
  if (process.argv.includes("--worst")) printWorst(pages, logOdds);
  return 0;
}

type Pick = (page: JudgedPage, index: number) => boolean;

function printTable(pages: readonly JudgedPage[], pick: Pick): void {
  const scores = (is: Pick, form: string): string =>
    scoresOf(
      textsOf(
        pages.filter((page) => page.form === form),
        is,
      ),
    );
  console.log("                     en F1  P     R     multilingual F1  P     R     opening");
  console.log(`trees, by site       ${scores(pick, "")}`);
  console.log(`Readability's blocks ${scores(byReadability, "")}`);
  console.log(`today's reader       ${scoresOf(todaysTexts())}`);
  for (const form of REMADE) {
    console.log(`trees, ${form.padEnd(13)} ${scores(pick, form)}`);
    console.log(`Readability, ${form.padEnd(7)} ${scores(byReadability, form)}`);
  }
}

function byReadability({ choice }: JudgedPage, index: number): boolean {
  return (choice[index] ?? 0) > 0.5;
}

function textsOf(pages: readonly JudgedPage[], is: Pick): Texts {
  const texts: Record<string, Record<string, string>> = {};
  for (const page of pages) {
    const { folder, id } = page.sample;
    const story = page.blocks.filter((_, index) => is(page, index)).map(({ text }) => text);
    (texts[folder] ??= {})[id] = story.join("\n\n");
  }
  return texts;
}
