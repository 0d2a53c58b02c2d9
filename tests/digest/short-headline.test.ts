import * as fc from "fast-check";
import { expect, test } from "vitest";
import { countCharacters, shortHeadline } from "../../src/digest/one-line.ts";

const CLAUSE = "The harbour board votes on Thursday whether the last ferry keeps its bees";

test.each([
  ["whole where it fits", CLAUSE, CLAUSE],
  [
    "at a colon before a comma",
    `${CLAUSE}: a report, with figures, from the quay where they are loaded, told at length`,
    `${CLAUSE} …`,
  ],
  [
    "at its last comma",
    `${CLAUSE}, and the beekeepers of the island, who were not asked, have hired a boat of their own`,
    `${CLAUSE}, and the beekeepers of the island, who were not asked …`,
  ],
  ["between words without a joint", "tide ".repeat(60).trim(), `${"tide ".repeat(28).trim()} …`],
])("a headline is shortened %s", (_how, headline, short) => {
  expect(shortHeadline(headline)).toBe(short);
});

test("a short headline is the beginning of the long one, and has room, whatever it says", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 400 }), (headline) => {
      const short = shortHeadline(headline);
      expect(countCharacters(short)).toBeLessThanOrEqual(142);
      expect(headline.startsWith(short.replace(/ …$/, ""))).toBe(true);
    }),
  );
});
