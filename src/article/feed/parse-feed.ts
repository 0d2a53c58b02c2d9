import type { BroadsheetError } from "../../errors.ts";
import type { Source } from "../article.ts";
import { readWith } from "./feedsmith.ts";
import type * as Feedsmith from "feedsmith";
import {
  type ParsedFeed,
  markup,
  type Markup,
  type ParsedItem,
  itemPicture,
  pictureAt,
} from "./parsed-feed.ts";
import { repairJson, repairXml } from "./repair-feed.ts";
import { refusal } from "../refusal.ts";

/**
 * Parses a feed of any format, however broken, up to `mostItems` items.
 * @throws BroadsheetError CONTENT_UNSUPPORTED for text that is not a feed
 */
export function parseFeed(source: Source, mostItems: number): ParsedFeed {
  const feed = isJson(source.body)
    ? parseJson(source.body, mostItems)
    : parseXml(source.body, mostItems);
  if (feed === undefined) throw noFeed(source);
  return feed;
}

function parseJson(text: string, maxItems: number): ParsedFeed | undefined {
  const json = repairJson(text);
  if (json === undefined) return undefined;
  return readWith(({ parseJsonFeed }) => parseJsonFeed(json, { maxItems }), fromJson);
}

function parseXml(text: string, mostItems: number): ParsedFeed | undefined {
  const { root, xml = "" } = repairXml(text, mostItems) ?? {};
  if (root === "rss") return readWith(({ parseRssFeed }) => parseRssFeed(xml), fromRss);
  if (root === "rdf") return readWith(({ parseRdfFeed }) => parseRdfFeed(xml), fromRdf);
  return root && readWith(({ parseAtomFeed }) => parseAtomFeed(xml), fromAtom);
}

function isJson(text: string): boolean {
  return /^[\ufeff\s]*(?:\)\]\}'?,?\s*)?\{/.test(text.slice(0, 200));
}

function noFeed({ location, body }: Source): BroadsheetError {
  const isPage = /<(?:!doctype\s+html|html|body|head)[\s>]/i.test(body.slice(0, 5000));
  const other = isJson(body) ? "JSON, but not a JSON Feed" : "not a feed";
  return refusal(
    location,
    `is ${isPage ? "a web page, not a feed" : other}`,
    "give the address of an RSS, Atom or JSON Feed, or of the article itself",
  );
}

/** Atom 1.0 (RFC 4287) and 0.3. */
function fromAtom(feed: Feedsmith.AtomFeed.Feed<string>): ParsedFeed {
  const authors = atomPeople(feed.authors);
  return {
    title: textOf(feed.title),
    link: alternate(feed.links),
    self: feed.links?.find(({ rel }) => rel === "self")?.href,
    description: textOf(feed.subtitle),
    language: feed.xml?.lang,
    base: feed.xml?.base,
    items: (feed.entries ?? []).map((entry) => fromEntry(entry, authors)),
  };
}

function fromEntry(
  entry: Feedsmith.AtomFeed.Entry<string>,
  feedAuthors: readonly string[],
): ParsedItem {
  const { content, media, dc } = entry;
  // RFC 4287 §4.2.1: an entry without authors has the authors of its source, or of the feed.
  const authors = [
    atomPeople(entry.authors),
    dc?.creators ?? [],
    atomPeople(entry.source?.authors),
    feedAuthors,
  ];
  const summary = textOf(entry.summary) ?? mediaDescription(entry);
  return {
    guid: entry.id,
    title: textOf(entry.title) ?? markup(dc?.titles?.[0] ?? media?.title?.value, "either"),
    link:
      alternate(entry.links) ?? (/^https?:/i.test(content?.src ?? "") ? content?.src : undefined),
    content: markup(
      content?.value,
      kindOf(content?.type) === "text" ? "either" : kindOf(content?.type),
    ),
    summary,
    date: entry.published ?? dc?.dates?.[0] ?? entry.updated,
    authors: authors.find((names) => names.length > 0) ?? [],
    tags: (entry.categories ?? []).flatMap(({ label, term }) => label ?? term ?? []),
    image: itemPicture(
      media,
      (entry.links ?? []).filter(({ rel }) => rel === "enclosure").map(enclosed),
    ),
    language: content?.xml?.lang ?? entry.xml?.lang,
    base: entry.xml?.base,
    contentBase: content?.xml?.base,
  };
}

function mediaDescription({ media }: Feedsmith.AtomFeed.Entry<string>): Markup | undefined {
  return markup(media?.description?.value ?? media?.groups?.[0]?.description?.value, "either");
}

function enclosed({ href, type }: Feedsmith.AtomFeed.Link<string>): {
  url?: string;
  type?: string;
} {
  return { ...(href === undefined ? {} : { url: href }), ...(type === undefined ? {} : { type }) };
}

// The page for readers: an "alternate" link, or one without a relation. HTML is preferred.
function alternate(links: readonly Feedsmith.AtomFeed.Link<string>[] = []): string | undefined {
  const pages = links.filter(
    ({ rel }) => rel === undefined || /^alternate$|\/alternate$/i.test(rel),
  );
  const page = pages.find(({ type = "text/html" }) => /html/i.test(type)) ?? pages[0];
  return page?.href;
}

function atomPeople(people: readonly Feedsmith.AtomFeed.Person[] = []): string[] {
  return people.flatMap(({ name }) => name ?? []);
}

function textOf(text: Feedsmith.AtomFeed.Text | undefined): Markup | undefined {
  return markup(text?.value, kindOf(text?.type));
}

