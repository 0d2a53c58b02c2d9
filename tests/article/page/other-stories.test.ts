import { describe, expect, test } from "vitest";
import type { Article } from "../../../src/article/article.ts";
import { FERRY, page, paragraphs, read } from "./pages.ts";

function withInside(markup: string): Article {
  const [first, second, third, fourth] = FERRY;
  return read(
    page(
      `<article><h1>The ferry</h1>${paragraphs([first, second])}${markup}${paragraphs([third, fourth])}</article>`,
    ),
  );
}

const LINKED = '<a href="/pier">A pier for the price of a house</a>';

describe("a pointer to another story is left out", () => {
  test.each([
    ["a line that is a link", `<p>${LINKED}</p>`],
    ["in capitals", `<p><strong>${LINKED.replace("A pier", "A PIER")}</strong></p>`],
    ["with words before it", `<p>Read more: ${LINKED}</p>`],
    ["in brackets", `<p>[Related: ${LINKED}]</p>`],
    ["in German", `<p>Lesen Sie auch: ${LINKED}</p>`],
    ["in French", `<p>À lire aussi : ${LINKED}</p>`],
    ["in Spanish", `<p>Puedes ver: ${LINKED}</p>`],
    ["in Russian", `<p>Читайте также: ${LINKED}</p>`],
    ["in a list", `<h3>More:</h3><ul><li><h4>${LINKED}</h4></li></ul>`],
    [
      "in a list under a heading, with words around the link",
      `<h2>More great stories</h2><ul><li>It takes ${LINKED}, they say</li></ul>`,
    ],
  ])("%s", (_, markup) => {
    const article = withInside(markup);
    expect(article.text.split("\n\n")).toEqual([...FERRY]);
    expect(
      article.dropped.some(
        ({ text, reason }) => /pier/i.test(text) && reason === "a pointer to other stories",
      ),
    ).toBe(true);
  });
});

/** The paragraphs of a page. */
function storyIn(markup: string): string[] {
  return read(page(markup)).text.split("\n\n");
}

test("a box is not the half of a story that happens to begin with such a heading", () => {
  const [first, second, third, fourth] = FERRY;
  const half = `<div><h2>Related</h2><p>${LINKED}</p>${paragraphs([third, fourth])}</div>`;
  expect(storyIn(`<div>${paragraphs([first, second])}</div>${half}`)).toEqual([...FERRY]);
});

describe("what only looks like a pointer stays", () => {
  test("a linked heading with text under it", () => {
    expect(withInside(`<h2>${LINKED}</h2><p>${FERRY[0]}</p>`).text).toContain(
      "A pier for the price of a house",
    );
  });

  test("a paragraph with a link in it", () => {
    const sentence = `The council once bought ${LINKED}, which it has paid for ever since.`;
    expect(withInside(`<p>${sentence}</p>`).text).toContain(
      "The council once bought a pier".replace("a pier", "A pier"),
    );
  });

  test("a list of things that are no links", () => {
    expect(withInside("<ul><li>bread</li><li>post</li><li>medicine</li></ul>").text).toContain(
      "bread\n\npost\n\nmedicine",
    );
  });

  test("a heading that is also a word of menus, over the story's own text", () => {
    expect(withInside(`<h2>Popular</h2><p>${FERRY[0]}</p>`).text).toContain("Popular");
  });

  test("the links of a round-up, which is made of them", () => {
    const entries = Array.from(
      { length: 12 },
      (_, index) =>
        `<li><a href="/${index}">Harbour number ${index} opens again after the storm</a></li>`,
    );
    const story = storyIn(`<p>What we read this week, and liked.</p><ul>${entries.join("")}</ul>`);
    expect(story).toContain("Harbour number 7 opens again after the storm");
  });
});
