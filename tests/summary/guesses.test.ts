import { expect, test } from "vitest";
import { isGuess } from "../../src/summary/summarize.ts";
import { lexiconOf } from "../../src/summary/language/lexicon.ts";

test.each([
  ["Riders speculated that the boat was sold.", true],
  ["Many riders suspect that the boat was sold.", true],
  ["Ada Pell suspected that the boat was sold.", false],
  ["Riders said that the boat was sold.", false],
])("a guess of people without a name: %s", (sentence, expected) => {
  expect(isGuess(sentence, lexiconOf("en"))).toBe(expected);
});
