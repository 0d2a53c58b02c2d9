import { gistOf } from "../../src/summary/gist.ts";
import { judgePoints, lineJudge } from "../../src/summary/line-judgement.ts";
import {
  candidatesAt,
  presentableOf,
  withDenials,
  isPresentable,
  type EntryContext,
} from "../../src/summary/passages.ts";
import { likenessOf, SAME } from "../../src/summary/language/lexicon.ts";
import type { Candidate } from "../../src/summary/candidate.ts";
import type { Judgement } from "../../src/summary/judgement.ts";
import type { StoredTrees, Trees } from "../../src/platform/boosted-trees.ts";
import { binExamples, growTrees } from "../reading/boosting.ts";
import { randomFrom } from "../training/random.ts";
import { judgedEntries, printedOf, type Places } from "./entries.ts";
import { contextOf } from "./gists.ts";
import { answerOf, type Example } from "./judge.ts";

/** A line below some others, with the share of editors that keep it. */
export interface JudgedLine {
  readonly row: readonly number[];
  readonly keep: number;
  readonly weight: number;
  readonly kind: "drawn" | "shown";
}

/** How many entries are drawn from the sentences of each article. */
const DRAWS = 6;
/** How much a line counts that was judged in its place, beside a drawn one. */
const SHOWN_WEIGHT = 2;

export function judgedLines(
  example: Example,
  judgements: readonly Judgement[],
  gistWeights: Trees,
): readonly JudgedLine[] {
  const context = contextOf(example, judgements);
  return [
    ...drawnLines(example, context, gistWeights),
    ...shownLines(example, context, gistWeights),
  ];
}

export function worthOf(
  example: Example,
  candidate: Candidate,
  isFollowing: boolean,
): number | undefined {
  const letters = example.letters[candidate.index];
  if (!letters) return undefined;
  const content = answerOf("content", letters, false);
  if (isFollowing && content > 0) return content;
  return Math.max(
    answerOf("keep", letters, candidate.additions.length > 0),
    answerOf("main", letters, false),
  );
}

function drawnLines(
  example: Example,
  context: EntryContext,
  gistWeights: Trees,
): readonly JudgedLine[] {
  if (example.letters.length === 0) return [];
  const gist = gistOf(context, gistWeights);
  const judge = lineJudge(context, gist);
  const open = presentableOf(context.document.candidates).filter(
    (one) => isPresentable(withDenials([one], context.document)) && !gist.candidates.includes(one),
  );
  const random = randomFrom(open.length);
  return Array.from({ length: DRAWS }).flatMap(() => {
    let above = judge.start;
    const rows: JudgedLine[] = [];
    const share = random();
    for (const one of open) {
      const isFollowing = above.last?.index === one.index - 1;
      const worth = worthOf(example, one, isFollowing);
      if (worth === undefined) continue;
      const alike = Math.max(...above.lines.map((line) => likenessOf(one.terms, line)));
      const keep = alike > SAME ? 0 : worth;
      rows.push({ row: judge.features(one, above), keep, weight: 1 / DRAWS, kind: "drawn" });
      const chance = context.judgements[one.index]?.keep ?? 0;
      if (above.points.length < 4 && random() < chance * (0.2 + share))
        above = judge.below(above, one);
    }
    return rows;
  });
}

interface Shown extends Places {
  /** The letters of both passes. */
  readonly letters: readonly string[];
}

function shownEntries({ label }: Example): readonly Shown[] {
  const { shown, first, second } = label;
  return [
    ...(shown && first?.lines !== undefined && second?.lines !== undefined
      ? [{ ...shown, letters: [first.lines, second.lines] }]
      : []),
    ...judgedEntries(label).map((entry) => ({
      gist: entry.gist,
      lines: entry.lines,
      letters: [entry.first, ...(entry.second ? [entry.second] : [])].map(({ lines }) => lines),
    })),
  ];
}

/** The lines of entries that were judged in their place. */
function shownLines(
  example: Example,
  context: EntryContext,
  gistWeights: Trees,
): readonly JudgedLine[] {
  return shownEntries(example).flatMap(({ letters, ...shown }) => {
    const { gist: sentence, keyPoints, confidence } = printedOf(context, shown, gistWeights);
    const candidates = candidatesAt(context.document, sentence);
    return judgePoints(context, { sentence, candidates, confidence }, keyPoints).map(
      ({ point, row }): JudgedLine => {
        const at = keyPoints.indexOf(point);
        const keep = meanOf(letters.map((own) => Number(own[at] === "K")));
        return { row, keep, weight: SHOWN_WEIGHT, kind: "shown" };
      },
    );
  });
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

const GROWTH = {
  trees: 90,
  depth: 4,
  bins: 32,
  rate: 0.08,
  leafWeight: 8,
  damping: 10,
  featureShare: 0.4,
  rowShare: 0.6,
};

export function trainLines(lines: readonly JudgedLine[], growth = GROWTH): StoredTrees {
  const binned = binExamples(
    {
      rows: lines.map(({ row }) => row),
      labels: lines.map(({ keep }) => keep),
      weights: lines.map(({ weight }) => weight),
    },
    growth.bins,
  );
  return growTrees(binned, Int32Array.from(lines.keys()), growth);
}
