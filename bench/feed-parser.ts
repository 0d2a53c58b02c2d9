/** readFeed's parser as the feed benchmark calls it: `parse(bytes, contentType)`. */
import { decodeFeed } from "../src/article/decode-source.ts";
import { parseContentType } from "../src/platform/http/answer-outcome.ts";
import { readFeed } from "../src/article/feed.ts";
import { parseFeed } from "../src/article/feed/parse-feed.ts";
import type { Markup } from "../src/article/feed/parsed-feed.ts";

/** Where the benchmark's own feeds were served from when its answers were written down. */
const LOCATION = "http://127.0.0.1:8097/feed/";

interface ParsedCase {
  readonly title?: string | undefined;
  readonly link?: string | undefined;
  readonly description?: string | undefined;
  readonly items: readonly object[];
}

/** What the reader makes of a feed, in the fields that the benchmark asks for. */
export function parse(bytes: Uint8Array, contentType?: string): ParsedCase {
  const source = {
    format: "feed",
    location: LOCATION,
    body: decodeFeed(bytes, parseContentType(contentType).charset),
  } as const;
  const parsed = parseFeed(source, Number.POSITIVE_INFINITY);
  const read = readFeed(source, { mostItems: Number.POSITIVE_INFINITY });
  return {
    title: parsed.title?.value,
    link: read[0]?.feed.url ?? parsed.link,
    description: parsed.description?.value,
    items: parsed.items.map((item, index) => ({
      id: item.guid,
      title: read[index]?.article.title,
      link: read[index]?.link,
      text: text(item.summary),
      content: text(item.content),
      date: read[index]?.article.publishedAt,
      author: read[index]?.article.authors[0],
    })),
  };
}

function text(markup: Markup | undefined): string | undefined {
  return markup?.value;
}
