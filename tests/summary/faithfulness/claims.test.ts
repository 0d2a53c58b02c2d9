import { expect, test } from "vitest";
import { unfaithfulness } from "../../../src/summary/faithfulness/faithfulness.ts";
import { articleOf } from "../article-of.ts";

/* Which sentences pass and which do not is scored in bench/idioms/faithfulness.json. */

const HAVLIN = articleOf(
  `An appeal court in Oslo on Tuesday quashed the fine of 4.8 million kroner against the ferry company Havlin. Havlin had been fined in 2019 because two of its six ferries sailed without enough lifeboats.

The court may publish its reasons in June. The night ferry carries 12,000 people a year, up from 9,000.`,
  { title: "Court quashes ferry fine", publishedAt: "2026-05-20" },
);

test.each([
  ["an unknown nationality", "A Swedish court quashed the fine against the company Havlin."],
  ["a number that may be calculated", "The owners of Havlin had to find 19 more lifeboats."],
  [
    "a name that may be known",
    "In Norway’s capital, Oslo, an appeal court on Tuesday quashed the fine against the ferry company Havlin AS.",
  ],
  ["a certain statement for a possible one", "The court will publish its reasons in June."],
])("%s is only marked", (_, sentence) => {
  expect(unfaithfulness(sentence, HAVLIN)).toMatchObject({ isSure: false });
});

test.each([
  ["another number in its place", "The night ferry carries 15,000 people a year."],
  ["another outcome", "An appeal court upheld the fine against the ferry company Havlin."],
  ["a sentence about something else", "Nine moths were counted at a lighthouse in Cornwall."],
])("%s is refused", (_, sentence) => {
  expect(unfaithfulness(sentence, HAVLIN)).toMatchObject({ isSure: true });
});

const MILL = articleOf(
  `The council of Orrell rejected a plan for a tide mill on Tuesday. The mayor, Oona Teal, said that she would not rule out a second vote.

"They should have approved the plan," said the miller Silas Quint. The board did not deny that the river had flooded the quay twice.`,
  { title: "Council rejects tide mill", publishedAt: "2026-05-20" },
);
const MANY = Array.from(
  { length: 39 },
  () => "The council of Orrell rejected a plan for a tide mill.",
);

test.each([
  ["an opposite that is only in a quotation", "The council of Orrell rejected the tide mill."],
  ["a double negative", "The board admitted that the river had flooded the quay twice."],
])("%s does not contradict a sentence", (_, sentence) => {
  expect(unfaithfulness(sentence, MILL)).toBeUndefined();
});

test.each([
  ["with an opposite of it elsewhere in a quotation", "The council approved a plan for a mill."],
  ["with one of two negatives lost", "The board denied that the river had flooded the quay."],
  ["among forty", [...MANY, "The mayor ruled out a second vote."].join(" ")],
])("a false sentence %s is not passed", (_, sentence) => {
  expect(unfaithfulness(sentence, MILL)).toBeDefined();
});
