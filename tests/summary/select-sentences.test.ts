import { describe, expect, test } from "vitest";
import { countWords } from "../../src/summary/language/reading-time.ts";
import { selectSentences } from "../../src/summary/select-sentences.ts";
import { articleOf, FERRY_STORY } from "./article-of.ts";

describe("a running summary", () => {
  test.each([1, 2, 3])("of %i sentences", (sentences) => {
    expect(selectSentences(FERRY_STORY, { sentences })).toHaveLength(sentences);
  });

  test("of five, and of four where they are long", () => {
    expect(selectSentences(FERRY_STORY, { sentences: 5 })).toHaveLength(4);
  });

  test.each([5, 30, 60, 100])("of at most %i words", (words) => {
    const chosen = selectSentences(FERRY_STORY, { words });
    const total = chosen.reduce((sum, { text }) => sum + countWords(text), 0);
    expect(total).toBeLessThanOrEqual(words);
    if (words >= 30) expect(total).toBeGreaterThan(words / 2);
  });

  test("both limits hold where both are given", () => {
    const chosen = selectSentences(FERRY_STORY, { sentences: 2, words: 35 });
    expect(chosen.length).toBeGreaterThan(0);
    expect(chosen.length).toBeLessThanOrEqual(2);
    expect(chosen.reduce((sum, { text }) => sum + countWords(text), 0)).toBeLessThanOrEqual(35);
  });

  test("without a limit it has all that can stand", () => {
    expect(selectSentences(FERRY_STORY, {}).length).toBeGreaterThan(8);
  });

  test("a sentence that leans on the one before stands only right after it", () => {
    const text =
      "The Harbour Trust bought the ferry Lune Star in Porthmoor on Monday. It carries eighty riders over the Lune at night. The cannery has closed its pier.";
    const two = selectSentences(articleOf(text), { sentences: 2 }).map(({ text }) => text);
    expect(two).toEqual([
      "The Harbour Trust bought the ferry Lune Star in Porthmoor on Monday.",
      "It carries eighty riders over the Lune at night.",
    ]);
    const one = selectSentences(articleOf(text), { words: 11 }).map(({ text }) => text);
    expect(one.join(" ")).not.toMatch(/\bIt\b/);
  });

  test("two long sentences are enough where three were asked for, three short ones stay", () => {
    const stops = "the old quay, the mill, the school, the cannery and the upper town every night";
    const long = `The Harbour Trust of Porthmoor will run its night ferry in June from ${stops}. Two buses of the county bring riders home in winter to ${stops}. Ada Pell paid for a bakery van that sells bread from ${stops}.`;
    expect(selectSentences(articleOf(long), { sentences: 3 })).toHaveLength(2);
    expect(selectSentences(articleOf(long), { words: 200 })).toHaveLength(3);
    const short = long.replaceAll(stops, "the quay");
    expect(selectSentences(articleOf(short), { sentences: 3 })).toHaveLength(3);
  });
});
