import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Article } from "../../src/article/article.ts";
import { articleOf, rowsOf } from "../training/examples.ts";
import { METHODS, type Method } from "./methods.ts";

interface Score {
  readonly f: number;
}
interface Scores {
  readonly rouge1: Score;
  readonly rouge2: Score;
  readonly rougeLsum: Score;
  readonly words: number;
}
interface Scorer {
  scoreOne(reference: string, summary: readonly string[], options?: object): Scores;
  boot(differences: readonly number[]): { mean: number; lo: number; hi: number };
}

export interface Table {
  /** A folder with *.jsonl. */
  readonly corpus: string;
  readonly file: string;
  readonly language: string;
  /** The folder with rouge.mjs. */
  readonly scorers: string;
}

/** ROUGE of every method on one file, and how far each is from the two openings, with 95 % intervals. */
export async function printScores({ corpus, file, language, scorers }: Table): Promise<void> {
  // The scorer is a plain script beside the corpora, so its types are only known here.
  const scorer: Scorer = await import(pathToFileURL(resolve(scorers, "rouge.mjs")).href);
  const rows = rowsOf(resolve(corpus, file));
  const articles = rows.map((row) => articleOf(row, language));
  const results = METHODS.map(([name, method]) => {
    const { summaries, msEach } = timed(method, articles);
    const scores = rows.map(({ reference }, at) =>
      scorer.scoreOne(reference, summaries[at] ?? [], { unicode: language !== "en" }),
    );
    return { name, msEach, scores };
  });
  const of = (name: string) => results.find((result) => result.name === name)?.scores ?? [];
  const beyond = (scores: readonly Scores[], other: string) =>
    interval(scorer, scores, of(other)).padEnd(22);
  console.log(
    `\n${file}, ${rows.length} articles; R1 beyond another with its paired 95 % interval`,
  );
  console.log(
    `${"".padEnd(20)}${"R1 / R2 / Lsum".padEnd(22)}${"words".padEnd(7)}${"ms each".padEnd(9)}${"beyond LEAD-3".padEnd(22)}${"beyond LEAD as long".padEnd(22)}beyond untrained`,
  );
  for (const { name, msEach, scores } of results) {
    const words = mean(scores.map((score) => score.words)).toFixed(1);
    console.log(
      `${name.padEnd(20)}${figures(scores).padEnd(22)}${words.padEnd(7)}${msEach.toFixed(2).padEnd(9)}${beyond(scores, "LEAD-3")}${beyond(scores, "LEAD, as long")}${beyond(scores, "untrained, 3")}`.trimEnd(),
    );
  }
}

function timed(method: Method, articles: readonly Article[]) {
  for (const article of articles.slice(0, 50)) method(article);
  const start = performance.now();
  const summaries = articles.map((article) => method(article).map(({ text }) => text));
  return { summaries, msEach: (performance.now() - start) / articles.length };
}

function figures(scores: readonly Scores[]): string {
  return (["rouge1", "rouge2", "rougeLsum"] as const)
    .map((metric) => (100 * mean(scores.map((score) => score[metric].f))).toFixed(2))
    .join(" / ");
}

function interval(scorer: Scorer, scores: readonly Scores[], others: readonly Scores[]): string {
  const { mean, lo, hi } = scorer.boot(
    scores.map(({ rouge1 }, at) => 100 * (rouge1.f - (others[at]?.rouge1.f ?? 0))),
  );
  return `${mean.toFixed(2)} [${lo.toFixed(2)}, ${hi.toFixed(2)}]`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
