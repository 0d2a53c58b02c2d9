import { readdirSync, readFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Article } from "../../src/article/article.ts";
import { decodeSource } from "../../src/article/decode-source.ts";
import { readFeed } from "../../src/article/feed.ts";
import { readArticle } from "../../src/article/read-articles.ts";
import { hostOf } from "../../src/article/identity.ts";
import { parseConfig } from "../../src/config/config.ts";
import { BroadsheetError } from "../../src/errors.ts";
import { draftIssue, finishIssue } from "../../src/issue/build.ts";
import { openBuild } from "../../src/issue/open-build.ts";
import { SILENT } from "../../src/platform/reporter.ts";
import { countWords } from "../../src/summary/language/segments.ts";
import { isPlaceholder } from "../../src/subscribers/recipient.ts";
import { tooThin } from "../../src/summary/summary.ts";
import { readings } from "../../tests/digest/readings.ts";
import { corpora, samplesOf } from "../reading/corpus.ts";
import { randomFrom } from "../training/random.ts";

/** The issues of `bench/judged/ready.ndjson`: the first develop, the last were opened once. */
const ISSUES = 24;
export const DEVELOPED = 16;
const STORIES = 10;
const SEED = 35;
/** A feed of a hundred items is one voice, and those that were written to test readers are none. */
const MOST_OF_FEED = 3;
const LEAST_WORDS = 40;
/** The share of articles in other languages that an English newsletter's sources bring. */
const FOREIGN = 0.06;

/** An article of the corpora by its place there. */
export interface Known {
  readonly id: string;
  readonly article: Article;
}

/** The articles of each issue: drawn from pages, texts and feeds, none of them in more than two issues. */
export function drawIssues(): Known[][] {
  const random = randomFrom(SEED);
  const all = [...pages(), ...texts(), ...feeds()];
  const own = all.filter(({ article }) => article.language.startsWith("en"));
  const others = shuffled(
    all.filter((one) => !own.includes(one)),
    random,
  ).slice(0, Math.ceil(own.length * FOREIGN));
  const pool = [...own, ...others];
  const order = [...shuffled(pool, random), ...shuffled(pool, random)];
  return Array.from({ length: ISSUES }, (_, at) => order.slice(at * STORIES, (at + 1) * STORIES));
}

/** Builds issues in a temporary folder; nothing is fetched, and no story has a picture. */
export async function withBuilder<T>(use: (build: typeof buildIn) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), "broadsheet-ready-"));
  try {
    return await use(async (articles) => buildIn(articles, folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function buildIn(known: readonly Known[], folder = "") {
  const config = parseConfig(
    {
      name: "The Mudlark",
      from: "desk@mudlark.internal",
      postalAddress: "The Mudlark, 3 Staithe Lane, Orrell",
      tagline: "What the river leaves",
      language: "en",
      urls: {
        web: "https://letter.mudlark-paper.org/{slot}",
        unsubscribe: "https://letter.mudlark-paper.org/u/{token}",
      },
    },
    {},
    path.join(folder, "broadsheet.config.ts"),
  );
  const build = await openBuild(config, { flags: { date: "2026-11-24" }, reporter: SILENT });
  const articles = known.map(({ id, article }) => placed(article, id));
  const all = readings(articles, { collected: true });
  const read = async () => ({ readings: all, failures: [], missing: [], fetched: 0 });
  return finishIssue(await draftIssue(read, build), build);
}

function placed(article: Article, id: string): Article {
  return {
    ...article,
    url: article.url ?? `https://pages.mudlark-paper.org/${encodeURIComponent(id)}`,
    source: `https://pages.mudlark-paper.org/${encodeURIComponent(id)}`,
    images: [],
  };
}

function pages(): Known[] {
  const folders = ["en", "fields", "vetted", "multilingual"] as const;
  return folders.flatMap((folder) =>
    samplesOf(folder).flatMap(({ id, html }) =>
      known(`articles/${folder}/${id}`, () =>
        readArticle({ format: "html", location: `${id}.html`, body: html }),
      ),
    ),
  );
}

function texts(): Known[] {
  const folder = path.join(corpora, "texts");
  return readdirSync(folder)
    .filter((name) => /\.(?:md|txt)$/.test(name) && name !== "SOURCES.md")
    .flatMap((name) =>
      known(`texts/${name}`, () => {
        const body = decodeSource(readFileSync(path.join(folder, name)), name);
        const format = name.endsWith(".md") ? "markdown" : "text";
        return readArticle({ format, location: name, body });
      }),
    );
}

function feeds(): Known[] {
  const folder = path.join(corpora, "feeds/real");
  return readdirSync(folder).flatMap((name) => {
    try {
      const body = decodeSource(readFileSync(path.join(folder, name)), name);
      const read = readFeed({ format: "feed", location: name, body });
      return read
        .filter(({ article: { url, text } }) => {
          return !isPlaceholder(hostOf(url) ?? "x.example") && countWords(text) >= LEAST_WORDS;
        })
        .flatMap(({ article }) => known(`feeds/${name}#${article.id}`, () => article))
        .slice(0, MOST_OF_FEED);
    } catch (error) {
      if (error instanceof BroadsheetError) return [];
      throw error;
    }
  });
}

/** What no build takes, and filler that somebody wrote to test readers, is left out. */
function known(id: string, read: () => Article): Known[] {
  try {
    const article = read();
    if (tooThin(article) || /lorem ipsum/i.test(article.text)) return [];
    return [{ id, article }];
  } catch (error) {
    if (error instanceof BroadsheetError) return [];
    throw error;
  }
}

function shuffled<T>(values: readonly T[], random: () => number): T[] {
  return values
    .map((value) => ({ value, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value);
}
