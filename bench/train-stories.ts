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
import { evidenceOf } from "../src/digest/stories/likeness.ts";
import { backingOf, LEAST_CHANCE, matchOf } from "../src/digest/stories/same-story.ts";
import { type Traits, traitsOf } from "../src/digest/stories/traits.ts";
import { corpora } from "./reading/corpus.ts";
import { calibrated, fitLine, logOddsOn } from "./stories/fit.ts";
import { articlesById, type JudgedPair, judgedPairs } from "./stories/judged-pairs.ts";
import { type WrittenEvent, writtenEvents } from "./stories/written-events.ts";

const WEIGHTS = path.join(import.meta.dirname, "../src/digest/stories/likeness-weights.json");
const FOLDS = 10;
/** As log-odds. */
const LEAST = Math.log(LEAST_CHANCE / (1 - LEAST_CHANCE));
/** Events are far above the numbers of the judged pairs. */
const WRITTEN = 100_000;
/** The judged pairs that are not one event were sought as the nearest of thousands. An issue has few of their kind. */
const NEAR_MISS = 0.25;
/** Events of an issue of forty articles. */
const ISSUE = 10;
const ALONE = new Batch([]);

interface Example {
  readonly pair: JudgedPair;
  readonly evidence: readonly number[];
  /** What the rules say that nothing was learned for: one article or a copy, never, or that it is to be weighed. */
  readonly rule: "same" | "apart" | "weighed";
}

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

function readExamples(): Example[] {
  const pairs = judgedPairs();
  const articles = articlesById(new Set(pairs.flatMap(({ a, b }) => [a, b])));
  const events = writtenEvents("events.ndjson");
  for (const { one, again, others } of events)
    for (const article of [one, again, ...others]) articles.set(article.id, article);
  const traits = new Map([...articles].map(([id, article]) => [id, traitsOf(article)]));
  const batch = new Batch([...traits.values()]);
  return [...pairs, ...writtenPairs(events)].map((pair) => {
    const [a, b] = [traits.get(pair.a), traits.get(pair.b)];
    if (!a || !b) throw new RangeError(`no article ${a ? pair.b : pair.a}`);
    return { pair, evidence: evidenceOf(a, b, batch), rule: ruleOf(a, b) };
  });
}

/**
 * Two papers on one event, each of them beside another event that is alike, and beside others that are not: in an issue
 * nearly all pairs are those. The other event is in the words of the first paper, and so beside the second alone.
 */
function writtenPairs(events: readonly WrittenEvent[]): JudgedPair[] {
  return events.flatMap(({ one, again, others }, at) => {
    const event = WRITTEN + at;
    const far = events.filter((_, to) => to > at && (to - at) % 3 === 1);
    return [
      { a: one.id, b: again.id, verdict: "same" as const, event },
      ...others.map(({ id }) => ({ a: again.id, b: id, verdict: "other" as const, event })),
      ...far.map((other) => ({ a: one.id, b: other.again.id, verdict: "other" as const, event })),
    ];
  });
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

/** With weights that say yes to all, what is not merged is kept apart by a rule. */
function ruleOf(a: Traits, b: Traits): Example["rule"] {
  const match = matchOf(a, b, ALONE);
  if (match?.as === "article" || match?.as === "copy") return "same";
  return matchOf(a, b, ALONE, () => 1) ? "weighed" : "apart";
}

function fitted(examples: readonly Example[]) {
  const rows = {
    evidence: examples.map(({ evidence }) => evidence),
    labels: examples.map(({ pair }) => pair.verdict === "same"),
  };
  const counts = examples.map(({ pair }) =>
    pair.event < WRITTEN && pair.verdict !== "same" ? NEAR_MISS : 1,
  );
  return calibrated(fitLine(rows), rows, counts);
}

/** Recall at the least precision that is asked for, and at the threshold that is used. */
function check(examples: readonly Example[], start: number): void {
  const scored = Array.from({ length: FOLDS }, (_, fold) => {
    const line = fitted(examples.filter(({ pair }) => foldOf(pair.event, start) !== fold));
    return examples
      .filter(({ pair }) => foldOf(pair.event, start) === fold)
      .map((example) => ({
        pair: example.pair,
        score: scoreOf(example, logOddsOn(line, example.evidence)),
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

function foldOf(event: number, start: number): number {
  const hash = Math.imul(event * 2654435761 + start * 40503, 2246822519) >>> 0;
  return (hash >>> 8) % FOLDS;
}
