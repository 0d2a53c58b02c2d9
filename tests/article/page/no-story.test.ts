import { describe, expect, test } from "vitest";
import { BroadsheetError } from "../../../src/errors.ts";
import { FERRY, page, paragraphs, read } from "./pages.ts";

function refusalOf(body: string): BroadsheetError {
  try {
    read(body);
  } catch (error) {
    if (error instanceof BroadsheetError) return error;
    throw error;
  }
  throw new Error("it was read");
}

const LINKS = Array.from(
  { length: 40 },
  (_, index) => `<li><a href="/${index}">The name of another page</a></li>`,
);

describe("a page without a story is refused in words that say why", () => {
  test.each([
    [
      "behind JavaScript",
      page(
        '<noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div>',
      ),
    ],
    [
      "behind JavaScript, in German",
      page("<p>Bitte aktivieren Sie JavaScript, um diese Seite zu sehen.</p>"),
    ],
    [
      "behind JavaScript, with a notice beside it",
      page(
        "<noscript>Please enable JavaScript to view this page.</noscript><p>We value your privacy, and so do our partners.</p>",
      ),
    ],
  ])("%s", (_, body) => {
    expect(refusalOf(body)).toMatchObject({
      code: "CONTENT_NO_STORY",
      message: "page.html shows its story only to browsers that run JavaScript",
      fix: expect.stringContaining("save the page"),
    });
  });

  test("that asks whether its reader is human", () => {
    const body = page(
      "<h1>Just a moment...</h1><p>Checking your browser before accessing the site.</p>",
    );
    expect(refusalOf(body)).toMatchObject({
      code: "CONTENT_NO_STORY",
      message: "page.html is a page that asks who is reading, not the story",
    });
  });

  test("of menus only", () => {
    const body = page(`<nav><ul>${LINKS.join("")}</ul></nav><div><ul>${LINKS.join("")}</ul></div>`);
    expect(refusalOf(body)).toMatchObject({
      code: "CONTENT_NO_STORY",
      message: "page.html is a page of links and menus, with no story in it",
      fix: "give the address of one story",
    });
  });

  test("of nothing", () => {
    expect(refusalOf(page("<div></div>"))).toMatchObject({
      code: "CONTENT_NO_STORY",
      message: "page.html has no text in it",
    });
  });

  test("with more markup than any article", () => {
    expect(refusalOf(page("<p>word</p>".repeat(35_000)))).toMatchObject({
      code: "CONTENT_TOO_LARGE",
      message: "page.html has more markup than any article",
    });
  });
});

test("a story that writes of JavaScript is a story", () => {
  const body = page(
    `<article><h1>Without it</h1><p>Some of our readers have turned off scripts, and ask of us that a page can be read on a train without a signal and that they never have to enable JavaScript.</p>${paragraphs(FERRY)}${paragraphs(FERRY)}</article>`,
  );
  expect(read(body).text).toContain("never have to enable JavaScript");
});

test("a page on which a notice asks for JavaScript beside the story is read without the notice", () => {
  const article = read(
    page(
      `<article><h1>Pictures</h1>${paragraphs(FERRY)}<p>This slideshow requires JavaScript.</p></article>`,
    ),
  );
  expect(article.text).not.toContain("slideshow");
  expect(article.dropped).toContainEqual({
    text: "This slideshow requires JavaScript.",
    reason: "a control of the page",
  });
});

describe("markup that is made to be slow is read or refused in bounded time", () => {
  const story = paragraphs(FERRY);
  test.each([
    ["20,000 levels of div", `${"<div>".repeat(20_000)}${story}${"</div>".repeat(20_000)}`],
    ["60,000 unclosed tags", `${"<b>".repeat(60_000)}${story}`],
    ["tags that end in the wrong order", `${"<b><div></b>".repeat(15_000)}${story}`],
    ["nested tables", `${"<table><tr><td>".repeat(20_000)}${story}`],
    ["a tag that never ends", `${story}<a ${"x ".repeat(200_000)}`],
    ["an open quote", `${story}<a href="${"x".repeat(1_000_000)}`],
    [
      "brackets in JSON-LD",
      `<script type="application/ld+json">${"[".repeat(500_000)}</script>${story}`,
    ],
    ["a title of bars", `<title>${"a | ".repeat(100_000)}</title>${story}`],
    ["a heading of 60,000 words", `<h1>${"word ".repeat(60_000)}</h1>${story}`],
    [
      "labels of a thousand words",
      `${`<div class="${"related ".repeat(1000)}">x</div>`.repeat(150)}${story}`,
    ],
    ["NUL bytes", `${"\0".repeat(200_000)}${story}`],
    ["half a million signs", `<p>${"<".repeat(500_000)}</p>${story}`],
    ["half a million entities", `<p>${"&amp;".repeat(500_000)}</p>${story}`],
    ["lone surrogates", `<p>${"\ud800".repeat(100_000)}</p>${story}`],
  ])("%s", (_, body) => {
    expect(read(page(body)).text).toContain(FERRY[1]);
  });

  test.each([
    ["100,000 entries", `<ul>${"<li>x".repeat(100_000)}</ul>`],
    ["9 MB of words", `<p>${"word word ".repeat(900_000)}</p>`],
    [
      "paragraphs in a hundred levels",
      `${"<div>".repeat(100)}${"<p>a, b, c, d, e</p>".repeat(15_000)}`,
    ],
  ])("%s are refused", (_, body) => {
    expect(refusalOf(page(body)).code).toBe("CONTENT_TOO_LARGE");
  });
});

test("NUL bytes and lone surrogates leave no trace in what is read", () => {
  const { text, html } = read(
    page(
      `<article><p>The fer\0ry sails\ud800 again on Thursday morning.</p>${paragraphs(FERRY)}</article>`,
    ),
  );
  expect(text).toContain("The ferry sails\ufffd again");
  expect(text.isWellFormed() && html.isWellFormed()).toBe(true);
  expect(html).not.toContain("\0");
});

const withHead = (head: string): string | undefined =>
  refusalOf(page(`<ul>${LINKS.join("")}</ul>`, `<base href="https://a.example/">${head}`)).fix;

describe("a page of links that names its feed says where it is", () => {
  test.each([
    ['<link rel="alternate" type="application/rss+xml" href="/feed.xml">', "/feed.xml"],
    ['<link href=https://a.example/atom TYPE="Application/Atom+XML" rel="Alternate">', "/atom"],
  ])("%s", (head, end) => {
    expect(withHead(head)).toMatch(new RegExp(`or that of its feed: https://[^ ]*${end}$`));
  });

  test.each([
    '<link rel="alternate" hreflang="de" href="/de">',
    '<link rel="stylesheet" type="text/css" href="/a.css">',
    '<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">',
  ])("and not of %s", (head) => {
    expect(withHead(head)).toBe("give the address of one story");
  });
});
