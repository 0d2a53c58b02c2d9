import { expect, test } from "vitest";
import { FERRY, page, paragraphs, read } from "./pages.ts";

const story = paragraphs(FERRY);
const MARKS = ["。", "’", "\u200d", "…", "- ", "“", "|", "·", "/"];

// Each of these took a minute where a pattern looked at all marks again for each of them.
test.each(MARKS)("a paragraph that begins with 30,000 times %j", (mark) => {
  const article = read(page(`<article><p>${mark.repeat(30_000)}a word.</p>${story}</article>`));
  expect(article.text).toContain(FERRY[3]);
});

test.each(MARKS)("a heading, a byline and a caption of %j", (mark) => {
  const run = `${mark.repeat(30_000)}a`;
  const body = `<article><h1>The ferry ${run}</h1><div class="byline">By ${run}</div><time class="date">${run}</time>
    ${story}<figure><img src="a.jpg" alt="${run}"><figcaption>${run}</figcaption></figure></article>`;
  expect(read(page(body)).text).toContain(FERRY[3]);
});

test("JSON-LD of blanks", () => {
  const thing = `{"@type":"NewsArticle",${" ".repeat(150_000)}"headline":"The ferry sails again"}`;
  const head = `<script type="application/ld+json">${thing}</script>`;
  expect(read(page(`<article>${story}</article>`, head)).title).toBe("The ferry sails again");
});

test.each([
  ["a comment", "<!-- ", " -->"],
  ["CDATA", "//<![CDATA[\n", "\n// ]]>"],
  ["a stop", "", " ; "],
  ["another comment", "/* added by a plugin */ ", ""],
])("JSON-LD in %s is read", (_, before, after) => {
  const thing = '{"@type":"NewsArticle","headline":"The ferry sails again"}';
  const head = `<script type="application/ld+json">${before}${thing}${after}</script>`;
  expect(read(page(`<article>${story}</article>`, head)).title).toBe("The ferry sails again");
});
