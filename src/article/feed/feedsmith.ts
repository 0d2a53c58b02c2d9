import { createRequire } from "node:module";
import type * as Feedsmith from "feedsmith";
import type { ListedFeed } from "../article.ts";
import type { FeedRoot } from "./repair-feed.ts";

export type RssFeed = Feedsmith.RssFeed.Feed<string>;
export type RssItem = Feedsmith.RssFeed.Item<string>;
export type RdfFeed = Feedsmith.RdfFeed.Feed<string>;
export type RdfItem = Feedsmith.RdfFeed.Item<string>;
export type AtomFeed = Feedsmith.AtomFeed.Feed<string>;
export type AtomEntry = Feedsmith.AtomFeed.Entry<string>;
export type AtomLink = Feedsmith.AtomFeed.Link<string>;
export type AtomPerson = Feedsmith.AtomFeed.Person;
export type AtomText = Feedsmith.AtomFeed.Text;
export type JsonFeed = Feedsmith.JsonFeed.Feed<string>;
export type JsonItem = Feedsmith.JsonFeed.Item<string>;
export type JsonAuthor = Feedsmith.JsonFeed.Author;
export type Media = Feedsmith.MediaNs.ItemOrFeed;
export type MediaContent = Feedsmith.MediaNs.Content;

export type RawFeed =
  | { readonly is: "rss"; readonly feed: RssFeed }
  | { readonly is: "feed"; readonly feed: AtomFeed }
  | { readonly is: "rdf"; readonly feed: RdfFeed }
  | { readonly is: "json"; readonly feed: JsonFeed };

function load(): typeof Feedsmith {
  return createRequire(import.meta.url)("feedsmith");
}

/** Parses well-formed XML (see repairXml) with the parser of its format; undefined if the parser refuses it. */
export function parseXmlFeed(root: FeedRoot, xml: string): RawFeed | undefined {
  const { parseRssFeed, parseAtomFeed, parseRdfFeed } = load();
  return attempt(
    () => {
      if (root === "rss") return { is: "rss", feed: parseRssFeed(xml) };
      if (root === "rdf") return { is: "rdf", feed: parseRdfFeed(xml) };
      return { is: "feed", feed: parseAtomFeed(xml) };
    },
    { is: root, feed: {} },
  );
}

type Outline = Feedsmith.Opml.Outline<string>;

/** The feeds that an OPML document lists, each address once; undefined if the parser refuses it. */
export function parseFeedList(xml: string): ListedFeed[] | undefined {
  const feeds = new Map<string, ListedFeed>();
  const list = (outlines: readonly Outline[], groups: readonly string[]): void => {
    for (const { text = "", title = text, xmlUrl = "", outlines: inner = [] } of outlines) {
      const url = URL.parse(
        xmlUrl
          .trim()
          .replace(/^feed:(?:\/\/)?(?!https?:)/, "https://")
          .replace(/^feed:/, ""),
      );
      if (url && /^https?:$/.test(url.protocol) && !url.username && !feeds.has(url.href))
        feeds.set(url.href, { title: title || url.host, url: url.href, groups });
      list(inner, xmlUrl === "" && title !== "" ? [...groups, title] : groups);
    }
  };
  try {
    list(load().parseOpml(xml).body?.outlines ?? [], []);
    return [...feeds.values()];
  } catch {
    return undefined;
  }
}

/** Parses a JSON Feed; undefined for other JSON. */
export function parseJsonFeed(json: unknown, mostItems: number): RawFeed | undefined {
  const parse = load().parseJsonFeed;
  return attempt(() => ({ is: "json", feed: parse(json, { maxItems: mostItems }) }), {
    is: "json",
    feed: {},
  });
}

// The library throws a ParseError for a feed with neither title nor items. Here it is an empty feed.
function attempt(parse: () => RawFeed, empty: RawFeed): RawFeed | undefined {
  const { ParseError } = load();
  try {
    return parse();
  } catch (error) {
    return error instanceof ParseError ? empty : undefined;
  }
}

/** Writes an Atom feed (RFC 4287). */
export function writeAtomFeed(feed: Feedsmith.AtomFeed.Feed<Date>): string {
  return load().generateAtomFeed(feed);
}

/** Writes a JSON Feed, version 1.1. */
export function writeJsonFeed(feed: Feedsmith.JsonFeed.Feed<Date>): string {
  return `${JSON.stringify(load().generateJsonFeed(feed), undefined, 2)}\n`;
}
