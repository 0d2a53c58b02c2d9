import * as fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import {
  type Article,
  type Source,
  type SourceFormat,
  doubtText,
  isDoubtful,
} from "../../src/article/article.ts";
import { findDate, parseDate } from "../../src/article/dates.ts";
import { MAX_ARTICLE_BYTES } from "../../src/article/decode-source.ts";
import { detectLanguage } from "../../src/article/detect-language.ts";
import { readArticle, readArticles } from "../../src/article/read-articles.ts";
import { judgeReading } from "../../src/article/reading.ts";
import { sniffFormat } from "../../src/article/sniff-format.ts";
import { parseDigest } from "../../src/digest/digest-json.ts";
import { digestSchema } from "../../src/digest/digest.ts";
import { cpuSecondsOf } from "../cpu-time.ts";
import { roundUp } from "../fixtures.ts";
import { STORY, codeOf, read } from "./articles.ts";

describe("what cannot be read says so", () => {
  it.each(["feed", "export"] as const)("a %s holds several articles", (format) => {
    expect(codeOf(() => read(format, "<p>Hello</p>"))).toBe("CONTENT_UNSUPPORTED");
  });

  it.each([[""], [" \n\t"], ["\ufeff\u200b\n"], ["\0\0"]])(
    "nothing to read is empty: %j",
    (body) => {
      expect(codeOf(() => read("text", body))).toBe("CONTENT_EMPTY");
      expect(codeOf(() => read("markdown", body))).toBe("CONTENT_EMPTY");
    },
  );

  it("more than the cap is too large, counted in bytes", () => {
    const body = "é".repeat(MAX_ARTICLE_BYTES / 2 + 1);
    expect(codeOf(() => read("text", body))).toBe("CONTENT_TOO_LARGE");
  });

  it.each([
    ["a PDF", "%PDF-1.7\n%âãÏÓ\n1 0 obj"],
    ["a PNG picture", "\u0089PNG\r\n\u001a\n"],
    ["a PNG picture", "\ufffdPNG\r\n\u001a\n"],
    ["a JPEG picture", "\u00ff\u00d8\u00ff\u00e0\u0000\u0010JFIF"],
    ["a GIF picture", "GIF89a\u0001"],
    ["a ZIP archive", "PK\u0003\u0004\u0014"],
  ])("%s is no text, however it was decoded", (kind, body) => {
    expect(codeOf(() => read("html", body))).toBe("CONTENT_BINARY");
    expect(() => read("text", body)).toThrow(`content/story.txt seems to be ${kind}`);
  });

  it("names the file", () => {
    expect(() => read("text", "")).toThrow("content/story.txt has no text in it");
  });
});

describe("an article's id", () => {
  it("is the same for the same words, wherever they are read from", () => {
    const other = readArticle({ format: "text", location: "elsewhere.txt", body: STORY });
    expect(other.id).toBe(read("text", STORY).id);
    expect(other.id).toMatch(/^[0-9a-f]{16}$/);
  });

  it("follows the address where there is one, so that a correction does not change it", () => {
    const head = "---\nurl: https://paper.example/dike\n---\n";
    expect(read("markdown", head + STORY).id).toBe(
      read("markdown", `${head}${STORY} Corrected.`).id,
    );
    expect(read("markdown", STORY).id).not.toBe(read("markdown", `${STORY} Corrected.`).id);
  });
});

describe("the language", () => {
  it("declared wins over what the text says", () => {
    expect(read("markdown", `---\nlang: nn\n---\n${STORY}`).language).toBe("nn");
  });

  it("of the newsletter counts only where the text does not tell", () => {
    expect(read("text", STORY, { language: "de" }).language).toBe("en");
    expect(read("text", "Overby", { language: "de" }).language).toBe("de");
  });

  it("is never told from a title alone", () => {
    const body = "# Der lange Weg der alten Fähre über den Sund und zurück\n\nOverby 1962.";
    expect(read("markdown", body, { language: "sv" }).language).toBe("sv");
  });
});

