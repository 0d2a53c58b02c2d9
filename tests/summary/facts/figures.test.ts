import { expect, test } from "vitest";
import { documentOf } from "../../../src/summary/document.ts";
import { figuresOf } from "../../../src/summary/facts/figures.ts";
import { articleOf } from "../article-of.ts";

test("at most four, the most telling first, one a sentence", () => {
  const sentences = ["12 mats", "120 mats", "1,200 mats", "12,000 mats", "1.2 million mats"];
  const text = sentences.map((count) => `The keeper laid ${count} on the weir.`).join(" ");
  const article = articleOf(text);
  expect(figuresOf(article, documentOf(article)).map(({ value }) => value)).toEqual([
    "1.2 million",
    "12,000",
    "1,200",
    "120",
  ]);
});
