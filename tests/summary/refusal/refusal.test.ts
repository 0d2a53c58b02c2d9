import { describe, expect, test } from "vitest";
import { documentOf } from "../../../src/summary/document.ts";
import { articleOf } from "../article-of.ts";

/** The refusals of an article's sentences, in order. */
function refusals(text: string, fields = {}): readonly (string | undefined)[] {
  return documentOf(articleOf(text, fields)).candidates.map(({ refusal }) => refusal);
}

const PLAIN = "The ferry left the quay at nine in the evening.";

describe("what never stands in a summary", () => {
  test("a caption of the article, whose words came into the text", () => {
    const captions = [{ text: "Riders wait for the ferry on the old quay." }];
    expect(refusals("Riders wait for the ferry on the old quay.", { captions })).toEqual([
      "caption",
    ]);
  });

  test("half a quotation, at either end and in the middle", () => {
    const text =
      "Pell said: “The boat is back. The town waited nine years. Nobody believed us.” The pier is open again.";
    expect(refusals(text)).toEqual([
      "half-quotation",
      "half-quotation",
      "half-quotation",
      undefined,
    ]);
  });

  test("half a quotation between apostrophes, and one with nobody to say it", () => {
    const text =
      "Pell said: 'The boat is back. The riders' pier is open again.' 'We are glad of it.'";
    expect(refusals(text)).toEqual(["half-quotation", "half-quotation", "half-quotation"]);
    expect(refusals("'The boat is back,' said Ada Pell of the riders' pier.")).toEqual([undefined]);
  });

  test("a quotation with a space before the mark that closes it", () => {
    const text = "“Nobody believed us. ” The harbour town bought the ferry.";
    expect(refusals(text)).toEqual(["half-quotation", undefined]);
  });

  test("a quotation with nobody to say it", () => {
    expect(refusals("“The boat has come back to the town.”")).toEqual(["half-quotation"]);
  });

  test("the title again, and a sentence said twice", () => {
    expect(
      refusals(`${PLAIN} The town cheered it. ${PLAIN}`, { title: "The town cheered it." }),
    ).toEqual([undefined, "repeated", "repeated"]);
  });

  test("a sentence nobody could read in one breath", () => {
    expect(refusals(`The ferry ${"and the bus ".repeat(40)}left.`)).toEqual(["too-long"]);
  });
});

describe("what stands before a sentence is left off", () => {
  test.each([
    [
      "PORTHMOOR, May 3 (AP) — The ferry left the quay at nine.",
      "The ferry left the quay at nine.",
    ],
    ["(CNN) The ferry left the quay at nine.", "The ferry left the quay at nine."],
    [
      "PORTHMOOR, May 3 (Lune News) -- The ferry left the quay at nine.",
      "The ferry left the quay at nine.",
    ],
    ["PORTHMOOR — The ferry left the quay at nine.", "The ferry left the quay at nine."],
    ["Porthmoor, Lune (CNN)The ferry left the quay at nine.", "The ferry left the quay at nine."],
    ["• The ferry left the quay at nine.", "The ferry left the quay at nine."],
    ["2. Buy the blue ticket before you board.", "Buy the blue ticket before you board."],
    [
      "Porthmoor Harbour Trust (PHT) bought the ferry.",
      "Porthmoor Harbour Trust (PHT) bought the ferry.",
    ],
    ["Meanwhile, Ada Pell bought the ferry.", "Ada Pell bought the ferry."],
  ])("%s", (text, sentence) => {
    const [candidate] = documentOf(articleOf(text)).candidates;
    expect(candidate?.text).toBe(sentence);
    expect(text.slice(candidate?.start, candidate?.end)).toBe(sentence);
  });

  test("but not a name and a party further down, which look like a place and a source", () => {
    const last = "Ada Pell (Labour) – Harbour master of Porthmoor – wants the night ferry back.";
    const { candidates } = documentOf(articleOf(`The ferry left the quay at nine.\n\n${last}`));
    expect(candidates.at(-1)?.text).toBe(last);
  });

  test("but not the day of a German date", () => {
    const [candidate] = documentOf(
      articleOf("3. Oktober ist in Porthmoor ein Feiertag.", { language: "de" }),
    ).candidates;
    expect(candidate?.start).toBe(0);
  });
});
