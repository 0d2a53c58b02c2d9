import { expect, test } from "vitest";
import { summarize } from "../../src/summary/summarize.ts";
import { articleOf } from "./article-of.ts";

const LEAD =
  "The Harbour Trust of Porthmoor has bought a second night ferry from the county of Lune for the crossing to Marsh End";

function gistOf(text: string) {
  const article = articleOf(text, { title: "Porthmoor night ferry" });
  return { article, gist: summarize(article).gist };
}

test("a long gist loses the clause at its end, and says so", () => {
  const tail = ", which opened to riders in the summer of 1904 after nine years of work";
  const { article, gist } = gistOf(`${LEAD}${tail}.`);
  expect(gist.text).toBe(`${LEAD}.`);
  const [cut] = gist.cut ?? [];
  expect(article.text.slice(cut?.start, cut?.end)).toBe(tail);
  expect(article.text.slice(gist.start, gist.end)).toBe(article.text);
});

test("a short one keeps it", () => {
  const text = "The Harbour Trust has bought a ferry for Marsh End, which opened in 1904.";
  expect(gistOf(text).gist).toMatchObject({ text });
  expect(gistOf(text).gist.cut).toBeUndefined();
});

test("what a list or a quotation goes on with is not cut", () => {
  const list = `${LEAD}, which opened in 1904, closed in 1950 and has been waiting for its riders ever since.`;
  expect(gistOf(list).gist.text).toBe(list);
});

test("of two that say nearly as much, the one of at most thirty words", () => {
  const long = `${LEAD} after nine years of talks with every owner of a boat, a pier or a bus on both banks.`;
  const { gist } = gistOf(`${long} The Harbour Trust of Porthmoor bought a night ferry from Lune.`);
  expect(gist.text.split(" ").length).toBeLessThanOrEqual(30);
});
