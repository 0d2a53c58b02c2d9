import { describe, expect, test } from "vitest";
import { summarize } from "../../src/summary/summarize.ts";
import type { Summary } from "../../src/summary/summary.ts";
import { articleOf } from "./article-of.ts";
import { DENIED, DENIED_OTHERWISE, LIVE_BLOGS } from "./denials.ts";

/** All that a reader is told, line by line. */
function linesOf({ gist, keyPoints, quote, timeline, figures }: Summary): readonly string[] {
  const sentences = [gist, ...keyPoints, ...timeline.map(({ sentence }) => sentence)];
  return [
    ...sentences.map(({ text }) => text),
    ...(quote ? [quote.text] : []),
    ...figures.map(({ value, what }) => `${value} ${what}`),
  ];
}

describe("what an article takes back is told with what takes it back", () => {
  test.each([...DENIED, ...DENIED_OTHERWISE])(
    "$language: $shape",
    ({ language, text, claim, denials }) => {
      const summary = summarize(articleOf(text, { language }));
      const alone = linesOf(summary).filter(
        (line) => line.includes(claim) && !denials.some((denial) => line.includes(denial)),
      );
      expect(alone).toEqual([]);
      expect(summary.gist.start).toBeDefined();
    },
  );

  test("also where it stands in a long article, and its title claims it", () => {
    const [before, after] = ["Porthmoor has a night ferry again", "The harbour has nine piers"].map(
      (start) => Array.from({ length: 6 }, (_, at) => `${start}, and pier ${at} was paid for.`),
    );
    const told = DENIED[0]?.text ?? "";
    const text = [...(before ?? []), told, ...(after ?? [])].join(" ");
    const summary = summarize(articleOf(text, { title: "Porthmoor dam has burst" }));
    const lines = linesOf(summary).filter((line) => line.includes("has burst"));
    expect(lines.filter((line) => !line.includes("It has not."))).toEqual([]);
  });

  test("a description that is only the claim is no gist", () => {
    const text = DENIED[0]?.text ?? "";
    const description = "A post says that the dam above Porthmoor has burst.";
    const { gist, origin } = summarize(articleOf(text, { description }));
    expect(origin).toBe("extract");
    expect(gist.text).not.toBe(description);
  });

  test("and the text of both is the article's own, from the one to the other", () => {
    const text = DENIED[3]?.text ?? "";
    const { gist } = summarize(articleOf(text));
    expect(text.slice(gist.start, gist.end)).toBe(gist.text);
    expect(gist.text).toContain("Pell denied it on Monday.");
  });
});

describe("what only looks like a denial changes nothing", () => {
  const LEAD = "Harbour master Ada Pell resigned on Monday after nine years.";
  test.each([
    ["what somebody did not say", "Pell did not say who will follow her at the harbour."],
    ["a denial that was given up", "Reil, who previously denied all allegations, thanked her."],
    ["what nobody denies", "The Harbour Trust neither confirmed nor denied the report."],
    ["something else that is not so", "The night ferry did not sail on Sunday, and riders waited."],
    ["a fault", "That sometimes brings the wrong sort of person into the harbour."],
  ])("%s", (_, next) => {
    const text = `${LEAD} ${next} The Harbour Trust looks for another harbour master until June.`;
    const { gist, keyPoints } = summarize(articleOf(text, { title: "Ada Pell resigned" }));
    const line = [gist, ...keyPoints].find((sentence) => sentence.text.includes(LEAD));
    expect(line?.text).toBe(LEAD);
  });
});

describe("a live blog", () => {
  test.each(LIVE_BLOGS)("in $language tells the news and no greeting", (blog) => {
    const { text, language, chatter } = blog;
    const summary = summarize(articleOf(text, { language }));
    const told = linesOf(summary).join("\n");
    expect(chatter.filter((words) => told.includes(words))).toEqual([]);
    expect(summary.gist.start).toBeDefined();
  });
});
