import { expect } from "vitest";
import { readFeed, type FeedItem, type FeedOptions } from "../../../src/article/feed.ts";
import { BroadsheetError } from "../../../src/errors.ts";

export const LOCATION = "https://paper.example/feed.xml";

/** A feed read from its text, as if from LOCATION. */
export function read(body: string, options?: FeedOptions): FeedItem[] {
  return readFeed({ format: "feed", location: LOCATION, body }, options);
}

/** The only item of a feed. */
export function only(body: string, options?: FeedOptions): FeedItem {
  const items = read(body, options);
  expect(items).toHaveLength(1);
  const [item] = items;
  if (!item) throw new Error("no item");
  return item;
}

/** An RSS 2.0 feed around some items. */
export function rss(items: string, channel = ""): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>The Harbour Paper</title><link>https://paper.example/</link>${channel}${items}</channel></rss>`;
}

export function atom(entries: string, head = ""): string {
  return `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>The Harbour Paper</title>
<link href="https://paper.example/"/>${head}${entries}</feed>`;
}

export function titles(items: readonly FeedItem[]): string[] {
  return items.map(({ article }) => article.title);
}

/** What reading ends in, where it ends in an error. */
export function failure(act: () => unknown): BroadsheetError {
  try {
    act();
  } catch (error) {
    if (error instanceof BroadsheetError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

/** A paragraph of so many words. */
export function prose(words: number): string {
  const sentence =
    "The council kept the old library open for one more year after a long vote on Tuesday night".split(
      " ",
    );
  return `${Array.from({ length: words }, (_, index) => sentence[index % sentence.length]).join(" ")}.`;
}
