import { boilerplateOf } from "../../src/article/boilerplate.ts";
import { isNameLine, namesInByline } from "../../src/article/byline.ts";
import { captionOf } from "../../src/article/caption.ts";
import { parseDate } from "../../src/article/dates.ts";
import { detectLanguage } from "../../src/article/detect-language.ts";
import { readFeed } from "../../src/article/feed.ts";
import { fromObsidian } from "../../src/article/documents/vault.ts";
import { isCutShort, readHtmlFragment } from "../../src/article/fragment.ts";
import { readLetter } from "../../src/article/markdown/letter.ts";
import { ownDescription } from "../../src/article/own-description.ts";
import { boundMarkup } from "../../src/article/page/bound-markup.ts";
import { chooseField } from "../../src/article/page/metadata/field-choice.ts";
import { readMetadata } from "../../src/article/page/metadata/read-metadata.ts";
import { parsePage } from "../../src/article/page/page-dom.ts";
import { readArticle } from "../../src/article/read-articles.ts";
import { sniffFormat } from "../../src/article/sniff-format.ts";
import boilerplate from "./boilerplate.json" with { type: "json" };
import bylines from "./bylines.json" with { type: "json" };
import captions from "./captions.json" with { type: "json" };
import comments from "./comments.json" with { type: "json" };
import cutShort from "./cut-short.json" with { type: "json" };
import datelines from "./datelines.json" with { type: "json" };
import descriptions from "./descriptions.json" with { type: "json" };
import feedTitles from "./feed-titles.json" with { type: "json" };
import formats from "./formats.json" with { type: "json" };
import fragments from "./fragments.json" with { type: "json" };
import frontMatter from "./front-matter.json" with { type: "json" };
import { isSame, judged, type Tables } from "./judged-rows.ts";
import letterBlocks from "./letter-blocks.json" with { type: "json" };
import obsidian from "./obsidian.json" with { type: "json" };
import pageFields from "./page-fields.json" with { type: "json" };
import pageParts from "./page-parts.json" with { type: "json" };
import languages from "./languages.json" with { type: "json" };
import storyBylines from "./story-bylines.json" with { type: "json" };
import writtenDates from "./written-dates.json" with { type: "json" };

