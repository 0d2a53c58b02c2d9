import { expect, test } from "vitest";
import { dueSlot } from "../../src/schedule/due.ts";
import { slotsBetween } from "../../src/schedule/slots.ts";

const HOUR_MS = 3_600_000;
const DAILY = { cron: "0 7 * * *", zone: "Europe/Berlin" };

/** What is due after three days asleep, from the slot of the 21st on. */
function afterSleep(wakes: string, catchUp: "skip" | "once" | "merge", maxLateHours = 12) {
  const now = new Date(wakes);
  const slots = slotsBetween(DAILY, { after: new Date("2026-11-21T06:00:00Z"), until: now });
  const due = dueSlot(slots, now, { catchUp, maxLate: maxLateHours * HOUR_MS });
  return {
    slot: due.slot?.name,
    merged: due.merged.map(({ name }) => name),
    missed: due.missed.map(({ name }) => name),
  };
}

test("nothing is due before its time", () => {
  expect(afterSleep("2026-11-22T05:59:59Z", "once")).toEqual({
    slot: undefined,
    merged: [],
    missed: [],
  });
});

test("once: the latest slot is run late, and those before it are missed", () => {
  expect(afterSleep("2026-11-24T15:00:00Z", "once")).toEqual({
    slot: "2026-11-24",
    merged: [],
    missed: ["2026-11-22", "2026-11-23"],
  });
});

test("merge: the issue of the latest slot takes in those before it", () => {
  expect(afterSleep("2026-11-24T15:00:00Z", "merge")).toEqual({
    slot: "2026-11-24",
    merged: ["2026-11-22", "2026-11-23"],
    missed: [],
  });
});

test("skip: what is not run at its time isn't run", () => {
  expect(afterSleep("2026-11-24T15:00:00Z", "skip").slot).toBeUndefined();
  expect(afterSleep("2026-11-24T15:00:00Z", "skip").missed).toHaveLength(3);
  expect(afterSleep("2026-11-24T06:04:00Z", "skip")).toEqual({
    slot: "2026-11-24",
    merged: [],
    missed: ["2026-11-22", "2026-11-23"],
  });
});

test("what is later than maxLate is missed, whatever the policy", () => {
  for (const policy of ["skip", "once", "merge"] as const) {
    expect(afterSleep("2026-11-24T08:00:01Z", policy, 2).slot).toBeUndefined();
  }
  expect(afterSleep("2026-11-24T08:00:00Z", "once", 2).slot).toBe("2026-11-24");
});
