import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { type Article, isDoubtful, SURE } from "../../src/article/article.ts";
import { readGhostExport } from "../../src/article/exports/ghost.ts";
import { readArticle } from "../../src/article/read-articles.ts";
import { sniffFormat } from "../../src/article/sniff-format.ts";
import { only, rss } from "./feed/feeds.ts";

const content = path.join(import.meta.dirname, "../../content");

function sample(file: string): Article {
  const body = readFileSync(path.join(content, file), "utf8");
  return readArticle({ format: sniffFormat(body, file), location: file, body });
}

const foghorn = sample("01-foghorn.md");
const boat = sample("05-boat.md");
const eels = sample("03-eels.md");
const pew = sample("04-kirchenbank.md");

/** An item of a feed with a title and paragraphs. */
function itemOf(title: string, paragraphs: readonly string[]): Article {
  const html = paragraphs.map((paragraph) => `<p>${paragraph}</p>`).join("");
  const item = `<item><title>${title}</title><description><![CDATA[${html}]]></description></item>`;
  return only(rss(item)).article;
}

/** A reader of a format, by name. */
const FORMATS: readonly (readonly [string, typeof itemOf])[] = [
  ["a feed item", itemOf],
  [
    "Markdown",
    (title, paragraphs) => {
      const body = `# ${title}\n\n${paragraphs.join("\n\n")}\n`;
      return readArticle({ format: "markdown", location: "story.md", body });
    },
  ],
  [
    "a plain text",
    (title, paragraphs) => {
      const body = `${title}\n\n${paragraphs.join("\n\n")}\n`;
      return readArticle({ format: "text", location: "story.txt", body });
    },
  ],
];

const paragraphsOf = ({ text }: Article): string[] => text.split("\n\n");

describe.each(FORMATS)("the verdict on %s", (_format, readAs) => {
  it.each([boat, foghorn])("believes a whole story: $title", (article) => {
    const { reading } = readAs(article.title, paragraphsOf(article));
    expect(reading).toMatchObject({ doubtful: false, doubts: [] });
    expect(reading?.confidence).toBeGreaterThan(0.9);
  });

  it.each(
    Object.entries({
      "another story follows it": [...paragraphsOf(foghorn), ...paragraphsOf(pew)],
      "its characters are damaged": paragraphsOf(foghorn).map((text) =>
        text.replace(/[aeou](?=[rnst])/g, "\uFFFD"),
      ),
      "comments follow it": [
        ...paragraphsOf(foghorn),
        ...paragraphsOf(boat).flatMap((text, at) => [`Anna ${at} May 2021`, text.slice(0, 90)]),
      ],
    }),
  )("doubts it if %s", (_, paragraphs) => {
    const { reading } = readAs(foghorn.title, paragraphs);
    expect(reading?.doubts).toHaveLength(1);
    expect(isDoubtful(reading)).toBe(true);
    expect(reading?.confidence).toBeLessThan(0.9);
  });

  it("does not doubt a text of a few words", () => {
    expect(readAs("Eels", ["The ferry sails again."]).reading).toEqual(SURE);
  });
});

it("a feed item with another story in its place is doubted; the headline of a file is its author's", () => {
  const doubted = FORMATS.filter(([, readAs]) =>
    isDoubtful(readAs(foghorn.title, paragraphsOf(eels)).reading),
  );
  expect(doubted.map(([format]) => format)).toEqual(["a feed item"]);
});

it("a letter is believed", () => {
  expect(sample("00-letter.md").reading).toEqual(SURE);
});

it("a post of an export has a verdict", () => {
  const html = [...paragraphsOf(foghorn), ...paragraphsOf(pew)].map((text) => `<p>${text}</p>`);
  const post = { id: "1", title: foghorn.title, html: html.join(""), status: "published" };
  const body = JSON.stringify({ db: [{ data: { posts: [post] } }] });
  const { articles } = readGhostExport({ format: "feed", location: "ghost.json", body });
  expect(articles.map(({ reading }) => isDoubtful(reading))).toEqual([true]);
});

it("an HTML file that holds only a story has a verdict", () => {
  const body = (paragraphs: readonly string[]): string =>
    [`<h1>${foghorn.title}</h1>`, ...paragraphs.map((text) => `<p>${text}</p>`)].join("\n");
  const read = (paragraphs: readonly string[]): Article =>
    readArticle({ format: "html", location: "a.html", body: body(paragraphs) });
  expect(isDoubtful(read(paragraphsOf(foghorn)).reading)).toBe(false);
  expect(isDoubtful(read([...paragraphsOf(foghorn), ...paragraphsOf(pew)]).reading)).toBe(true);
});
