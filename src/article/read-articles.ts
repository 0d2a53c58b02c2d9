import { BroadsheetError } from "../errors.ts";
import {
  type Article,
  type Broken,
  type Source,
  type SourceFormat,
  type ReadSource,
  onlyArticle,
  type ReadOptions,
} from "./article.ts";
import { isEmpty, refuseUnreadable } from "./decode-source.ts";
import { readBeehiivExport, readSubstackExport, substackFiles } from "./exports/csv-exports.ts";
import { exportKind } from "./sniff-format.ts";
import { readGhostExport } from "./exports/ghost.ts";
import { type FeedOptions, readFeed } from "./feed.ts";
import { readDocument } from "./documents/read-document.ts";
import { readHtml } from "./page.ts";
import { readMarkdown } from "./markdown.ts";
import { readText } from "./plain-text/read-text.ts";

type Reader = (source: Source, options: ReadOptions) => Article;

// One reader a file. What holds several articles is read by `readArticles`.
const READERS: Readonly<Record<SourceFormat, Reader>> = {
  text: readText,
  markdown: readMarkdown,
  html: readHtml,
  document: readDocument,
  feed: refuseSeveral,
  export: refuseSeveral,
};

/**
 * The Article in a source: its paragraphs as clean text and as sanitised HTML, with title, authors,
 * captions and language, and a list of what was left out and why. The same source gives the same Article.
 * @throws BroadsheetError CONTENT_EMPTY, CONTENT_TOO_LARGE, CONTENT_NO_STORY, CONTENT_UNSUPPORTED
 */
export function readArticle(source: Source, options: ReadOptions = {}): Article {
  refuseUnreadable(source);
  return READERS[source.format](source, options);
}

function refuseSeveral(source: Source): never {
  const what = source.format === "feed" ? "a feed" : "an export";
  throw new BroadsheetError(
    "CONTENT_UNSUPPORTED",
    `${source.location} is ${what}, which holds several articles`,
    {
      where: { file: source.location },
      fix: "read it with readArticles, or on the command line",
    },
  );
}

/**
 * The articles in a source: the items of a feed, the posts of an export from Ghost, Substack or Beehiiv,
 * else the one article that it is.
 * @throws BroadsheetError CONTENT_EMPTY for a feed or an export without any; and what `readArticle`,
 * `readFeed` and the exports' readers throw.
 */
export function readArticles(source: Source, options: FeedOptions = {}): ReadSource {
  if (source.body.trim() === "") throw isEmpty(source.location);
  if (source.format === "feed" || source.format === "export")
    return readCollection(source, options);
  return onlyArticle(readArticle(source, options));
}

function readCollection(source: Source, given: FeedOptions): ReadSource {
  const broken: Broken[] = [];
  const options = { ...given, onBroken: (one: Broken) => void broken.push(one) };
  if (source.format === "feed") {
    const items = readFeed(source, options);
    if (items.length + broken.length === 0) throw noItems(source.location, "a feed without items");
    return { items, dropped: [], broken };
  }
  const { articles, dropped } = readExport(source, options);
  if (articles.length + dropped.length + broken.length === 0)
    throw noItems(source.location, "an export without posts");
  const items = articles.map((article) => ({ article, complete: true }));
  return { items, dropped, broken };
}

function noItems(location: string, what: string): BroadsheetError {
  return new BroadsheetError("CONTENT_EMPTY", `${location} is ${what}`, {
    fix: "check that it is the right one, or leave it out until something is in it",
  });
}

/** The names of the files that belong to an export: those with the HTML of Substack's posts. */
export function filesOf(source: Source): string[] {
  return exportKind(source.body) === "substack" ? substackFiles(source) : [];
}

function readExport(source: Source, options: ReadOptions) {
  const kind = exportKind(source.body);
  if (kind === "ghost") return readGhostExport(source, options);
  if (kind === "beehiiv") return readBeehiivExport(source, options);
  return readSubstackExport(source, source.files ?? new Map(), options);
}
