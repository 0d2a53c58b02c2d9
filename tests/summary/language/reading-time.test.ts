import { describe, expect, test } from "vitest";
import { countWords, readingMinutes } from "../../../src/summary/language/segments.ts";

describe("reading time", () => {
  test.each([
    ["nothing", "", 1],
    ["one word", "Harbour", 1],
    ["220 words", "boat ".repeat(220), 1],
    ["660 words", "boat ".repeat(660), 3],
    ["1,500 Chinese characters", "渡轮停航".repeat(375), 3],
    ["1,500 kana", "ふねがくる".repeat(300), 3],
  ])("%s", (_, text, minutes) => {
    expect(readingMinutes(text)).toBe(minutes);
  });

  test("words are counted between spaces, Chinese characters by the time they take", () => {
    expect(countWords("The ferry – six riders – left.")).toBe(7);
    expect(countWords("渡轮停航了，没有人来。")).toBeCloseTo(9 * 0.44);
  });
});
