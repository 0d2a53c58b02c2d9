import { createRequire } from "node:module";
import type * as Feedsmith from "feedsmith";
import type { ListedFeed } from "../article.ts";

function load(): typeof Feedsmith {
  return createRequire(import.meta.url)("feedsmith");
}

/**
 * Reads a feed with one of the package's parsers. Undefined if the parser refuses it. The package throws a ParseError for a
 * feed with neither title nor items; here it is an empty feed.
 */
export function readWith<Raw extends object, Feed>(
  parse: (library: typeof Feedsmith) => Raw,
  read: (raw: Partial<Raw>) => Feed,
): Feed | undefined {
  const library = load();
  let raw: Partial<Raw> = {};
  try {
    raw = parse(library);
  } catch (error) {
    if (!(error instanceof library.ParseError)) return undefined;
  }
  return read(raw);
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

/** Writes an Atom feed (RFC 4287). */
export function writeAtomFeed(feed: Feedsmith.AtomFeed.Feed<Date>): string {
  return load().generateAtomFeed(feed);
}

/** Writes a JSON Feed, version 1.1. */
export function writeJsonFeed(feed: Feedsmith.JsonFeed.Feed<Date>): string {
  return `${JSON.stringify(load().generateJsonFeed(feed), undefined, 2)}\n`;
}
