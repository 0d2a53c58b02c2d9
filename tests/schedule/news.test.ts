import { describe, expect, test } from "vitest";
import type { ToldFaults } from "../../src/schedule/io/told-faults.ts";
import { newsOf } from "../../src/schedule/news.ts";

const BEGAN = Date.parse("2026-11-24T06:00:00Z");
const MINUTE_MS = 60_000;
const REFUSED = { code: "SMTP_AUTH", says: "the server refuses the login" };

/** The minutes after the begin at which a run every five minutes tells of a fault. */
function toldAt(
  minutes: number,
  faultAt: (minute: number) => { code: string; says: string },
  until?: Date,
): number[] {
  let told: ToldFaults = {};
  const found: number[] = [];
  for (let minute = 0; minute < minutes; minute += 5) {
    const now = new Date(BEGAN + minute * MINUTE_MS);
    const news = newsOf({ ...faultAt(minute), until }, told, now);
    if (!news) continue;
    told = news;
    found.push(minute);
  }
  return found;
}

describe("a fault that each run meets", () => {
  test("is told when it begins, and a day later", () => {
    expect(toldAt(50 * 60, () => REFUSED)).toEqual([0, 24 * 60, 48 * 60]);
  });

  test("is told once more in the last hour of its issue", () => {
    const until = new Date(BEGAN + 12 * 60 * MINUTE_MS);
    expect(toldAt(12 * 60, () => REFUSED, until)).toEqual([0, 11 * 60]);
    expect(toldAt(60, () => REFUSED, new Date(BEGAN + 30 * MINUTE_MS))).toEqual([0]);
  });

  test("is another one with another code or in other words, whatever numbers and addresses stand in them", () => {
    const answers = [
      "4.7.0 <a@x.example> wait (id a1-gsmtp)",
      "4.7.1 <b@x.example> wait (id c3-gsmtp)",
      "no such host",
    ];
    const answer = (minute: number) => ({
      code: minute < 20 ? "SMTP_UNREACHABLE" : "SMTP_AUTH",
      says: answers[(minute / 5) % 3] ?? "",
    });
    expect(toldAt(60, answer)).toEqual([0, 10, 20, 25]);
  });

  test("was not told by a clock that was ahead", () => {
    const told = newsOf(REFUSED, {}, new Date(BEGAN + 3 * 86_400_000));
    expect(newsOf(REFUSED, told ?? {}, new Date(BEGAN))).toBeDefined();
  });
});
