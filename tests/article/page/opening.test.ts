import { expect, test } from "vitest";
import { FERRY, page, paragraphs, read } from "./pages.ts";

test("an opening set apart from the other paragraphs stands first, in the text and in the HTML", () => {
  const lead = `<div class="intro-box"><ul><li><a href="/">Home</a></li><li><a href="/c">Coast</a></li><li><a href="/h">Harbours</a></li></ul><div class="lead">${FERRY[0]}</div></div>`;
  const head = `<title>The ferry</title><meta property="og:description" content="${FERRY[0].slice(0, 90)}…">`;
  const article = read(
    page(
      `<h1>The ferry</h1>${lead}<div class="story"><article class="body">${paragraphs([...FERRY.slice(1), ...FERRY.slice(1)])}</article></div>`,
      head,
    ),
  );
  expect(article.text.startsWith(FERRY[0])).toBe(true);
  expect(article.html.startsWith(`<p>${FERRY[0]}</p>`)).toBe(true);
});
