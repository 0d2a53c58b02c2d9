import type { Source } from "./article.ts";
import { hashId, type ReadItem, type ReadOptions, unlessBroken } from "./compose-article.ts";
import { isDatedBefore, parseDate } from "./dates.ts";
import { isEmpty } from "./decode-source.ts";
import { composeItem, type FeedFrame } from "./feed/compose-item.ts";
import { toLine, type ParsedFeed, type ParsedItem } from "./feed/parsed-feed.ts";
import { parseFeed } from "./feed/parse-feed.ts";
import { canonicalLink, httpAddress } from "./field-values.ts";

/**
 * One item of a feed. Its article's id is the item's: the guid's, else the link's and title's; its text is empty where
 * the feed has none.
 */
export interface FeedItem extends ReadItem {
  /** `url` is the site that the feed is of, else the feed's own address. */
  readonly feed: NonNullable<ReadItem["feed"]>;
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

/** What an item can be known by. */
export interface Identifiable {
  readonly guid?: string | undefined;
  readonly link?: string | undefined;
  readonly title: string;
  readonly text: string;
}

/**
 * An id for each item of a feed, the same whenever and wherever the feed is read: of its guid, else of its
 * link and title, else of its words; never of its date, which changes with every correction. Two items have
 * the same id only where they are the same item twice. `feed` is the address of the site or the feed.
 */
export function identify(items: readonly Identifiable[], feed: string): string[] {
  const reused = reusedGuids(items);
  return items.map((item) => {
    const { guid = "", link, title, text } = item;
    if (guid !== "" && !reused.has(guid))
      return hashId(isUnique(guid) ? guid : `${canonicalLink(feed)}\n${guid}`);
    if (link !== undefined) return hashId(`${canonicalLink(link)}\n${nameOf(item)}`);
    return hashId(`${canonicalLink(feed)}\n${title}\n${text}`);
  });
}

// Short notes have no title, and some blogs give all notes of a day one address.
function nameOf({ title, text }: Identifiable): string {
  return title === "" ? text.slice(0, 200) : title;
}

// Broken feeds give one guid to different stories. Then it says nothing about any of them.
function reusedGuids(items: readonly Identifiable[]): ReadonlySet<string> {
  const first = new Map<string, Identifiable>();
  const reused = new Set<string>();
  for (const item of items) {
    const { guid = "", link } = item;
    const other = first.get(guid);
    if (!other) first.set(guid, item);
    else if (other.link !== link || nameOf(other) !== nameOf(item)) reused.add(guid);
  }
  return reused;
}

// A URI, a tag: or a UUID means one thing in the world; "1234" means one thing in one feed.
function isUnique(guid: string): boolean {
  return (
    /^[a-z][a-z\d+.-]*:\S/i.test(guid) || /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i.test(guid)
  );
}
