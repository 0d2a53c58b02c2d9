import { describe, expect, test } from "vitest";
import { lexiconOf, termsOf } from "../../../src/summary/language/lexicon.ts";

describe("terms", () => {
  test("forms of a word are one term, stop words none", () => {
    const terms = termsOf("The minister met other ministers.", lexiconOf("en").stopWords);
    expect([...terms]).toEqual(["ministe", "met"]);
  });

  test("names that objects inherit are words like any other", () => {
    expect(termsOf("constructor __proto__ toString", new Set())).toEqual(
      new Set(["constru", "proto", "tostrin"]),
    );
    expect(lexiconOf("constructor").stopWords.size).toBe(0);
    expect(lexiconOf("__proto__").connectives.has("constructor")).toBe(false);
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
