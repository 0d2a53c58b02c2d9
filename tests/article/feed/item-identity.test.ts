import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { identify, type Identifiable } from "../../../src/article/feed.ts";
import { only, read, rss } from "./feeds.ts";

const idOf = (item: string): string => only(rss(item)).article.id;

const itemAt = (link: string, date: string): string =>
  `<item><title>A</title><link>${link}</link><pubDate>${date}</pubDate></item>`;

describe("an item keeps its id", () => {
  it("when its date, its text and its link change, if it has a guid", () => {
    const before =
      "<guid isPermaLink='false'>https://paper.example/?p=7</guid><title>A</title><link>https://paper.example/a</link><pubDate>Mon, 01 Jun 2026 08:00:00 GMT</pubDate>";
    const after =
      "<guid isPermaLink='false'>https://paper.example/?p=7</guid><title>A, corrected</title><link>https://paper.example/b</link><pubDate>Tue, 02 Jun 2026 08:00:00 GMT</pubDate>";
    expect(idOf(`<item>${after}</item>`)).toBe(idOf(`<item>${before}</item>`));
  });

  it("when its date changes and what a campaign adds to its link, if it has no guid", () => {
    const first = idOf(itemAt("http://www.paper.example/a/", "Mon, 01 Jun 2026 08:00:00 GMT"));
    expect(
      idOf(
        itemAt(
          "https://paper.example/a?utm_source=rss&amp;utm_medium=feed",
          "Tue, 02 Jun 2026 08:00:00 GMT",
        ),
      ),
    ).toBe(first);
    expect(idOf(itemAt("https://paper.example/b", "Mon, 01 Jun 2026 08:00:00 GMT"))).not.toBe(
      first,
    );
  });

  it("when the feed is read from another address", () => {
    const item: Identifiable = {
      guid: "https://paper.example/a",
      link: "https://paper.example/a",
      title: "A",
      text: "",
    };
    expect(identify([item], "https://paper.example/")).toEqual(
      identify([item], "https://mirror.example/"),
    );
  });
});

const itemSaying = (text: string): string =>
  `<item><guid>tag:paper.example,2026:7</guid><title>A</title><link>https://paper.example/a</link><description>${text}</description></item>`;

describe("two items are two", () => {
  it("when two feeds both call theirs 1234", () => {
    const item: Identifiable = { guid: "1234", title: "A", text: "" };
    expect(identify([item], "https://a.example/")).not.toEqual(
      identify([item], "https://b.example/"),
    );
  });

  it("when a broken feed gives all its items one guid", () => {
    const items = ["a", "b"].map(
      (name) =>
        `<item><guid>x</guid><title>${name}</title><link>https://paper.example/${name}</link></item>`,
    );
    expect(new Set(read(rss(items.join(""))).map(({ article }) => article.id)).size).toBe(2);
  });

  it("when notes without titles share the address of their day", () => {
    const items = ["One note.", "Another note."].map(
      (note) =>
        `<item><guid>https://paper.example/day</guid><description>${note}</description></item>`,
    );
    expect(read(rss(items.join("")))).toHaveLength(2);
  });

  it("but the same item twice is one, the first", () => {
    expect(
      read(rss(itemSaying("New text.") + itemSaying("Old text."))).map(
        ({ article }) => article.text,
      ),
    ).toEqual(["New text."]);
  });

  it("items of different names never share an id, whatever else they have, and their order changes none", () => {
    const small = fc.constantFrom("", "a", "b", "tag:x,2026:c");
    const link = fc.constantFrom(
      undefined,
      ..."abc".split("").map((name) => `https://paper.example/${name}`),
    );
    const item = fc.record({ guid: small, link, title: small, text: small });
    fc.assert(
      fc.property(fc.array(item, { maxLength: 8 }), (items) => {
        const ids = identify(items, "https://paper.example/");
        const reversed = identify(items.toReversed(), "https://paper.example/").toReversed();
        expect(reversed).toEqual(ids);
        for (const id of ids) {
          const same = items.filter((_, other) => ids[other] === id);
          expect(new Set(same.map(({ title, text }) => title || text)).size).toBe(1);
          expect(id).toMatch(/^[\da-f]{16}$/);
        }
      }),
    );
  });
});
