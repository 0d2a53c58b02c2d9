import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import * as z from "zod";
import type { Article } from "../../src/article/article.ts";
import { decodeSource } from "../../src/article/decode-source.ts";
import { readArticle, readArticles } from "../../src/article/read-articles.ts";
import { documentOf, type Document } from "../../src/summary/document.ts";

export const corpora = path.resolve(
  process.env["BROADSHEET_CORPORA"] ?? path.join(import.meta.dirname, "../../../shared/corpora"),
);

const judged = z.object({ sentences: z.string(), lines: z.string().optional() });
const span = z.tuple([z.number(), z.number()]);

const labelled = z.object({
  set: z.string(),
  id: z.string(),
  group: z.string(),
  spans: z.array(span),
  hashes: z.string(),
  /** The entry of 0.1.0 whose lines were judged. */
  shown: z.object({ gist: span.nullable(), lines: z.array(span) }).optional(),
  first: judged,
  second: judged,
});

type Labelled = z.output<typeof labelled>;

/** A judged article, read again: for each sentence of the document its two letters, where it was judged. */
export interface JudgedArticle {
  readonly label: Pick<Labelled, "set" | "id" | "group"> & Partial<Labelled>;
  readonly article: Article;
  readonly document: Document;
  readonly letters: readonly (Letters | undefined)[];
}

export interface Letters {
  readonly first: string;
  readonly second: string;
}

/** The articles that were judged and that the corpora here still have. */
export function judgedArticles(): JudgedArticle[] {
  const lines = readFileSync(path.join(import.meta.dirname, "sentences.ndjson"), "utf8");
  const labels = lines
    .split("\n")
    .filter(Boolean)
    .map((line) => labelled.parse(JSON.parse(line)));
  return articlesOf(labels).map(({ label, article }) => withLetters(label, article));
}

/** The same of articles of which gists were judged alone. */
export function unletteredArticles(
  labels: readonly Pick<Labelled, "set" | "id" | "group">[],
): JudgedArticle[] {
  return articlesOf(labels).map(({ label, article }) => {
    return { label, article, document: documentOf(article), letters: [] };
  });
}

/** A judged article whose sentences are found anew, as the rules for them now are. */
export function readAgain({ label, article }: JudgedArticle): JudgedArticle {
  const { hashes, first, second } = label;
  if (hashes === undefined || !first || !second)
    return { label, article, document: documentOf(article), letters: [] };
  return withLetters({ ...label, hashes, first, second }, article);
}

type Place = Pick<Labelled, "set" | "id">;

/** The articles with these labels, those left out that the corpora here don't have. */
export function articlesOf<Label extends Place>(labels: readonly Label[]) {
  const feeds = new Map<string, readonly Article[]>();
  const texts = new Map(NEWS.map((set) => [set, newsTexts(set)]));
  return labels.flatMap((label) => {
    const article = articleOf(label, texts, feeds);
    return article ? [{ label, article }] : [];
  });
}

/** The sets of news texts. */
const NEWS = ["train", "dev"] as const;

function withLetters(
  label: Omit<Labelled, "spans"> & Partial<Labelled>,
  article: Article,
): JudgedArticle {
  const document = documentOf(article);
  const places = new Map(label.hashes.split(" ").map((hash, index) => [hash, index]));
  const letters = document.candidates.map(({ start, end, connective }) => {
    // What was judged had its connective, bullet or dateline.
    for (let from = start - connective; from >= Math.max(0, start - LONGEST_LEAD); from--) {
      const index = places.get(hashOf(article.text.slice(from, end)));
      if (index === undefined) continue;
      return {
        first: label.first.sentences[index] ?? "",
        second: label.second.sentences[index] ?? "",
      };
    }
    return undefined;
  });
  return { label, article, document, letters };
}

const LONGEST_LEAD = 60;

/** What stands for a sentence in the labels, which hold no text of the corpora. */
export function hashOf(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return createHash("sha256").update(line).digest("hex").slice(0, 8);
}

function newsTexts(set: string): ReadonlyMap<string, string> {
  const file = path.join(corpora, `summary/${set}.jsonl`);
  if (!existsSync(file)) return new Map();
  const row = z.object({ id: z.string(), text: z.string() });
  const rows = readFileSync(file, "utf8").split("\n").filter(Boolean);
  return new Map(rows.map((line) => row.parse(JSON.parse(line))).map(({ id, text }) => [id, text]));
}

function articleOf(
  { set, id }: Place,
  texts: ReadonlyMap<string, ReadonlyMap<string, string>>,
  feeds: Map<string, readonly Article[]>,
): Article | undefined {
  try {
    const news = texts.get(set);
    if (news) return fromText(id, news.get(id));
    if (set === "texts") return fromFile(id);
    return set === "feeds" ? fromFeed(id, feeds) : fromPage(set, id);
  } catch {
    // A page that is not read any more has no sentences to learn from.
    return undefined;
  }
}

function fromText(id: string, body: string | undefined): Article | undefined {
  return body === undefined
    ? undefined
    : readArticle({ format: "text", location: `${id}.txt`, body });
}

const FORMATS = new Map([
  [".md", "markdown"],
  [".html", "html"],
] as const);

function fromFile(id: string): Article | undefined {
  const file = path.join(corpora, "texts", path.basename(id));
  if (!existsSync(file)) return undefined;
  const format = new Map<string, "markdown" | "html">(FORMATS).get(path.extname(id)) ?? "text";
  return readArticle({ format, location: id, body: decodeSource(readFileSync(file), id) });
}

function fromPage(set: string, id: string): Article | undefined {
  const file = path.join(corpora, "articles", path.basename(set), `${id}.html.gz`);
  if (!existsSync(file)) return undefined;
  const location = `${id}.html`;
  const body = decodeSource(gunzipSync(readFileSync(file)), location);
  return readArticle({ format: "html", location, body });
}

function fromFeed(id: string, known: Map<string, readonly Article[]>): Article | undefined {
  const [name = "", index = "0"] = id.split("#");
  const articles = known.get(name) ?? feedArticles(name);
  known.set(name, articles);
  return articles[Number(index)];
}

function feedArticles(name: string): readonly Article[] {
  const folder = path.join(corpora, "feeds/real");
  if (!existsSync(folder) || !readdirSync(folder).includes(name)) return [];
  const body = decodeSource(readFileSync(path.join(folder, name)), name);
  return readArticles({ format: "feed", location: name, body }).items.map(({ article }) => article);
}
