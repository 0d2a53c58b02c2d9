import { describe, expect, test } from "vitest";
import { slotTime } from "../../src/platform/slot.ts";
import { slotsAfter, slotsBetween } from "../../src/schedule/agenda.ts";

function names(cron: string, zone: string, from: string, count: number): string[] {
  const found: string[] = [];
  for (const { name, at } of slotsAfter({ cron, zone }, new Date(from))) {
    found.push(`${name} ${at.toISOString().slice(0, 16)}`);
    if (found.length === count) break;
  }
  return found;
}

describe("names of slots", () => {
  test("one a week is known by its ISO week, over the end of a year too", () => {
    expect(names("0 7 * * 2", "Europe/Berlin", "2026-12-16T00:00:00Z", 3)).toEqual([
      "2026-W52 2026-12-22T06:00",
      "2026-W53 2026-12-29T06:00",
      "2027-W01 2027-01-05T06:00",
    ]);
  });

  test("one a day, some days a week or one a month by its date", () => {
    expect(names("0 7 * * *", "Asia/Tokyo", "2026-11-24T00:00:00Z", 2)).toEqual([
      "2026-11-25 2026-11-24T22:00",
      "2026-11-26 2026-11-25T22:00",
    ]);
    expect(names("0 7 * * 1,4", "UTC", "2026-11-24T00:00:00Z", 1)).toEqual([
      "2026-11-26 2026-11-26T07:00",
    ]);
    expect(names("0 7 1 * *", "UTC", "2026-11-24T00:00:00Z", 1)).toEqual([
      "2026-12-01 2026-12-01T07:00",
    ]);
    expect(names("0 7 29 2 *", "UTC", "2026-11-24T00:00:00Z", 1)).toEqual([
      "2028-02-29 2028-02-29T07:00",
    ]);
  });

  test("more than one a day by the moment, with what tells an hour that comes twice apart", () => {
    expect(names("0 * * * *", "Europe/Berlin", "2026-10-24T23:30:00Z", 3)).toEqual([
      "2026-10-25T0200+0200 2026-10-25T00:00",
      "2026-10-25T0200+0100 2026-10-25T01:00",
      "2026-10-25T0300+0100 2026-10-25T02:00",
    ]);
    expect(names("0 7,19 * * *", "Asia/Kolkata", "2026-11-24T00:00:00Z", 1)).toEqual([
      "2026-11-24T0700+0530 2026-11-24T01:30",
    ]);
  });
});

describe("when the clock changes", () => {
  test.each([
    ["Europe/Berlin", "30 2 * * *", "2026-03-28T12:00:00Z", "2026-03-29 2026-03-29T01:00"],
    ["America/New_York", "30 2 * * *", "2026-03-07T12:00:00Z", "2026-03-08 2026-03-08T07:00"],
    ["Australia/Lord_Howe", "15 2 * * *", "2026-10-03T12:00:00Z", "2026-10-04 2026-10-03T15:30"],
    ["Africa/Casablanca", "30 2 * * *", "2026-03-21T12:00:00Z", "2026-03-22 2026-03-22T02:00"],
  ])("a time that %s skips comes once, right after the gap", (zone, cron, from, first) => {
    expect(names(cron, zone, from, 1)).toEqual([first]);
  });

  test.each([
    ["Europe/Berlin", "30 2 * * *", "2026-10-24T12:00:00Z"],
    ["America/New_York", "30 1 * * *", "2026-10-31T12:00:00Z"],
    ["Australia/Lord_Howe", "45 1 * * *", "2026-04-04T12:00:00Z"],
    ["Africa/Casablanca", "30 2 * * *", "2026-02-14T12:00:00Z"],
  ])("a time that %s has twice comes once", (zone, cron, from) => {
    const days = names(cron, zone, from, 3).map((slot) => slot.slice(0, 10));
    expect(new Set(days).size).toBe(3);
  });

  test.each(["Europe/Berlin", "Australia/Lord_Howe"])(
    "of the hours around the changes in %s none has a name twice, each naming its own instant",
    (zone) => {
      const slots = [
        ["2026-03-22", "2026-04-12"] as const,
        ["2026-09-27", "2026-11-01"] as const,
      ].flatMap(([after, until]) =>
        slotsBetween(
          { cron: "0 * * * *", zone },
          { after: new Date(after), until: new Date(until) },
        ),
      );
      expect(new Set(slots.map(({ name }) => name)).size).toBe(slots.length);
      expect(slots.length).toBeGreaterThanOrEqual((21 + 35) * 24 - 2);
      expect(slots.filter(({ name, at }) => slotTime(name) !== at.getTime())).toEqual([]);
    },
  );
});

test("slots between two moments leave out the first and take in the last", () => {
  const from = { after: new Date("2026-11-24T07:00:00Z"), until: new Date("2026-11-26T07:00:00Z") };
  const found = slotsBetween({ cron: "0 7 * * *", zone: "UTC" }, from);
  expect(found.map(({ name }) => name)).toEqual(["2026-11-25", "2026-11-26"]);
});
