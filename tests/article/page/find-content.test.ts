import { expect, test } from "vitest";
import { FERRY, page, paragraphs, read } from "./pages.ts";

function contentOf(html: string): string {
  return read(html).text;
}

const essay = Array.from(
  { length: 30 },
  () => `<p>${FERRY[3]} And so on, at length, over many lines.</p>`,
).join("");

test("a story that the page marks is believed where something longer was found", () => {
  const html = page(
    `<div itemprop="articleBody">${paragraphs(FERRY.slice(0, 3))}</div><div class="content">${essay}</div>`,
  );
  expect(contentOf(html)).toContain(FERRY[0]);
  expect(contentOf(html)).not.toContain("at length");
});

test("marks that two parts of a page have mark neither", () => {
  const html = page(
    `<article>${paragraphs(FERRY.slice(0, 3))}</article><article>${essay}</article>`,
  );
  expect(contentOf(html)).toContain("at length");
});

test("a page in which nothing is found is its body", () => {
  expect(contentOf(page("<p>Hi.</p>"))).toContain("Hi.");
});
