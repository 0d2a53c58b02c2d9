import { describe, expect, test } from "vitest";
import { unfaithfulness } from "../../../src/summary/faithfulness/faithfulness.ts";
import { articleOf } from "../article-of.ts";

const STRIKE = articleOf(
  `The harbour board of Porthmoor suspended the night ferry on Tuesday after a collision in the estuary. Ada Pell, a nurse from Thornsea, was rescued by two fishermen.

Councillor Tomas Reil supported the decision. Mayor Ruth Vane vetoed a plan to sell the boat in Lune. The company may appeal, its lawyer said. The crew was not trained for fog, an inspector found. Nearly 1,940 riders signed a petition, and nine in ten of them want the ferry back.`,
  { title: "Night ferry suspended" },
);

describe("a sentence that turns what the article says is not passed silently", () => {
  test.each([
    ["an opposite", "The harbour board resumed the night ferry on Tuesday."],
    ["an opposite", "Councillor Tomas Reil opposed the decision."],
    ["another's deed", "Tomas Reil vetoed a plan to sell the boat."],
    ["a hedge that is lost", "The company will appeal, its lawyer said."],
    ["a not that is lost", "The crew was trained for fog, an inspector found."],
    ["a not that is added", "Ada Pell was not rescued by the fishermen."],
    ["another day", "The board suspended the ferry on Wednesday."],
    ["another number", "Three fishermen rescued Ada Pell."],
    ["another title", "Ada Pell, a lawyer from Thornsea, was rescued."],
    ["sides swapped", "Ada Pell rescued two fishermen."],
  ])("%s: %s", (_, sentence) => {
    expect(unfaithfulness(sentence, STRIKE)).toBeDefined();
  });
});

describe("a sentence that says the same in other words passes", () => {
  test.each([
    "The night ferry was suspended by the harbour board on Tuesday.",
    "Two fishermen rescued Ada Pell, a nurse.",
    "The plan to sell the boat was vetoed by the mayor, Ruth Vane.",
    "About 2,000 riders signed a petition.",
    "90 percent of them want the ferry back.",
    "The Reil–Vane council was told of the collision.",
  ])("%s", (sentence) => {
    expect(unfaithfulness(sentence, STRIKE)).toBeUndefined();
  });
});

test("a rounded number that does not say so is another number", () => {
  expect(unfaithfulness("2,000 riders signed a petition.", STRIKE)?.kind).toBe("number");
});
