import { describe, expect, test } from "vitest";
import { FERRY, page, paragraphs, read, reasonFor } from "./pages.ts";

const story = paragraphs(FERRY);

describe("what stands above the first sentence", () => {
  test("the title and its other forms are not told twice", () => {
    const article = read(
      page(
        `<article><h1>The ferry sails again</h1><h2>The ferry sails again</h2>${story}</article>`,
      ),
    );
    expect(article.text.split("\n\n")).toEqual([...FERRY]);
  });

  test("a standfirst becomes the description", () => {
    const standfirst = "After nine days without a crossing, the islands are within reach again.";
    const article = read(
      page(
        `<article><h1>The ferry</h1><div class="sub-headline">${standfirst}</div>${story}</article>`,
      ),
    );
    expect(article.text.split("\n\n")).toEqual([...FERRY]);
    expect(article.description).toBe(standfirst);
  });

  test("a date and a name give the date and the author", () => {
    const article = read(
      page(`<div><h1>The ferry</h1><div>Ana Ruiz, 4 March 2024</div>${story}</div>`),
    );
    expect(article).toMatchObject({ publishedAt: "2024-03-04" });
    expect(article.text.split("\n\n")).toEqual([...FERRY]);
  });

  test("a heading right above the first paragraph heads it, where others like it follow", () => {
    const [first, second, third, fourth] = FERRY;
    const article = read(
      page(
        `<article><h1>The ferry</h1><h2>Monday</h2>${paragraphs([first, second])}<h2>Tuesday</h2>${paragraphs([third, fourth])}</article>`,
      ),
    );
    expect(article.text).toMatch(/^Monday\n\n/);
  });

  test("a list that a story opens with stays", () => {
    const years = Array.from(
      { length: 14 },
      (_, index) => `<p>${1960 + index} another year of repairs</p>`,
    );
    const article = read(page(`<article><h1>The ferry</h1>${years.join("")}${story}</article>`));
    expect(article.text).toContain("1960 another year of repairs");
  });
});

describe("what stands below the last sentence", () => {
  test("who contributed, and where it is from, are notes", () => {
    const article = read(
      page(
        `<article><h1>The ferry</h1>${story}<p>Tom Lee contributed to this report.</p><p>Source: Coast News Agency</p></article>`,
      ),
    );
    expect(article.text.split("\n\n")).toEqual([...FERRY]);
    expect(reasonFor(article, "Tom Lee contributed")).toBe("a note about the text, not the story");
  });

  test("an invitation to click is not the story", () => {
    const article = read(
      page(
        `<article><h1>The ferry</h1>${story}<p>Do you want to hear from the islands? <a href="/s">Sign up here</a></p></article>`,
      ),
    );
    expect(reasonFor(article, "Do you want to hear")).toBe("an invitation to subscribe");
  });
});

describe("lines that only pages have", () => {
  test.each([
    ["Advert", "an advertisement"],
    ["1 of 6", "a control of the page"],
    ["Enlarge image", "a control of the page"],
    ["[button link=/x]Send us yours[/button]", "a control of the page"],
    ["We may earn a small commission when you buy through our affiliate links.", "a legal notice"],
    ["___", "an ornament"],
  ])("%s", (line, reason) => {
    const [first, second, third, fourth] = FERRY;
    const article = read(
      page(
        `<article><h1>The ferry</h1>${paragraphs([first, second, line, third, fourth])}</article>`,
      ),
    );
    expect(article.text.split("\n\n")).toEqual([...FERRY]);
    expect(reasonFor(article, line)).toBe(reason);
  });
});
