import type { StoredTrees } from "../../src/platform/boosted-trees.ts";
import { Batch } from "../../src/digest/stories/batch.ts";
import { evidenceOf } from "../../src/digest/stories/likeness.ts";
import { matchOf } from "../../src/digest/stories/same-story.ts";
import { type Traits, traitsOf } from "../../src/digest/stories/traits.ts";
import { growForest } from "../training/boosting.ts";
import { articlesById, type JudgedPair, judgedPairs } from "./judged-pairs.ts";
import { type WrittenEvent, writtenEvents } from "./written-events.ts";

export const FOLDS = 10;
/** Events are far above the numbers of the judged pairs. */
export const WRITTEN = 100_000;
const ALONE = new Batch([]);

/** A judged pair, read. */
export interface Example {
  readonly pair: JudgedPair;
  readonly a: Traits;
  readonly b: Traits;
  readonly batch: Batch;
  readonly evidence: readonly number[];
  /** What the rules say that nothing was learned for: one article or a copy, never, or that it is to be weighed. */
  readonly rule: "same" | "apart" | "weighed";
}

export function readExamples(): Example[] {
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
    return { pair, a, b, batch, evidence: evidenceOf(a, b, batch), rule: ruleOf(a, b) };
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

/** With weights that say yes to all, what is not merged is kept apart by a rule. */
function ruleOf(a: Traits, b: Traits): Example["rule"] {
  const match = matchOf(a, b, ALONE);
  if (match?.as === "article" || match?.as === "copy") return "same";
  return matchOf(a, b, ALONE, () => 1) ? "weighed" : "apart";
}

const GROWTH = {
  trees: 80,
  depth: 3,
  rate: 0.08,
  leafRows: 20,
  damping: 5,
  featureShare: 0.5,
  rowShare: 0.7,
} as const;

/** The trees that these examples teach. Written events count twice: the judged pairs are the nearest of thousands. */
export function fitted(examples: readonly Example[]): StoredTrees {
  const rows = examples.flatMap((example) =>
    example.pair.event < WRITTEN ? [example] : [example, example],
  );
  return growForest(
    {
      features: rows.map(({ evidence }) => evidence),
      labels: rows.map(({ pair }) => (pair.verdict === "same" ? 1 : 0)),
    },
    GROWTH,
  );
}

/** Pairs of one event are in one fold; another start gives other folds. */
export function foldOf(event: number, start: number): number {
  const hash = Math.imul(event * 2654435761 + start * 40503, 2246822519) >>> 0;
  return (hash >>> 8) % FOLDS;
}
