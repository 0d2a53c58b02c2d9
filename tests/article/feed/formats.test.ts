import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Identifiable, identify, readFeed } from "../../../src/article/feed.ts";
import { atom, only, prose, read, rss, titles } from "./feeds.ts";

it("an item does not repeat the name of its feed, its tags or its address", () => {
  const lines = [
    "The Harbour Paper",
    "The ferry sails again.",
    "It left at noon.",
    "Gulls followed.",
    "boats | quays",
    "Link: https://paper.example/ferry",
  ];
  const { article } = only(
    rss(`<item><title>Ferry returns</title><link>https://paper.example/ferry</link><category>boats</category><category>quays</category>
      <description>${lines.map((line) => `&lt;p&gt;${line}&lt;/p&gt;`).join("")}</description></item>`),
  );
  expect(article.text).toBe("The ferry sails again.\n\nIt left at noon.\n\nGulls followed.");
});

describe("each format of feed gives the same article", () => {
  const expected = {
    title: "Ferry returns",
    url: "https://paper.example/ferry",
    authors: ["Ana Ruiz"],
    publishedAt: "2026-06-01T08:30:00+02:00",
    text: "The ferry sails again.",
    site: "The Harbour Paper",
  };
  it.each(
    Object.entries({
      "RSS 2.0":
        rss(`<item><title>Ferry returns</title><link>https://paper.example/ferry</link><dc:creator>Ana Ruiz</dc:creator>
        <pubDate>Mon, 01 Jun 2026 08:30:00 CEST</pubDate><description>&lt;p&gt;The ferry sails again.&lt;/p&gt;</description></item>`),
      "Atom 1.0":
        atom(`<entry><id>tag:paper.example,2026:ferry</id><title>Ferry returns</title><link href="/ferry"/><author><name>Ana Ruiz</name></author>
        <published>2026-06-01T08:30:00+02:00</published><content type="html">&lt;p>The ferry sails again.</content></entry>`),
      "Atom 0.3": `<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>The Harbour Paper</title><link rel="alternate" href="https://paper.example/"/>
        <entry><title>Ferry returns</title><link rel="alternate" href="https://paper.example/ferry"/><author><name>Ana Ruiz</name></author>
        <issued>2026-06-01T08:30+02:00</issued><content type="text/html" mode="escaped">&lt;p>The ferry sails again.&lt;/p></content></entry></feed>`,
      "RSS 1.0 (RDF)": `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
        <channel rdf:about="https://paper.example/"><title>The Harbour Paper</title><link>https://paper.example/</link>
        <items><rdf:Seq><rdf:li rdf:resource="https://paper.example/ferry"/></rdf:Seq></items></channel>
        <item rdf:about="https://paper.example/ferry"><title>Ferry returns</title><link>https://paper.example/ferry</link>
        <dc:creator>Ana Ruiz</dc:creator><dc:date>2026-06-01T08:30:00+02:00</dc:date><description>The ferry sails again.</description></item></rdf:RDF>`,
      "JSON Feed 1.1": JSON.stringify({
        version: "https://jsonfeed.org/version/1.1",
        title: "The Harbour Paper",
        home_page_url: "https://paper.example/",
        authors: [{ name: "Ana Ruiz" }],
        items: [
          {
            id: "7",
            url: "https://paper.example/ferry",
            title: "Ferry returns",
            content_html: "<p>The ferry sails again.</p>",
            date_published: "2026-06-01T08:30:00+02:00",
          },
        ],
      }),
    }),
  )("%s", (_, body) => {
    const item = only(body);
    expect(item.article).toMatchObject(expected);
    expect(item.article.html).toBe("<p>The ferry sails again.</p>");
    expect(item.link).toBe(expected.url);
    expect(item.feed).toEqual({ title: "The Harbour Paper", url: "https://paper.example/" });
  });

  it("a CDF channel, whose items are attributes", () => {
    const item = only(`<CHANNEL HREF="https://paper.example/"><TITLE>The Harbour Paper</TITLE>
      <ITEM HREF="https://paper.example/ferry" LASTMOD="2026-06-01T08:30:00+02:00"><TITLE>Ferry returns</TITLE><ABSTRACT>It sails.</ABSTRACT></ITEM></CHANNEL>`);
    expect(item.article).toMatchObject({
      title: "Ferry returns",
      text: "It sails.",
      publishedAt: expected.publishedAt,
    });
    expect(item.link).toBe("https://paper.example/ferry");
  });

  it("RSS 0.91 that has its items beside the channel, or no channel at all", () => {
    const item = "<item><title>Ferry returns</title></item>";
    expect(
      titles(read(`<rss version="0.91"><channel><title>A</title></channel>${item}</rss>`)),
    ).toEqual(["Ferry returns"]);
    expect(titles(read(`<rss version="0.91">${item}</rss>`))).toEqual(["Ferry returns"]);
  });

  it("a feed whose elements all have a prefix", () => {
    const body = `<r:rss version="2.0" xmlns:r="http://backend.userland.com/rss2"><r:channel><r:title>A</r:title>
      <r:item><r:title>Ferry returns</r:title></r:item></r:channel></r:rss>`;
    expect(titles(read(body))).toEqual(["Ferry returns"]);
  });
});

