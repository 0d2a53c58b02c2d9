import { describe, expect, test } from "vitest";
import { documentOf } from "../../../src/summary/document.ts";
import { editedSentence } from "../../../src/summary/summary.ts";
import { articleOf } from "../article-of.ts";

/** The last sentence of a text with what it takes to read it alone. */
function last(text: string, language = "en"): string {
  const candidate = documentOf(articleOf(text, { language })).candidates.at(-1);
  return candidate ? editedSentence(text, candidate, candidate.additions).text : "";
}

const PELL = "The harbour master Ada Pell closed the quay.";

describe("a surname alone", () => {
  test.each([
    [
      `${PELL} Riders wrote to Pell for years.`,
      "Riders wrote to [harbour master Ada] Pell for years.",
    ],
    [`${PELL} "It leaks," Pell said.`, `"It leaks," [harbour master Ada] Pell said.`],
    ["Mayor Ada Pell closed it. Bread is sold by Mrs Pell.", "Bread is sold by Mrs [Ada] Pell."],
    [`${PELL} Nine boats lay in Pell's dock.`, "Nine boats lay in [Ada] Pell's dock."],
  ])("gets its given name where it was told before: %s", (text, shown) => {
    expect(last(text)).toBe(shown);
  });

  test.each([
    ["named in full in the same sentence", `${PELL} Ada Pell said that Pell is her name.`],
    ["another's", `${PELL} The baker Mary Pell left.`],
    ["a street's", `${PELL} Pell Street is closed.`],
    ["of two people", `${PELL} The pilot Tomas Pell sailed. On Monday Pell said so.`],
    ["never told in full", "Riders wrote to Pell for years."],
  ])("stays as it is where it is %s", (_, text) => {
    expect(last(text)).not.toContain("[");
  });
});

describe("a pronoun that opens a sentence", () => {
  test.each([
    [`${PELL} She sold bread on the pier.`, "[Ada Pell] sold bread on the pier."],
    [`${PELL} Her boat leaks in the rain.`, "[Ada Pell’s] boat leaks in the rain."],
    [`${PELL} She sold bread. She left in May.`, "[Ada Pell] left in May."],
    [
      "Porthmoor is ahead. On March 28, it sold the pier.",
      "On March 28, [Porthmoor] sold the pier.",
    ],
  ])("gives way to the one it can stand for: %s", (text, shown) => {
    expect(last(text)).toBe(shown);
  });

  test.each([
    ["two people", "The mayor Ada Pell met the baker Mary Reil. She left."],
    ["nobody", "There was a storm. She left the quay."],
    ["a thing for a person", "Porthmoor is ahead. She left the quay."],
    ["what was never named", "Porthmoor is ahead. It is clear that riders stay."],
    ["one of the other sex", `${PELL} Her son sails. He left the quay.`],
  ])("stays where it could stand for %s", (_, text) => {
    expect(last(text)).not.toContain("[");
  });

  test("stays in languages whose pronouns are not read", () => {
    expect(last("Die Bürgermeisterin Ada Pell kam. Sie ging am Montag.", "de")).not.toContain("[");
  });
});

test("what was put in and what it stands for can be told from the source's own words", () => {
  const text = `${PELL} She sold bread on the pier.`;
  const candidate = documentOf(articleOf(text)).candidates.at(-1)!;
  const { cut, added, start = 0, end = 0 } = editedSentence(text, candidate, candidate.additions);
  expect(text.slice(start, end)).toBe("She sold bread on the pier.");
  expect(cut?.map((range) => text.slice(range.start, range.end))).toEqual(["She"]);
  expect(added).toEqual([{ at: start, text: "[Ada Pell]" }]);
});