it.each([
  ["https://paper.example/letter.md?page=1#top", "markdown"],
  ["content/Letter #5.md", "markdown"],
  ["content/Why?.md", "markdown"],
])("%s is read as %s", (location, format) => {
  expect(sniffFormat("Plain words.", location)).toBe(format);
});

describe("what holds no article is refused under the name of a feed or an export", () => {
  it.each([
    ["notes.json", "not json {", /^notes\.json is neither a JSON Feed nor an export from Ghost/],
    ["package.json", '{ "name": "harbour" }', /neither a JSON Feed nor/],
    ["version.json", '{ "version": "1.0.0" }', /neither a JSON Feed nor/],
    ["words.json", "Plain words, which any file may hold.", /neither a JSON Feed nor/],
    ["-", '[{ "title": "Tide tables" }]', /neither a JSON Feed nor/],
    ["https://paper.example/api?page=1", '{"posts": []}', /neither a JSON Feed nor/],
    ["tides.csv", "day,high water\nMonday,6:12", /not an export from Substack or Beehiiv/],
    ["garbage.xml", "not xml <", /neither RSS nor Atom nor a page/],
    ["settings.xml", "<settings><width>3</width></settings>", /neither RSS nor Atom nor a page/],
  ])("%s with %j", (location, text, message) => {
    expect(() => sniffFormat(text, location)).toThrow(
      expect.objectContaining({
        code: "CONTENT_UNSUPPORTED",
        message: expect.stringMatching(message),
        fix: expect.stringMatching(/^remove it, or (?:fetch|export) it again/),
        where: { file: location },
      }),
    );
  });
});

const PARAGRAPHS = [
  "The ferry at Samphire Quay waits eleven minutes each morning for the post van, which comes over the hill from Thornsea with letters for the islands.",
  "Its captain has done so for nineteen years, though the timetable says nothing of it, and the passengers have long brought their coffee on board.",
  "On Tuesday the harbour board voted to write the wait into the timetable, by seven votes to two, after a letter from the islands with 412 names.",
  "The van's driver, who learned of the vote on her round, said that she would go on driving as she always had, and that the hill was the hill.",
];

function page(story: string, head = "", title = "The ferry that waits"): string {
  return `<html><head><title>${title}</title>${head}</head><body><main><h1>${title}</h1>${story}</main></body></html>`;
}

const paragraphs = (texts: readonly string[]) => texts.map((text) => `<p>${text}</p>`).join("");

function readingOf(html: string) {
  const { reading } = readArticle({ format: "html", location: "ferry.html", body: html });
  if (!reading) throw new Error("every page has a verdict");
  return reading;
}

