import { expect, test } from "vitest";
import { inOrderOfTime } from "../../src/summary/summary.ts";
import * as fc from "fast-check";

test.each<[what: string, given: string[], ordered: string[]]>([
  ["days, months and years", ["2018-11-09", "1794", "2011-03"], ["1794", "2011-03", "2018-11-09"]],
  [
    "a month and a day in it as they were told",
    ["2018-03", "2018-03-02"],
    ["2018-03", "2018-03-02"],
  ],
  ["a decade before what comes after it", ["1974-05", "1960/1969"], ["1960/1969", "1974-05"]],
  ["a decade and a year of it as they were told", ["1964", "1960/1969"], ["1964", "1960/1969"]],
])("events stand in the order of time: %s", (_what, given, ordered) => {
  const events = given.map((iso) => ({ iso }));
  expect(inOrderOfTime(events).map(({ iso }) => iso)).toEqual(ordered);
});

test("an event without a date follows the one that it was told after, and opens where it came first", () => {
  const events = [
    { what: "before all", iso: undefined },
    { what: "opened", iso: "2018" },
    { what: "praised" },
    { what: "built", iso: "1794" },
    { what: "in the spring", iso: "spring" },
  ];
  expect(inOrderOfTime(events).map(({ what }) => what)).toEqual([
    "before all",
    "built",
    "in the spring",
    "opened",
    "praised",
  ]);
});

function part(from: number, to: number) {
  return fc.integer({ min: from, max: to }).map((number) => String(number).padStart(2, "0"));
}

test("nothing is lost, and whatever is over when another begins stands before it", () => {
  const year = fc.integer({ min: 1995, max: 1999 }).map(String);
  const iso = fc.oneof(
    year,
    fc.tuple(year, part(1, 12)).map((parts) => parts.join("-")),
    fc.tuple(year, part(1, 12), part(1, 28)).map((parts) => parts.join("-")),
    fc.constant(undefined),
  );
  fc.assert(
    fc.property(fc.array(iso, { maxLength: 12 }), (dates) => {
      const events = dates.map((date) => ({ iso: date }));
      const ordered = inOrderOfTime(events);
      expect(new Set(ordered)).toEqual(new Set(events));
      const dated = ordered.flatMap(({ iso }) => iso ?? []);
      for (const [at, first] of dated.entries())
        for (const later of dated.slice(at)) expect(`${later}~` < first).toBe(false);
    }),
  );
});
