import { BroadsheetError } from "../../../errors.ts";
import type { Source } from "../../article.ts";
import { parseJsonFeed, parseXmlFeed, type RawFeed } from "./feedsmith.ts";
import { fromAtom } from "./from-atom.ts";
import { fromJson } from "./from-json.ts";
import { fromRdf, fromRss } from "./from-rss.ts";
import type { ParsedFeed } from "./parsed-feed.ts";
import { repairJson } from "../repair/repair-json.ts";
import { repairXml } from "../repair/repair-xml.ts";

/**
 * What a feed says, whatever its format and however broken it is; `mostItems` items of it at most.
 * @throws BroadsheetError CONTENT_UNSUPPORTED for what is no feed
 */
export function parseFeed(source: Source, mostItems: number): ParsedFeed {
  const raw = parseAny(source.body, mostItems);
  if (raw === undefined) throw noFeed(source);
  if (raw.is === "rss") return fromRss(raw.feed);
  if (raw.is === "rdf") return fromRdf(raw.feed);
  return raw.is === "feed" ? fromAtom(raw.feed) : fromJson(raw.feed);
}

function parseAny(text: string, mostItems: number): RawFeed | undefined {
  if (isJson(text)) {
    const json = repairJson(text);
    return json === undefined ? undefined : parseJsonFeed(json, mostItems);
  }
  const repaired = repairXml(text, mostItems);
  return repaired && parseXmlFeed(repaired.root, repaired.xml);
}

function isJson(text: string): boolean {
  return /^[\ufeff\s]*(?:\)\]\}'?,?\s*)?\{/.test(text.slice(0, 200));
}

function noFeed({ location, body }: Source): BroadsheetError {
  const page = /<(?:!doctype\s+html|html|body|head)[\s>]/i.test(body.slice(0, 5000));
  const feed = page ? feedOfPage(body, location) : undefined;
  const what = page
    ? "a web page, not a feed"
    : isJson(body)
      ? "JSON, but not a JSON Feed"
      : "not a feed";
  return new BroadsheetError("CONTENT_UNSUPPORTED", `${location} is ${what}`, {
    where: { file: location },
    fix: feed
      ? `its feed is at ${feed}`
      : "give the address of an RSS, Atom or JSON Feed, or of the article itself",
  });
}

const FEED_LINK =
  /<link\s[^<>]{0,500}?type\s*=\s*["']?application\/(?:rss|atom|feed)\+(?:xml|json)[^<>]{0,500}>/i;

// RSS autodiscovery: <link rel="alternate" type="application/rss+xml" href="…">
function feedOfPage(html: string, location: string): string | undefined {
  const link = FEED_LINK.exec(html.slice(0, 200_000))?.[0] ?? "";
  const href = /\shref\s*=\s*["']?([^"'\s<>]{1,500})/i.exec(link)?.[1];
  if (href === undefined) return undefined;
  return URL.canParse(href, location) ? new URL(href, location).href : href;
}
