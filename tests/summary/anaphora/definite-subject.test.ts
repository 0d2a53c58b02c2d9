import { describe, expect, test } from "vitest";
import { definiteSubject } from "../../../src/summary/anaphora/introductions.ts";
import { lexiconOf } from "../../../src/summary/language/lexicon.ts";

describe("the thing that a sentence is about", () => {
  test.each([
    ["The studio quickly became a sensation.", "studio"],
    ["All three gunmen were killed.", "gunmen"],
    ["The critically-panned film, which opened in May, was sold.", "film"],
    ["The plan was praised by riders.", "plan"],
    ["The move isn't a surprise.", "move"],
    ["The rally was held on the quay.", "rally"],
    ["The new deal will cost the county nothing.", "deal"],
  ])("%s", (sentence, term) => {
    expect(definiteSubject(sentence, lexiconOf("en"))).toEqual({ term, isRanked: false });
  });

  test("a rank says which", () => {
    const found = definiteSubject("The largest boat was sold.", lexiconOf("en"));
    expect(found).toEqual({ term: "boat", isRanked: true });
  });

  test.each([
    ["is told by what follows", "The captain of the Lune Star sold his boat.", "en"],
    ["is named here", "The ship, the Lune Star, ran aground.", "en"],
    ["has a place", "The museum attack in Porthmoor may harm the town.", "en"],
    ["has a name", "The Harbour Trust bought the studio.", "en"],
    ["is in a language that says “the” of anything", "Le studio est devenu célèbre.", "fr"],
  ])("none where it %s: %s", (_, sentence, language) => {
    expect(definiteSubject(sentence, lexiconOf(language))).toBeUndefined();
  });
});
