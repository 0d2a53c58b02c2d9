import { describe, expect, test } from "vitest";
import { retryAfterSeconds, shownWait } from "../../../src/platform/http/answer-failure.ts";
import { NOW } from "./servers.ts";

describe("a Retry-After field", () => {
  test.each([
    ["120", 120],
    [" 0 ", 0],
    ["Wed, 02 Apr 2031 06:05:00 GMT", 300],
    ["Wednesday, 02-Apr-31 06:05:00 GMT", 300],
    ["Wed Apr  2 06:05:00 2031 GMT", 300],
    ["Tue, 01 Apr 2031 06:05:00 GMT", 0],
    ["soon", undefined],
    ["-5", undefined],
    ["1.5", undefined],
    ["99999999999999", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("%s is %s seconds", (field, seconds) => {
    expect(retryAfterSeconds(field, NOW)).toBe(seconds);
  });
});

test.each([
  [1, "1 second"],
  [90, "90 seconds"],
  [121, "3 minutes"],
  [7201, "3 hours"],
  [604_800, "7 days"],
  [2_592_001, "more than 30 days"],
  [251_606_390_400, "more than 30 days"],
  [Infinity, "more than 30 days"],
])("%i seconds are told as %s, never as less than they are", (seconds, told) => {
  expect(shownWait(seconds)).toBe(told);
});
