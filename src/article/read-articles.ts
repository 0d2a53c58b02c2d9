import { BroadsheetError } from "../errors.ts";
import type { Article, Broken, Dropped, Source } from "./article.ts";
import type { ReadOptions } from "./compose-article.ts";
import { isEmpty } from "./decode-text.ts";
import { readBeehiivExport } from "./exports/beehiiv.ts";
import { exportKind } from "./exports/export-kind.ts";
import { readGhostExport } from "./exports/ghost.ts";
import { readSubstackExport } from "./exports/substack.ts";
import { type FeedOptions, readFeed } from "./feed.ts";
import { readArticle } from "./read-article.ts";

/** One article of a source, and of an item of a feed also where it came from. */
export interface ReadItem {
  readonly article: Article;
  readonly feed?: { readonly title: string; readonly url?: string };
  /** Whether the source has the whole story; where not, the page at `link` has to be fetched. */
  readonly complete: boolean;
  readonly link?: string;
}

/** What a source holds: the articles in its order, and posts of an export that hold no story. */
export interface ReadSource {
  readonly items: readonly ReadItem[];
  readonly dropped: readonly Dropped[];
  /** Items and posts at which reading broke; the others are read all the same. */
  readonly broken: readonly Broken[];
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
  return { items: [whole(readArticle(source, options))], dropped: [], broken: [] };
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
  return { items: articles.map(whole), dropped, broken };
}

function noItems(location: string, what: string): BroadsheetError {
  return new BroadsheetError("CONTENT_EMPTY", `${location} is ${what}`, {
    fix: "check that it is the right one, or leave it out until something is in it",
  });
}

function readExport(source: Source, options: ReadOptions) {
  const kind = exportKind(source.body);
  if (kind === "ghost") return readGhostExport(source, options);
  if (kind === "beehiiv") return readBeehiivExport(source, options);
  return readSubstackExport(source, source.files ?? new Map(), options);
}

function whole(article: Article): ReadItem {
  return { article, complete: true };
}
