import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { patternFault, wordPattern } from "../../src/config/sources.ts";

describe("a pattern finds", () => {
  test.each([
    ["ferry", "The Ferry that waits"],
    ["the ferry", "Why  THE\tferry waits"],
    ["ferr*", "All ferries stand still"],
    ["*boat", "The lifeboat is back"],
    ["sport", "https://paper.example/sport/2026/one"],
    ["paper.example/sport*", "https://paper.example/sports-desk"],
    ["mayor * quay", "The mayor walks along the quay"],
    ["Élan", "un élan nouveau"],
    ["港", "横浜港の朝"],
    ["50%", "Up by 50% in a year"],
    ["C++", "What C++ is for"],
  ])("%j in %j", (pattern, text) => {
    expect(wordPattern(pattern)(text)).toBe(true);
  });
});

describe("a pattern doesn't find", () => {
  test.each([
    ["ferr", "All ferries stand still"],
    ["ferry", "The ferryman"],
    ["boat", "The lifeboat is back"],
    ["art", "The start of the party"],
    ["mayor * quay", "The quay and its mayor"],
    ["elan", "un élan nouveau"],
    ["a.b", "a-b"],
  ])("%j in %j", (pattern, text) => {
    expect(wordPattern(pattern)(text)).toBe(false);
  });
});

test("a word that is cut at its first place is found at its next", () => {
  expect(wordPattern("art")("The start of art")).toBe(true);
  expect(wordPattern("a*b c")("ab cd, ab c")).toBe(true);
});

test("whatever stands in a text is found by it, and signs mean nothing but themselves", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme" }),
      fc.string(),
      fc.string(),
      (words, before, after) => {
        fc.pre(!words.includes("*") && words.trim() !== "");
        expect(wordPattern(words)(`${before} ${words} ${after}`)).toBe(true);
      },
    ),
  );
});

test("many stars cost no more than the text is long", () => {
  expect(wordPattern(`${"a*".repeat(200)}b`)("a".repeat(100_000))).toBe(false);
});

test.each([
  ["", "empty"],
  ["*", "empty"],
  ["* . *", "empty"],
  ["ferr.*", "regular"],
  [String.raw`\bferry\b`, "regular"],
  ["^ferry", "regular"],
  ["ferry$", "regular"],
  ["(?i)ferry", "regular"],
  ["paper.example/", undefined],
  ["$5 a day", undefined],
])("%j is no pattern: %s", (pattern, fault) => {
  expect(patternFault(pattern)).toBe(fault);
});
