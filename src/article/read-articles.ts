import { BroadsheetError } from "../errors.ts";
import {
  type Article,
  type Broken,
  type ListedFeed,
  type Source,
  type SourceFormat,
  type ReadSource,
  onlyArticle,
  type ReadOptions,
} from "./article.ts";
import { noText, refuseUnreadable } from "./decode-source.ts";
import { readBeehiivExport, readSubstackExport, substackFiles } from "./exports/csv-exports.ts";
import { exportKind } from "./sniff-format.ts";
import { readGhostExport } from "./exports/ghost.ts";
import { type FeedOptions, readFeed } from "./feed.ts";
import { parseFeedList } from "./feed/feedsmith.ts";
import { readHtml } from "./page.ts";
import { unlessBroken } from "./compose-article.ts";
import { readMarkdown } from "./markdown.ts";
import { readText } from "./plain-text/read-text.ts";
import { refusal } from "./refusal.ts";

type Reader = (source: Source, options: ReadOptions) => Article;

/** The readers of formats with one article, and descriptions of the other formats. */
const READERS: Readonly<Record<SourceFormat, Reader | string>> = {
  text: readText,
  markdown: readMarkdown,
  html: readHtml,
  // Its reader is loaded with the first document (documents/read-document.ts).
  document: "a document, not text",
  feed: "a feed, which holds several articles",
  export: "an export, which holds several articles",
  archive: "an archive, which holds several articles",
  opml: "OPML, a list of feeds, which holds several articles",
};

/**
 * Reads the Article in a source: its paragraphs as clean text and as sanitised HTML, its title, authors, captions and
 * language, and a list of the text that was left out with reasons. The same source gives the same Article.
 * @throws BroadsheetError CONTENT_EMPTY, CONTENT_TOO_LARGE, CONTENT_NO_STORY, CONTENT_UNSUPPORTED
 */
export function readArticle(source: Source, options: ReadOptions = {}): Article {
  refuseUnreadable(source);
  const read = READERS[source.format];
  if (typeof read !== "string") return read(source, options);
  const isDocument = source.format === "document";
  const fix = `read it ${isDocument ? "" : "with readArticles, or "}on the command line`;
  throw refusal(source.location, `is ${read}`, fix);
}

/**
 * The articles in a source: the items of a feed, the posts of an export from Ghost, Substack or Beehiiv, or the one
 * article of any other source.
 * @throws BroadsheetError CONTENT_EMPTY for a feed or export without articles; also the errors of `readArticle`,
 * `readFeed` and the readers of exports.
 */
export function readArticles(source: Source, options: FeedOptions = {}): ReadSource {
  if (source.body.trim() === "") throw noText(source.location);
  if (source.format === "feed" || source.format === "export" || source.format === "archive")
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

/**
 * The feeds that OPML lists.
 * @throws BroadsheetError CONTENT_EMPTY, CONTENT_UNSUPPORTED
 */
export function feedsIn({ body, location }: Source): readonly ListedFeed[] {
  const feeds = parseFeedList(body);
  if (feeds && feeds.length > 0) return feeds;
  if (feeds) throw noItems(location, "OPML without feeds");
  throw refusal(location, "is damaged OPML", "export it again from its program");
}

function noItems(location: string, what: string): BroadsheetError {
  return new BroadsheetError("CONTENT_EMPTY", `${location} is ${what}`, {
    fix: "check that it is the right one, or leave it out until it has articles",
  });
}

/** The names of the files that belong to an export. Only Substack has them, for the HTML of its posts. */
export function filesOf(source: Source): string[] {
  return exportKind(source.body) === "substack" ? substackFiles(source) : [];
}

/** The pages in an archive, each read by its own file name. Their pictures stay in the archive. */
function readArchive({ files = new Map(), location }: Source, options: ReadOptions) {
  const articles = [...files].flatMap(([name, body]) => {
    const format = /\.html?$/i.test(name) ? "html" : "markdown";
    const read = () => ({
      ...readArticle({ format, location: name, body }, options),
      images: [],
      source: location,
    });
    return unlessBroken(name, options, read) ?? [];
  });
  return { articles, dropped: [] };
}

function readExport(source: Source, options: ReadOptions) {
  if (source.format === "archive") return readArchive(source, options);
  const kind = exportKind(source.body);
  if (kind === "ghost") return readGhostExport(source, options);
  if (kind === "beehiiv") return readBeehiivExport(source, options);
  return readSubstackExport(source, source.files ?? new Map(), options);
}
