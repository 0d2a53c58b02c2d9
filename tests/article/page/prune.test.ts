import { describe, expect, test } from "vitest";
import { FERRY, page, paragraphs, read, reasonFor } from "./pages.ts";

/** A page with something in the middle of its story. */
function withInside(markup: string): string {
  const [first, second, third, fourth] = FERRY;
  return page(
    `<main><h1>The ferry sails again</h1>${paragraphs([first, second])}${markup}${paragraphs([third, fourth])}</main>`,
  );
}

describe("an element that its name tells from the story is left out, and why", () => {
  test.each([
    ['<nav><a href="/">Elsewhere on the coast</a></nav>', "page navigation"],
    ["<aside><p>A pier for the price of a house.</p></aside>", "a pointer to other stories"],
    [
      '<div role="complementary"><p>A pier for the price of a house.</p></div>',
      "a pointer to other stories",
    ],
    [
      '<div class="recirc__item"><p>A pier for the price of a house.</p></div>',
      "a pointer to other stories",
    ],
    [
      '<div class="RelatedStories-list"><p>A pier for the price of a house.</p></div>',
      "a pointer to other stories",
    ],
    ['<div id="socialShare"><span>Pass it on to a friend</span></div>', "a sharing link"],
    [
      '<div data-testid="newsletter-signup"><p>Every Friday in your inbox.</p></div>',
      "an invitation to subscribe",
    ],
    ["<form><label>Your address, please</label><input></form>", "an invitation to subscribe"],
    ['<ul class="post-tags"><li>islands</li><li>storms</li></ul>', "the page's tags"],
    [
      '<div class="ad-slot"><p>Boots that keep the sea out, from 90 a pair.</p></div>',
      "an advertisement",
    ],
    ['<ol class="breadcrumbs"><li>Coast</li><li>Harbours</li></ol>', "page navigation"],
    ['<p class="byline">By Ana Ruiz in Porthmoor</p>', "the byline"],
    [
      '<div class="author-box"><p>She has covered the coast for ten years.</p></div>',
      "about the author, not the story",
    ],
    ['<div class="cookie-banner"><p>We would like to remember you.</p></div>', "a legal notice"],
    [
      '<span class="sr-only">Skip the pictures below</span>',
      "not shown on the page (for screen readers)",
    ],
    ["<footer><p>The Courier, 4 Quay Street</p></footer>", "a footer"],
  ])("%s", (markup, reason) => {
    const article = read(withInside(markup));
    expect(article.text.split("\n\n")).toEqual([...FERRY]);
    const words = markup
      .replace(/<[^>]*>/g, "|")
      .split("|")
      .find((text) => text.trim() !== "");
    expect(reasonFor(article, words ?? "")).toBe(reason);
  });
});

const wrap = (open: string, close: string): string =>
  page(`<h1>The ferry sails again</h1>${open}${paragraphs(FERRY)}${close}<p>Sent by post.</p>`);

describe("a name means nothing", () => {
  test.each([
    [
      "an article filed under such a word",
      '<article class="post tag-newsletter category-related">',
      "</article>",
    ],
    [
      "a story inside of a form, as some systems set every page",
      '<form id="main-form">',
      "</form>",
    ],
    ["a container named for what it may also hold", '<div class="content-and-comments">', "</div>"],
    ["a story in an aside", "<aside>", "</aside>"],
  ])("on %s", (_, open, close) => {
    expect(read(wrap(open, close)).text).toContain(FERRY.join("\n\n"));
  });

  test("on a word inside a sentence", () => {
    const sentence =
      'The mayor, <span class="author">Tom Lee</span>, told <a class="tags" href="/c">the Courier</a> that he would pay.';
    expect(read(withInside(`<p>${sentence}</p>`)).text).toContain(
      "The mayor, Tom Lee, told the Courier that he would pay.",
    );
  });

  test("on what names the maker of a picture", () => {
    const figure =
      '<figure><img src="/a.jpg" alt="A"><figcaption>The pontoon <span class="author">Eva Roth</span></figcaption></figure>';
    expect(read(withInside(figure)).captions).toEqual([{ text: "The pontoon Eva Roth" }]);
  });
});

test("comments are left out even where they are longer than the story", () => {
  const comments = Array.from({ length: 30 }, () => `<li class="comment"><p>${FERRY[3]}</p></li>`);
  const article = read(
    page(
      `<main><h1>The ferry</h1>${paragraphs(FERRY.slice(0, 3))}</main><ol class="commentlist">${comments.join("")}</ol>`,
    ),
  );
  expect(article.text.split("\n\n")).toEqual(FERRY.slice(0, 3));
  expect(reasonFor(article, FERRY[3])).toBe("the comments, not the story");
});
