import { rm } from "node:fs/promises";
import path from "node:path";
import { simpleParser } from "mailparser";
import { describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/platform/clock.ts";
import { skipSlot, unskipSlot } from "../../src/schedule/slot.ts";
import { openCursor } from "../../src/sources/io/cursor.ts";
import { IssueRecords } from "../../src/delivery/io/issue-records.ts";
import { anyStore, onSqlite } from "../stores.ts";
import { linesOf } from "./broadsheet.ts";
import { people } from "./mailing-project.ts";
import {
  bench,
  due,
  hold,
  QUIETLY,
  receivers,
  reconfigure,
  SLOT,
  slotsOf,
  SLOW,
  stateIn,
  until,
} from "./scheduled-project.ts";

const EDITOR = "desk@slipway.example";
const MANUAL = { approval: "manual", notify: `The desk <${EDITOR}>` };

async function waiting() {
  const made = await bench({ schedule: MANUAL });
  expect(await due(made.project)).toEqual(QUIETLY);
  return made;
}

describe("an issue that wants a word of its editor", () => {
  test("is shown to them alone, with the verdict and what to type; approved, it goes out", async () => {
    const { server, project } = await waiting();
    expect(receivers(server)).toEqual([EDITOR]);
    expect(await stateIn(project)).toBe("waiting");
    const mail = await simpleParser(server.taken[0]?.raw ?? "");
    expect(mail.subject).toBe("To approve: The ferry that waits for the post");
    for (const text of [mail.text, String(mail.html)]) {
      // Neither story has an address to read on.
      expect(text).toContain(`${SLOT} waits for you, to go to 5 readers.`);
      expect(text).toContain("2 to look at first:");
      expect(text).toContain(`broadsheet approve ${SLOT}`);
    }
    const [status] = linesOf(await project.run(["status", "--json"]));
    const next = `${Number(SLOT.slice(0, 4)) + 1}-01-01`;
    expect(status).toMatchObject({
      nextSlot: { slot: next, at: `${next}T07:00:00.000Z` },
      notices: expect.arrayContaining([
        expect.objectContaining({
          severity: "look",
          message: expect.stringMatching(`^${SLOT} waits to be approved since .*, until `),
          fix: expect.objectContaining({ command: `broadsheet approve ${SLOT}` }),
        }),
      ]),
      sources: [{ name: "content", failures: 0 }],
    });
    expect(await due(project)).toEqual(QUIETLY);
    expect(server.taken).toHaveLength(1);
    const approved = await project.run(["approve", SLOT]);
    expect(approved).toMatchObject({ code: 0, stdout: `the-slipway/${SLOT}: sent to 5\n` });
    expect(receivers(server)).toEqual([EDITOR, ...people(5)]);
    expect(server.taken.at(-1)?.raw.toString()).not.toMatch(/approve/);
    const again = await project.run(["approve", SLOT]);
    expect(again.code).toBe(64);
    expect(again.stderr).toContain(`${SLOT} can't be approved: it is sent`);
  });

  test("expires when nobody says it, in one line, and what was in it is new again", async () => {
    const { server, project } = await waiting();
    await reconfigure(project, { schedule: { cron: "0 7 1 1 *", maxLate: "1h", ...MANUAL } });
    const late = await project.run(["approve", "latest"]);
    expect(late.code).toBe(69);
    const cursor = await openCursor({ store: project.place, slug: "the-slipway" }, systemClock);
    onTestFinished(async () => cursor[Symbol.asyncDispose]());
    expect(await cursor.itemsOf(SLOT)).toHaveLength(1);
    expect(await due(project)).toEqual({
      code: 69,
      said: [
        expect.stringMatching(
          /^error ISSUE_EXPIRED: .*: not sent in time: it was not approved; .*$/,
        ),
      ],
    });
    expect(await cursor.itemsOf(SLOT)).toEqual([]);
    const { stdout } = await project.run(["status"]);
    expect(stdout).toContain(
      `Fix    ${SLOT} was not sent in time: it was not approved: broadsheet send ${SLOT}\n`,
    );
    expect(await due(project)).toEqual(QUIETLY);
    expect(server.taken).toHaveLength(1);
  });

  test.runIf(onSqlite("PostgreSQL has a copy of the folder: two-machines.test.ts"))(
    "whose folder is taken away before it is approved is built again, and asked for again",
    async () => {
      const { server, project } = await waiting();
      await rm(path.join(project.cwd, "outbox/the-slipway"), { recursive: true });
      const gone = await project.run(["approve", SLOT]);
      expect(gone.code).toBe(66);
      expect(gone.stderr).toContain("the next run builds it again");
      expect(await due(project)).toEqual(QUIETLY);
      expect(await stateIn(project)).toBe("waiting");
      expect(receivers(server)).toEqual([EDITOR, EDITOR]);
    },
  );

  test("is skipped, and goes to nobody", async () => {
    const { server, project } = await waiting();
    expect((await project.run(["skip", SLOT])).code).toBe(0);
    expect(await slotsOf(project)).toEqual([{ slot: SLOT, state: "skipped" }]);
    expect((await project.run(["approve", SLOT])).code).toBe(64);
    expect(await due(project)).toEqual(QUIETLY);
    expect(server.taken).toHaveLength(1);
  });

  test("needs an editor who can be asked", async () => {
    const { project } = await bench();
    await reconfigure(project, { schedule: { cron: "0 7 1 1 *", approval: "manual" } });
    const { code, said } = await due(project);
    expect(code).toBe(78);
    expect(said.join()).toContain('"schedule.approval" is "manual", and no editor is named');
  });
});

test("a slot that is skipped before it comes is not run, until that is taken back", async () => {
  const { server, project } = await bench();
  expect((await project.run(["skip", SLOT, "--json"])).code).toBe(0);
  expect(await due(project)).toEqual(QUIETLY);
  expect(server.taken).toEqual([]);
  expect((await project.run(["skip", "2026-02-31"])).code).toBe(64);
  expect((await project.run(["skip", "2026-02-03"])).stderr).toContain(
    "the schedule has no issue with the name",
  );
  expect((await project.run(["skip", SLOT, "--off"])).stdout).toContain("no longer skipped");
  expect(await due(project)).toEqual(QUIETLY);
  expect(receivers(server)).toEqual(people(5));
});

test("what was skipped has its time before it again, unless that has passed or it is something else", async () => {
  const state = { now: new Date("2026-11-24T05:00:00Z") };
  const records = new IssueRecords(await anyStore(), {
    newsletter: "the-slipway",
    clock: () => state.now,
  });
  onTestFinished(async () => records[Symbol.asyncDispose]());
  const policy = { catchUp: "once", maxLate: 12 * 3_600_000, approval: "auto" } as const;
  const schedule = { cron: "0 7 * * *", zone: "Europe/Berlin", ...policy };
  const at = (now: string) => ({ schedule, records, now: (state.now = new Date(now)) });
  expect(await skipSlot("2026-11-24", at("2026-11-24T05:00:00Z"))).toBe(true);
  expect(await unskipSlot("2026-11-24", at("2026-11-24T05:30:00Z"))).toBe(true);
  expect(await records.find("2026-11-24")).toMatchObject({ state: "draft" });
  expect(await unskipSlot("2026-11-24", at("2026-11-24T05:30:00Z"))).toBe(false);
  expect(await unskipSlot("2026-11-25", at("2026-11-24T05:30:00Z"))).toBe(false);
  expect(await skipSlot("2026-11-24", at("2026-11-24T05:59:00Z"))).toBe(true);
  await expect(unskipSlot("2026-11-24", at("2026-11-24T18:01:00Z"))).rejects.toThrow("too late");
  expect(await unskipSlot("2026-11-24", at("2026-11-24T18:00:00Z"))).toBe(true);
  expect(await records.find("2026-11-24")).toMatchObject({ state: "draft" });
  expect(await records.move({ slot: "2026-11-24" }, { seen: "draft", event: "ask" })).toBe(true);
  await expect(unskipSlot("2026-11-24", at("2026-11-24T18:00:00Z"))).rejects.toThrow(
    "2026-11-24 can't be taken back: it is waiting for approval",
  );
});

describe("held", () => {
  test("nothing is run until it may go on", async () => {
    const { server, project } = await bench();
    expect((await project.run(["hold"])).stdout).toContain("broadsheet hold --off");
    expect((await project.run(["status"])).stdout).toMatch(/\nLook {3}held since .*hold --off\n/);
    expect(await due(project)).toEqual(QUIETLY);
    expect(await slotsOf(project)).toEqual([]);
    expect((await project.run(["hold", "--off"])).stdout).toBe(
      "The newsletter is released; the next run continues\n",
    );
    expect(await due(project)).toEqual(QUIETLY);
    expect(receivers(server)).toEqual(people(5));
  });

  test("while it is sent, it stops, and goes on later with the rest", async () => {
    const settled = Promise.withResolvers<void>();
    const answer = {
      at: "dot",
      say: "250 2.0.0 taken",
      keeps: true,
      after: settled.promise,
    } as const;
    const { server, project } = await bench({ readers: 300, faults: [answer] });
    const running = project.start(["run"]);
    await until(() => server.taken.length > 0);
    const begun = performance.now();
    await hold(project, true);
    // A sending looks once a second whether it is held.
    await until(() => performance.now() > begun + 1_000);
    server.setFaults(SLOW.faults ?? []);
    settled.resolve();
    expect((await running.ended).code).toBe(75);
    const stopped = server.taken.length;
    expect(stopped).toBeLessThan(300);
    expect(await due(project)).toEqual(QUIETLY);
    expect(server.taken).toHaveLength(stopped);
    server.setFaults([]);
    await hold(project, false);
    expect(await due(project)).toEqual(QUIETLY);
    expect(new Set(receivers(server)).size).toBe(300);
    expect(server.taken).toHaveLength(300);
  });
});