/** The tables of what a reader finds in the lines around a story. */
export const READER_TABLES = {
  boilerplate: () => judged(boilerplate, ({ text, kind }) => boilerplateOf(text) === kind),
  bylines: () =>
    judged(bylines, ({ text, names, isName }) =>
      names === undefined ? isNameLine(text) === isName : isSame(namesInByline(text), names),
    ),
  captions: () =>
    judged(captions, ({ text, caption, credit }) => {
      const found = captionOf(text);
      return found?.text === caption && found?.credit === credit;
    }),
  comments: () =>
    judged(comments, ({ text, shown }) => {
      const read = readMarkdown(text);
      if (shown === undefined) return read.text === text && read.dropped.length === 0;
      const isTold = read.dropped.some(({ reason }) => reason === "a comment");
      return read.text === shown && read.html === `<p>${shown}</p>` && isTold;
    }),
  "cut-short": () => judged(cutShort, ({ text, isCut }) => isCutShort(text) === isCut),
  datelines: () =>
    judged(datelines, ({ text, isDateline }) => {
      const read = readText(
        `The ferry that waits\n\n${text}${isDateline ? "" : " "}${REST}\n\n${MORE}\n`,
      );
      if (!isDateline) return read.text.includes(text);
      return (
        read.text === `${REST}\n\n${MORE}` &&
        read.html.startsWith("<p>The ferry waits") &&
        read.dropped.some(
          (dropped) => dropped.text === text.trim() && dropped.reason === "the dateline",
        )
      );
    }),
  descriptions: () =>
    judged(descriptions, ({ text, title = "", story = PAGE.join("\n\n"), isOwn }) => {
      return ownDescription([text], title, story) === (isOwn ? text : undefined);
    }),
  "feed-titles": () =>
    judged(feedTitles, ({ text, title }) => {
      const body = `<rss version="2.0"><channel><title>F</title><item><title>${text}</title></item></channel></rss>`;
      const items = readFeed({ format: "feed", location: "https://paper.example/feed.xml", body });
      return items.length === 1 && items[0]?.article.title === title;
    }),
  formats: () =>
    judged(formats, ({ text, location, format }) => sniffFormat(text, location) === format),
  fragments: () => judged(fragments, ({ text, shown }) => readHtmlFragment(text).text === shown),
  "front-matter": () =>
    judged(frontMatter, ({ text, is }) => {
      const body = `---\n${text}\n---\n${REST}\n\n${MORE}\n`;
      const read = new Map<string, unknown>(Object.entries(readMarkdown(body)));
      const isWhole = read.get("text") === `${REST}\n\n${MORE}`;
      return (
        isWhole && Object.entries(is).every(([name, value]) => isSame([read.get(name)], [value]))
      );
    }),
  languages: () =>
    judged(
      languages,
      ({ text, language, newsletter }) => detectLanguage(text, newsletter) === language,
    ),
  "letter-blocks": () =>
    judged(letterBlocks, ({ text, block }) => isSameBlock(readLetter(text), { ...block, line: 1 })),
  obsidian: () =>
    judged(obsidian, ({ text, shown }) => {
      const note = `# The ferry\n\n${REST}\n\n${text}\n\n${MORE}\n`;
      const read = readMarkdown(fromObsidian(note, () => undefined));
      return read.text === [REST, shown, MORE].join("\n\n");
    }),
  "page-fields": () =>
    pageFields.map(({ language, field, head = "", body = "", location = "page.html", value }) => {
      const { html, jsonLd } = boundMarkup(
        `<!DOCTYPE html><html><head>${head}</head><body>${body}</body></html>`,
      );
      const metadata = readMetadata(parsePage(html), jsonLd, location);
      const { title, authors, date } = metadata.offers;
      const found = new Map<string, unknown>([
        ...Object.entries(metadata),
        ["title", chooseField("title", title).value],
        ["authors", chooseField("authors", authors).value ?? []],
        ["publishedAt", chooseField("date", date).value],
      ]);
      const isRight = isSame([found.get(field) ?? null], [value]);
      return { language, text: `${field} of ${head}${body} at ${location}`, isRight };
    }),
  "page-parts": () =>
    judged(pageParts, ({ text, reason, captions = [] }) => {
      const [first, second] = [PAGE.slice(0, 2), PAGE.slice(2)].map((half) =>
        half.map((paragraph) => `<p>${paragraph}</p>`).join("\n"),
      );
      const body = `<!DOCTYPE html><html lang="en"><head><title>The ferry sails again</title></head><body><article><h1>The ferry sails again</h1>${first}${text}${second}</article></body></html>`;
      const article = readArticle({ format: "html", location: "page.html", body });
      const words = text
        .replace(/<[^>]*>/g, "|")
        .split("|")
        .find((part) => part.trim() !== "");
      const left = article.dropped.find((entry) => entry.text.includes(words ?? text));
      return (
        article.text === PAGE.join("\n\n") &&
        isSame(article.captions, captions) &&
        (reason === undefined || left?.reason === reason)
      );
    }),
  "story-bylines": () =>
    judged(storyBylines, ({ language, byline, text, author }) => {
      const read = readText(`${byline}\n\n${text}\n\n${text}`);
      const { authors } = read;
      return (
        isSame(authors, [author]) &&
        read.language === language &&
        read.text === `${text}\n\n${text}`
      );
    }),
  "written-dates": () =>
    judged(writtenDates, ({ text, iso, zone }) => parseDate(text, zone ? "Z" : undefined) === iso),
} satisfies Tables;

/** The story of a page, of which something else stands in the middle. */
const PAGE = [
  "The ferry between Porthmoor and the islands will sail again on Thursday, nine days after a storm tore its landing stage from the quay.",
  "Engineers have set a new pontoon in place, the harbour master said on Monday, and will test it with an empty ship before the first passengers board.",
  "For the eleven hundred people on the islands the repair ends a week in which bread, post and medicine came by fishing boat, whenever the weather let one cross.",
  "The council has set aside four million for a stage that can be lifted out of the water before a storm, an idea that was turned down twice in the last ten years.",
];
const REST =
  "The ferry waits for the post van on the quay each day of the year, as it has always done.";
const MORE = "Its captain has done so for nineteen years, though the timetable says nothing of it.";

function readText(body: string) {
  return readArticle({ format: "text", location: "a.txt", body });
}

function readMarkdown(body: string) {
  return readArticle({ format: "markdown", location: "a.md", body });
}

/** Whether a letter has this one block, whatever the order of its fields. */
function isSameBlock(blocks: readonly object[], block: object): boolean {
  return isSame(blocks.map(inOrder), [inOrder(block)]);
}

function inOrder(block: object) {
  return Object.entries(block).sort(([a], [b]) => (a < b ? -1 : 1));
}
