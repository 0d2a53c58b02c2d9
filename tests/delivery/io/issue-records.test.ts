import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { IssueRecords } from "../../../src/delivery/io/issue-records.ts";
import { ENGINES, newStore } from "../../stores.ts";

const NEWSLETTER = "the-slipway";

const at = (slot: string) => ({ slot, at: new Date(`${slot.slice(0, 10)}T06:00:00Z`) });

describe.each(ENGINES)("on %s", (engine) => {
  let now: Date;
  let records: IssueRecords;

  beforeEach(async () => {
    now = new Date("2026-11-20T12:00:00Z");
    records = new IssueRecords(await newStore(engine), {
      newsletter: NEWSLETTER,
      clock: () => now,
    });
  });

  afterEach(async () => records[Symbol.asyncDispose]());

  test("two runs that begin one slot both: the later one has it, and the earlier one changes nothing", async () => {
    const slot = { slot: "2026-11-21", at: new Date("2026-11-21T06:00:00Z") };
    const first = await records.begin(slot);
    const second = await records.begin(slot);
    if (!first || !second) throw new Error("the slot is a draft");
    expect(await records.isOurs(first)).toBe(false);
    expect(await records.isOurs(second)).toBe(true);
    await records.letGo(first);
    expect(await records.move(slot, { seen: "draft", event: "release" })).toBe(true);
    expect(await records.isOurs(second)).toBe(false);
    await records.letGo(second);
    expect(await records.begin(slot)).toBeUndefined();
    expect(await records.move(slot, { seen: "draft", event: "empty" })).toBe(false);
    expect((await records.find("2026-11-21"))?.state).toBe("sending");
  });

  test("of runs that begin one slot at the same moment only the last one has it", async () => {
    const slot = { slot: "2026-11-21", at: new Date("2026-11-21T06:00:00Z") };
    const claims = await Promise.all([1, 2, 3, 4].map(async () => records.begin(slot)));
    expect(new Set(claims.map((claim) => claim?.attempt))).toEqual(new Set([1, 2, 3, 4]));
    const isOurs = await Promise.all(
      claims.map(async (claim) => claim && (await records.isOurs(claim))),
    );
    expect(isOurs.filter(Boolean)).toHaveLength(1);
  });

  test("issues count up from the first, and one that is left out leaves its number to the next", async () => {
    const ask = async (day: number, first = 7): Promise<number> => {
      const slot = `2026-11-${day}`;
      const claim = await records.begin({ slot, at: new Date(`${slot}T06:00:00Z`) });
      if (!claim) throw new Error(`${slot} is settled`);
      const number = await records.nextNumber(first, slot);
      await records.move(claim, { seen: "draft", event: "ask", number });
      return number;
    };
    expect([await ask(21), await ask(22)]).toEqual([7, 8]);
    await records.move({ slot: "2026-11-22" }, { seen: "waiting", event: "skip" });
    expect(await ask(23)).toBe(8);
    await records.move({ slot: "2026-11-23" }, { seen: "waiting", event: "lose" });
    expect(await ask(23)).toBe(8);
    // Whoever raises it goes on from there; it never goes back.
    expect([await ask(24, 100), await ask(25, 1)]).toEqual([100, 101]);
  });

  test("a timetable begins once, is held and goes on", async () => {
    expect(await records.timetable()).toEqual({});
    await records.enrol(now);
    await records.enrol(new Date("2030-01-01T00:00:00Z"));
    expect(await records.timetable()).toEqual({ since: now });
    expect([await records.hold(true), await records.hold(true)]).toEqual([true, false]);
    expect(await records.liftedBy("2026-11-21")).toBe("broadsheet hold --off");
    await expect(records.assertNotHeld("2026-11-21")).rejects.toThrow("the newsletter is held");
    expect([await records.hold(false), await records.hold(false)]).toEqual([true, false]);
    await records.assertNotHeld("2026-11-21");
  });

  test("a held issue is begun by no run until it may go on", async () => {
    const slot = { slot: "2026-11-21", at: new Date("2026-11-21T06:00:00Z") };
    expect(await records.holdIssue(slot, true)).toBe(true);
    expect(await records.begin(slot)).toBeUndefined();
    expect(await records.find(slot.slot)).toMatchObject({
      state: "draft",
      at: slot.at,
      heldAt: now,
    });
    expect(await records.holdIssue(slot, false)).toBe(true);
    expect(await records.begin(slot)).toEqual({ slot: slot.slot, attempt: 1 });
  });

  test("a fault that lasts began when it was noted first, and another one begins anew", async () => {
    const slot = "2026-11-21";
    await records.begin({ slot });
    const noted = async (code: string | undefined, hour: number) => {
      now = new Date(Date.UTC(2026, 10, 21, hour));
      await records.note(slot, code && `because of ${code}`, code);
      return (await records.find(slot))?.whySince?.getUTCHours();
    };
    expect(await noted("SMTP_REFUSED", 6)).toBe(6);
    expect(await noted("SMTP_REFUSED", 7)).toBe(6);
    expect(await noted("STORE_BUSY", 8)).toBe(8);
    await noted(undefined, 9);
    const found = await records.find(slot);
    expect([found?.why, found?.whyCode]).toEqual([undefined, undefined]);
  });

  test("alerts are kept by issue, and forgotten all at once", async () => {
    await records.begin({ slot: "2026-11-21" });
    await records.noteAlerts("2026-11-21", "{}");
    expect(await records.alertsOf("2026-11-21")).toBe("{}");
    await records.forgetAlerts();
    expect(await records.alertsOf("2026-11-21")).toBeUndefined();
  });

  test("the recent issues are the open ones, the last slot and names that may come again, by time", async () => {
    await records.passOver(
      ["2026-01-05", "2026-11-05", "2026-11-14", "2026-11-19"].map(at),
      "miss",
    );
    await records.passOver([at("2026-11-18T0600+0000")], "skip");
    await records.begin(at("2026-01-04"));
    await records.begin({ slot: "2026-11-20-extra" });
    const recent = await records.recent(now);
    expect(recent.map(({ slot }) => slot)).toEqual([
      "2026-11-20-extra",
      "2026-01-04",
      "2026-11-14",
      "2026-11-19",
    ]);
    expect((await records.latest(2)).map(({ slot }) => slot)).toEqual([
      "2026-11-19",
      "2026-11-18T0600+0000",
    ]);
    expect(await records.counts()).toEqual(
      new Map([
        ["draft", 1],
        ["missed", 4],
        ["skipped", 1],
      ]),
    );
  });
});
