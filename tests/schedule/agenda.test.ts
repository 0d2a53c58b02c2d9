import { describe, expect, test } from "vitest";
import { slotsBetween } from "../../src/schedule/agenda.ts";
import { timetable } from "./timetable.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

describe("a slot", () => {
  test("that was due before the first run is nobody's, unless that run is only a little late", async () => {
    const late = await timetable({}, "2026-11-21T07:00:00Z");
    expect((await late.run()).sent).toEqual([]);
    const inTime = await timetable({}, "2026-11-21T06:05:00Z");
    expect((await inTime.run()).sent).toEqual(["2026-11-21"]);
  });

  test("that was begun is tried until it is too late, also where missed ones are skipped", async () => {
    const { run, records } = await timetable({ catchUp: "skip" });
    await run("2026-11-21T06:00:00Z", { dies: "begun" });
    expect((await run("2026-11-21T10:00:00Z", { dies: "begun" })).missed).toEqual([]);
    expect((await run("2026-11-21T18:00:01Z")).sent).toEqual([]);
    expect((await records.find("2026-11-21"))?.state).toBe("expired");
  });

  test("that was begun makes way for a later one that is due", async () => {
    const { run, records } = await timetable({ cron: "0 * * * *", zone: "UTC" });
    await run("2026-11-21T06:00:00Z", { dies: "begun" });
    expect((await run("2026-11-21T07:00:00Z")).sent).toEqual(["2026-11-21T0700+0000"]);
    expect((await records.find("2026-11-21T0600+0000"))?.state).toBe("missed");
  });

  test("that was begun is merged into a later one that is due, if the schedule merges", async () => {
    const { run } = await timetable({ cron: "0 * * * *", zone: "UTC", catchUp: "merge" });
    await run("2026-11-21T06:00:00Z", { dies: "begun" });
    const { sent, merged } = await run("2026-11-21T08:00:00Z");
    expect(sent).toEqual(["2026-11-21T0800+0000"]);
    expect(merged).toEqual(["2026-11-21T0600+0000", "2026-11-21T0700+0000"]);
  });

  test("is run once where the rhythm is changed to a later time of the same day", async () => {
    const { run, state } = await timetable();
    await run("2026-11-21T06:00:00Z");
    state.schedule = { ...state.schedule, cron: "0 9 * * *" };
    expect((await run("2026-11-21T08:00:00Z")).sent).toEqual([]);
    expect((await run("2026-11-22T08:00:00Z")).sent).toEqual(["2026-11-22"]);
  });
});

describe("asleep for three days", () => {
  test.each([
    ["skip", [], ["2026-11-21", "2026-11-22", "2026-11-23", "2026-11-24"], []],
    ["once", ["2026-11-24"], ["2026-11-21", "2026-11-22", "2026-11-23"], []],
    ["merge", ["2026-11-24"], [], ["2026-11-21", "2026-11-22", "2026-11-23"]],
  ] as const)("%s: what was missed is noted, once", async (catchUp, sent, missed, merged) => {
    const { run } = await timetable({ catchUp });
    expect(await run("2026-11-24T15:00:00Z")).toEqual({ sent, missed, merged });
    expect(await run("2026-11-24T15:05:00Z")).toEqual({ sent: [], missed: [], merged: [] });
    expect((await run("2026-11-25T06:00:00Z")).sent).toEqual(["2026-11-25"]);
  });
});

describe("a slot that is a little late", () => {
  test("is run where missed ones are skipped, and those before it are missed", async () => {
    const { run } = await timetable({ catchUp: "skip" });
    const { sent, missed } = await run("2026-11-24T06:04:00Z");
    expect(sent).toEqual(["2026-11-24"]);
    expect(missed).toHaveLength(3);
  });

  test.each(["skip", "once", "merge"] as const)("is missed after maxLate: %s", async (catchUp) => {
    const late = { catchUp, maxLate: 2 * HOUR_MS };
    const [tooLate, inTime] = [await timetable(late), await timetable(late)];
    expect((await tooLate.run("2026-11-24T08:00:01Z")).sent).toEqual([]);
    const { sent } = await inTime.run("2026-11-24T08:00:00Z");
    expect(sent).toEqual(catchUp === "skip" ? [] : ["2026-11-24"]);
  });
});

