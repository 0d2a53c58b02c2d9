import { describe, expect, test } from "vitest";
import { summarize } from "../../src/summary/summarize.ts";
import type { Sentence } from "../../src/summary/summary.ts";
import { articleOf } from "./article-of.ts";

/** The source of a sentence without what was cut out of it. */
function restored({ start = 0, end = 0, cut = [] }: Sentence, text: string): string {
  const places = Array.from({ length: end - start }, (_, at) => start + at);
  const kept = places.filter((at) => !cut.some((range) => range.start <= at && at < range.end));
  return kept.map((at) => text[at]).join("");
}

function shownOf(text: string): readonly Sentence[] {
  const { gist, keyPoints } = summarize(articleOf(text));
  return [gist, ...keyPoints];
}

describe("what is cut out of a sentence is recorded", () => {
  test("a leading connective", () => {
    const text =
      "The Harbour Trust bought the ferry. Meanwhile, Lune Buses has offered a shuttle to the hospital.";
    const shuttle = shownOf(text).find((sentence) => sentence.text.startsWith("Lune Buses"));
    expect(text.slice(shuttle?.start, shuttle?.end)).toMatch(/^Meanwhile, Lune .*hospital\.$/);
    expect(shuttle?.cut).toEqual([{ start: 36, end: 47 }]);
    expect(shuttle && restored(shuttle, text)).toBe(shuttle?.text);
  });

  test.each([
    ["a mark of a picture", "Ada Pell (pictured) runs the bakery on the quay.", "Ada Pell runs"],
    ["a measure told twice", "The ferry crosses 40 miles (64 km) of open water.", "40 miles of"],
    ["an age", "Tomas Reil (42), a councillor, warned the county on Monday.", "Tomas Reil, a"],
    [
      "an abbreviation that never comes back",
      "The Harbour Trust of Porthmoor (HTP) bought the night ferry on Monday.",
      "Porthmoor bought",
    ],
  ])("%s", (_, text, shown) => {
    const [gist] = shownOf(text);
    expect(gist?.text).toContain(shown);
    expect(gist && restored(gist, text)).toBe(gist?.text);
  });

  test.each([
    "The ferry returns in June (if the county pays) for a trial of ten weeks.",
    "The county (not the town) owns the old pier of the cannery.",
    "Riders paid two pounds (in 2015) for a crossing of the estuary at night.",
    "The captain (“never late”, he says) runs the Lune Star at night.",
    "The trial (see above (page 2)) ends with the summer timetable of the buses.",
  ])("but never what changes the sense: %s", (text) => {
    expect(shownOf(text)[0]?.text).toBe(text);
  });

  test("nor an abbreviation that the article goes on to use", () => {
    const text =
      "The Harbour Trust of Porthmoor (HTP) bought the night ferry on Monday. Riders wrote to HTP for years.";
    expect(shownOf(text).map(({ text }) => text)).toContainEqual(expect.stringContaining("(HTP)"));
  });
});
