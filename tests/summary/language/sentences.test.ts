import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splitSentences } from "../../../src/summary/language/segments.ts";

function split(text: string, language = "en"): readonly string[] {
  return splitSentences(text, language).map(({ start, end }) => text.slice(start, end));
}

describe("a sentence ends where a reader would end it", () => {
  test("a blank line always ends one", () => {
    expect(split("Harbour news\n\nthe ferry\n \nleft at nine")).toEqual([
      "Harbour news",
      "the ferry",
      "left at nine",
    ]);
  });

  test("a line break ends one in a list, not in a line broken for width", () => {
    expect(split("coat\nticket\ntorch")).toEqual(["coat", "ticket", "torch"]);
    expect(split("The ferry was \nlate again.")).toEqual(["The ferry was \nlate again."]);
  });

  test("a bracket that never closes holds nothing open", () => {
    expect(
      split("The pier (built in 1904 is for sale. Nobody bids. The Trust waits."),
    ).toHaveLength(3);
  });

  test("a long Thai paragraph breaks at a space, never before a conjunction", () => {
    const clause = "เรือข้ามฟากของเมืองท่ากลับมาให้บริการอีกครั้งหลังจากหยุดไปนานถึงเก้าปีเต็มตามคำสัญญาของเทศบาล";
    const sentences = split(`${clause} ${clause} และ${clause}`, "th");
    expect(sentences).toEqual([clause, `${clause} และ${clause}`]);
  });

  test("paragraphs are counted", () => {
    const spans = splitSentences("\n\nOne here. Two here.\n\nThree here.", "en");
    expect(spans.map(({ paragraph }) => paragraph)).toEqual([0, 0, 1]);
  });

  test("property: spans are in order, never touch white space, and leave out nothing but that", () => {
    const pieces = fc.constantFrom(
      "A",
      "b.",
      " ",
      "\n",
      "\n\n",
      "(",
      ")",
      "“",
      "”",
      "No.",
      "U.S.",
      "…",
      "!",
      "3",
      "。",
      "😀",
    );
    const texts = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.array(pieces).map((list) => list.join("")),
    );
    fc.assert(
      fc.property(texts, fc.constantFrom("en", "de", "th", "ja", "el", ""), (text, language) => {
        const spans = splitSentences(text, language);
        let from = 0;
        for (const { start, end } of spans) {
          expect(text.slice(from, start).trim()).toBe("");
          expect(text.slice(start, end)).toBe(text.slice(start, end).trim());
          expect(end).toBeGreaterThan(start);
          from = end;
        }
        expect(text.slice(from).trim()).toBe("");
      }),
    );
  });
});
