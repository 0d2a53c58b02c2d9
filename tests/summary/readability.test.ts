import { expect, test } from "vitest";
import { defectsOf } from "../../bench/summaries/readability.ts";

const kindsOf = (text: string, source = text) => {
  const start = source.indexOf(text);
  const shown = [{ text, start, end: start + text.length }];
  return defectsOf(shown, source, false).map(({ defect }) => defect);
};

test.each([
  ["They asked for a later bus.", "dangling"],
  ["On March 28, it exercised its veto.", "dangling"],
  ["As they waited, nobody came.", "dangling"],
  ["However, the county pays nothing.", "dangling"],
  ["“We waited nine years,” said Ada Pell, “and.", "cut quotation"],
  ["'We waited nine years for this boat.", "cut quotation"],
  ["Nobody believed that we would wait.'", "cut quotation"],
  ["Ada Pell (left) is pictured on the quay.", "caption or notice"],
  ["Photo: Lune Courier wrote it.", "caption or notice"],
  ["A good week for Ada Pell.", "fragment"],
  ["Will the boat pay for itself?", "question"],
])("the checker sees what is wrong with: %s", (text, defect) => {
  expect(kindsOf(text)).toContain(defect);
});

test.each([
  "The Harbour Trust bought the ferry on Monday.",
  "Before he moved to Lune, Tomas Reil kept a shop on the quay.",
  "Police said they were looking for two men.",
  "There was no ferry in Porthmoor for nine years.",
  "'We waited nine years for the riders' boat,' said Ada Pell.",
  "“We waited nine years for this boat,” said Ada Pell.",
])("and nothing wrong with: %s", (text) => {
  expect(kindsOf(text)).toEqual([]);
});

test("a sentence that ends at an abbreviation is broken", () => {
  expect(
    kindsOf("The bill was brought by Sen.", "The bill was brought by Sen. Ada Pell."),
  ).toContain("broken abbreviation");
});

test("in a running text, a sentence may lean on the one right before it, and on no other", () => {
  const ferry = "The Trust bought the ferry Lune Star.";
  const it = "It carries eighty riders.";
  const shown = (source: string) =>
    [ferry, it].map((text) => {
      const start = source.indexOf(text);
      return { text, start, end: start + text.length };
    });
  expect(defectsOf(shown(`${ferry} ${it}`), `${ferry} ${it}`, true)).toEqual([]);
  const apart = `${ferry} The pier was sold to a cannery in May. ${it}`;
  expect(defectsOf(shown(apart), apart, true)).toHaveLength(1);
});
