import { entryOf } from "../../src/summary/entry.ts";
import { compileJudgement, judgeSentences, type Judgement } from "../../src/summary/judgement.ts";
import { lexiconOf } from "../../src/summary/language/lexicon.ts";
import type { Sentence } from "../../src/summary/summary.ts";
import { answerOf, QUESTION_NAMES, trainJudgement, type Example, type Question } from "./judge.ts";

interface Fold {
  readonly seen: readonly Example[];
  readonly held: readonly Example[];
}

interface Judged {
  readonly example: Example;
  readonly judgements: readonly Judgement[];
}

/** Prints how well held-out sentences are judged, and what editors' letters say of the entries made with it. */
export function checkJudgement(folds: readonly Fold[]): void {
  const judged = folds.flatMap(({ seen, held }): Judged[] => {
    const weights = compileJudgement(trainJudgement(seen));
    return held.map((example) => ({
      example,
      judgements: judgeSentences(example.article, example.document, example.ranking, weights),
    }));
  });
  for (const question of QUESTION_NAMES)
    console.log(
      `${question.padEnd(8)} area under the curve ${areaOf(question, judged).toFixed(3)}`,
    );
  for (const set of ["", "train", "pages", "feeds"])
    printEntries(
      set || "all",
      judged.filter(({ example }) => example.label.set.startsWith(set)),
    );
  printConfidence(judged);
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
  rows.sort((a, b) => a.said - b.said);
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
  /** How far the two passes keep each line. */
  readonly lines: readonly number[];
  readonly gist: number | undefined;
  readonly confidence: number;
}

function tell({ example, judgements }: Judged): Told {
  const { article, document, ranking } = example;
  const lexicon = lexiconOf(article.language);
  const entry = entryOf({ article, document, judgements, ranking, lexicon, keyPoints: 5 });
  const places = [entry.gist, ...entry.keyPoints].map((sentence) => placeOf(sentence, example));
  const keeps = places.map((place, at) => {
    const letters = place === undefined ? undefined : example.letters[place];
    if (place === undefined || !letters) return undefined;
    const additions = document.candidates[place]?.additions ?? [];
    const isFollowing = at > 0 && places[at - 1] === place - 1;
    return answerOf("content", letters, false) > 0 && isFollowing
      ? answerOf("content", letters, false)
      : Math.max(answerOf("keep", letters, additions.length > 0), answerOf("main", letters, false));
  });
  const [place] = places;
  const own = place === undefined ? undefined : example.letters[place];
  return {
    lines: keeps.slice(1).filter((keep) => keep !== undefined),
    gist: own && answerOf("main", own, false),
    confidence: entry.confidence,
  };
}

function placeOf({ start, end = 0 }: Sentence, { document }: Example): number | undefined {
  if (start === undefined) return undefined;
  const place = document.candidates.findIndex((it) => it.end <= end && it.end > start);
  return place < 0 ? undefined : place;
}

function printEntries(set: string, judged: readonly Judged[]): void {
  const told = judged.map(tell);
  const lines = told.flatMap((entry) => entry.lines);
  const kept = lines.reduce((sum, keep) => sum + keep, 0);
  const gists = told.flatMap(({ gist }) => gist ?? []);
  const main = gists.reduce((sum, is) => sum + is, 0);
  const before = judged.flatMap(({ example: { label } }) => [
    label.first.lines,
    label.second.lines,
  ]);
  const wasKept = before.join("").replace(/[^K]/g, "").length / 2;
  console.log(
    `${set.padEnd(8)} ${judged.length} articles · gist with the main point ${percent(main / gists.length)} · ` +
      `lines kept ${(kept / told.length).toFixed(2)} an entry, struck ${percent(1 - kept / lines.length)} · ` +
      `0.1.0: ${(wasKept / told.length).toFixed(2)}, ${percent(1 - (wasKept * 2) / before.join("").length)}`,
  );
}

const STEPS = [0, 0.2, 0.35, 0.5, 0.65, 0.8, 1.01];

function printConfidence(judged: readonly Judged[]): void {
  const told = judged.map(tell).filter(({ gist }) => gist !== undefined);
  for (const [at, from] of STEPS.slice(0, -1).entries()) {
    const to = STEPS[at + 1] ?? 1;
    const inside = told.filter(({ confidence }) => confidence >= from && confidence < to);
    const right = inside.reduce((sum, { gist = 0 }) => sum + gist, 0) / inside.length;
    console.log(`confidence from ${from}: ${inside.length} gists, main point in ${percent(right)}`);
  }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
