import { describe, expect, test } from "vitest";
import { apostropheQuotationsOf } from "../../../src/summary/language/quotations.ts";

function found(text: string): readonly (readonly [string, boolean])[] {
  return apostropheQuotationsOf(text).map(({ start, end, isWhole }) => [
    text.slice(start, end),
    isWhole,
  ]);
}

describe("quotations between apostrophes", () => {
  test.each([
    ["Pell said: 'We waited. Nobody came.'", "'We waited. Nobody came.'"],
    ["'We don't wait,' said Pell, who runs it.", "'We don't wait,'"],
    ["'The riders' boat is ours,' said Pell.", "'The riders' boat is ours,'"],
    ["She calls it 'our boat' at home.", "'our boat'"],
  ])("%s", (text, quotation) => {
    expect(found(text)).toEqual([[quotation, true]]);
  });

  test("speech that is opened anew in each paragraph is open until then", () => {
    expect(found("Pell said: 'We waited. It came. 'Nobody was on it.'")).toEqual([
      ["'We waited. It came. ", false],
      ["'Nobody was on it.'", true],
    ]);
  });

  test("speech that nobody closes, and a mark after a stop that closes nothing", () => {
    expect(found("Pell said: 'We waited. The Trust bought the boat.")).toEqual([["'", false]]);
    expect(found("We waited.' The Trust bought the boat.")).toEqual([["'", false]]);
  });

  test.each([
    "The riders' boat is Pell's, and it's theirs.",
    "In the '90s the town's band was loud.",
    "'Tis the season of fog.",
    "The U.S.' plans for the quay.",
    "Pell is 5' tall.",
  ])("none: %s", (text) => {
    expect(found(text)).toEqual([]);
  });
});
