import { expect, test } from "vitest";
import { readArticle } from "../../src/article/read-articles.ts";
import { documentOf } from "../../src/summary/document.ts";
import { summarize } from "../../src/summary/summarize.ts";
import { FERRY_STORY } from "./article-of.ts";

const [first = "", second = "", ...rest] = FERRY_STORY.text.split("\n\n");
const HEADING =
  "The night ferry & the <em>county</em> of Porthmoor cannot both be right, says Ada Pell.";
const CELL = "The county of Porthmoor paid for the night ferry of the Harbour Trust until 2015.";

const page = readArticle({
  format: "html",
  location: "page.html",
  body: `<!doctype html><html lang="en"><head><title>Porthmoor weighs its ferry</title></head><body><article>
<h1>Porthmoor weighs its ferry</h1><p>${first}</p><h2>${HEADING.replace("&", "&amp;")}</h2><p>${second}</p>
<table><tr><th>Who</th><th>What</th></tr><tr><td>${CELL}</td><td>Nine years</td></tr></table>
${rest.map((text) => `<p>${text}</p>`).join("")}</article></body></html>`,
});

const markdown = readArticle({
  format: "markdown",
  location: "page.md",
  body: `# Porthmoor weighs its ferry\n\n${first}\n\n## ${HEADING}\n\n${second}\n\n${rest.join("\n\n")}\n`,
});

test("a heading and the rows of a table are in a page's text, but no sentences of it", () => {
  expect(page.text).toContain("cannot both be right, says Ada Pell.");
  expect(page.text).toContain(CELL);
  const sentences = documentOf(page).candidates.map(({ text }) => text);
  expect(sentences.filter((text) => /cannot both be right|paid for the night/.test(text))).toEqual(
    [],
  );
});

test("so a page and the same story in Markdown are summarised alike", () => {
  const told = [page, markdown].map((article) => {
    const { gist, keyPoints } = summarize(article);
    return [gist, ...keyPoints].map(({ text }) => text);
  });
  expect(told[0]).toEqual(told[1]);
});
