import type { RdfFeed, RdfItem, RssFeed, RssItem } from "./feedsmith.ts";
import { itemPicture } from "./item-picture.ts";
import { markup, type ParsedFeed, type ParsedItem } from "./parsed-feed.ts";

/** What RSS 0.9x, 2.0 and 1.0 (RDF) have in common. */
type AnyItem = RssItem & RdfItem;

/** What an RSS feed says, 0.91 to 2.0 with the modules that people use. */
export function fromRss(feed: RssFeed): ParsedFeed {
  return {
    ...channel(feed),
    language: feed.language ?? feed.dc?.languages?.[0] ?? feed.xml?.lang,
    items: (feed.items ?? []).map(fromRssItem),
  };
}

/** What an RDF feed says: RSS 0.90 and 1.0. */
export function fromRdf(feed: RdfFeed): ParsedFeed {
  return {
    ...channel(feed),
    language: feed.dc?.languages?.[0] ?? feed.xml?.lang,
    items: (feed.items ?? []).map(fromRdfItem),
  };
}

function channel(feed: RssFeed & RdfFeed): Omit<ParsedFeed, "items"> {
  const itunes = "itunes" in feed ? (feed as RssFeed).itunes : undefined;
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

function fromRssItem(item: RssItem): ParsedItem {
  const { guid } = item;
  // RSS 2.0: a guid is the item's address unless it says that it is not.
  const permalink =
    guid?.isPermaLink !== false && /^https?:\/\//i.test(guid?.value ?? "")
      ? guid?.value
      : undefined;
  const common = fromAnyItem(item);
  const people = [
    item.authors?.map(({ name, email }) => name ?? email ?? ""),
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

function fromRdfItem(item: RdfItem): ParsedItem {
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