describe("the verdict on a page", () => {
  test("one that was read whole is sure", () => {
    const description =
      '<meta property="og:description" content="The ferry at Samphire Quay waits each morning for the post van.">';
    expect(readingOf(page(paragraphs(PARAGRAPHS), description))).toMatchObject({
      doubtful: false,
      doubts: [],
    });
  });

  test.each([
    ["English", "Subscribe to continue reading"],
    ["German", "Jetzt abonnieren und weiterlesen"],
    ["French", "Cet article est réservé aux abonnés"],
    ["Spanish", "Contenido exclusivo para suscriptores"],
    ["Japanese", "この記事は有料会員限定です"],
  ])("a paywall in %s makes it partial", (_language, gate) => {
    const html = page(
      paragraphs(PARAGRAPHS.slice(0, 2)) + `<div class="wall"><p>${gate}</p></div>`,
    );
    expect(readingOf(html)).toMatchObject({ partial: "paywall" });
  });

  test("a teaser that breaks off is a stub", () => {
    const html = page(
      `<p>${PARAGRAPHS[0]}</p><p>Its captain has done so for nineteen years, though the timetable …</p>`,
    );
    expect(readingOf(html)).toMatchObject({ partial: "stub" });
  });

  test("a page that says it is about something else is doubted", () => {
    const head =
      '<meta property="og:description" content="Cheap flights, hotels and rental cars for your next holiday in the sun: book today and save.">';
    const title = "Cheap flights and hotels: book your holiday today";
    const reading = readingOf(page(paragraphs(PARAGRAPHS), head, title));
    expect(doubtText(reading)).toContain("not be about its headline");
    expect(isDoubtful(reading)).toBe(true);
  });

  const OTHER = [
    "A lamp from the lighthouse at Wrack Head was sold at auction on Monday for 900 pounds, to a bidder who would not be named.",
    "It had been sold there before, in 1974, and to the same family, whose name the auctioneer would not give to the paper either.",
    "The lighthouse has had no lamp of its own since then, and its keeper's cottage is let to people who come for the birds.",
    "The auctioneer said that lamps of the kind are rare, and that the buyer paid at once, before the hall had emptied.",
  ];
  const COMMENTS = Array.from(
    { length: 14 },
    (_, at) =>
      `<div class="item"><div><b>Anna K.</b> <span>${at + 1} March 2021, 10:02</span></div><p>I have taken that boat for ${at + 3} years and never once minded the wait, whatever the two of them on the board may say.</p></div>`,
  );
  const REFERENCES = Array.from(
    { length: 30 },
    (_, at) =>
      `<li>Pellow, J., ${1990 + at}. On ferries and the post in the islands. Journal of Harbours, ${at}(2), ${at + 100}–${at + 120}.</li>`,
  );

  test.each([
    ["another story", `<h1>A lamp sold at auction</h1>${paragraphs([...OTHER, ...OTHER])}`],
    ["more comments than story", COMMENTS.join("")],
    ["a list of references", `<h3>References</h3><ol>${REFERENCES.join("")}</ol>`],
  ])("a story with %s under it is doubted, with a reason", (_what, more) => {
    const { doubtful, doubts } = readingOf(page(paragraphs(PARAGRAPHS) + more));
    expect(doubtful).toBe(true);
    expect(doubts).toHaveLength(1);
  });

  test("a story in another encoding is doubted", () => {
    const damaged = PARAGRAPHS.map((text) => text.replace(/[ei]/g, "\uFFFD"));
    expect(readingOf(page(paragraphs(damaged))).doubts).toContain(
      "some of its characters are damaged",
    );
  });

  test("a headline that is the site's name is doubted", () => {
    const reading = judgeReading({
      title: "The Quay",
      isTitleSite: true,
      story: PARAGRAPHS,
      after: [],
      mayBeHidden: false,
      prediction: { f1: 0.98, doubt: undefined },
    });
    expect(reading.doubts).toEqual(["its headline is the name of the site"]);
  });

  test("what reads like an imprint is doubted", () => {
    const imprint = [
      "Impressum. Verantwortlich für den Inhalt ist die Hafenzeitung, Kaistraße 4.",
      "Handelsregister Nordhafen, HRB 4711. Umsatzsteuer-Nummer auf Anfrage in der Geschäftsstelle.",
    ];
    const reading = readingOf(page(paragraphs(imprint)));
    expect(reading.doubts).toContain("it reads like an imprint");
  });

  test("a word within another one is no sign of a wall, and a long story may speak of subscribers", () => {
    const text =
      "The paper tells its readers to subscribe to continue reading, and 412 of them did so in a year.";
    expect(
      readingOf(
        page(
          paragraphs([
            ...PARAGRAPHS,
            ...PARAGRAPHS.map((one) => `${one} ${one}`),
            text,
            ...PARAGRAPHS,
          ]),
        ),
      ),
    ).toMatchObject({ doubts: [] });
  });
});

test("what an earlier version read is believed", () => {
  expect(isDoubtful(undefined)).toBe(false);
});

/** Names that every object has, or that parsers take for dangerous. */
const OBJECT_NAMES = [...Object.getOwnPropertyNames(Object.prototype), "prototype", "then"];
/** A name that nothing has. */
const PLAIN = "unheard-of";

type Shape = (name: string) => string;

const json: Shape = (name) => {
  const extra = `"${name}": { "a": 1 }, `;
  const author = `{ ${extra}"name": "Ida Holm" }`;
  const first = `{ ${extra}"id": "1", "title": "One", "content_text": ${JSON.stringify(STORY)}, "authors": [${author}] }`;
  const second = `{ "id": "2", "title": "Two", "content_text": "The ferry sails." }`;
  return `{ "version": "https://jsonfeed.org/version/1.1", ${extra}"title": "F", "items": [${first}, ${second}] }`;
};

