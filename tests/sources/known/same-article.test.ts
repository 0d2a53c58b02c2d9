import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Article } from "../../../src/article/article.ts";
import { readArticles } from "../../../src/article/read-articles.ts";
import {
  fingerprinter,
  isEdited,
  isSameArticle,
  keysOf,
} from "../../../src/digest/stories/fingerprint.ts";
import type { Fingerprint } from "../../../src/digest/stories/story.ts";

const TEXT = `The evening ferry from Port Carrow leaves when the post van has come, and it has been late on 212 days in a row.
The van climbs Beacon Hill behind the school bus, which stops eleven times before the chapel.
In March the council offered to move the departure by twenty minutes, and nobody on the island wanted it.
The islanders had set their own clocks by the late ferry for years, and the inn had moved its supper.`;

const OTHER = `The keeper of Pen Voose lighthouse has counted the moths on its lantern every night for nine years.
She began with a tally on the back of a tide table, and now has eleven ledgers and 46 species.
The university at Lanner has copied them, and has asked the keeper for ten more years of counting.`;

const EDITED = TEXT.replace("212 days", "213 days");
const QUAY = "https://quay.example/";
const MOTHS = { title: "A lamp that counts moths", link: `${QUAY}m`, text: OTHER };

interface Entry {
  title?: string;
  link?: string;
  guid?: string;
  date?: string;
  text?: string;
}

/** The items of a feed, as its reader gives them. */
function feedOf(...entries: Entry[]): Fingerprint[] {
  const items = entries.map(
    ({ title = "", link, guid, date, text = TEXT }) =>
      `<item><title>${title}</title>${link ? `<link>${link.replaceAll("&", "&amp;")}</link>` : ""}${guid ? `<guid isPermaLink="false">${guid}</guid>` : ""}${date ? `<pubDate>${date}</pubDate>` : ""}<description>${text}</description></item>`,
  );
  const body = `<?xml version="1.0"?><rss version="2.0"><channel><title>The Quay</title><link>https://quay.example/</link>${items.join("")}</channel></rss>`;
  const read = readArticles({ format: "feed", location: "https://quay.example/feed", body });
  const articles = read.items.map(({ article }) => article);
  const printOf = fingerprinter(articles, {
    source: "https://quay.example/feed",
    isCollection: true,
    site: "https://quay.example/",
  });
  return articles.map(printOf);
}

function one(entry: Entry): Fingerprint {
  const [first] = feedOf(entry);
  if (!first) throw new Error("the feed has no item");
  return first;
}

const FERRY = {
  title: "The ferry that waits for the post",
  link: "https://quay.example/ferry",
  guid: "quay-1",
  date: "Mon, 23 Nov 2026 07:00:00 GMT",
};

/** As the store does it: looked for by its keys, then compared. */
function isFound(before: Fingerprint, now: Fingerprint): boolean {
  const keys = new Set(keysOf(before));
  return keysOf(now).some((key) => keys.has(key)) && isSameArticle(before, now);
}

describe("an item that comes again is the same", () => {
  const { link: _, ...unlinked } = FERRY;
  test.each<[string, Entry, Entry]>([
    ["over https", { ...FERRY, link: "http://quay.example/ferry" }, { ...FERRY, guid: "x" }],
    ["with a slash at the end", FERRY, { ...FERRY, guid: "x", link: `${FERRY.link}/` }],
    ["with another headline and text", FERRY, { ...FERRY, guid: "x", title: "Late", text: OTHER }],
    ["at another address, by its guid", FERRY, { ...FERRY, link: "https://quay.example/26/ferry" }],
    [
      "at another address, by its text",
      FERRY,
      { ...FERRY, guid: "x", link: "https://new.example/f" },
    ],
    ["unlinked, its typo mended", unlinked, { ...unlinked, guid: "x", title: `${FERRY.title}s` }],
    ["unlinked, its text edited", unlinked, { ...unlinked, guid: "x", text: EDITED }],
    ["unlinked, without a text", { ...unlinked, text: "" }, { ...unlinked, text: "" }],
  ])("%s", (_name, before, now) => {
    expect(isFound(one(before), one(now))).toBe(true);
  });
});

describe("another item is another", () => {
  test.each<[string, Entry, Entry]>([
    ["at its own address", FERRY, MOTHS],
    [
      "under a guid that is its place in the feed",
      { ...FERRY, guid: "1" },
      { ...MOTHS, guid: "1" },
    ],
    ["with the address of the whole site", { ...FERRY, link: QUAY }, { ...MOTHS, link: QUAY }],
    ["the next number of a series", { title: "Tides of week 47" }, { title: "Tides of week 48" }],
    [
      "a report that comes each day in one form",
      { title: "Harbour watch", link: `${QUAY}1` },
      { title: "Harbour watch", link: `${QUAY}2`, text: EDITED },
    ],
    ["elsewhere, of no text", { ...FERRY, text: "" }, { title: FERRY.title, link: QUAY, text: "" }],
    [
      "by one query",
      { ...FERRY, guid: "a", link: `${QUAY}?p=1` },
      { ...MOTHS, link: `${QUAY}?p=2` },
    ],
  ])("%s", (_name, before, now) => {
    expect(isFound(one(before), one(now))).toBe(false);
  });

  test("of a feed that gives all its items one address", () => {
    const link = "https://quay.example/news";
    const [ferry] = feedOf({ ...FERRY, link }, { title: "Moths", link, text: OTHER });
    const [eels] = feedOf({ title: "Eels by night", link, guid: "z", text: OTHER });
    expect(ferry && eels && isFound(ferry, eels)).toBe(false);
  });
});

function fileOf(over: Partial<Article>, id: string): Fingerprint {
  const [item] = readArticles({ format: "text", location: "a.txt", body: TEXT }).items;
  if (!item) throw new Error("no article");
  const origin = { source: "content", file: "content/latest.md", isCollection: false };
  const article = { ...item.article, id, ...over };
  return fingerprinter([article], origin)(article);
}

test("a file: is the same when it is edited, and another when all of it is", () => {
  const before = fileOf({ title: "The ferry that waits" }, "1");
  expect(isFound(before, fileOf({ title: "The ferry that waits", text: OTHER }, "2"))).toBe(true);
  expect(isFound(before, fileOf({ title: "Late again" }, "3"))).toBe(true);
  expect(isFound(before, fileOf({ title: "A lamp for moths", text: OTHER }, "4"))).toBe(false);
});

test("what counts as edited: is more than a typo", () => {
  const before = one(FERRY);
  expect(isEdited(before, one({ ...FERRY, guid: "x", date: "" }))).toBe(false);
  expect(isEdited(before, one({ ...FERRY, title: "The ferry that waits for the pots" }))).toBe(
    false,
  );
  expect(isEdited(before, one({ ...FERRY, text: TEXT.replace("eleven", "elevn") }))).toBe(false);
  expect(isEdited(before, one({ ...FERRY, text: OTHER }))).toBe(true);
  expect(isEdited(before, one({ ...FERRY, title: "Island gives up on its clock" }))).toBe(true);
});

test("an article is always itself, whatever is in it", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (title, text) => {
      const [item] = readArticles({ format: "text", location: "a.txt", body: TEXT }).items;
      const article = item && { ...item.article, title, text };
      const print =
        article && fingerprinter([article], { source: "a", isCollection: true })(article);
      expect(print && isFound(print, print) && !isEdited(print, print)).toBe(true);
    }),
  );
});