// Atom 0.3 has media types. Without a type the format means plain text, but feeds often write HTML.
function kindOf(type: string | undefined): Markup["is"] {
  if (type === undefined) return "either";
  return /html|xml/i.test(type) ? "html" : "text";
}

/** JSON Feed 1.0 and 1.1 (jsonfeed.org). */
function fromJson(feed: Feedsmith.JsonFeed.Feed<string>): ParsedFeed {
  const authors = jsonPeople(feed.authors);
  return {
    title: markup(feed.title, "text"),
    link: feed.home_page_url,
    self: feed.feed_url,
    description: markup(feed.description, "text"),
    language: feed.language,
    items: (feed.items ?? []).map((item) => fromItem(item, authors)),
  };
}

function fromItem(
  item: Feedsmith.JsonFeed.Item<string>,
  feedAuthors: readonly string[],
): ParsedItem {
  const authors = jsonPeople(item.authors);
  return {
    guid: item.id,
    title: markup(item.title, "either"),
    link: item.url ?? item.external_url,
    content: markup(item.content_html, "html") ?? markup(item.content_text, "text"),
    summary: markup(item.summary, "text"),
    date: item.date_published ?? item.date_modified,
    authors: authors.length > 0 ? authors : feedAuthors,
    tags: item.tags ?? [],
    image: pictureAt(item.image ?? item.banner_image),
    language: item.language,
  };
}

function jsonPeople(people: readonly Feedsmith.JsonFeed.Author[] = []): string[] {
  return people.flatMap(({ name }) => name ?? []);
}

/** The common fields of RSS 0.9x, 2.0 and 1.0 (RDF). */
type AnyItem = Feedsmith.RssFeed.Item<string> & Feedsmith.RdfFeed.Item<string>;

/** RSS 0.91 to 2.0, with the common modules. */
function fromRss(feed: Feedsmith.RssFeed.Feed<string>): ParsedFeed {
  return {
    ...channel(feed),
    language: feed.language ?? feed.dc?.languages?.[0] ?? feed.xml?.lang,
    items: (feed.items ?? []).map(fromRssItem),
  };
}

/** RDF feeds: RSS 0.90 and 1.0. */
function fromRdf(feed: Feedsmith.RdfFeed.Feed<string>): ParsedFeed {
  return {
    ...channel(feed),
    language: feed.dc?.languages?.[0] ?? feed.xml?.lang,
    items: (feed.items ?? []).map(fromRdfItem),
  };
}

function channel(
  feed: Feedsmith.RssFeed.Feed<string> & Feedsmith.RdfFeed.Feed<string>,
): Omit<ParsedFeed, "items"> {
  const itunes = "itunes" in feed ? feed.itunes : undefined;
  return {
    title: markup(feed.title ?? feed.dc?.titles?.[0], "either"),
    link: feed.link ?? feed.atom?.links?.find(({ rel = "alternate" }) => rel === "alternate")?.href,
    self: feed.atom?.links?.find(({ rel }) => rel === "self")?.href,
    description: markup(
      feed.description ?? feed.dc?.descriptions?.[0] ?? itunes?.summary,
      "either",
    ),
    base: feed.xml?.base,
  };
}

function fromRssItem(item: Feedsmith.RssFeed.Item<string>): ParsedItem {
  const { guid } = item;
  // RSS 2.0: a guid is the item's address unless `isPermaLink` is false.
  const permalink =
    guid?.isPermaLink !== false && /^https?:\/\//i.test(guid?.value ?? "")
      ? guid?.value
      : undefined;
  const common = fromAnyItem(item);
  const people = [
    // An author with only a mail address is skipped, so that names in other fields are used.
    item.authors?.flatMap(({ name }) => name ?? []),
    item.dc?.creators,
    [item.itunes?.author ?? ""],
  ];
  return {
    ...common,
    guid: guid?.value ?? item.atom?.id,
    title: common.title ?? markup(item.itunes?.title, "either"),
    link: common.link ?? permalink,
    summary: common.summary ?? markup(item.itunes?.summary ?? item.itunes?.subtitle, "either"),
    date: item.pubDate ?? common.date,
    authors: people.find((names) => names?.some((name) => name.trim() !== "")) ?? [],
    tags: [...(item.categories ?? []).flatMap(({ name }) => name ?? []), ...common.tags],
    image: itemPicture(item.media, item.enclosures),
  };
}

function fromRdfItem(item: Feedsmith.RdfFeed.Item<string>): ParsedItem {
  return { ...fromAnyItem(item), guid: item.rdf?.about };
}

function fromAnyItem(item: AnyItem): ParsedItem {
  const { dc, dcterms, media, atom } = item;
  const description = item.description ?? dc?.descriptions?.[0] ?? media?.description?.value;
  return {
    title: markup(item.title ?? dc?.titles?.[0] ?? media?.title?.value, "either"),
    link: item.link ?? atom?.links?.find(({ rel = "alternate" }) => rel === "alternate")?.href,
    content: markup(item.content?.encoded, "html"),
    summary: markup(description ?? atom?.summary?.value, "either"),
    date:
      dc?.dates?.[0] ??
      dcterms?.issued?.[0] ??
      dcterms?.created?.[0] ??
      atom?.published ??
      atom?.updated ??
      dcterms?.modified?.[0],
    authors: dc?.creators ?? dcterms?.creators ?? [],
    tags: dc?.subjects ?? [],
    image: itemPicture(media),
    language: dc?.languages?.[0] ?? item.xml?.lang,
    base: item.xml?.base,
  };
}
