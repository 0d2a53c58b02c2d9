import {
  likelihood,
  loadTrees,
  type StoredTrees,
  type Trees,
} from "../../src/platform/boosted-trees.ts";
import { entryOf } from "../../src/summary/summarize.ts";
import { compileJudgement, judgeSentences, type Judgement } from "../../src/summary/judgement.ts";
import type { Sentence } from "../../src/summary/summary.ts";
import { checkEntries, judgedEntryRows, type JudgedEntry } from "./entries.ts";
import { contextOf, judgedGists, trainGists, type JudgedGist } from "./gists.ts";
import { judgedLines, trainLines, worthOf, type JudgedLine } from "./lines.ts";
import {
  answerOf,
  QUESTION_NAMES,
  trainJudgement,
  type Example,
  type Question,
  type StoredJudgement,
} from "./judge.ts";

interface Fold {
  readonly seen: readonly Example[];
  readonly held: readonly Example[];
}

/** An article as it is judged by what never saw it, or its site. */
export interface Judged {
  readonly example: Example;
  readonly judgements: readonly Judgement[];
  readonly gists: readonly JudgedGist[];
}

/** For each fold its articles, judged by what the others taught. */
export function judgedByOthers(
  folds: readonly Fold[],
  trained: readonly StoredJudgement[] = folds.map(({ seen }) => trainJudgement(seen)),
): readonly (readonly Judged[])[] {
  return folds.map(({ held }, fold) => {
    const stored = trained[fold];
    if (!stored) throw new RangeError(`nothing was trained for fold ${fold}`);
    const weights = compileJudgement(stored);
    return held.map((example): Judged => {
      const { article, document } = example;
      const judgements = judgeSentences(article, document, weights);
      return { example, judgements, gists: judgedGists(example, judgements) };
    });
  });
}

/** For each fold, trees for gists that the others taught. */
export function gistsByFold(apart: readonly (readonly Judged[])[]): readonly StoredTrees[] {
  return apart.map((held) => {
    const others = apart.filter((fold) => fold !== held).flat();
    return trainGists(others.flatMap(({ gists }) => gists));
  });
}

/** For each fold the judged lines of its entries, below gists as the others would judge them. */
export function linesByFold(
  apart: readonly (readonly Judged[])[],
  gists: readonly StoredTrees[],
): readonly (readonly JudgedLine[])[] {
  return apart.map((held, fold) => {
    const stored = gists[fold];
    if (!stored) throw new RangeError(`no gists were learnt for fold ${fold}`);
    const weights = loadTrees(stored);
    return held.flatMap(({ example, judgements }) => judgedLines(example, judgements, weights));
  });
}

/** The judged entries of all folds, with the probabilities that the other folds give to their gists and lines. */
export function entriesOf(
  apart: readonly (readonly Judged[])[],
  gists: readonly StoredTrees[],
  lines: readonly StoredTrees[],
): readonly JudgedEntry[] {
  return apart.flatMap((held, fold) => {
    const [gist, line] = [gists[fold], lines[fold]];
    if (!gist || !line) throw new RangeError(`nothing was trained for fold ${fold}`);
    const weights = { gist: loadTrees(gist), lines: loadTrees(line) };
    return held.flatMap(({ example, judgements }) => judgedEntryRows(example, judgements, weights));
  });
}

/** Prints how well held-out sentences and gists are judged, and what editors' letters say of the entries made with it. */
export function checkJudgement(folds: readonly Fold[]): readonly (readonly Judged[])[] {
  const apart = judgedByOthers(folds);
  const judged = apart.flat();
  for (const question of QUESTION_NAMES)
    console.log(
      `${question.padEnd(8)} area under the curve ${areaOf(question, judged).toFixed(3)}`,
    );
  const gists = gistsByFold(apart);
  const lines = linesByFold(apart, gists);
  const lineTrees = lineTreesByFold(lines);
  const trained = lineTrees.map(loadTrees);
  printLines(lines, trained);
  checkEntries(entriesOf(apart, gists, lineTrees));
  const told = apart.flatMap((held, fold) => {
    const [gistTrees, own] = [gists[fold], trained[fold]];
    if (!gistTrees || !own) throw new RangeError(`nothing was trained for fold ${fold}`);
    const weights = loadTrees(gistTrees);
    return held.map((article) => tell(article, weights, own));
  });
  for (const set of ["", "train", "pages", "feeds"])
    printEntries(
      set || "all",
      told.filter(({ label }) => label.set.startsWith(set)),
    );
  printConfidence(told);
  return apart;
}

/** For each fold, trees for lines that the others taught. */
export function lineTreesByFold(lines: readonly (readonly JudgedLine[])[]): readonly StoredTrees[] {
  return lines.map((held) =>
    trainLines(lines.filter((fold) => fold !== held).flatMap((fold) => fold)),
  );
}

