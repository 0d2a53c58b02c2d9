/**
 * Trains how sure it is that two articles tell one event, from pairs that were read and judged (bench/judged/pairs.ndjson),
 * and writes the weights, the same to the byte in every run:
 *
 *   npm run train:stories
 *   npm run train:stories -- --check     cross-validated by event: what to expect of events never seen; writes nothing
 *
 * BROADSHEET_CORPORA names the folder with summary/, articles/, texts/ and feeds/. Leaves with 66 where there is none.
 */
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Batch } from "../src/digest/stories/batch.ts";
import { evidenceOf } from "../src/digest/stories/likeness.ts";
import { LEAST_CHANCE, matchOf } from "../src/digest/stories/same-story.ts";
import { type Traits, traitsOf } from "../src/digest/stories/traits.ts";
import { corpora } from "./reading/corpus.ts";
import { fitLine, logOddsOn } from "./stories/fit.ts";
import { articlesById, type JudgedPair, judgedPairs } from "./stories/judged-pairs.ts";

const WEIGHTS = path.join(import.meta.dirname, "../src/digest/stories/likeness-weights.json");
const FOLDS = 10;
/** As log-odds. */
const LEAST = Math.log(LEAST_CHANCE / (1 - LEAST_CHANCE));
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
  const traits = new Map([...articles].map(([id, article]) => [id, traitsOf(article)]));
  const batch = new Batch([...traits.values()]);
  return pairs.map((pair) => {
    const [a, b] = [traits.get(pair.a), traits.get(pair.b)];
    if (!a || !b) throw new RangeError(`no article ${a ? pair.b : pair.a}`);
    return { pair, evidence: evidenceOf(a, b, batch), rule: ruleOf(a, b) };
  });
}

/** With weights that say yes to all, what is not merged is kept apart by a rule. */
function ruleOf(a: Traits, b: Traits): Example["rule"] {
  const match = matchOf(a, b, ALONE);
  if (match?.as === "article" || match?.as === "copy") return "same";
  return matchOf(a, b, ALONE, () => 1) ? "weighed" : "apart";
}

function fitted(examples: readonly Example[]) {
  return fitLine({
    evidence: examples.map(({ evidence }) => evidence),
    labels: examples.map(({ pair }) => pair.verdict === "same"),
  });
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
