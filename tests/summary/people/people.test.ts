import { expect, test } from "vitest";
import { documentOf } from "../../../src/summary/document.ts";
import { peopleToShow } from "../../../src/summary/people/people.ts";
import { editedSentence } from "../../../src/summary/summary.ts";
import { articleOf } from "../article-of.ts";

const peopleIn = (text: string) => documentOf(articleOf(text)).people.known;

test("months and the 's of an owner are no part of a name", () => {
  const text = "Porthmoor's mayor Ada Pell met the baker Tomas Reil April 13 on the quay.";
  expect(peopleIn(text).map(({ name }) => name)).toEqual(["Ada Pell", "Tomas Reil"]);
});

test("who the title names comes first, and those with a role before those without", () => {
  const known = peopleIn(
    "The baker Ola Brand came. The pilot Tomas Reil came. Mayor Ada Pell came, and the pilot Tomas Reil left.",
  );
  const shown = peopleToShow(known, "Why Ada Pell came", "").map(({ name }) => name);
  expect(shown).toEqual(["Ada Pell", "Tomas Reil", "Ola Brand"]);
});

test("a cast list gives each name the role after it", () => {
  const text =
    "Tomas Reil, 60, plays the priest and confidante, Ada Pell as the aide, who said on Monday that she liked the part. Ada Pell, 40, who lives here, said so.";
  expect(peopleIn(text).map(({ role }) => role)).not.toContain("priest and confidante");
});

test("what was put in and what it stands for can be told from the source's own words", () => {
  const text = "The harbour master Ada Pell closed the quay. She sold bread on the pier.";
  const candidate = documentOf(articleOf(text)).candidates.at(-1)!;
  const { cut, added, start = 0, end = 0 } = editedSentence(text, candidate, candidate.additions);
  expect(text.slice(start, end)).toBe("She sold bread on the pier.");
  expect(cut?.map((range) => text.slice(range.start, range.end))).toEqual(["She"]);
  expect(added).toEqual([{ at: start, text: "[Ada Pell]" }]);
});