function printLines(lines: readonly (readonly JudgedLine[])[], trained: readonly Trees[]): void {
  for (const kind of ["drawn", "shown"] as const) {
    const rows = lines.flatMap((held, fold) =>
      held
        .filter((line) => line.kind === kind && line.keep !== 0.5)
        .map(({ row, keep }) => {
          const trees = trained[fold];
          return { said: trees ? likelihood(trees, row) : 0, isYes: keep > 0.5 };
        }),
    );
    console.log(`lines ${kind.padEnd(6)} area under the curve ${areaUnder(rows).toFixed(3)}`);
  }
}

function areaOf(question: Question, judged: readonly Judged[]): number {
  const rows = judged.flatMap(({ example, judgements }) =>
    example.letters.flatMap((letters, index) => {
      if (!letters) return [];
      const additions = example.document.candidates[index]?.additions ?? [];
      const answer = answerOf(question, letters, additions.length > 0);
      return [{ said: judgements[index]?.[question] ?? 0, isYes: answer > 0.5 }];
    }),
  );
  return areaUnder(rows);
}

interface Answered {
  readonly said: number;
  readonly isYes: boolean;
}

function areaUnder(answered: readonly Answered[]): number {
  const rows = answered.toSorted((a, b) => a.said - b.said);
  let ranks = 0;
  let yes = 0;
  for (const [at, { isYes }] of rows.entries()) {
    if (!isYes) continue;
    ranks += at + 1;
    yes++;
  }
  return (ranks - (yes * (yes + 1)) / 2) / (yes * (rows.length - yes));
}

interface Told {
  readonly label: Example["label"];
  /** How far the two passes keep each line. */
  readonly lines: readonly number[];
  /** The verdict on the likeliest of the gists that were judged, and how likely it is good. */
  readonly verdict: JudgedGist["verdict"] | undefined;
  readonly confidence: number;
}

function tell({ example, judgements, gists }: Judged, weights: Trees, lines: Trees): Told {
  const { document, label } = example;
  const entry = entryOf(contextOf(example, judgements), weights, lines);
  const places = [entry.gist, ...entry.keyPoints].map((sentence) => placeOf(sentence, example));
  const keeps = places.map((place, at) => {
    const candidate = place === undefined ? undefined : document.candidates[place];
    const isFollowing = at > 0 && places[at - 1] === (place ?? 0) - 1;
    return candidate && worthOf(example, candidate, isFollowing);
  });
  const rated = gists.map(({ verdict, row }) => ({ verdict, chance: likelihood(weights, row) }));
  const [best] = rated.toSorted((a, b) => b.chance - a.chance);
  return {
    label,
    lines: keeps.slice(1).filter((keep) => keep !== undefined),
    verdict: best?.verdict,
    confidence: best?.chance ?? 0,
  };
}

function placeOf({ start, end = 0 }: Sentence, { document }: Example): number | undefined {
  if (start === undefined) return undefined;
  const place = document.candidates.findIndex((it) => it.end <= end && it.end > start);
  return place < 0 ? undefined : place;
}

function printEntries(set: string, told: readonly Told[]): void {
  const lines = told.flatMap((entry) => entry.lines);
  const kept = lines.reduce((sum, keep) => sum + keep, 0);
  const before = told.flatMap(({ label }) => [label.first?.lines ?? "", label.second?.lines ?? ""]);
  // Of some articles gists were judged, and no sentences.
  const read = told.filter(({ label }) => label.first !== undefined).length;
  const readBefore = told.filter(({ label }) => label.first?.lines !== undefined).length;
  const wasKept = before.join("").replace(/[^K]/g, "").length / 2;
  console.log(
    `${set.padEnd(8)} ${told.length} articles · gist ${verdictsOf(told)} · ` +
      `lines kept ${(kept / read).toFixed(2)} an entry, struck ${percent(1 - kept / lines.length)} · ` +
      `0.1.0: ${(wasKept / readBefore).toFixed(2)}, ${percent(1 - (wasKept * 2) / before.join("").length)}`,
  );
}

const STEPS = [0, 0.2, 0.35, 0.5, 0.65, 0.8, 1.01];

function printConfidence(told: readonly Told[]): void {
  for (const [at, from] of STEPS.slice(0, -1).entries()) {
    const to = STEPS[at + 1] ?? 1;
    const inside = told.filter(({ confidence }) => confidence >= from && confidence < to);
    console.log(`confidence from ${from}: ${inside.length} gists, ${verdictsOf(inside)}`);
  }
}

function verdictsOf(told: readonly Told[]): string {
  const judged = told.flatMap(({ verdict }) => verdict ?? []);
  const share = (verdict: string) =>
    percent(judged.filter((own) => own === verdict).length / judged.length);
  return `good ${share("good")}, wrong ${share("wrong")}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
