import { describe, expect, test } from "vitest";
import { summarize } from "../../src/summary/summarize.ts";
import { articleOf, FERRY_STORY } from "./article-of.ts";

describe("a quotation is shown", () => {
  test("its words are in the text at its offsets, marks left out", () => {
    const { quote } = summarize(FERRY_STORY);
    expect(quote).toMatchObject({
      text: "We waited nine years for this boat",
      speaker: "Ada Pell",
    });
    expect(FERRY_STORY.text.slice(quote?.start, quote?.end)).toBe(quote?.text);
  });
});

describe("a quotation is not shown", () => {
  test("where the gist has its words already", () => {
    const summary = summarize(articleOf("“We waited nine years for this boat,” said Ada Pell."));
    expect(summary.gist.text).toContain("nine years");
    expect(summary.quote).toBeUndefined();
  });
});

test("a quotation that is shown is not said again by a key point", () => {
  const { quote, keyPoints } = summarize(FERRY_STORY);
  expect(quote?.text).toContain("nine years");
  expect(keyPoints.map(({ text }) => text).join("\n")).not.toContain("nine years");
});