it.each([
  ["RSS", rss("")],
  ["Atom", atom("")],
  ["RSS without even a title", '<rss version="2.0"><channel></channel></rss>'],
  ["JSON Feed", '{"version":"https://jsonfeed.org/version/1.1","title":"A","items":[]}'],
])("a feed without items gives none: %s", (_, body) => {
  expect(read(body)).toEqual([]);
});

describe("titles and names are plain text, whatever they were written in", () => {
  it("a JSON Feed's summary, which says that it is plain, has no references either", () => {
    const summary = "Un juge se r&#xE9;cuse devant la cour de la ville, dit le greffe.";
    const content_text =
      "La cour de la ville siège lundi. Un juge se récuse, dit le greffe du palais.";
    const feed = {
      version: "https://jsonfeed.org/version/1.1",
      title: "A",
      items: [{ id: "1", summary, content_text }],
    };
    expect(only(JSON.stringify(feed)).article.description).toBe(
      "Un juge se récuse devant la cour de la ville, dit le greffe.",
    );
  });

  it("Atom's plain text keeps its tags, because it says that it is plain", () => {
    const entry = '<entry><title type="text">What &lt;b>bold&lt;/b> is</title></entry>';
    expect(only(atom(entry)).article.title).toBe("What <b>bold</b> is");
  });

  it.each([
    ["<author>ana@paper.example (Ana Ruiz)</author>", ["Ana Ruiz"]],
    ["<dc:creator>Ana Ruiz &lt;ana@paper.example&gt;</dc:creator>", ["Ana Ruiz"]],
    ["<dc:creator>Ana Ruiz and Tom Lee</dc:creator>", ["Ana Ruiz", "Tom Lee"]],
    ["<dc:creator>Ana Ruiz in Lisbon</dc:creator>", ["Ana Ruiz"]],
    ["<author>desk@paper.example</author>", []],
    ["<author>desk@paper.example</author><dc:creator>Ana Ruiz</dc:creator>", ["Ana Ruiz"]],
  ])("the people in %s", (element, authors) => {
    expect(only(rss(`<item><title>A</title>${element}</item>`)).article.authors).toEqual(authors);
  });

  it("an entry without authors has the feed's (RFC 4287 §4.2.1)", () => {
    const body = atom("<entry><title>A</title></entry>", "<author><name>Ana Ruiz</name></author>");
    expect(only(body).article.authors).toEqual(["Ana Ruiz"]);
  });
});

const withGuid = (attributes: string): string =>
  rss(`<item><title>A</title><guid${attributes}>https://paper.example/7</guid></item>`);

describe("the link of an item", () => {
  it("is its guid, unless that says that it is no address", () => {
    expect(only(withGuid("")).link).toBe("https://paper.example/7");
    expect(only(withGuid(' isPermaLink="false"')).link).toBeUndefined();
    expect(only(withGuid(" isPermaLink=false")).link).toBeUndefined();
  });

  it("is the page, where an entry also links to itself, to comments and to a sound", () => {
    const links = `<link rel="self" href="https://paper.example/7.atom"/><link rel="replies" href="https://paper.example/7/comments"/>
      <link rel="enclosure" type="audio/mpeg" href="https://paper.example/7.mp3"/><link rel="alternate" type="text/html" href="https://paper.example/7"/>`;
    expect(only(atom(`<entry><title>A</title>${links}</entry>`)).link).toBe(
      "https://paper.example/7",
    );
  });

  it("is never a script", () => {
    expect(
      only(rss("<item><title>A</title><link>javascript:alert(1)</link></item>")).link,
    ).toBeUndefined();
  });
});

