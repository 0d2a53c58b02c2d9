import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { documentOf } from "../../../src/summary/document.ts";
import { rank, TRAINED } from "../../../src/summary/ranking/rank.ts";
import { FERRY_STORY } from "../article-of.ts";

const FILE = new URL("../../../src/summary/ranking/weights.json", import.meta.url);

test("the weights are figures, and at most 100 KB of them", () => {
  const json = readFileSync(FILE, "utf8");
  expect(json.length).toBeLessThan(100_000);
  const words = [...new Set(json.match(/[a-z]{2,}/gi))].sort();
  expect(words).toEqual(
    "choice feature left pair pairs sentence sentences term terms title value word".split(" "),
  );
});

test("trees ask only for features that there are, and each is a figure", () => {
  const [first = [], ...others] = rank(documentOf(FERRY_STORY)).features;
  expect(Math.max(...TRAINED.sentences.feature)).toBeLessThan(first.length);
  for (const row of [first, ...others]) {
    expect(row).toHaveLength(first.length);
    expect(row.every(Number.isFinite)).toBe(true);
  }
});

test("words cost, and what a human summary would use is worth something", () => {
  expect(TRAINED.word).toBeLessThan(0);
  expect(Math.min(TRAINED.sentence, TRAINED.term, TRAINED.pair, TRAINED.title)).toBeGreaterThan(0);
});