const rss: Shape = (name) => {
  const element = `<${name} a="1">x</${name}>`;
  return `<rss version="2.0">${element}<channel>${element}<title>F</title><item ${name}="x"><title>One</title><guid ${name}="x">1</guid>${element}<description>${STORY}</description></item><item><title>Two</title></item></channel></rss>`;
};

const atom: Shape = (name) =>
  `<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><${name}/><entry><id>1</id><${name}>x</${name}><title>One</title><content>${STORY}</content></entry><entry><id>2</id><title>Two</title></entry></feed>`;

const ghost: Shape = (name) =>
  JSON.stringify({
    db: [
      {
        meta: { version: "5.80.0" },
        data: {
          posts: [{ title: "One", html: `<p>${STORY}</p>`, status: "published", NAME: "x" }],
        },
      },
    ],
  }).replaceAll('"NAME"', JSON.stringify(name));

const beehiiv: Shape = (name) =>
  `id,web_title,status,url,content_html,created_at,${name}\n1,One,confirmed,https://h.example/p/one,<p>${STORY.replaceAll("\n", " ")}</p>,2026-06-01,x\n`;

const yaml: Shape = (name) => `---\ntitle: One\n${name}: x\nkicker: Water\n---\n${STORY}\n`;
const toml: Shape = (name) =>
  `+++\ntitle = "One"\n"${name}" = "x"\nkicker = "Water"\n+++\n${STORY}\n`;
const fields: Shape = (name) =>
  `;;;\n{"title": "One", "${name}": "x", "kicker": "Water"}\n;;;\n${STORY}\n`;
const linked: Shape = (name) =>
  `<!doctype html><title>One</title><script type="application/ld+json">{"@type":"NewsArticle","${name}":"x","headline":"One","author":{"${name}":1,"name":"Ida Holm"}}</script><article><h1>One</h1>${STORY.split(
    "\n\n",
  )
    .map((text) => `<p>${text}</p>`)
    .join("")}</article>`;

function articlesIn(format: SourceFormat, location: string, body: string): Partial<Article>[] {
  const source: Source = { format, location, body };
  // What was left out names the key.
  return readArticles(source).items.map(({ article }) => {
    const { dropped: _, ...rest } = article;
    return rest;
  });
}

describe("a key with a name that every object has changes no article", () => {
  test.each<[string, SourceFormat, Shape]>([
    ["a JSON Feed, its items and their authors", "feed", json],
    ["RSS, its channel, items and attributes", "feed", rss],
    ["Atom", "feed", atom],
    ["a namespace of Atom", "feed", (name) => atom(`media:${name}`)],
    ["an export of Ghost", "export", ghost],
    ["a column of an export of Beehiiv", "export", beehiiv],
    ["YAML", "markdown", yaml],
    ["TOML", "markdown", toml],
    ["front matter in JSON", "markdown", fields],
    ["JSON-LD of a page", "html", linked],
  ])("in %s", (_where, format, shape) => {
    const location = format === "markdown" ? "story.md" : "https://h.example/source";
    const usual = articlesIn(format, location, shape(PLAIN));
    expect(usual.map(({ title }) => title).slice(0, 1)).toEqual(["One"]);
    for (const name of OBJECT_NAMES)
      expect(articlesIn(format, location, shape(name)), name).toEqual(usual);
  });
});

test("such a key in digest.json is refused as any other unknown one", () => {
  const text = JSON.stringify(digestSchema.parse(roundUp(1)));
  for (const name of OBJECT_NAMES) {
    const key = JSON.stringify(name);
    const shallow = text.replace("{", `{${key}:"x",`);
    const deep = text.replace('"article":{', `"article":{${key}:"x",`);
    expect(() => parseDigest(shallow, "digest.json")).toThrow(`${name} is not a field`);
    expect(() => parseDigest(deep, "digest.json")).toThrow(
      `sections.0.entries.0.article.${name} is not a field`,
    );
  }
});

