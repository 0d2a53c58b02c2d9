import { describe, expect, test } from "vitest";
import { lostOpening } from "../../../src/article/html/lost-opening.ts";
import { parsePage } from "../../../src/article/page/page-dom.ts";
import { textBlocksIn, type TextBlock } from "../../../src/article/html/text-blocks.ts";
import { FERRY, page, paragraphs, read } from "./pages.ts";

function blocksOf(texts: readonly string[]): TextBlock[] {
  return textBlocksIn(parsePage(page(paragraphs(texts))).body);
}

const all = blocksOf(["The ferry sails again", ...FERRY]);
const withoutOpening = blocksOf(FERRY.slice(1));
const cut = `${FERRY[0].slice(0, 90)}…`;

describe("an opening that was lost", () => {
  test("is found by the description that was cut from it", () => {
    expect(lostOpening(withoutOpening, all, [cut]).map(({ text }) => text)).toEqual([FERRY[0]]);
  });

  test("is found with the paragraphs between it and the rest", () => {
    expect(lostOpening(blocksOf(FERRY.slice(2)), all, [cut]).map(({ text }) => text)).toEqual(
      FERRY.slice(0, 2),
    );
  });

  test("is not missed where it is there", () => {
    expect(lostOpening(blocksOf(FERRY), all, [cut])).toEqual([]);
  });

  test("is not looked for without a description", () => {
    expect(lostOpening(withoutOpening, all, [])).toEqual([]);
    expect(lostOpening(withoutOpening, all, ["Too short."])).toEqual([]);
  });

  test("is not a standfirst, which is the whole of its description", () => {
    expect(lostOpening(withoutOpening, all, [FERRY[0]])).toEqual([]);
  });

  test("is not somewhere else on the page", () => {
    expect(lostOpening(blocksOf(FERRY.slice(0, 2)), all, [FERRY[3].slice(0, 90)])).toEqual([]);
  });
});

test("a recovered opening stands first, in the text and in the HTML", () => {
  const lead = `<div class="intro-box"><ul><li><a href="/">Home</a></li><li><a href="/c">Coast</a></li><li><a href="/h">Harbours</a></li></ul><div class="lead">${FERRY[0]}</div></div>`;
  const head = `<title>The ferry</title><meta property="og:description" content="${cut}">`;
  const article = read(
    page(
      `<h1>The ferry</h1>${lead}<div class="story"><article class="body">${paragraphs([...FERRY.slice(1), ...FERRY.slice(1)])}</article></div>`,
      head,
    ),
  );
  expect(article.text.startsWith(FERRY[0])).toBe(true);
  expect(article.html.startsWith(`<p>${FERRY[0]}</p>`)).toBe(true);
});
