import type { Source, Article, ReadItem, ReadOptions } from "./article.ts";
import { isUncategorised } from "./boilerplate.ts";
import { hashId, canonicalLink } from "./identity.ts";
import { unlessBroken, boundArticle } from "./compose-article.ts";
import { isDatedBefore, parseDate } from "./dates.ts";
import { noText } from "./decode-source.ts";
import {
  toLine,
  type ParsedFeed,
  type ParsedItem,
  toBodyHtml,
  type Markup,
} from "./feed/parsed-feed.ts";
import { parseFeed } from "./feed/parse-feed.ts";
import { httpAddress, languageTag, names } from "./field-values.ts";
import { languageOf } from "./detect-language.ts";
import { readHtmlFragment, type Fragment, leadsOn, isCutShort } from "./fragment.ts";
import { ownDescription } from "./own-description.ts";
import { countWords } from "./measure-text.ts";
import { judgeText } from "./reading.ts";
import { oneLine } from "./clean-text.ts";

/** An item of a feed. Its article has an id by `identify`, and no text if the feed has none. */
export interface FeedItem extends ReadItem {
  /** `url` is the address of the feed's site, or of the feed itself. */
  readonly feed: NonNullable<ReadItem["feed"]>;
}

export interface FeedOptions extends ReadOptions {
  /** The most items to read, from the top, where feeds list the newest. Default 1,000. */
  readonly mostItems?: number | undefined;
  /** Items dated before this moment are returned without their text, because reading the text is slow. */
  readonly since?: Date | undefined;
}

const MOST_ITEMS = 1000;

/**
 * The items of a feed in order: RSS 0.9x to 2.0, Atom 0.3 and 1.0, RDF, CDF and JSON Feed, also malformed ones. An
 * item that occurs twice is returned once. A feed without items returns none.
 * @throws BroadsheetError CONTENT_EMPTY for a source without text, CONTENT_UNSUPPORTED for a source that is not a
 * feed
 */
