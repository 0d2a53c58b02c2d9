import { type ChildProcess, spawn } from "node:child_process";
import { copyFile, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDatabase } from "../../../src/platform/sqlite/open-store.ts";
import { SqliteStore } from "../../../src/platform/sqlite/sqlite-store.ts";
import { SqliteLedger } from "../../../src/delivery/io/ledger/sqlite-ledger.ts";
import { claimOf, people, planOf } from "../ledger-requests.ts";
import { type SqliteBench, sqliteBench } from "./ledger-bench.ts";

const SENDER = path.join(import.meta.dirname, "crashing-sender.ts");
const ISSUE = planOf([]).issue;

let bench: SqliteBench;
beforeEach(async () => {
  bench = await sqliteBench();
});
afterEach(async () => bench.close());

/** Where in the file a table begins, in pages from 1. */
function rootPage(file: string, table: string): number {
  const database = new DatabaseSync(file, { readOnly: true });
  const row = database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = ?").get(table);
  database.close();
  return Number(row?.["rootpage"]);
}

/** Sends for ever into a log, as a server would take it, until it is killed. */
function startSender(log: string): ChildProcess {
  return spawn(process.execPath, [SENDER, bench.file, log], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** Whether it has said that it is sending; not where another one is. */
async function isSending(sender: ChildProcess): Promise<boolean> {
  for await (const text of sender.stdout ?? []) return String(text).includes("sending");
  return false;
}

async function kill(sender: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => sender.once("exit", resolve));
  sender.kill("SIGKILL");
  await ended;
}

/** A backup of yesterday: one of two has been sent to since. */
async function sentSinceBackup(): Promise<string> {
  const ledger = await bench.open();
  await ledger.plan(planOf(people("mara", "jory")));
  const backup = `${bench.file}.backup`;
  (await openDatabase(bench.file)).exec(`VACUUM INTO '${backup}'`);
  const claims = await ledger.claim(claimOf(1));
  const { started } = await ledger.turn({ outcomes: [], start: claims });
  const outcomes = started.map((claim) => ({ claim, state: "accepted", reply: "250" }) as const);
  await ledger.turn({ outcomes, start: [] });
  await ledger.close();
  return backup;
}

async function restore(backup: string): Promise<void> {
  for (const end of ["", "-wal", "-shm"]) await rm(bench.file + end, { force: true });
  await copyFile(backup, bench.file);
}

describe("the run lock", () => {
  test("a second sender leaves, and may come when the first is done", async () => {
    const [first, second] = [await bench.open(), await bench.open()];
    const run = await first.begin("process 1", ISSUE);
    await expect(second.begin("process 2", ISSUE)).rejects.toMatchObject({
      code: "LEDGER_BUSY",
      message: expect.stringContaining(`process ${process.pid}`),
    });
    await run.end();
    await (await second.begin("process 2", ISSUE)).end();
  });

  test("P1: a sender that is killed leaves no lock, nobody twice, nobody lost, and few in doubt", async () => {
    const ledger = await bench.open();
    const log = `${bench.file}.log`;
    await writeFile(log, "");
    const names = Array.from({ length: 6_000 }, (_, n) => `reader-${n}`);
    await ledger.plan(planOf(people(...names)));
    let inDoubt = 0;
    for (let kills = 0; kills < 3; kills++) {
      const sender = startSender(log);
      expect(await isSending(sender)).toBe(true);
      await expect(ledger.begin("meanwhile", ISSUE)).rejects.toMatchObject({ code: "LEDGER_BUSY" });
      await kill(sender);
      const run = await ledger.begin("after", ISSUE);
      expect(run.uncertain).toBeLessThanOrEqual(20);
      inDoubt += run.uncertain;
      await run.end();
    }
    const taken = (await readFile(log, "utf8")).split("\n").filter(Boolean);
    expect(taken.length).toBeGreaterThan(0);
    expect(new Set(taken).size).toBe(taken.length);
    const counts = (await ledger.issue(ISSUE))?.counts;
    expect(counts?.uncertain).toBe(inDoubt);
    expect(counts?.planned).toBe(names.length - (counts?.accepted ?? 0) - inDoubt);
    const histories = await Promise.all(taken.map(async (address) => ledger.explain(address)));
    const states = new Set(histories.map(([history]) => history?.state));
    states.delete("uncertain");
    expect([...states]).toEqual(["accepted"]);
  });
});

describe("P9: a store from a backup", () => {
  test("is found out on another machine, where no mark is", async () => {
    await restore(await sentSinceBackup());
    await rm(`${bench.file}-mark`);
    await rm(bench.markAway);
    await expect((await bench.open()).begin("w", ISSUE)).rejects.toMatchObject({
      code: "LEDGER_RESTORED",
    });
  });

  test("a mark that is lost while the other one is there is made again", async () => {
    const ledger = await bench.open();
    await ledger.plan(planOf(people("mara")));
    await ledger.close();
    await rm(`${bench.file}-mark`);
    await (await (await bench.open()).begin("w", ISSUE)).end();
    expect(await readFile(`${bench.file}-mark`, "utf8")).toContain("the-slipway/2026-W48");
  });

  test("an issue that it knows nothing of goes to nobody before that is settled too", async () => {
    const later = { ...ISSUE, slot: "2026-W49" };
    const backup = await sentSinceBackup();
    const ledger = await bench.open();
    await ledger.plan(planOf(people("mara"), { issue: later }));
    await ledger.close();
    await restore(backup);

    const restored = await bench.open();
    expect(await restored.acceptStore()).toMatchObject({ lost: ["the-slipway/2026-W49"] });
    await restored.settle(ISSUE, "accept");
    const planned = await restored.plan(planOf(people("mara"), { issue: later }));
    expect(planned.counts).toMatchObject({ planned: 0, uncertain: 1 });
    expect(await restored.claim({ ...claimOf(), issue: later })).toEqual([]);
    expect(await restored.settle(later, "resend")).toBe(1);
    expect(await restored.claim({ ...claimOf(), issue: later })).toHaveLength(1);
  });

  test("an issue that it knows nothing of can be settled before it is planned", async () => {
    const later = { ...ISSUE, slot: "2026-W49" };
    const backup = await sentSinceBackup();
    const ledger = await bench.open();
    await ledger.plan(planOf(people("mara"), { issue: later }));
    await ledger.close();
    await restore(backup);

    const restored = await bench.open();
    await restored.acceptStore();
    await restored.settle(later, "accept");
    const planned = await restored.plan(planOf(people("mara"), { issue: later }));
    expect(planned.counts).toMatchObject({ planned: 0, accepted: 1 });
  });
});

describe("a disk or a database that fails", () => {
  test("P4: a full disk at the claim sends nothing, after the answer leaves the recipient in doubt", async () => {
    const database = await openDatabase(bench.file);
    const ledger = new SqliteLedger(new SqliteStore(database), { clock: () => bench.now() });
    const names = Array.from({ length: 200 }, (_, n) => `reader-${n}`);
    await ledger.plan(planOf(people(...names)));
    const claims = await ledger.claim(claimOf(20));
    const { started } = await ledger.turn({ outcomes: [], start: claims });
    const { page_count } = database.get("PRAGMA page_count") ?? {};
    database.exec(`PRAGMA max_page_count = ${String(page_count)}`);

    const full = { code: "STORE_FAILED", message: expect.stringContaining("disk is full") };
    const reply = `250 ${"taken ".repeat(2_000)}`;
    const outcomes = started.map((claim) => ({ claim, state: "accepted", reply }) as const);
    await expect(ledger.turn({ outcomes, start: [] })).rejects.toMatchObject(full);
    const request = {
      ...claimOf(),
      messageIdOf: () => `<${"x".repeat(5_000)}@slipway.example>`,
    };
    await expect(ledger.claim(request)).rejects.toMatchObject(full);
    await ledger.close();

    const next = await bench.open();
    const run = await next.begin("next", ISSUE);
    expect(run.uncertain).toBe(20);
    expect((await next.issue(ISSUE))?.counts).toMatchObject({ planned: 180, uncertain: 20 });
  });

  test("P5: a store that others keep busy is waited for, and then left", async () => {
    const store = await openDatabase(bench.file, { waitMs: 50 });
    const ledger = new SqliteLedger(new SqliteStore(store), { clock: () => bench.now() });
    await ledger.plan(planOf(people("mara")));
    const other = await openDatabase(bench.file);
    other.exec("BEGIN IMMEDIATE");
    await expect(ledger.claim(claimOf())).rejects.toMatchObject({ code: "STORE_BUSY" });
    other.exec("ROLLBACK");
    expect(await ledger.claim(claimOf())).toHaveLength(1);
    await ledger.close();
    other.close();
  });

  test("P14: damage that shows while sending stops it", async () => {
    const ledger = await bench.open();
    await ledger.plan(planOf(people(...Array.from({ length: 500 }, (_, n) => `reader-${n}`))));
    await ledger.close();
    const bytes = await readFile(bench.file);
    const page = rootPage(bench.file, "delivery");
    bytes.fill(0xa5, (page - 1) * 4096, page * 4096);
    await writeFile(bench.file, bytes);
    const damaged = await bench.open();
    await expect(damaged.claim(claimOf())).rejects.toMatchObject({ code: "STORE_CORRUPT" });
  });
});