const BODY = `The ferry at Sallow Ness leaves when the post van has come, and not before. The van comes at eight on most days.

Edda Marlow has driven the van since 1998 and has missed the ferry twice. Both times the ferry waited for her.`;

/** What a source says of itself, and in its story. */
interface Fields {
  readonly title?: string;
  readonly author?: string;
  readonly tag?: string;
  readonly date?: string;
  readonly description?: string;
  readonly site?: string;
  readonly body?: string;
}

const NAMES = ["title", "author", "tag", "date", "description", "site", "body"] as const;

type Write = (fields: Fields) => string;

const FORMATS: readonly (readonly [SourceFormat, string, Write])[] = [
  [
    "text",
    "a.txt",
    ({ title = "The ferry", author = "Ana Ruiz", date = "12 March 2019", body = BODY }) =>
      `${title}\n\nBy ${author}\n\n${date}\n\n${body}`,
  ],
  [
    "markdown",
    "a.md",
    ({ title = "The ferry", author, tag, date, description, site, body = BODY }) =>
      `---\n${Object.entries({ title, author, tags: tag, date, description, site })
        .map(([key, value]) => (value === undefined ? "" : `${key}: "${value}"\n`))
        .join("")}---\n\n${body}`,
  ],
  [
    "html",
    "a.html",
    ({ title = "The ferry", author, tag, date, description, site, body = BODY }) =>
      `<!DOCTYPE html><html><head><title>${title}</title><meta property="og:title" content="${title}">
      <meta name="author" content="${author}"><meta property="article:author" content="${author}">
      <meta property="article:tag" content="${tag}"><meta property="article:published_time" content="${date}">
      <meta name="description" content="${description}"><meta property="og:description" content="${description}">
      <meta property="og:site_name" content="${site}"><script type="application/ld+json">${JSON.stringify(
        {
          "@type": "NewsArticle",
          headline: title,
          author,
          keywords: tag,
          datePublished: date,
          description,
        },
      )}</script></head><body><article><h1>${title}</h1><div class="byline">By ${author}</div>
      <time class="date">${date}</time>${body
        .split("\n\n")
        .map((paragraph) => `<p>${paragraph}</p>`)
        .join("")}</article></body></html>`,
  ],
  [
    "feed",
    "feed.xml",
    ({
      title = "The ferry",
      author = "",
      tag = "",
      date = "",
      description = "",
      site = "",
      body,
    }) =>
      `<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
      <channel><title>${site}</title><item><title>${title}</title><dc:creator>${author}</dc:creator><category>${tag}</category>
      <pubDate>${date}</pubDate><description>${description}</description><content:encoded>${body ?? BODY}</content:encoded></item></channel></rss>`,
  ],
];

function readStory([format, location, write]: (typeof FORMATS)[number], fields: Fields): Article {
  const { items, broken } = readArticles({ format, location, body: write(fields) });
  expect(broken).toEqual([]);
  const [item] = items;
  if (!item) throw new Error(`nothing was read of ${location}`);
  return item.article;
}

// A comparison that fails would print ten megabytes.
function hasStory({ text }: Article): boolean {
  return text.includes("has driven the van since 1998");
}

/** The same text in each of these fields. */
function every(value: string, names: readonly (keyof Fields)[] = NAMES): Fields {
  return Object.fromEntries(names.map((name) => [name, value]));
}

const CASES = FORMATS.map((format) => [format[1], format] as const);

test.each(CASES)("lone surrogates and NUL leave no trace in: %s", (_what, format) => {
  const { dropped, ...article } = readStory(format, {
    ...every("Ana \ud800Ru\u0000iz \udc00"),
    body: `The\u0000 \ud800ferry. ${BODY}`,
  });
  expect(JSON.stringify(article)).not.toMatch(/\\u0000|\\ud[89a-f]/i);
  expect(hasStory({ ...article, dropped })).toBe(true);
});

