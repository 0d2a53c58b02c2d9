import { describe, expect, test } from "vitest";
import { endsLeaning } from "../../../src/summary/refusal.ts";
import { lexiconOf } from "../../../src/summary/language/lexicon.ts";

describe("the end of a sentence ties it to one left out", () => {
  test.each([
    ["who said it", "en", "The boat was bought in May, she said."],
    ["and when", "en", "The boat was bought in May, she said on Monday."],
    ["and to whom", "en", "The boat was bought in May, he told the Lune Courier."],
    ["a contrast", "en", "The kitchen does not serve fish alone, though."],
    ["a likeness", "en", "The crossing itself was not easy, either."],
    ["what changed", "en", "In 2011, the ferry changed that."],
    ["what somebody will do", "en", "No word yet on whether the county will."],
    ["a French contrast", "fr", "Le port reste fermé pourtant."],
  ])("%s (%s): %s", (_, language, sentence) => {
    expect(endsLeaning(sentence, lexiconOf(language))).toBe(true);
  });

  test.each([
    ["a name said it", "en", "The boat was bought in May, Ada Pell said."],
    ["it goes on", "en", "In August of that year, she said she wanted to sell the boat."],
    ["the words are quoted", "en", "Ada Pell said: “I am sorry for that.”"],
    ["no words of the language are known", "fi", "Satama suljettiin, she said."],
  ])("not where %s (%s): %s", (_, language, sentence) => {
    expect(endsLeaning(sentence, lexiconOf(language))).toBe(false);
  });
});
