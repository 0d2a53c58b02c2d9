import { describe, expect, test } from "vitest";
import { lexiconOf } from "../../../src/summary/language/lexicon.ts";
import { summarize } from "../../../src/summary/summarize.ts";
import { articleOf } from "../article-of.ts";
import { leadingConnective, namesOf } from "../../../src/summary/anaphora/anaphora.ts";
import { documentOf } from "../../../src/summary/document.ts";

describe("a connective that can be left off", () => {
  test.each([
    ["Meanwhile, Pell bought the pier.", "Pell bought the pier."],
    ["At the same time, Lune Buses closed.", "Lune Buses closed."],
    ["But Pell bought the pier.", "Pell bought the pier."],
    ["But the pier was sold.", "But the pier was sold."],
    ["Still Waters is the name of the boat.", "Still Waters is the name of the boat."],
    ["Instead, Pell bought the pier.", "Instead, Pell bought the pier."],
    ["Perhaps Pell bought the pier.", "Perhaps Pell bought the pier."],
    ["Then President Pell signed.", "Then President Pell signed."],
  ])("%s", (sentence, rest) => {
    expect(sentence.slice(leadingConnective(sentence, lexiconOf("en")))).toBe(rest);
  });
});

test("names are what the article capitalises in mid-sentence, months left out", () => {
  const names = namesOf(["Yesterday Ada Pell met Reil in March."], lexiconOf("en"));
  expect([...names]).toEqual(["ada", "reil"]);
});

test("a sentence takes nothing for known that the title has", () => {
  const text = "Ada Pell runs a bakery. On Monday Pell sold bread.";
  const { candidates } = documentOf(articleOf(text, { title: "Bread for Pell" }));
  expect(candidates.at(-1)?.recalls).toEqual([]);
});

const TEXT = `Porthmoor asked its riders on Monday what the night ferry should cost, and nine hundred of them wrote back.
Tomas Reil, who keeps the lock of Marsh End, wants it to be free for riders under twelve.
Reil told the riders of Porthmoor that a night ferry should cost nothing at all.
Most riders named a fare between two and three pounds for the night ferry.
Porthmoor will set the fare in June, and its riders may vote on it.`;

describe("what was introduced in a sentence left out", () => {
  test("does not open the gist", () => {
    const text =
      "Ada Pell built a studio of bed sheets in the hospital of Porthmoor on Monday. The studio drew hundreds of riders from Porthmoor and the hospital.";
    expect(summarize(articleOf(text)).gist.text).toMatch(/^Ada Pell built/);
  });

  test("is in no summary without it", () => {
    const article = articleOf(TEXT, { title: "What a night ferry should cost" });
    const { gist, keyPoints } = summarize(article);
    const told = [gist, ...keyPoints].map(({ text }) => text);
    if (told.some((text) => text.startsWith("Reil"))) expect(told.join()).toContain("Tomas Reil");
  });

  test("is shown where nothing else is", () => {
    const text = `Nine boats lay at the quay of Porthmoor in the night, and nobody had counted them.
The crew was asleep below the deck. The captain was asleep as well. The harbour was dark at nine.`;
    expect(summarize(articleOf(text)).keyPoints.length).toBeGreaterThan(1);
  });
});
