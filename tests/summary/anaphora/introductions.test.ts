import { describe, expect, test } from "vitest";
import { documentOf } from "../../../src/summary/document.ts";
import { summarize } from "../../../src/summary/summarize.ts";
import { articleOf } from "../article-of.ts";

/** What the last sentence of a text takes for known. */
function recalled(text: string, fields = {}): readonly string[] {
  return documentOf(articleOf(text, fields)).candidates.at(-1)?.recalls ?? [];
}

describe("a sentence takes for known", () => {
  test.each([
    ["a thing told before", "Riders want a studio. The studio was never built.", "studio"],
    ["a thing in its middle", "Lune runs a quarry. Nine riders walked past the quarry.", "quarry"],
    ["this thing", "Lune runs a quarry. Nine riders walked past this quarry.", "quarry"],
    ["a family's name that stands first", "Ri Chang-dae came. On Monday Ri left.", "ri"],
    ["a surname", "Ada Pell runs a bakery. On Monday Pell sold bread.", "pell"],
    ["whose a thing is", "Ada Pell runs a bakery. Bread is Pell's trade.", "pell"],
    ["a given name", "Thomas Reil owns a boat. Riders like Thomas.", "thoma"],
    ["whom it says more of", "Nine boats came. Lune Buses also came.", "buse"],
    ["a French surname", "Ada Pell tient une boulangerie. Lundi, Pell a vendu du pain.", "pell"],
  ])("%s: %s", (name, text, term) => {
    expect(recalled(text, { language: name.includes("French") ? "fr" : "en" })).toContain(term);
  });

  test.each([
    ["Lune will buy nine boats. The plan was praised.", true],
    ["Lune will buy nine boats. Riders praised the plan.", true],
    ["Lune has a plan. The plan was praised.", false],
    ["Lune will buy nine boats. The new deal will cost the county nothing.", true],
    ["Lune will buy nine boats. The move isn't a surprise.", true],
    ["Lune will buy nine boats. The critically-panned film, which opened in May, was sold.", true],
    ["Lune will buy nine boats. The captain of the Lune Star sold his.", false],
    ["Lune will buy nine boats. The ship, the Lune Star, ran aground.", false],
    ["Lune will buy nine boats. The museum attack in Porthmoor may harm the town.", false],
    ["Lune will buy nine boats. The Harbour Trust bought the studio.", false],
    ["The plan was praised.", false],
    ["Lune will buy nine boats. The largest will be sold.", false],
    ["Lune will buy nine boats. Riders praised the plan of Lune.", false],
  ])("whether it points at what the one before told in other words: %s", (text, pointsBack) => {
    expect(documentOf(articleOf(text)).candidates.at(-1)).toMatchObject({ pointsBack });
  });

  test.each([
    ["tells the name in full", "Ada Pell runs a bakery. Ada Pell sold bread."],
    ["tells of a thing anew", "Lune runs a quarry. Nine riders walked past a quarry."],
    ["says which thing", "Lune runs a quarry. Nine riders saw the quarry of Marsh End."],
    ["is about what there is one of", "Nine boats came. The sun was seen at last."],
    ["ranks it", "Nine boats came. The largest ferry was sold."],
    ["has a place", "Ada Pell left New York. Nine boats reached York."],
    ["has part of a society's name", "Lune Harbour Trust has boats. Trust is scarce."],
  ])("nothing where it %s: %s", (_, text) => {
    expect(recalled(text)).toEqual([]);
  });

  test("nothing that the title has", () => {
    const text = "Ada Pell runs a bakery. On Monday Pell sold bread.";
    expect(recalled(text, { title: "Bread for Pell" })).toEqual([]);
  });
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
