import { passageFeatures } from "../../src/summary/judgement.ts";
import type { StoredTrees } from "../../src/platform/boosted-trees.ts";
import type { GenreChances } from "../../src/summary/summary.ts";
import { binExamples, growTrees } from "../reading/boosting.ts";
import type { JudgedArticle, Letters } from "./examples.ts";

/** The letters that each judgement says yes to. */
const QUESTIONS = { main: "AB", keep: "AK", content: "ABKL" } as const;

export type Question = keyof typeof QUESTIONS;
export const QUESTION_NAMES: readonly Question[] = ["main", "keep", "content"];
export type StoredJudgement = Readonly<Record<Question, StoredTrees>>;

/** A judged article with the features of its sentences. */
export interface Example extends JudgedArticle {
  /** As trees say that never saw its source. */
  readonly genre: GenreChances;
  readonly rows: readonly (readonly number[])[];
}

export function exampleOf(judged: JudgedArticle, genre: GenreChances): Example {
  return { ...judged, genre, rows: passageFeatures(judged.article, judged.document) };
}

/** How far the two passes say yes, 0 to 1. A sentence that is shown with additions is no longer one that leans. */
export function answerOf(
  question: Question,
  { first, second }: Letters,
  hasAdditions: boolean,
): number {
  const yes = (letter: string): number => {
    const repaired = hasAdditions ? (REPAIRED[letter] ?? letter) : letter;
    return QUESTIONS[question].includes(repaired) ? 1 : 0;
  };
  return (yes(first) + yes(second)) / 2;
}

const REPAIRED: Readonly<Record<string, string>> = { L: "K", B: "A" };

const GROWTH = {
  trees: 105,
  depth: 4,
  bins: 32,
  rate: 0.08,
  leafWeight: 4,
  damping: 10,
  featureShare: 0.3,
  rowShare: 0.6,
};

/** Trees for each question, grown from some examples. The same examples give the same trees. */
export function trainJudgement(examples: readonly Example[]): StoredJudgement {
  const judged = examples.flatMap(({ document, letters, rows }) =>
    document.candidates.flatMap(({ additions }, index) => {
      const own = letters[index];
      return own ? [{ row: rows[index] ?? [], own, hasAdditions: additions.length > 0 }] : [];
    }),
  );
  const grown = (question: Question): StoredTrees => {
    const labels = judged.map(({ own, hasAdditions }) => answerOf(question, own, hasAdditions));
    const weights = labels.map(() => 1);
    const binned = binExamples(
      { rows: judged.map(({ row }) => row), labels, weights },
      GROWTH.bins,
    );
    return growTrees(binned, Int32Array.from(labels.keys()), GROWTH);
  };
  return { main: grown("main"), keep: grown("keep"), content: grown("content") };
}