describe("relative addresses are resolved", () => {
  const picture = '&lt;p>&lt;a href="story">x&lt;/a>&lt;img src="a.jpg">&lt;/p>';
  const entry = (attributes: string, contentAttributes = ""): string =>
    `<entry${attributes}><title>A</title><link href="story"/><content type="html"${contentAttributes}>${picture}</content></entry>`;

  it("against xml:base of the content, the entry and the feed, each within the one around it", () => {
    const nested = atom(entry(' xml:base="en/"', ' xml:base="2026/"')).replace(
      "<feed ",
      '<feed xml:base="https://base.example/news/" ',
    );
    const { article, link } = only(nested);
    expect(link).toBe("https://base.example/news/en/story");
    expect(article.images[0]?.src).toBe("https://base.example/news/en/2026/a.jpg");
    expect(article.html).toContain('href="https://base.example/news/en/2026/story"');
  });

  it("else against the feed's link, else against where it was read from", () => {
    expect(only(atom(entry(""))).article.images[0]?.src).toBe("https://paper.example/a.jpg");
    const bare = `<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>${entry("")}</feed>`;
    expect(only(bare).link).toBe("https://paper.example/story");
  });

  it("a saved feed's against what it calls its own address", () => {
    const self = '<link rel="self" href="https://paper.example/news/feed.atom"/>';
    const body = `<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>${self}${entry("")}</feed>`;
    const [item] = readFeed({ format: "feed", location: "saved/feed.atom", body });
    expect(item?.link).toBe("https://paper.example/news/story");
  });
});

const inLanguage = (text: string, language: string): string =>
  rss(
    `<item><title>A</title><description>${text}</description></item>`,
    `<language>${language}</language>`,
  );

const summarised = (summary: string): string =>
  rss(
    `<item><title>A</title><description>${summary}</description><content:encoded><![CDATA[<p>${prose(60)}</p>]]></content:encoded></item>`,
  );

const dated = (date: string): string | undefined =>
  only(rss(`<item><title>A</title><pubDate>${date}</pubDate></item>`)).article.publishedAt;

describe("what else an item has", () => {
  it("its language: the item's, then the feed's, unless the script shows that it is another", () => {
    expect(only(inLanguage("Der Hafen öffnet.", "de-at")).article.language).toBe("de-AT");
    const russian =
      "Городской совет проголосовал за то, чтобы старая библиотека оставалась открытой ещё один год.";
    expect(only(inLanguage(russian, "en-US")).article.language).toBe("ru");
    expect(only(inLanguage("Ja.", "xx-bogus-"), { language: "nl" }).article.language).toBe("nl");
  });

  it("its tags, once each, without what only means that there is none", () => {
    const tags =
      "<category>Harbour</category><category>Uncategorized</category><category>Harbour</category><category>Salt &amp;amp; fish</category>";
    expect(only(rss(`<item><title>A</title>${tags}</item>`)).article.tags).toEqual([
      "Harbour",
      "Salt & fish",
    ]);
  });

  it("its picture, the widest of several sizes, with its credit", () => {
    const media = `<media:content medium="image" url="https://p.example/140.jpg" width="140"><media:credit>Ana Ruiz</media:credit></media:content>
      <media:content medium="image" url="https://p.example/460.jpg" width="460"><media:credit>Ana Ruiz</media:credit></media:content>`;
    const { images } = only(rss(`<item><title>A</title>${media}</item>`)).article;
    expect(images).toEqual([{ src: "https://p.example/460.jpg", alt: "", credit: "Ana Ruiz" }]);
  });

  it("the author's own summary, but not the story's beginning over again", () => {
    const own = `Nobody knew of the ${prose(60).split(" ").slice(2, 6).join(" ")}.`;
    expect(only(summarised(own)).article.description).toBe(own);
    expect(only(summarised(prose(60).slice(0, 80))).article.description).toBeUndefined();
    expect(
      only(summarised("Find out why a town fought for all its books.")).article.description,
    ).toBeUndefined();
    expect(only(summarised("Why a town fought for […]")).article.description).toBeUndefined();
  });

  it("dates of any kind, and none where there is none", () => {
    expect(dated("Mon, 01 Jun 2026 08:30:00 EST")).toBe("2026-06-01T08:30:00-05:00");
    expect(dated("2026-06-01 08:30:00")).toBe("2026-06-01T08:30:00Z");
    expect(dated("yesterday")).toBeUndefined();
  });
});

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

  it("Medium's signature is left out of the story", () => {
    const signature =
      "The tide was originally published in The Quay on Medium, where people are continuing the conversation by highlighting and responding to this story.";
    const { article } = only(
      content(
        `<p>${prose(60)}</p><hr><p><a href="/a">${signature.replace(" was", "</a> was")}</p>`,
      ),
    );
    expect(article.text).toBe(prose(60));
    expect(article.dropped).toEqual([{ text: signature, reason: "the feed's signature" }]);
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

const itemsDated = (date: string): string =>
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
    const { article } = only(itemsDated(date), { since });
    expect(article.text).toBe(text);
    expect(article.id).toBe(only(itemsDated(date)).article.id);
  });
});

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
