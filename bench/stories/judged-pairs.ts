import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import * as z from "zod";
import type { Article } from "../../src/article/article.ts";
import { decodeSource } from "../../src/article/decode-source.ts";
import { readFeed } from "../../src/article/feed.ts";
import { readArticle } from "../../src/article/read-articles.ts";
import { story } from "../../tests/digest/stories/wire.ts";
import { corpora } from "../reading/corpus.ts";

const pairRow = z.strictObject({
  a: z.string(),
  b: z.string(),
  verdict: z.enum(["same", "running", "other"]),
  event: z.int(),
});

/** Two articles that were read beside each other, and whether an editor would tell both. */
export type JudgedPair = z.output<typeof pairRow>;

const newsRow = z.object({
  id: z.string(),
  text: z.string(),
  title: z.string().optional(),
  slug: z.string().optional(),
  url: z.string().optional(),
  reference: z.string().optional(),
});

/** The pairs of `bench/judged/pairs.ndjson`. */
export function judgedPairs(): JudgedPair[] {
  const file = path.join(import.meta.dirname, "../judged/pairs.ndjson");
  return readFileSync(file, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => pairRow.parse(JSON.parse(line)));
}

/** Every article of the news texts and the feeds, and the pages and texts that are named, by the ids of the pairs. */
export function articlesById(named: ReadonlySet<string>): Map<string, Article> {
  const pages = [...named].filter((id) => /^(?:articles|texts)\//.test(id));
  return new Map([
    ...["dev", "train", "xsum_dev", "fr_dev"].flatMap(newsTexts),
    ...feedItems(),
    ...pages.map((id) => [id, pageOf(id)] as const),
  ]);
}

/** The papers are unknown: the texts are of one house, and would be told apart by that alone. */
function newsTexts(set: string): (readonly [string, Article])[] {
  const lines = readFileSync(path.join(corpora, "summary", `${set}.jsonl`), "utf8").split("\n");
  return lines.filter(Boolean).map((line) => {
    const { id, text, title, slug, url, reference } = newsRow.parse(JSON.parse(line));
    const [, year, month, day] = /\/(20\d\d)\/(\d\d)\/(\d\d)\//.exec(url ?? "") ?? [];
    const body = text.replace(/^[^()]{0,40}\(CNN\)\s*/, "");
    const article = story("paper", [title ?? slug ?? "", body], {
      id: `${set}/${id}`,
      source: id,
      url: undefined,
      site: undefined,
      description: reference,
      language: set === "fr_dev" ? "fr" : "en",
      publishedAt: year === undefined ? undefined : `${year}-${month}-${day}`,
    });
    return [`${set}/${id}`, article] as const;
  });
}

function feedItems(): (readonly [string, Article])[] {
  const folder = path.join(corpora, "feeds/real");
  return readdirSync(folder).flatMap((name) => {
    try {
      const body = decodeSource(readFileSync(path.join(folder, name)), name);
      return readFeed({ format: "feed", location: name, body }).map(
        ({ article }) => [`feeds/${name}#${article.id}`, article] as const,
      );
    } catch {
      return [];
    }
  });
}

function pageOf(id: string): Article {
  const bytes = readFileSync(path.join(corpora, id));
  const isPage = id.endsWith(".html.gz");
  const location = id.replace(/\.gz$/, "");
  const body = decodeSource(isPage ? gunzipSync(bytes) : bytes, location);
  const other = id.endsWith(".md") ? "markdown" : "text";
  return readArticle({ format: isPage ? "html" : other, location, body });
}
