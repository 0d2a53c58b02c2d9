/**
 * ROUGE of the running summary beside the two strongest simple baselines, and the time an article takes.
 *
 *   node bench/summary.ts
 *
 * BROADSHEET_CORPORA names the folder with summary/*.jsonl, BROADSHEET_SCORERS the one with rouge.mjs.
 */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import * as z from "zod";
import type { Article } from "../src/article/article.ts";
import { splitSentences } from "../src/summary/language/sentences.ts";
import { selectSentences } from "../src/summary/select-sentences.ts";

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

const rowSchema = z.object({
  id: z.string(),
  text: z.string(),
  reference: z.string(),
  title: z.string().optional(),
  slug: z.string().optional(),
});
type Row = z.output<typeof rowSchema>;
type Method = (article: Article) => readonly string[];

const projects = resolve(import.meta.dirname, "../..");
const corpora = process.env["BROADSHEET_CORPORA"] ?? resolve(projects, "shared/corpora");
const scorers = process.env["BROADSHEET_SCORERS"] ?? resolve(projects, "shared/bench");

const METHODS: readonly (readonly [name: string, method: Method])[] = [
  ["LEAD-3", (article) => opening(article).slice(0, 3)],
  ["LEAD, 60 words", (article) => withinWords(opening(article), 60)],
  ["ours, 3 sentences", (article) => textsOf(selectSentences(article, { sentences: 3 }))],
  ["ours, 60 words", (article) => textsOf(selectSentences(article, { words: 60 }))],
];

// The scorer is a plain script beside the corpora, so its types are only known here.
const scorer: Scorer = await import(pathToFileURL(resolve(scorers, "rouge.mjs")).href);
await compare("dev.jsonl", "en");
await compare("fr_dev.jsonl", "fr");

async function compare(file: string, language: string): Promise<void> {
  const rows = await rowsOf(resolve(corpora, "summary", file));
  const options = { unicode: language !== "en" };
  const results = METHODS.map(([name, method]) => {
    warmUp(method, rows, language);
    const start = performance.now();
    const summaries = rows.map((row) => method(articleOf(row, language)));
    const msEach = (performance.now() - start) / rows.length;
    const scores = rows.map((row, index) =>
      scorer.scoreOne(row.reference, summaries[index] ?? [], options),
    );
    return { name, msEach, scores };
  });
  const lead = results[0]?.scores ?? [];
  console.log(`\n${file}, ${rows.length} articles`);
  console.log("method              R1 / R2 / Lsum        words  ms each  R1 beyond LEAD-3 (95%)");
  for (const { name, msEach, scores } of results) {
    const figures = (["rouge1", "rouge2", "rougeLsum"] as const)
      .map((metric) => (100 * mean(scores.map((score) => score[metric].f))).toFixed(2))
      .join(" / ");
    const words = mean(scores.map((score) => score.words)).toFixed(1);
    console.log(
      `${name.padEnd(20)}${figures.padEnd(22)}${words.padEnd(7)}${msEach.toFixed(2).padEnd(9)}${beyond(scores, lead)}`,
    );
  }
}

function beyond(scores: readonly Scores[], lead: readonly Scores[]): string {
  const differences = scores.map(
    ({ rouge1 }, index) => 100 * (rouge1.f - (lead[index]?.rouge1.f ?? 0)),
  );
  const { mean: middle, lo, hi } = scorer.boot(differences);
  return `${middle.toFixed(2)} [${lo.toFixed(2)}, ${hi.toFixed(2)}]`;
}

async function rowsOf(path: string): Promise<readonly Row[]> {
  const lines = (await readFile(path, "utf8")).split("\n").filter(Boolean);
  return lines.map((line) => rowSchema.parse(JSON.parse(line)));
}

function warmUp(method: Method, rows: readonly Row[], language: string): void {
  for (const row of rows.slice(0, 50)) method(articleOf(row, language));
}

/** The rows of the English set have no title; the slug of their address stands in for one. */
function articleOf({ id, text, title, slug }: Row, language: string): Article {
  return {
    id,
    title: title ?? slug ?? "",
    authors: [],
    language,
    tags: [],
    kind: "story",
    html: "",
    text,
    images: [],
    captions: [],
    dropped: [],
    source: id,
  };
}

function opening({ text, language }: Article): readonly string[] {
  return splitSentences(text, language).map(({ start, end }) => text.slice(start, end));
}

function withinWords(sentences: readonly string[], limit: number): readonly string[] {
  let words = 0;
  const past = sentences.findIndex((sentence) => {
    words += sentence.split(/\s+/).length;
    return words > limit;
  });
  return past === -1 ? sentences : sentences.slice(0, Math.max(1, past));
}

function textsOf(sentences: readonly { readonly text: string }[]): readonly string[] {
  return sentences.map(({ text }) => text);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
