import { expect, test } from "vitest";
import { bouncesInARow } from "../../../src/subscribers/io/depart.ts";

const NOW = new Date("2026-11-24T07:00:00Z");

/** What an issue every so many days gives, of each of which is told whether it came back: `x`, or `.`; today's last. */
function inARow(issues: string, everyDays: number) {
  const sent = issues
    .split("")
    .toReversed()
    .map((sign, index) => ({
      at: new Date(NOW.getTime() - index * everyDays * 86_400_000),
      hasBounced: sign === "x",
    }));
  return bouncesInARow(sent, NOW);
}

test.each([
  ["a weekly newsletter, five times", "..xxxxx", 7, { count: 5, isLasting: true }],
  ["a weekly one that went well in between", "xxxx.x", 7, { count: 1, isLasting: false }],
  ["a weekly one, the last two on their way back", "xxx..", 2, { count: 3, isLasting: false }],
  ["a daily one, for two weeks", "xxxxxxxxxxxxxxx", 1, { count: 15, isLasting: true }],
  ["a daily one, some of them unreported", "xx.x...x.xx...xx.x", 1, { count: 9, isLasting: true }],
  ["a daily one, over the weekend", "........xxx", 1, { count: 3, isLasting: false }],
  ["a daily one, every now and then", "x........x........x", 1, { count: 1, isLasting: false }],
  ["a monthly one, five times", "xxxxx", 30, { count: 5, isLasting: true }],
  ["one that came back a month ago", "xxxxx....", 7, { count: 0, isLasting: false }],
] as const)("%s", (_of, issues, everyDays, expected) => {
  expect(inARow(issues, everyDays)).toEqual(expected);
});
