import { noticesIn } from "./cli/notices.ts";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { IssueRecords } from "../src/delivery/io/issue-records.ts";
import { systemClock } from "../src/platform/clock.ts";
import { openDatabase } from "../src/platform/sqlite/open-store.ts";
import { SqliteStore } from "../src/platform/sqlite/sqlite-store.ts";
import { openCursor } from "../src/sources/io/cursor.ts";
import { linesOf } from "./cli/broadsheet.ts";
import { stateOf } from "./cli/mailing-project.ts";
import { type FaultServer, startFaultServer } from "./fault-server.ts";
import { copyOf, fixtureOf } from "./older-newsletter.ts";

const FIXTURE = fixtureOf("newsletter-0.2-two-tables");

const readersSchema = z.array(
  z.object({ address: z.string(), state: z.string(), messageId: z.string().optional() }),
);
const linesSchema = z.object({ subject: z.string(), headline: z.string(), gist: z.string() });

const expected = z
  .object({
    slots: z.array(
      z.object({
        slot: z.string(),
        state: z.string(),
        number: z.number().optional(),
        why: z.string().optional(),
        told: z.record(z.string(), z.number()).optional(),
      }),
    ),
    taken: z.record(z.string(), z.array(z.string())),
    byHand: z.array(z.string()),
    halfSent: z.record(z.string(), readersSchema),
    draft: z.object({ slot: z.string(), edited: linesSchema }),
    issues: z.array(z.looseObject({ slot: z.string() })),
  })
  .parse(JSON.parse(await readFile(path.join(FIXTURE, "expected.json"), "utf8")));

/** The day after the last command of the former version, and before its next slot. */
const NOW = "2025-03-21T12:00:00Z";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date(NOW) });
});

afterEach(() => {
  vi.useRealTimers();
});

/** A copy of the newsletter, and a function that runs commands in it. */
async function newsletter({ port }: { readonly port?: number } = {}) {
  const { cwd, run } = await copyOf(FIXTURE, { port, env: { BROADSHEET_STORE_PLACE: "any" } });
  const store = { store: path.join(cwd, ".broadsheet/broadsheet.db"), slug: "the-slipway" };
  return { cwd, run, store };
}

/** What came of a message for each reader: `messageId` is of one issue and one reader. */
function idsIn(taken: FaultServer["taken"]): string[] {
  return taken.map(({ messageId }) => messageId);
}

/** Who got an issue from this server, by the page that its messages link to. */
function readersOf(slot: string, { taken }: FaultServer): string[] {
  return taken
    .filter(({ to, raw }) => to !== EDITOR && raw.toString().includes(`/issues/${slot}`))
    .map(({ to }) => to)
    .toSorted();
}

const EDITOR = "desk@slipway.example";

/** The readers of a half-sent issue who are in one of these states. */
function readersIn(slot: string, ...states: string[]): string[] {
  return (expected.halfSent[slot] ?? [])
    .filter(({ state }) => states.includes(state))
    .map(({ address }) => address)
    .toSorted();
}

const ALL = readersIn("2025-W09", "accepted", "planned", "deferred", "uncertain");

/** The slots in a state, the earliest first. */
function slotsIn(state: string) {
  return expected.slots.filter((slot) => slot.state === state);
}