export function readFeed(source: Source, options: FeedOptions = {}): FeedItem[] {
  if (source.body.trim() === "") throw noText(source.location);
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

// Relative addresses are resolved against xml:base, then the feed's own link, then the address that the feed was read
// from. For a feed in a file, that is the address that the feed gives for itself.
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

/** The fields that identify an item. */
export interface Identifiable {
  readonly guid?: string | undefined;
  readonly link?: string | undefined;
  readonly title: string;
  readonly text: string;
}

/**
 * An id for each item of a feed, stable across time and place: a hash of its guid, or of its link and title, or of
 * its words. The date is not used, because it changes with every correction. Two items share an id only if they are
 * the same item. `feed` is the address of the site or feed.
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

// Short notes have no title, and some blogs give all notes of one day the same address.
function nameOf({ title, text }: Identifiable): string {
  return title === "" ? text.slice(0, 200) : title;
}

// Broken feeds give one guid to different stories. Such a guid identifies none of them.
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

// A URI or UUID is unique everywhere; "1234" is unique only in its feed.
function isUnique(guid: string): boolean {
  return (
    /^[a-z][a-z\d+.-]*:\S/i.test(guid) || /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i.test(guid)
  );
}

/** The fields that all items of a feed share. */
interface FeedFrame {
  readonly title: string;
  readonly language?: string | undefined;
  /** The base of relative addresses in the feed. */
  readonly base?: string | undefined;
  readonly location: string;
}

interface ComposedItem {
  readonly article: Omit<Article, "id">;
  readonly isComplete: boolean;
}

/** Composes an item into an Article without id, and decides whether the feed has the whole story. */
function composeItem(item: ParsedItem, feed: FeedFrame, options: ReadOptions): ComposedItem {
  const tags = tagsOf(item.tags);
  const body = longerOf(item.content, item.summary);
  const base = within(feed.base, item.base);
  const contentBase = within(base, item.contentBase);
  const url = httpAddress(item.link, base);
  const known = {
    title: toLine(item.title),
    authors: peopleIn(item.authors),
    others: [feed.title, ...tags, url],
  };
  const fragment = readHtmlFragment(body ? toBodyHtml(body) : "", contentBase, known);
  const { html, text, captions, dropped } = fragment;
  const publishedAt = parseDate(item.date ?? "", "Z");
  const summary = body === item.summary ? "" : toLine(item.summary);
  const description = ownDescription([summary], known.title, text);
  return {
    article: boundArticle<ComposedItem["article"]>({
      title: known.title,
      ...(url === undefined ? {} : { url }),
      ...(feed.title === "" ? {} : { site: feed.title }),
      authors: known.authors.length > 0 ? known.authors : fragment.authors,
      ...(publishedAt === undefined ? {} : { publishedAt }),
      language: languageOf(
        `${known.title}\n${text}`,
        languageTag(item.language ?? feed.language),
        options.language,
      ),
      tags,
      ...(description === undefined ? {} : { description }),
      kind: "story",
      html,
      text,
      images: picturesOf(item, fragment, contentBase),
      captions,
      dropped,
      reading: judgeText({ text, title: known.title, description }),
      source: feed.location,
    }),
    isComplete: isWhole({ text, isContent: body === item.content, sendsOn: dropped.some(leadsOn) }),
  };
}

function within(outer: string | undefined, inner: string | undefined): string | undefined {
  return httpAddress(inner, outer) ?? outer;
}

// Some feeds have the story in the description and a teaser in the content.
function longerOf(content: Markup | undefined, summary: Markup | undefined): Markup | undefined {
  if (!content || !summary) return content ?? summary;
  return summary.value.length > content.value.length * 2 ? summary : content;
}

function tagsOf(written: readonly string[]): string[] {
  const tags = written.map((tag) => toLine({ value: tag, is: "either" }));
  return [...new Set(tags)].filter(
    (tag) => tag !== "" && tag.length <= 80 && !isUncategorised(tag),
  );
}

function picturesOf(
  { image }: ParsedItem,
  { images }: Fragment,
  base: string | undefined,
): Article["images"] {
  const src = httpAddress(image?.src, base);
  if (!image || src === undefined || images.length > 0) return images;
  return [{ ...image, src }];
}

// The least number of words. A shorter content element has only a link and a line, and a shorter summary element may be only
// a summary.
const FEWEST_IN_CONTENT = 40;
const FEWEST_IN_SUMMARY = 150;

interface ItemText {
  readonly text: string;
  /** Whether the text is in the element that the format has for the whole story. */
  readonly isContent: boolean;
  /** Whether the text links the reader to the rest of the story. */
  readonly sendsOn: boolean;
}

/** Whether a feed has the whole story, so that its page need not be fetched. */
function isWhole({ text, isContent, sendsOn }: ItemText): boolean {
  if (sendsOn || isCutShort(text)) return false;
  return countWords(text) >= (isContent ? FEWEST_IN_CONTENT : FEWEST_IN_SUMMARY);
}

/** Limits the search for addresses, which is slow on a long text. */
const LONGEST_AUTHOR = 1000;

/** The names of people in the author fields of a feed, without mail addresses. */
function peopleIn(authors: readonly string[]): string[] {
  const people = authors.flatMap(
    (author) =>
      names(withoutAddress(toLine({ value: author.slice(0, LONGEST_AUTHOR), is: "either" }))) ?? [],
  );
  return [...new Set(people.map(withoutPlace))];
}

// "Ana Ruiz in Lisbon"
function withoutPlace(name: string): string {
  return name.replace(/^(\p{Lu}\S+(?:\s\S+){1,3})\s+in\s+\p{Lu}[\p{L} -]{1,40}$/u, "$1");
}

// "ana@example.org (Ana Ruiz)", "Ana Ruiz <ana@example.org>", "Ana Ruiz (ana@example.org)", "ana@example.org"
function withoutAddress(author: string): string {
  const named = /^\S+@\S+\s+\(([^()]+)\)$/.exec(author)?.[1];
  return oneLine(
    (named ?? author).replace(
      /[<([]?(?:mailto:)?[^\s<>()[\]@]+@[^\s<>()[\]@]+\.[^\s<>()[\]@]+[>)\]]?/g,
      " ",
    ),
  );
}
