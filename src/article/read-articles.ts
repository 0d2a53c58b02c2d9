import type { Article, Dropped, Source } from "./article.ts";
import type { ReadOptions } from "./compose-article.ts";
import { isEmpty } from "./decode-text.ts";
import { readBeehiivExport } from "./exports/beehiiv.ts";
import { exportKind } from "./exports/export-kind.ts";
import { readGhostExport } from "./exports/ghost.ts";
import { readSubstackExport } from "./exports/substack.ts";
import { readFeed } from "./feed.ts";
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
}

/**
 * The articles in a source: the items of a feed, the posts of an export from Ghost, Substack or Beehiiv,
 * else the one article that it is.
 * @throws BroadsheetError what `readArticle`, `readFeed` and the exports' readers throw.
 */
export function readArticles(source: Source, options: ReadOptions = {}): ReadSource {
  if (source.body.trim() === "") throw isEmpty(source.location);
  if (source.format === "feed") return { items: readFeed(source, options), dropped: [] };
  if (source.format !== "export")
    return { items: [whole(readArticle(source, options))], dropped: [] };
  const { articles, dropped } = readExport(source, options);
  return { items: articles.map(whole), dropped };
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
