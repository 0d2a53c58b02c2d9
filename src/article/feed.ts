import type { Article, Source } from "./article.ts";
import { type ReadOptions, unlessBroken } from "./compose-article.ts";
import { isDatedBefore, parseDate } from "./dates.ts";
import { isEmpty } from "./decode-source.ts";
import { httpAddress } from "./feed/addresses.ts";
import { composeItem, type FeedFrame } from "./feed/compose-item.ts";
import { identify } from "./feed/item-identity.ts";
import { toLine } from "./feed/markup-text.ts";
import { parseFeed } from "./feed/formats/parse-feed.ts";
import type { ParsedFeed, ParsedItem } from "./feed/formats/parsed-feed.ts";

/** One item of a feed. */
export interface FeedItem {
  /** Its id is the item's: the guid's, else the link's and title's. Its text is empty where the feed has none. */
  readonly article: Article;
  /** `url` is the site that the feed is of, else the feed's own address. */
  readonly feed: { readonly title: string; readonly url?: string };
  /** Whether the feed has the whole story; where not, the page at `link` has to be fetched. */
  readonly complete: boolean;
  readonly link?: string;
}

export interface FeedOptions extends ReadOptions {
  /** Items read, from the top, where feeds have the newest. 1,000 by default. */
  readonly mostItems?: number | undefined;
  /** What is dated before is given without its text, which takes most of the time: nobody wants what is too old. */
  readonly since?: Date | undefined;
}

const MOST_ITEMS = 1000;

/**
 * The items of a feed in its order: RSS 0.9x to 2.0, Atom 0.3 and 1.0, RDF, CDF and JSON Feed, also broken
 * ones. A feed without items gives none. An item that is there twice is given once.
 * @throws BroadsheetError CONTENT_EMPTY for a source without text, CONTENT_UNSUPPORTED for what is no feed
 */
export function readFeed(source: Source, options: FeedOptions = {}): FeedItem[] {
  if (source.body.trim() === "") throw isEmpty(source.location);
  const parsed = parseFeed(source, options.mostItems ?? MOST_ITEMS);
  const frame = frameOf(parsed, source);
  const { url } = frame;
  const feed = { title: frame.title, ...(url === undefined ? {} : { url }) };
  const composed = parsed.items.flatMap((item) => {
    const compose = () => composeItem(isOld(item, options) ? bare(item) : item, frame, options);
    const read = unlessBroken(item.title?.value ?? item.guid ?? "", options, compose);
    return read ? [{ ...read, guid: item.guid }] : [];
  });
  const ids = identify(
    composed.map(({ article, guid }) => ({ ...article, link: article.url, guid })),
    url ?? frame.title,
  );
  const seen = new Set<string>();
  return composed.flatMap(({ article, isComplete }, index): FeedItem[] => {
    const id = ids[index] ?? "";
    if (seen.has(id)) return [];
    seen.add(id);
    const link = article.url === undefined ? {} : { link: article.url };
    return [{ article: { id, ...article }, feed, complete: isComplete, ...link }];
  });
}

function isOld({ date = "" }: ParsedItem, { since }: FeedOptions): boolean {
  return since !== undefined && isDatedBefore({ publishedAt: parseDate(date, "Z") }, since);
}

function bare(item: ParsedItem): ParsedItem {
  return { ...item, content: undefined, summary: undefined };
}

// Relative addresses: xml:base, then the feed's own link, then where it was read from, which for a file is
// where the feed says that it is.
function frameOf(
  parsed: ParsedFeed,
  { location }: Source,
): FeedFrame & { readonly url?: string | undefined } {
  const own = httpAddress(location) ?? httpAddress(parsed.self);
  const url = httpAddress(parsed.link, own) ?? own;
  return {
    title: toLine(parsed.title),
    url,
    language: parsed.language,
    base: httpAddress(parsed.base, url) ?? url,
    location,
  };
}
