import { describe, expect, test } from "vitest";
import { summarize } from "../../src/summary/summarize.ts";
import { articleOf, FERRY_STORY } from "./article-of.ts";

/** The quotation of a story of which it is a part, so that the gist does not take it. */
function quoteIn(text: string, language = "en") {
  const around =
    "The harbour town of Porthmoor plans a night ferry over the Lune in June, the Harbour Trust announced on Monday evening.";
  return summarize(articleOf(`${around}\n\n${text}`, { language }), { keyPoints: 0 }).quote;
}

describe("a quotation is shown", () => {
  test.each([
    [
      "the verb first",
      "“We waited nine years for this boat,” said Ada Pell, who runs the bakery.",
      "Ada Pell",
    ],
    [
      "the name first",
      "“We waited nine years for this boat,” Ada Pell said on Monday.",
      "Ada Pell",
    ],
    [
      "the name before it",
      "Ada Pell told the council: “We waited nine years for this boat.”",
      "Ada Pell",
    ],
    [
      "a role before the name",
      "“We waited nine years for this boat,” said the baker, Ada Pell.",
      "Ada Pell",
    ],
    [
      "an aside after the name",
      "“We waited nine years for this boat,” Ada Pell, a baker, said.",
      "Ada Pell",
    ],
    [
      "a particle in the name",
      "“We waited nine years for this boat,” said Ada van der Pell.",
      "Ada van der Pell",
    ],
    [
      "the place of a role before it",
      "“We waited nine years for this boat,” said Porthmoor harbour master Ada Pell, who runs it.",
      "Ada Pell",
    ],
    [
      "a place further on",
      "“We waited nine years for this boat,” said Ada Pell at home in Porthmoor.",
      "Ada Pell",
    ],
    ["straight marks", '"We waited nine years for this boat," said Ada Pell.', "Ada Pell"],
  ])("with %s", (_, text, speaker) => {
    expect(quoteIn(text)).toMatchObject({
      text: "We waited nine years for this boat" + (text.includes("boat.”") ? "." : ""),
      speaker,
    });
  });

  test.each([
    ["de", "„Wir haben neun Jahre auf dieses Boot gewartet“, sagte Ada Pell.", "Ada Pell"],
    ["fr", "« Nous avons attendu le bateau pendant neuf ans », a déclaré Ada Pell.", "Ada Pell"],
    ["es", "«Hemos esperado el barco durante nueve años», dijo Ada Pell.", "Ada Pell"],
    ["nl", "“Wij hebben negen jaar op deze boot gewacht”, zei Ada Pell.", "Ada Pell"],
  ])("in %s", (language, text, speaker) => {
    expect(quoteIn(text, language)?.speaker).toBe(speaker);
  });

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
  test.each([
    ["nobody is named", "“We waited nine years for this boat,” said the baker."],
    ["a pronoun speaks", "“We waited nine years for this boat,” she said."],
    [
      "it goes on after the speaker",
      "“We waited nine years,” Ada Pell said, “because nobody at the Trust believed us.”",
    ],
    [
      "it is part of a sentence",
      "Ada Pell said that the town had “waited nine years for this lovely old boat.”",
    ],
    ["it leans on what came before", "“They waited nine years for this boat,” said Ada Pell."],
    ["a town speaks", "“We waited nine years for this boat,” said Tampa police on Monday."],
    ["a society speaks", "“We waited nine years for this boat,” said Friends of the Quay."],
    ["another speaks", "“We waited nine years for this boat and its pier,” said Another."],
    ["it asks", "“Why did we wait nine years for this boat?” asked Ada Pell."],
    ["it is a title of a few words", "“The boat,” said Ada Pell."],
    ["it never closes", "“We waited nine years for this boat, said Ada Pell."],
    [
      "a place follows a preposition",
      "“We waited nine years for this boat,” said a baker from Porthmoor.",
    ],
  ])("where %s", (_, text) => {
    expect(quoteIn(text)).toBeUndefined();
  });

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