describe("a newsletter whose store has the tables slot and issue", () => {
  test("has its issues: who has each of them, and which of them need an editor", async () => {
    const { run } = await newsletter();
    // One reader is in doubt.
    const looked = await run(["status", "--json"], 75);
    const [status] = linesOf(looked);
    const unfinished = [...slotsIn("built"), ...slotsIn("begun")];
    expect(status).toMatchObject({
      newsletter: "the-slipway",
      subscribers: 10,
      // The older version showed no slot without an issue.
      issues: [{ slot: "2025-W14", state: "skipped" }, ...expected.issues],
    });
    expect(noticesIn(looked)).toEqual(
      expect.arrayContaining([
        ...slotsIn("waiting").map(({ slot }) =>
          expect.stringMatching(`^${slot} waits to be approved since .*, until `),
        ),
        ...unfinished.map(({ slot, why = "" }) =>
          expect.stringContaining(`${slot} is not sent yet: ${why.replace(/^not sent: /, "")}`),
        ),
      ]),
    );
  });

  test("has one record for each of them, which a run made, with what was told of it", async () => {
    const { store } = await newsletter();
    await using records = new IssueRecords(new SqliteStore(await openDatabase(store.store)), {
      newsletter: store.slug,
      clock: systemClock,
    });
    const all = await records.all();
    expect([...all.keys()].toSorted()).toEqual(
      [...expected.byHand, ...expected.slots.map(({ slot }) => slot)].toSorted(),
    );
    for (const { slot, state, why, told } of expected.slots) {
      const after = state === "built" || state === "begun" ? "draft" : state;
      const record = all.get(slot);
      expect([slot, record?.state, record?.why]).toEqual([slot, after, why]);
      expect(record).toMatchObject({ isRuns: true, at: expect.any(Date) });
      expect(JSON.parse((await records.alertsOf(slot)) ?? "null")).toEqual(told ?? null);
    }
    expect(expected.byHand.map((slot) => all.get(slot))).toMatchObject([
      { state: "sent", isRuns: false },
      { state: "sending", isRuns: false },
    ]);
    expect(expected.byHand.map((slot) => all.get(slot)?.at)).toEqual([undefined, undefined]);
    // The number of a draft is free again, and those of the others are not.
    expect(await records.nextNumber(40, "2025-W11")).toBe(44);
    await using cursor = await openCursor(
      { store: { file: store.store }, slug: store.slug },
      systemClock,
    );
    for (const [slot, files] of Object.entries(expected.taken)) {
      const isDraft = all.get(slot)?.state === "draft";
      const taken = (await cursor.itemsOf(slot)).map(({ file }) => file);
      expect([slot, taken]).toEqual([slot, isDraft ? [] : files]);
    }
  });

  test("goes on with each of them: every reader has each issue once", async () => {
    const smtp = await startFaultServer();
    const { run } = await newsletter({ port: smtp.port });

    // The run finishes what it was sending, and makes the draft that is due; the issue that waits goes on waiting.
    await run(["run"]);
    expect(readersOf("2025-W09", smtp)).toEqual(readersIn("2025-W09", "planned", "deferred"));
    const [mail, ...others] = smtp.taken.filter(({ to }) => to === EDITOR);
    expect(others).toEqual([]);
    expect(mail?.raw.toString()).toContain("broadsheet approve 2025-W12");
    await run(["run"]);
    expect(smtp.taken).toHaveLength(1 + 6);

    await run(["approve", "2025-W10"]);
    expect(readersOf("2025-W10", smtp)).toEqual(ALL);
    await run(["approve"]);
    expect(readersOf("2025-W12", smtp)).toEqual(ALL);

    await run(["send", "2025-02-27", "--yes"]);
    expect(readersOf("2025-02-27", smtp)).toEqual(readersIn("2025-02-27", "planned", "deferred"));
    await run(["reconcile", "2025-W09", "--accept"]);
    for (const slot of ["2025-W02", "2025-W08", "2025-W09", "2025-02-20"])
      expect(stateOf(await run(["send", slot, "--yes", "--json"]))).toMatchObject({ accepted: 10 });

    const before = Object.values(expected.halfSent).flatMap((readers) =>
      readers.filter(({ state }) => state === "accepted").map(({ messageId }) => messageId),
    );
    const ids = [...before, ...idsIn(smtp.taken)];
    expect(new Set(ids).size).toBe(ids.length);
    const [status] = linesOf(await run(["status", "--json"]));
    expect(status).toMatchObject({ nextSlot: { slot: "2025-W13" } });
    await run(["run"]);
    expect([...before, ...idsIn(smtp.taken)]).toEqual(ids);
  });

  test("sends an issue that a run held back or made, when an editor sends it by hand", async () => {
    const smtp = await startFaultServer();
    const { run } = await newsletter({ port: smtp.port });
    for (const slot of ["2025-W05", "2025-W10", "2025-W11"])
      expect(stateOf(await run(["send", slot, "--yes", "--json"]))).toMatchObject({ accepted: 10 });
    await run(["run"]);
    for (const slot of ["2025-W05", "2025-W10", "2025-W11"])
      expect(readersOf(slot, smtp)).toEqual(ALL);
    expect(new Set(idsIn(smtp.taken)).size).toBe(smtp.taken.length);
  });

  test("says that a draft has edits that no schedule sends, and moves them where a slot is named", async () => {
    const { cwd, run } = await newsletter();
    const { slot: draft, edited } = expected.draft;
    const digestOf = async (slot: string) =>
      readFile(path.join(cwd, "outbox/the-slipway", slot, "digest.json"), "utf8");

    const refused = await run(["build"], 64);
    expect(refused.stderr).toContain("2025-W10 can't be built again: it is waiting for approval");
    await run(["skip", "2025-W10"]);
    const [status] = linesOf(await run(["status", "--json"], 65));
    expect(status).toMatchObject({
      notices: expect.arrayContaining([
        expect.objectContaining({
          message: expect.stringContaining(`the draft ${draft} has edits`),
        }),
      ]),
    });

    const announced = await run(["build"]);
    expect(announced.stderr).toMatch(/^2025-W12 is a draft; /);
    expect(announced.stderr).toContain(
      `the draft ${draft} has edits, and no schedule sends it; to have them in 2025-W12: broadsheet build --slot 2025-W12`,
    );
    expect(await digestOf("2025-W12")).not.toContain(edited.headline);
    const moved = await run(["build", "--slot", "2025-W12"]);
    expect(moved.stderr).toContain(`The edits of ${draft} are in 2025-W12 now`);
    const digest = await digestOf("2025-W12");
    for (const line of Object.values(edited)) expect(digest).toContain(line);

    const again = await run(["build"]);
    expect(again.stderr).not.toContain("has edits");
    for (const line of Object.values(edited)) expect(await digestOf("2025-W12")).toContain(line);
  });
});
