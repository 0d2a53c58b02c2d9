import { expect, test } from "vitest";
import { type Death, survives, worked, WORKS } from "./killed-writes.ts";

const DEATHS: readonly (readonly [work: string, place: string, death: Death])[] = [
  ["a change by hand", "in its line", { nth: 1, match: "^writeFile.*edits", isTorn: true }],
  ["a change by hand", "once its line is there", { nth: 1, match: "^rename.*written" }],
  [
    "a change by hand at the last moment",
    "where the issue's folder is set aside",
    { nth: 2, match: "^rename.*new the-mudlark/2031-04-02$" },
  ],
  ["the conversion of an older issue", "in a line", { nth: 1, match: "edits", isTorn: true }],
  ["discarding edits", "before these are moved", { nth: 1, match: "^rename.*edits.jsonl" }],
];

test.each(DEATHS)("kill -9 at %s, %s, loses no word", async (name, _place, death) => {
  const work = WORKS.find((one) => one.name === name);
  if (!work) throw new Error(name);
  expect(await survives(await worked(work), work, death)).toBe(true);
});
