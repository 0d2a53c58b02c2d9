import { describe, expect, test } from "vitest";
import { isDoubtfulCut } from "../../../src/summary/language/doubtful-cut.ts";

/** Each text has ¦ where it is cut. */
function isDoubtful(marked: string, language = "en"): boolean {
  return isDoubtfulCut(marked.replace("¦", ""), marked.indexOf("¦"), language);
}

describe("a cut that may be inside a name is in doubt", () => {
  test.each([
    ["a number after a short word", "en", "Pilots praised the Nova Spec.¦ 4 of the yard."],
    ["a number after a word without a vowel", "en", "She flew the Kestrel Xk.¦ 4, he said."],
    ["a Roman number", "en", "They built the Nova Spec.¦ VI for the fleet."],
    ["a lone letter", "en", "The rules are in App.¦ B of the plan."],
    ["small letters", "en", "The firm of Reil Fils.¦ et Pell was sold."],
    ["an hour and its zone", "en", "The ferry leaves at 5 p.m.¦ Eastern and not before."],
    [
      "a word that stands in a sentence with its stop",
      "en",
      "The vote in Cong., which Reil lost, was close. She met Cong.¦ Pell.",
    ],
    [
      "a mark in a name that stands in a sentence as well",
      "en",
      "She writes for Yahoo! on Fridays. Shares of Yahoo!¦ Japan rose.",
    ],
    ["German", "de", "Die Werft nahm die Kestrel Bau.¦ 4 ab."],
  ])("%s (%s)", (_, language, marked) => {
    expect(isDoubtful(marked, language)).toBe(true);
  });
});

describe("other cuts are not", () => {
  test.each([
    ["a beginning", "Nobody was hurt.¦ The ferry sailed."],
    ["a beginning after a firm", "It belongs to Reil Ltd.¦ The pier does not."],
    ["a beginning after an initial", "It was you and I.¦ Did Albert call?"],
    ["a number after a long word", "Riders came back on Monday.¦ 81 percent stayed."],
    ["a number after a small word", "They all came to it.¦ 81 percent stayed."],
    ["a number after a unit", "It weighed 5 kg.¦ 4 boats came."],
    ["a number after a broadcaster", "They left the BBC.¦ 40 others stayed."],
    ["a name in small letters", "Shares fell.¦ iPhone sales rose."],
    ["a question", "Who pays?¦ Pell knows."],
    ["a quotation's end", "“We wait for Spec.”¦ 4 boats came."],
    ["an article as a letter", "They all left on Fri.¦ A boat came."],
    ["the end of a paragraph", "They praised the Nova Spec.¦\n\n4 boats came."],
    ["the end of the text", "They praised the Nova Spec.¦"],
    ["the middle of a sentence", "They praised¦ 4 boats."],
  ])("%s", (_, marked) => {
    expect(isDoubtful(marked)).toBe(false);
  });

  test("a place outside the text is none", () => {
    expect(isDoubtfulCut("Nobody.", 400, "en")).toBe(false);
    expect(isDoubtfulCut("", 0, "")).toBe(false);
  });
});
