import { describe, expect, test } from "vitest";
import { definiteSubject } from "../../src/summary/definite-subject.ts";
import { lexiconOf } from "../../src/summary/language/lexicon.ts";
import { summarize } from "../../src/summary/summarize.ts";
import { articleOf } from "./article-of.ts";

const TOLD = new Set(["studio", "gunmen", "film", "captain", "ship", "museum", "attack"]);

describe("a thing that was said before", () => {
  test.each([
    ["The studio quickly became a sensation.", "studio"],
    ["All three gunmen were killed.", "gunmen"],
    ["The critically-panned film, which opened in May, was sold.", "film"],
  ])("%s", (sentence, noun) => {
    expect(definiteSubject(sentence, lexiconOf("en"), TOLD)).toBe(noun);
  });

  test.each([
    ["is told by what follows", "The captain of the Lune Star sold his boat.", "en"],
    ["is named here", "The ship, the Lune Star, ran aground.", "en"],
    ["has a place", "The museum attack in Porthmoor may harm the town.", "en"],
    ["was not said", "The sun rose over the quay.", "en"],
    ["has a name", "The Harbour Trust bought the studio.", "en"],
    ["is in a language that says “the” of anything", "Le studio est devenu célèbre.", "fr"],
  ])("not where it %s: %s", (_, sentence, language) => {
    expect(definiteSubject(sentence, lexiconOf(language), TOLD)).toBeUndefined();
  });
});

test("what was introduced in a sentence left out does not open the gist", () => {
  const text =
    "Ada Pell built a studio of bed sheets in the hospital of Porthmoor on Monday. The studio drew hundreds of riders from Porthmoor and the hospital.";
  const { gist } = summarize(articleOf(text, { title: "" }));
  expect(gist.text).toMatch(/^Ada Pell built/);
});
