/**
 * How well feeds, dates and sentences are read: `node bench/feeds.ts`. Each row has our figure beside that of what
 * people use without us, on the same file of a corpora folder (BROADSHEET_CORPORA, by default ../shared/corpora
 * beside the project). Feeds are scored by `score-feeds.mjs` (in BROADSHEET_SCORERS, ../shared/bench). Leaves
 * with 66 where there is no such folder.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import { readFeed } from "../src/article/feed.ts";
import { parseDate } from "../src/article/parse-date.ts";
import { splitSentences } from "../src/summary/language/sentences.ts";

export interface Row {
  readonly what: string;
  readonly ours: string;
  readonly beside: string;
  /** What the other figure is of. */
  readonly other: string;
}

const project = path.join(import.meta.dirname, "..");
const corpora = path.resolve(project, process.env.BROADSHEET_CORPORA ?? "../shared/corpora");
const scorers = path.resolve(project, process.env.BROADSHEET_SCORERS ?? "../shared/bench");

/** The rows of feeds, dates and sentences, for the table of `bench/reading.ts`. */
export function feedRows(): Row[] {
  return [...parsedRows(), ...dateRows(), ...sentenceRows(), manyItemsRow()];
}

function parsedRows(): Row[] {
  const [ours, bare] = ["feed-parser.ts", "bare-feedsmith.ts"].map(scoreFeeds);
  const row = (what: string, figure: RegExp): Row => ({
    what,
    ours: figure.exec(ours ?? "")?.[1] ?? "-",
    beside: figure.exec(bare ?? "")?.[1] ?? "-",
    other: "feedsmith alone",
  });
  return [
    row("feeds/unit parsed", /unit parsed (\d+\/\d+)/),
    row("feeds/unit fields", /fields (\d+\/\d+)/),
    row("feeds/real read", /real parsed (\d+\/\d+)/),
  ];
}

function scoreFeeds(parser: string): string {
  const scorer = path.join(scorers, "score-feeds.mjs");
  const args = [scorer, path.join(corpora, "feeds"), path.join(import.meta.dirname, parser)];
  return spawnSync(process.execPath, args, { encoding: "utf8" }).stdout;
}

/** The parser it was made for, the date as written, and its seconds since 1970: null where it is none. */
const dateCase = z.tuple([z.string(), z.string(), z.number().nullable()]);
type DateCase = z.output<typeof dateCase>;

function dateRows(): Row[] {
  const cases = z.array(dateCase).parse(readJson("language/dates.json"));
  return [
    dateRow("dates, and what is none", cases),
    dateRow(
      "dates alone",
      cases.filter(([, , epoch]) => epoch !== null),
    ),
  ];
}

function dateRow(what: string, among: readonly DateCase[]): Row {
  return {
    what,
    ours: share(among, ([, written, epoch]) => secondsOf(parseDate(written, "Z")) === epoch),
    beside: share(among, ([, written, epoch]) => secondsOf(written) === epoch),
    other: "Date.parse",
  };
}

function secondsOf(date: string | undefined): number | null {
  const ms = Date.parse(date ?? "");
  return Number.isNaN(ms) ? null : Math.floor(ms / 1000);
}

const sentenceCase = z.object({
  lang: z.string(),
  text: z.string(),
  expect: z.array(z.string()),
  golden: z.boolean(),
});
type SentenceCase = z.output<typeof sentenceCase>;

function sentenceRows(): Row[] {
  const cases = z.array(sentenceCase).parse(readJson("language/sentences/golden.json"));
  const english = cases.filter(({ lang }) => lang === "en");
  return [
    sentenceRow(
      "sentences, golden rules, English",
      english.filter(({ golden }) => golden),
    ),
    sentenceRow("sentences, all rules, English", english),
    sentenceRow("sentences, all rules, all languages", cases),
  ];
}

function sentenceRow(what: string, among: readonly SentenceCase[]): Row {
  return {
    what,
    ours: share(among, (one) => isSplitAs(one, ourSentences(one))),
    beside: share(among, (one) => isSplitAs(one, bareSentences(one))),
    other: "Intl.Segmenter",
  };
}

function ourSentences({ text, lang }: SentenceCase): string[] {
  return splitSentences(text, lang).map(({ start, end }) => text.slice(start, end));
}

function bareSentences({ text, lang }: SentenceCase): string[] {
  const segments = new Intl.Segmenter(lang, { granularity: "sentence" }).segment(text);
  return Array.from(segments, ({ segment }) => segment);
}

function isSplitAs({ expect }: SentenceCase, found: readonly string[]): boolean {
  return joined(found) === joined(expect);
}

function joined(sentences: readonly string[]): string {
  return sentences
    .map((sentence) => sentence.replace(/\s+/g, " ").trim())
    .filter(Boolean)
    .join("\n");
}

function manyItemsRow(): Row {
  const story =
    "&lt;p>The council kept the old library open for one more year, the mayor said.&lt;/p>".repeat(
      6,
    );
  const items = Array.from(
    { length: 50_000 },
    (_, index) =>
      `<item><title>Story ${index}</title><guid>https://paper.example/${index}</guid><description>${story}</description></item>`,
  );
  const body = `<rss version="2.0"><channel><title>Many</title>${items.join("")}</channel></rss>`;
  const started = performance.now();
  const read = readFeed({ format: "feed", location: "many.xml", body });
  const ms = performance.now() - started;
  return {
    what: `a feed of 50,000 items, ${(body.length / 1e6).toFixed(0)} MB`,
    ours: `${read.length} in ${ms.toFixed(0)} ms`,
    beside: "-",
    other: "",
  };
}

function share<T>(cases: readonly T[], isRight: (one: T) => boolean): string {
  return `${cases.filter(isRight).length}/${cases.length}`;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(path.join(corpora, file), "utf8"));
}

function print(rows: readonly Row[]): void {
  const widest = Math.max(...rows.map(({ what }) => what.length));
  for (const { what, ours, beside, other } of rows) {
    console.log(`${what.padEnd(widest)}  ${ours.padStart(18)}  ${beside.padStart(9)}  ${other}`);
  }
}

function main(): number {
  const needed = [
    path.join(corpora, "feeds"),
    path.join(corpora, "language"),
    path.join(scorers, "score-feeds.mjs"),
  ];
  const missing = needed.find((name) => !existsSync(name));
  if (missing !== undefined) {
    console.error(`bench/feeds: ${missing} does not exist; nothing was measured`);
    return 66;
  }
  print(feedRows());
  return 0;
}

if (import.meta.main) process.exitCode = main();
