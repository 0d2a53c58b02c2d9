import { expect, test } from "vitest";
import { nextTry } from "../../src/delivery/sending/answer-policy.ts";

const NOW = new Date("2026-11-24T07:00:00Z");
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const deferral = { id: 1, attempt: 1, firstTriedAt: NOW, now: NOW };

function at(hours: number): Date {
  return new Date(NOW.getTime() + hours * HOUR_MS);
}

test("those who were put off together come back spread out, and always at the same time", () => {
  const times = Array.from({ length: 200 }, (_, id) => nextTry({ ...deferral, id })?.getTime());
  expect(new Set(times).size).toBeGreaterThan(190);
  expect(Math.min(...times.map(Number))).toBeLessThan(NOW.getTime() + 4.1 * MINUTE_MS);
  expect(Math.max(...times.map(Number))).toBeGreaterThan(NOW.getTime() + 5.9 * MINUTE_MS);
  expect(nextTry({ ...deferral, id: 7 })).toEqual(nextTry({ ...deferral, id: 7 }));
});

test("nobody is tried 48 hours after the first attempt, or when the issue has expired", () => {
  const late = { ...deferral, attempt: 9 };
  expect(nextTry({ ...late, now: at(44) })).toBeDefined();
  expect(nextTry({ ...late, now: at(46) })).toBeUndefined();
  expect(nextTry({ ...late, expiresAt: at(4) })).toBeDefined();
  expect(nextTry({ ...late, expiresAt: at(2) })).toBeUndefined();
});
