import { describe, expect, test } from "vitest";
import type { Article, SourceFormat } from "../../src/article/article.ts";
import { readArticles } from "../../src/article/read-articles.ts";
import { cpuSecondsOf } from "../cpu-time.ts";

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

function read([format, location, write]: (typeof FORMATS)[number], fields: Fields): Article {
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

const CASES = FORMATS.flatMap((format) =>
  NAMES.map((name) => [`${name} in ${format[1]}`, name, format] as const),
);

describe("lone surrogates and NUL leave no trace in", () => {
  test.each(CASES)("%s", (_what, name, format) => {
    const { dropped, ...article } = read(format, {
      [name]: name === "body" ? `The\u0000 \ud800ferry. ${BODY}` : "Ana \ud800Ru\u0000iz \udc00",
    });
    const written = JSON.stringify(article);
    expect(written).not.toMatch(/\\u0000|\\ud[89a-f]/i);
    expect(hasStory({ ...article, dropped })).toBe(true);
  });
});

describe("200 KB of no-break spaces take no time in", () => {
  const BLANKS = "\u00a0".repeat(100_000);
  for (const format of FORMATS) read(format, {});
  test.each(CASES)("%s", (_what, name, format) => {
    const value = name === "body" ? `${BODY}${BLANKS}The end is here.` : `Ana${BLANKS}Ruiz`;
    // A second on a machine that does nothing else; the square of it takes minutes.
    expect(cpuSecondsOf(() => read(format, { [name]: value }))).toBeLessThan(5);
  });
});

describe("no field is longer than a mail can show", () => {
  const LONG = { words: "Ana Ruiz ".repeat(14_000), word: "w".repeat(126_000) };
  test.each(
    CASES.filter(([, name]) => name !== "body").flatMap(([what, name, format]) => [
      [`${what}, of many words`, name, format, LONG.words] as const,
      [`${what}, of one`, name, format, LONG.word] as const,
    ]),
  )("%s", (_what, name, format, value) => {
    const article = read(format, { [name]: value });
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
    // A description that is longer than the story is taken for it.
    if (format[0] !== "feed" || name !== "description") expect(hasStory(article)).toBe(true);
  });
});

describe("a story of 2 MB is read or refused, in bounded time", () => {
  test.each(FORMATS)("in %s", (format, location, write) => {
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
  });
});
