/**
 * How well articles that tell one story are found, and how fast: `node bench/clusters.ts`, with `--show` for the
 * real articles that were merged. BROADSHEET_CORPORA names the folder with summary/*.jsonl and feeds/real, by
 * default ../shared/corpora beside the project; without it, only the invented stories and the times are printed.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import type { Article } from "../src/article/article.ts";
import { decodeSource } from "../src/article/decode-source.ts";
import { readFeed } from "../src/article/feed.ts";
import { clustersOf } from "../src/digest/stories/gather-stories.ts";
import { splitSentences } from "../src/summary/language/segments.ts";
import { EVENTS, story, wireCopy } from "../tests/digest/stories/wire.ts";

const corpora = path.resolve(
  import.meta.dirname,
  "..",
  process.env["BROADSHEET_CORPORA"] ?? "../shared/corpora",
);
const isShown = process.argv.includes("--show");

const newsRow = z.object({
  text: z.string(),
  reference: z.string(),
  title: z.string().optional(),
  slug: z.string().optional(),
  url: z.string().optional(),
});

invented();
if (existsSync(path.join(corpora, "summary"))) {
  const news = realNews();
  asTheyAre(
    "real news, as of one paper",
    news.map((article) => ofPaper(article, "one")),
  );
  asTheyAre(
    "real news, as of many papers",
    news.map((article, index) => ofPaper(article, `p${index}`)),
  );
  asTheyAre("real feeds, all items at once", feedItems());
  made("wire copies: headline, first sentence and end changed", news, wired);
  made("teasers: what another editor wrote of it", news, teaser);
}
times();

function invented(): void {
  for (const kind of ["copied", "retold", "other"] as const) {
    const pairs = EVENTS.map(({ language, told, ...event }) => {
      const second = kind === "copied" ? wireCopy(told, "From our correspondent") : event[kind];
      return [story("The One", told, { language }), story("The Other", second, { language })];
    });
    const merged = pairs.filter((pair) => clustersOf(pair).length === 1).length;
    row(`invented, ${kind}`, `${merged} of ${pairs.length} merged`);
  }
}

function asTheyAre(what: string, articles: readonly Article[]): void {
  const merged = clustersOf(articles).filter(({ length }) => length > 1);
  row(what, `${articles.length} articles, ${merged.length} stories of more than one`);
  if (isShown) for (const cluster of merged) console.log(cluster.map(shown).join("\n"), "\n");
}

/** Pairs made of real articles, among all the others: what is found of them, and what is merged that is no pair. */
function made(
  what: string,
  news: readonly Article[],
  make: (article: Article) => readonly [Article, Article] | undefined,
): void {
  const pairs = news.map(make).filter((pair) => pair !== undefined);
  const apart = naturallyMerged(pairs.map(([first]) => first));
  let found = 0;
  let wrong = 0;
  for (const cluster of clustersOf(pairs.flat())) {
    const ids = cluster.map(({ source }) => source);
    if (new Set(ids).size < ids.length) found += ids.length - new Set(ids).size;
    if (new Set(ids).size > 1 && !ids.every((id) => apart.has(id))) {
      wrong++;
      if (isShown) console.log(cluster.map(shown).join("\n"), "\n");
    }
  }
  const recall = ((100 * found) / pairs.length).toFixed(1);
  const precision = ((100 * found) / Math.max(1, found + wrong)).toFixed(1);
  row(
    what,
    `${found} of ${pairs.length} found (${recall} %), ${wrong} wrong (precision ${precision} %)`,
  );
}

/** Articles that are one story as it is: two of the same day on one event. */
function naturallyMerged(articles: readonly Article[]): ReadonlySet<string> {
  const merged = clustersOf(articles).filter(({ length }) => length > 1);
  return new Set(merged.flat().map(({ source }) => source));
}

function wired(article: Article): readonly [Article, Article] | undefined {
  const sentences = sentencesOf(article);
  if (sentences.length < 10) return undefined;
  const kept = sentences
    .slice(1, Math.ceil(sentences.length * 0.7))
    .filter((_, index) => index % 7 !== 3);
  const text = [`As this paper has learned, ${sentences[0] ?? ""}`, ...kept].join(" ");
  return [
    ofPaper(article, "first"),
    { ...ofPaper(article, "second"), title: "From the wires", text },
  ];
}

function teaser(article: Article): readonly [Article, Article] {
  const text = article.description ?? "";
  return [ofPaper(article, "first"), { ...ofPaper(article, "second"), text, title: "" }];
}

function sentencesOf({ text, language }: Article): string[] {
  return splitSentences(text, language).map(({ start, end }) => text.slice(start, end));
}

function ofPaper(article: Article, paper: string): Article {
  const url = `https://${paper}.example/${article.source}`;
  return { ...article, id: url, url, site: paper };
}

function realNews(): Article[] {
  return ["dev", "train", "xsum_dev", "fr_dev"].flatMap((name) => {
    const lines = readFileSync(path.join(corpora, "summary", `${name}.jsonl`), "utf8").split("\n");
    return lines.filter(Boolean).map((line, index) => newsArticle(line, `${name}-${index}`));
  });
}

function newsArticle(line: string, source: string): Article {
  const { text, reference, title, slug, url } = newsRow.parse(JSON.parse(line));
  const [, year, month, day] = /\/(20\d\d)\/(\d\d)\/(\d\d)\//.exec(url ?? "") ?? [];
  const body = text.replace(/^[^()]{0,40}\(CNN\)\s*/, "");
  return story("paper", [title ?? slug ?? "", body], {
    language: source.startsWith("fr") ? "fr" : "en",
    description: reference,
    source,
    publishedAt: year === undefined ? "" : `${year}-${month}-${day}`,
  });
}

function feedItems(): Article[] {
  const folder = path.join(corpora, "feeds/real");
  return readdirSync(folder).flatMap((name) => {
    try {
      const body = decodeSource(readFileSync(path.join(folder, name)), name);
      return readFeed({ format: "feed", location: name, body }).map(({ article }) => article);
    } catch {
      return [];
    }
  });
}

function times(): void {
  for (const count of [100, 500, 1000, 2000, 4000]) {
    const articles = Array.from({ length: count }, (_, index) => numbered(index));
    const start = process.cpuUsage();
    clustersOf(articles);
    const { user, system } = process.cpuUsage(start);
    row(
      `${count} invented articles of 500 words`,
      `${((user + system) / 1000).toFixed(0)} ms of processor time`,
    );
  }
}

/** Words that no two articles have in the same order, of ten thousand. */
function numbered(index: number): Article {
  const words = Array.from({ length: 500 }, (_, at) =>
    at % 3 === 0 ? "the" : `w${((index + 1) * (at + 7) * 2654435761) % 9973}`,
  );
  return story(`Paper ${index % 50}`, [`Story ${index}`, words.join(" ")]);
}

function shown({ title, text, site, publishedAt = "" }: Article): string {
  return `    ${publishedAt.slice(0, 10)} ${site} | ${title} | ${text.slice(0, 110).replaceAll("\n", " ")}`;
}

function row(what: string, figure: string): void {
  console.log(`${what.padEnd(58)}${figure}`);
}
