import { expect, test } from "vitest";
import { readPage } from "../../../src/article/page.ts";
import { boundMarkup } from "../../../src/article/page/bound-markup.ts";
import { parsePage } from "../../../src/article/page/page-dom.ts";
import { WEB_SHAPES } from "../web-shapes.ts";
import {
  ARABIC_PAGE,
  BLOG_PAGE,
  CHINESE_PAGE,
  FERRY,
  GERMAN_PAGE,
  NEWS_PAGE,
  page,
  paragraphs,
  WIKI_PAGE,
} from "./pages.ts";

// Lines that rules know, in a place where the trees are sure of the story.
const IN_THE_STORY = [
  "Read more: who pays for a pier that nobody likes",
  "Photo: Eva Roth / Getty Images",
  "By Ana Ruiz and Tom Lee",
  "Published on 4 March 2024",
  "Share this article",
  "Reporting by Ana Ruiz; editing by Tom Lee",
  "* * *",
];

const PAGES: readonly (readonly [name: string, html: string])[] = [
  ...WEB_SHAPES.map(({ name, html }) => [name, html] as const),
  ["a newspaper's page", NEWS_PAGE],
  ["a blog's page", BLOG_PAGE],
  ["an encyclopedia's page", WIKI_PAGE],
  ["a page in German", GERMAN_PAGE],
  ["a page in Arabic", ARABIC_PAGE],
  ["a page in Chinese", CHINESE_PAGE],
  ...IN_THE_STORY.map((line): readonly [string, string] => [
    `the line "${line}" in a story`,
    page(
      `<article><h1>The ferry sails again</h1>${paragraphs([...FERRY, line, ...FERRY, ...FERRY])}</article>`,
    ),
  ]),
];

test.each(PAGES)("a page is printed as its blocks were judged: %s", (_, html) => {
  const { blocks } = readPage(boundMarkup(html), "page.html", parsePage).seen;
  expect(blocks).not.toEqual([]);
  const against = blocks.filter(({ chance, role }) => {
    const isPrinted = role === "story" || role === "markup";
    return isPrinted ? chance < 0.3 : chance >= 0.85;
  });
  expect(against.map(({ text, role, chance }) => [role, chance, text])).toEqual([]);
});