test.each(CASES)("200 KB of no-break spaces in each field take no time in: %s", (_what, format) => {
  const blanks = "\u00a0".repeat(100_000);
  readStory(format, {});
  const fields = { ...every(`Ana${blanks}Ruiz`), body: `${BODY}${blanks}The end is here.` };
  // Some seconds on a machine that does nothing else; the square of it takes minutes.
  expect(cpuSecondsOf(() => readStory(format, fields))).toBeLessThan(10);
});

describe("no field is longer than a mail can show", () => {
  const LONG = { "many words": "Ana Ruiz ".repeat(14_000), "one word": "w".repeat(126_000) };
  test.each(
    FORMATS.flatMap((format) =>
      Object.entries(LONG).map(([what, value]) => [what, format[1], value, format] as const),
    ),
  )("of %s in %s", (_what, _name, value, format) => {
    // A description that is longer than the story is taken for it.
    const names = NAMES.filter((name) => name !== "body" && name !== "description");
    for (const fields of [every(value, names), { description: value }]) {
      const article = readStory(format, fields);
      const {
        title,
        authors,
        tags,
        site = "",
        description = "",
        url = "",
        publishedAt = "",
      } = article;
      expect(title.length).toBeLessThanOrEqual(300);
      expect(authors.join("").length).toBeLessThan(7000);
      expect(tags.join("").length).toBeLessThan(6000);
      expect([site, url, publishedAt].join("").length).toBeLessThan(5000);
      expect(description.length).toBeLessThanOrEqual(2000);
      if (format[0] !== "feed" || !("description" in fields)) expect(hasStory(article)).toBe(true);
    }
  });
});

test.each(FORMATS)(
  "a story of 2 MB is read or refused, in bounded time: in %s",
  (format, location, write) => {
    const body = `${BODY}\n\n`.repeat(8_000);
    const source = { format, location, body: write({ body }) };
    const seconds = cpuSecondsOf(() => {
      try {
        const { items } = readArticles(source);
        expect(items.some(({ article }) => hasStory(article))).toBe(true);
      } catch (error) {
        expect(error).toMatchObject({ code: "CONTENT_TOO_LARGE" });
      }
    });
    expect(seconds).toBeLessThan(15);
  },
);

describe("every date that is written is read back", () => {
  const moment = fc.date({
    min: new Date("1900-01-01T00:00:00Z"),
    max: new Date("2199-12-31T00:00:00Z"),
    noInvalidDate: true,
  });

  it("in ISO 8601, RFC 5322 and English, to the second where it has one", () => {
    fc.assert(
      fc.property(moment, (date) => {
        const iso = date.toISOString().replace(/\.\d+/, "");
        const day = iso.slice(0, 10);
        const english = date.toLocaleDateString("en-GB", { dateStyle: "long", timeZone: "UTC" });
        expect([date.toISOString(), date.toUTCString()].map((text) => parseDate(text))).toEqual([
          iso,
          iso,
        ]);
        expect([day, english].map((text) => parseDate(text))).toEqual([day, day]);
      }),
    );
  });

  it("and whatever else is written gives a date in ISO 8601 that exists, or none", () => {
    const words = fc.constantFrom(
      ..."Mon, 01 31 Jun juin 2026 26 08:30 25:61:00 PM GMT +0200 +9999 T - / Z 年".split(" "),
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(words, { maxLength: 8 }).map((parts) => parts.join(" ")),
    );
    fc.assert(
      fc.property(text, (written) => {
        const iso = parseDate(written, "Z") ?? "2026-01-01";
        expect(iso).toMatch(/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d))?$/);
        expect(Number.isNaN(Date.parse(iso))).toBe(false);
      }),
    );
  });
});

it("a byline's date is found, and what stands beside it", () => {
  expect(findDate("By Ida Holm November 19, 2019")).toMatchObject({ iso: "2019-11-19" });
});

it("the language of a text is never undetermined", () => {
  const text = "Qwrtz plkjh gfdsa mnbvc xyzzy qqqqq wwwww rrrrr zzzzz ppppp";
  expect(detectLanguage(text)).toMatch(/^[a-z]{2}$/);
});
