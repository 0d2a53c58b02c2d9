import { describe, expect, test } from "vitest";
import { summarize } from "../../src/summary/summarize.ts";
import type { Summary } from "../../src/summary/summary.ts";
import { articleOf } from "./article-of.ts";

/** A post whose claim the next sentence takes back. */
const BURST =
  "A post says that the dam above Porthmoor has burst. It has not. The Lune water board said on Monday that the dam was inspected in the morning and is sound.";

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
  test("a denial that says all of it is told without the claim", () => {
    const text =
      "A message says that the night ferry of Porthmoor will stop running in June. The night ferry of Porthmoor will not stop running in June, harbour master Ada Pell said. The Trust has money for nine more years.";
    const { gist } = summarize(articleOf(text));
    expect(gist.text).toMatch(/^The night ferry of Porthmoor will not stop/);
  });

  test("where nothing else can be told, the headline stands for the claim", () => {
    const title = "No, Porthmoor will not sink the night ferry";
    const text = "A message says that Porthmoor will sink the night ferry in June. Who wrote it?";
    expect(summarize(articleOf(text, { title })).gist).toEqual({ text: title });
  });

  test("also where it stands in a long article, and its title claims it", () => {
    const [before, after] = ["Porthmoor has a night ferry again", "The harbour has nine piers"].map(
      (start) => Array.from({ length: 6 }, (_, at) => `${start}, and pier ${at} was paid for.`),
    );
    const text = [...(before ?? []), BURST, ...(after ?? [])].join(" ");
    const summary = summarize(articleOf(text, { title: "Porthmoor dam has burst" }));
    const lines = linesOf(summary).filter((line) => line.includes("has burst"));
    expect(lines.filter((line) => !line.includes("It has not."))).toEqual([]);
  });

  test("a description that is only the claim is no gist", () => {
    const description = "A post says that the dam above Porthmoor has burst.";
    const { gist, origin } = summarize(articleOf(BURST, { description }));
    expect(origin).toBe("extract");
    expect(gist.text).not.toBe(description);
  });

  test("and the text of both is the article's own, from the one to the other", () => {
    const text =
      "The Lune Courier reported on Sunday that harbour master Ada Pell had resigned over the fog signal. Pell denied it on Monday. She will stay until the spring, she told the council of Porthmoor.";
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

describe("“in fact” takes back only what it speaks of", () => {
  test.each([
    [
      "en",
      "Ada Pell won the Lune prize on Friday for a novel about a myth of the estuary. The jury read 212 books. In fact it was the first entry of Pell for any prize.",
      "In fact",
    ],
    [
      "de",
      "Viele Anwohner glauben, die Brücke verschatte den Park. Der Rat von Auhafen beschloss am Dienstag den Bau. In Wirklichkeit gehe es um die Wahl im Mai, sagte Ada Pell.",
      "In Wirklichkeit",
    ],
  ])("in %s", (language, text, turn) => {
    const lines = linesOf(summarize(articleOf(text, { language })));
    expect(lines.filter((line) => line.includes(turn) && !line.startsWith(turn))).toEqual([]);
  });
});
