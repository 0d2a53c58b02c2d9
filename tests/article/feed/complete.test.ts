import { describe, expect, it } from "vitest";
import { atom, only, prose, rss } from "./feeds.ts";

const content = (html: string): string =>
  rss(
    `<item><title>A</title><link>https://paper.example/a</link><content:encoded><![CDATA[${html}]]></content:encoded></item>`,
  );
const description = (text: string): string =>
  rss(
    `<item><title>A</title><link>https://paper.example/a</link><description><![CDATA[${text}]]></description></item>`,
  );

describe("the page is fetched where the feed has only a part of the story", () => {
  it.each([
    ["a whole story in the content", content(`<p>${prose(200)}</p>`), true],
    ["a short but whole note in the content", content(`<p>${prose(45)}</p>`), true],
    ["a link and a line in the content", content("<p>submitted by somebody</p>"), false],
    ["content that breaks off", content(`<p>${prose(200)} And then […]</p>`), false],
    ["content that ends in three dots", content(`<p>${prose(200)} And then…</p>`), false],
    [
      "content that invites to read on",
      content(`<p>${prose(200)}</p><p><a href="/a">Continue reading →</a></p>`),
      false,
    ],
    [
      "the same in its last paragraph",
      content(`<p>${prose(200)} <a href="/a">Read more</a></p>`),
      false,
    ],
    [
      "the same in German",
      content(`<p>${prose(200)}</p><p><a href="/a">Weiterlesen</a></p>`),
      false,
    ],
    [
      "the same in Japanese",
      content(`<p>${prose(200)}</p><p><a href="/a">続きを読む</a></p>`),
      false,
    ],
    ["a whole story in the description", description(`<p>${prose(200)}</p>`), true],
    ["a teaser in the description", description(prose(30)), false],
    ["a title alone", rss("<item><title>A</title></item>"), false],
    [
      "a story behind an address of its own",
      atom('<entry><title>A</title><content src="https://paper.example/a"/></entry>'),
      false,
    ],
  ])("%s", (_, body, isComplete) => {
    expect(only(body).complete).toBe(isComplete);
  });

  it("a teaser in the content gives way to the story in the description", () => {
    const item = only(
      rss(
        `<item><title>A</title><description><![CDATA[<p>${prose(300)}</p>]]></description><content:encoded>Short.</content:encoded></item>`,
      ),
    );
    expect(item.article.text).toBe(prose(300));
    expect(item.complete).toBe(true);
  });

  it("the link to the rest and the feed's signature are left out of the story, and listed", () => {
    const { article } = only(
      content(
        `<p>${prose(60)}</p><p><a href="/a">Read more</a></p><p>The post <a href="/a">A</a> appeared first on <a href="/">The Paper</a>.</p>`,
      ),
    );
    expect(article.text).toBe(prose(60));
    expect(article.dropped).toEqual([
      { text: "Read more", reason: "a link to the rest of the story" },
      { text: "The post A appeared first on The Paper.", reason: "the feed's signature" },
    ]);
  });
});

const dated = (date: string): string =>
  rss(
    `<item><title>A</title><link>https://paper.example/a</link><pubDate>${date}</pubDate><description>${prose(200)}</description></item>`,
  );

describe("an item that is too old for whoever reads", () => {
  const since = new Date("2026-11-10T12:00:00Z");
  it.each([
    ["dated before", "Tue, 10 Nov 2026 11:59:59 GMT", ""],
    ["dated since", "Tue, 10 Nov 2026 12:00:00 GMT", prose(200)],
    ["with no date", "", prose(200)],
  ])("%s: its text is left unread, and it is the same item", (_, date, text) => {
    const { article } = only(dated(date), { since });
    expect(article.text).toBe(text);
    expect(article.id).toBe(only(dated(date)).article.id);
  });
});
