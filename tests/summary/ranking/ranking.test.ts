import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { exampleOf } from "../../../bench/training/examples.ts";
import { train } from "../../../bench/training/train.ts";
import { documentOf } from "../../../src/summary/document.ts";
import { TRAINED, rank } from "../../../src/summary/ranking/rank.ts";
import { worthAdded } from "../../../src/summary/ranking/ranking.ts";
import { FERRY_STORY, articleOf } from "../article-of.ts";

const document = documentOf(FERRY_STORY);
const ranking = rank(document);

describe("the worth of a sentence", () => {
  test("is less where its words have been said", () => {
    const [first] = document.candidates;
    if (!first) throw new Error("the story has sentences");
    const said = { terms: first.terms, pairs: ranking.pairs[0] ?? new Set<string>() };
    expect(worthAdded(first, ranking, said)).toBeLessThan(worthAdded(first, ranking));
    expect(worthAdded(first, ranking, said)).toBe(ranking.alone[0]);
  });

  test("is more for a term that the title has", () => {
    const untitled = rank(documentOf({ ...FERRY_STORY, title: "" }));
    expect(ranking.termWorth.get("ferry")).toBeGreaterThan(untitled.termWorth.get("ferry") ?? 0);
  });

  test("is the same in every language of which we know no words", () => {
    const [finnish, ...others] = ["fi", "sw", "x-!!"].map(
      (language) => rank(documentOf({ ...FERRY_STORY, language })).alone,
    );
    expect(others).toEqual([finnish, finnish]);
  });

  test("where words have no spaces, pairs of letters do not outweigh what words cost", () => {
    const text =
      "港口城市波特穆尔周一宣布，将在三年内建造一座新的图书馆。市长表示，新图书馆将取代一九六八年建成的旧楼。工程预计耗资两千万元，由市政府和港务局共同承担。";
    const document = documentOf(articleOf(text, { language: "zh" }));
    const { termWorth } = rank(document);
    for (const { terms, words } of document.candidates) {
      const sum = [...terms].reduce((total, term) => total + (termWorth.get(term) ?? 0), 0);
      expect(sum / words).toBeLessThan(0.5);
    }
  });

  test("words that every object inherits are words like others", () => {
    const text =
      "The constructor of the ferry was paid. The constructor left __proto__ and toString behind.";
    const { termWorth } = rank(documentOf(articleOf(text, { title: "constructor" })));
    expect(termWorth.get("constru")).toBeGreaterThan(0);
    expect([...termWorth.values()].every(Number.isFinite)).toBe(true);
  });
});

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

/** The same story told of many harbours, each with the summary that somebody may have written. */
const EXAMPLES = Array.from({ length: 10 }, (_, at) => {
  const harbour = `Port${String.fromCharCode(97 + at)}haven`;
  return exampleOf({
    id: String(at),
    slug: `night ferry ${harbour}`,
    text: FERRY_STORY.text.replaceAll("Porthmoor", harbour).slice(0, 1200 + 20 * at),
    reference: `${harbour} may bring back its night ferry.\nThe county has not promised its share.`,
  });
});

test("the same articles teach the same weights, to the byte", () => {
  const first = train(EXAMPLES);
  expect(JSON.stringify(train(EXAMPLES))).toBe(JSON.stringify(first));
  expect(first.terms.feature.length).toBeGreaterThan(100);
});
