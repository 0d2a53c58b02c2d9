import { describe, expect, test } from "vitest";
import { type AlertHistory, alertDue } from "../../../src/cli/schedule/alerts.ts";

const BEGAN = Date.parse("2026-11-24T06:00:00Z");
const MINUTE_MS = 60_000;
const REFUSED = { code: "SMTP_AUTH", says: "the server refuses the login" };

/** The minutes after the begin at which runs every five minutes alert of a fault. */
function alertsAt(
  minutes: number,
  faultAt: (minute: number) => { code: string; says: string },
  until?: Date,
): number[] {
  let history: AlertHistory = {};
  const found: number[] = [];
  for (let minute = 0; minute < minutes; minute += 5) {
    const now = new Date(BEGAN + minute * MINUTE_MS);
    const alerted = alertDue({ ...faultAt(minute), until }, history, now);
    if (!alerted) continue;
    history = alerted;
    found.push(minute);
  }
  return found;
}

describe("a fault that each run meets", () => {
  test("gives an alert when it begins, and a day later", () => {
    expect(alertsAt(50 * 60, () => REFUSED)).toEqual([0, 24 * 60, 48 * 60]);
  });

  test("gives one more alert in the last hour of its issue", () => {
    const until = new Date(BEGAN + 12 * 60 * MINUTE_MS);
    expect(alertsAt(12 * 60, () => REFUSED, until)).toEqual([0, 11 * 60]);
    expect(alertsAt(60, () => REFUSED, new Date(BEGAN + 30 * MINUTE_MS))).toEqual([0]);
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
    expect(alertsAt(60, answer)).toEqual([0, 10, 20, 25]);
  });

  test("gives an alert though a clock that was ahead has noted one", () => {
    const ahead = alertDue(REFUSED, {}, new Date(BEGAN + 3 * 86_400_000));
    expect(alertDue(REFUSED, ahead ?? {}, new Date(BEGAN))).toBeDefined();
  });
});
