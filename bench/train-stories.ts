/**
 * Trains how sure it is that two articles tell one event, from pairs that were read and judged (bench/judged/pairs.ndjson),
 * and writes the weights, the same to the byte in every run:
 *
 *   npm run train:stories
 *   npm run train:stories -- --check     cross-validated by event: what to expect of events never seen; writes nothing
 *   npm run train:stories -- --last      what the weights that are stored do with events that were kept aside
 *
 * --curve adds the counts at other thresholds, --show the pairs that are judged wrongly.
 *
 * BROADSHEET_CORPORA names the folder with summary/, articles/, texts/ and feeds/. Leaves with 66 where there is none.
 */
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Batch } from "../src/digest/stories/batch.ts";
import { backingOf, LEAST_CHANCE, matchOf } from "../src/digest/stories/same-story.ts";
import { traitsOf } from "../src/digest/stories/traits.ts";
import { corpora } from "./reading/corpus.ts";
import { type Example, fitted, FOLDS, foldOf, readExamples, WRITTEN } from "./stories/examples.ts";
import { loadTrees, logOddsOf } from "../src/platform/boosted-trees.ts";
import { writtenEvents } from "./stories/written-events.ts";

const WEIGHTS = path.join(import.meta.dirname, "../src/digest/stories/likeness-weights.json");
/** As log-odds. */
const LEAST = Math.log(LEAST_CHANCE / (1 - LEAST_CHANCE));
/** Events of an issue of forty articles. */
const ISSUE = 10;

process.exitCode = main();

function main(): number {
  if (!existsSync(path.join(corpora, "summary"))) {
    console.error(`bench/train-stories: ${corpora} has no summary; nothing was trained`);
    return 66;
  }
  if (process.argv.includes("--last")) {
    for (const isOneDay of [false, true]) last(isOneDay);
    return 0;
  }
  const examples = readExamples();
  if (process.argv.includes("--check")) {
    for (let start = 0; start < 3; start++) check(examples, start);
    return 0;
  }
  writeFileSync(WEIGHTS, `${JSON.stringify(fitted(examples))}\n`);
  return 0;
}

/** Ten events an issue, each told four times: how many pairs that are one are merged, and how many others. */
function last(isOneDay: boolean): void {
  const events = writtenEvents("events-last.ndjson", isOneDay);
  let [merged, wrong, others, backed, backedWrong] = [0, 0, 0, 0, 0];
  for (let from = 0; from < events.length; from += ISSUE) {
    const issue = events.slice(from, from + ISSUE);
    const all = issue.flatMap(({ one, again, others: rest }) =>
      [one, again, ...rest].map(traitsOf),
    );
    const batch = new Batch(all);
    for (const { one, again, others: rest } of issue) {
      const [a, b] = [traitsOf(one), traitsOf(again)];
      if (matchOf(a, b, batch)) merged++;
      if (backingOf(a, b, batch).against === undefined) backed++;
      for (const [at, other] of rest.entries())
        for (const near of [a, b, ...rest.slice(0, at).map(traitsOf)]) {
          others++;
          if (matchOf(near, traitsOf(other), batch)) wrong++;
          if (backingOf(near, traitsOf(other), batch).against === undefined) backedWrong++;
        }
    }
  }
  console.log(
    `${isOneDay ? "of one day" : "dated"}: ${merged} of ${events.length} merged, ${wrong} of ${others} others; on a model's word ${backed} and ${backedWrong}`,
  );
}

/** Recall at the least precision that is asked for, and at the threshold that is used. */
function check(examples: readonly Example[], start: number): void {
  const scored = Array.from({ length: FOLDS }, (_, fold) => {
    const trees = loadTrees(
      fitted(examples.filter(({ pair }) => foldOf(pair.event, start) !== fold)),
    );
    return examples
      .filter(({ pair }) => foldOf(pair.event, start) === fold)
      .map((example) => ({
        pair: example.pair,
        score: scoreOf(example, logOddsOf(trees, example.evidence)),
      }));
  }).flat();
  const sorted = scored.sort((a, b) => b.score - a.score);
  const all = sorted.filter(({ pair: { verdict } }) => verdict === "same").length;
  let [found, wrong, best] = [0, 0, ""];
  let used = "";
  for (const {
    pair: { verdict },
    score,
  } of sorted) {
    if (verdict === "same") found++;
    else wrong++;
    const precision = found / (found + wrong);
    const figures = `${found} of ${all} (${((100 * found) / all).toFixed(0)} %) at ${(100 * precision).toFixed(1)} %`;
    if (precision >= 0.97) best = figures;
    if (score >= LEAST) used = figures;
  }
  console.log(`folds ${start}: ${best}; as used ${used}; ${examples.length - all} near misses`);
  if (process.argv.includes("--curve"))
    for (const least of [0, -0.2, -0.5, -0.8, -1.1, -1.4, -1.7, -2, -2.5]) {
      const kept = sorted.filter(({ score }) => score >= least);
      const count = (is: string, isWritten: boolean) =>
        kept.filter(({ pair }) => pair.verdict === is && pair.event >= WRITTEN === isWritten)
          .length;
      console.log(
        `  ${least}: judged same ${count("same", false)} running ${count("running", false)} other ${count("other", false)}; written same ${count("same", true)} other ${count("other", true)}`,
      );
    }
  if (process.argv.includes("--show"))
    for (const {
      pair: { verdict, a, b },
      score,
    } of sorted)
      if ((verdict === "same") !== score >= LEAST)
        console.log(`  ${score.toFixed(2)} ${verdict} ${a} ${b}`);
}

function scoreOf({ rule }: Example, score: number): number {
  if (rule === "same") return 99;
  return rule === "apart" ? -99 : score;
}
