import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyCase } from "../../../src/platform/text.ts";
import { lexiconOf, termsOf } from "../../../src/summary/language/lexicon.ts";
import { apostropheQuotationsOf, quotationsOf } from "../../../src/summary/language/quotations.ts";
import {
  countWords,
  readingMinutes,
  splitSentences,
} from "../../../src/summary/language/segments.ts";

describe("a sentence ends where a reader would end it", () => {
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

function found(text: string): readonly (readonly [string, boolean])[] {
  return quotationsOf(text).map(({ start, end, isWhole }) => [text.slice(start, end), isWhole]);
}

describe("quotations", () => {
  test("a paragraph ends an open quotation", () => {
    expect(found("“We waited.\n\n“Nobody came.”")).toEqual([
      ["“We waited.", false],
      ["“Nobody came.”", true],
    ]);
  });

  test("a closing mark with nothing open is half a quotation; inches and apostrophes are not", () => {
    expect(found("nobody came.” Then")).toEqual([["”", false]]);
    expect(found('a 6" nail and the riders’ boat')).toEqual([]);
  });

  test("a mark left open does not swallow the quotation after it", () => {
    expect(found('He said "we waited. Then "nobody came" too.')).toEqual([
      ['"we waited. Then ', false],
      ['"nobody came"', true],
    ]);
  });

  test("property: quotations are in order and do not overlap", () => {
    const pieces = fc.constantFrom(
      '"',
      "“",
      "”",
      "„",
      "«",
      "»",
      "‘",
      "’",
      "「",
      "」",
      "a",
      " ",
      ".",
      "\n\n",
    );
    fc.assert(
      fc.property(fc.array(pieces), (list) => {
        let from = 0;
        for (const { start, end } of quotationsOf(list.join(""))) {
          expect(start).toBeGreaterThanOrEqual(from);
          expect(end).toBeGreaterThan(start);
          from = end;
        }
      }),
    );
  });
});

function foundBetweenApostrophes(text: string): readonly (readonly [string, boolean])[] {
  return apostropheQuotationsOf(text).map(({ start, end, isWhole }) => [
    text.slice(start, end),
    isWhole,
  ]);
}

describe("quotations between apostrophes", () => {
  test("speech that is opened anew in each paragraph is open until then", () => {
    expect(foundBetweenApostrophes("Pell said: 'We waited. It came. 'Nobody was on it.'")).toEqual([
      ["'We waited. It came. ", false],
      ["'Nobody was on it.'", true],
    ]);
  });

  test("speech that nobody closes, and a mark after a stop that closes nothing", () => {
    expect(foundBetweenApostrophes("Pell said: 'We waited. The Trust bought the boat.")).toEqual([
      ["'", false],
    ]);
    expect(foundBetweenApostrophes("We waited.' The Trust bought the boat.")).toEqual([
      ["'", false],
    ]);
  });
});

describe("terms", () => {
  test("forms of a word are one term, stop words none", () => {
    const terms = termsOf("The minister met other ministers.", lexiconOf("en").stopWords);
    expect([...terms]).toEqual(["ministe", "met"]);
  });

  test("scripts without spaces are compared by pairs of letters", () => {
    expect([...termsOf("港湾局", new Set())]).toEqual(["港湾", "湾局"]);
    expect([...termsOf("12票対7票で否決", new Set())]).toEqual([
      "12",
      "票対",
      "7",
      "票で",
      "で否",
      "否決",
    ]);
  });
});

test("property: any words match however they are written", () => {
  const words = fc.array(fc.constantFrom("since", "été", "l['’]an", "über", "до"), {
    minLength: 1,
  });
  fc.assert(
    fc.property(words, fc.boolean(), (names, isUpper) => {
      const pattern = new RegExp(`^(?:${anyCase(names.join("|"))})$`, "u");
      const [first = ""] = names;
      const word = first.replace("['’]", "’");
      expect(pattern.test(isUpper ? word.toUpperCase() : word)).toBe(true);
    }),
  );
});

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
