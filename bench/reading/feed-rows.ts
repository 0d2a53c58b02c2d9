import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import { readFeed } from "../../src/article/feed.ts";
import { parseDate } from "../../src/article/dates.ts";
import { splitSentences } from "../../src/summary/language/segments.ts";
import { corpora, scorers } from "./corpus.ts";
import type { Row } from "./table.ts";

/** The rows of feeds, dates and sentences. */
export function feedRows(): Row[] {
  return [...parsedRows(), ...dateRows(), ...sentenceRows(), manyItemsRow()];
}

function parsedRows(): Row[] {
  const [ours, bare] = ["feed-parser.ts", "bare-feedsmith.ts"].map(scoreFeeds);
  const row = (what: string, must: string, figure: RegExp): Row => ({
    what,
    must,
    ours: figure.exec(ours ?? "")?.[1] ?? "-",
    beside: figure.exec(bare ?? "")?.[1] ?? "-",
    other: "feedsmith alone",
  });
  return [
    row("feeds/unit parsed", "191", /unit parsed (\d+\/\d+)/),
    row("feeds/unit fields", "76", /fields (\d+\/\d+)/),
    row("feeds/real read", "all", /real parsed (\d+\/\d+)/),
  ];
}

function scoreFeeds(parser: string): string {
  const scorer = path.join(scorers, "score-feeds.mjs");
  const args = [scorer, path.join(corpora, "feeds"), path.join(import.meta.dirname, "..", parser)];
  return spawnSync(process.execPath, args, { encoding: "utf8" }).stdout;
}

/** The parser that the case was made for, the date as written, and its seconds since 1970 (null if it is not a date). */
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
    must: "above",
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
    must: what.endsWith("English") ? "above" : "",
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
  };
}

function share<T>(cases: readonly T[], isRight: (one: T) => boolean): string {
  return `${cases.filter(isRight).length}/${cases.length}`;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(path.join(corpora, file), "utf8"));
}