describe("P6: a clock that is set", () => {
  test.each([-1, 1])("by %i h: every slot once, and in its order", async (hours) => {
    for (let step = 0; step < 24; step += 5) {
      const { run } = await timetable({ cron: "0 * * * *", zone: "UTC" });
      const sent: string[] = [];
      const begin = Date.parse("2026-11-21T00:00:00Z");
      for (let minute = 0; minute < 30 * 60; minute += 10) {
        const isOff = minute >= step * 60 && minute < (step + 4) * 60;
        const now = new Date(begin + minute * MINUTE_MS + (isOff ? hours * HOUR_MS : 0));
        sent.push(...(await run(now)).sent);
      }
      expect(sent).toEqual([...new Set(sent)].sort());
      // A step forward may jump over one; a step back over none.
      expect(sent.length).toBeGreaterThanOrEqual(29);
    }
  });

  test("in 1970 at the first run: it goes on from now, and counts a month of what it missed", async () => {
    const { run } = await timetable({ cron: "0 * * * *", zone: "UTC" }, "1970-01-01T00:00:01Z");
    expect((await run()).sent).toEqual(["1970-01-01T0000+0000"]);
    const { sent, missed } = await run("2026-11-21T06:01:00Z");
    expect(sent).toEqual(["2026-11-21T0600+0000"]);
    expect(missed).toHaveLength(31 * 24 - 1);
  });

  test("to another year and back: what was missed there has its time yet before it", async () => {
    const { run } = await timetable();
    await run("2026-11-21T06:00:00Z");
    expect((await run("2027-11-21T06:00:00Z")).sent).toEqual(["2027-11-21"]);
    expect((await run("2026-11-22T05:00:00Z")).sent).toEqual([]);
    expect((await run("2026-11-22T06:00:00Z")).sent).toEqual(["2026-11-22"]);
    expect((await run("2026-11-23T06:00:00Z")).sent).toEqual(["2026-11-23"]);
  });
});

describe("P7: the slots of a year, and those of every hour around a change of the clock, are run once each", () => {
  test.each([
    ["Europe/Berlin", "30 2 * * *", "2026-01-01", "2027-01-01", 365],
    ["America/New_York", "30 1,2 * * *", "2026-01-01", "2027-01-01", 730],
    ["Australia/Lord_Howe", "45 1 * * *", "2026-01-01", "2027-01-01", 365],
    ["Africa/Casablanca", "30 2 * * *", "2026-01-01", "2027-01-01", 365],
    ["Europe/Berlin", "0 * * * *", "2026-03-22", "2026-04-05", 336],
    ["Europe/Berlin", "0 * * * *", "2026-10-18", "2026-11-01", 336],
  ])("%s, %s from %s to %s", async (zone, cron, after, until, count) => {
    const { run, state } = await timetable({ zone, cron }, `${after}T00:00:00Z`);
    const expected = slotsBetween(state.schedule, {
      after: new Date(after),
      until: new Date(until),
    });
    const sent: string[] = [];
    let next = 0;
    for (const { at } of expected) {
      const dies = next % 7 === 0;
      sent.push(
        ...(await run(at, dies ? { dies: next % 2 === 0 ? "begun" : "sending" } : {})).sent,
      );
      // Runs that follow finish what one that died has begun, or have nothing to do.
      const isFollowed = dies || next % 5 === 0;
      if (isFollowed) sent.push(...(await run(new Date(at.getTime() + 5 * MINUTE_MS))).sent);
      next++;
    }
    // A diff of thousands would take minutes.
    expect(sent.findIndex((name, index) => name !== expected[index]?.name)).toBe(-1);
    expect(sent).toHaveLength(expected.length);
    expect(new Set(sent).size).toBe(sent.length);
    expect(Math.abs(sent.length - count)).toBeLessThanOrEqual(2);
  });
});
