import { mkdtemp } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SqliteDatabase } from "../../../src/platform/sqlite/database.ts";
import { IssueRecords } from "../../../src/delivery/io/issue-records.ts";
import { MIGRATIONS } from "../../../src/platform/sqlite/migrations.ts";
import { emptyStore, openDatabase, versionOf } from "../../../src/platform/sqlite/open-store.ts";
import { SqliteStore } from "../../../src/platform/sqlite/sqlite-store.ts";

/** The last version of the schema with the tables slot and issue. */
const TWO_TABLES = 12;

/** What the table issue knew of an issue: nothing, a plan that was cut off, readers who are left or not, or its name. */
type Plan = "none" | "cut" | "left" | "done" | "lost";

const CASES: readonly (readonly [slot: string | undefined, plan: Plan, state: string])[] = [
  ["begun", "none", "draft"],
  ["built", "none", "draft"],
  ["built", "cut", "draft"],
  ["waiting", "none", "waiting"],
  ["sending", "none", "approved"],
  ["sending", "cut", "approved"],
  ["sending", "left", "sending"],
  ["sending", "done", "sent"],
  ["sent", "done", "sent"],
  // `retry` planned readers again.
  ["sent", "left", "sending"],
  ["sent", "lost", "sending"],
  ["empty", "none", "empty"],
  ["skipped", "none", "skipped"],
  ["missed", "none", "missed"],
  ["merged", "none", "merged"],
  ["expired", "none", "expired"],
  // The issue was sent by hand, of which the slot knew nothing.
  ["begun", "left", "sending"],
  ["built", "done", "sent"],
  ["waiting", "left", "sending"],
  ["waiting", "done", "sent"],
  ["skipped", "done", "sent"],
  ["expired", "left", "sending"],
  ["expired", "done", "sent"],
  [undefined, "cut", "draft"],
  [undefined, "left", "sending"],
  [undefined, "done", "sent"],
  [undefined, "lost", "sending"],
];

const nameOf = (at: number): string => `slot ${at}`;

let store: SqliteDatabase;
let records: IssueRecords;

/** One store of the former version with all of them, as it is after it was opened. */
beforeAll(async () => {
  const file = path.join(await mkdtemp(path.join(tmpdir(), "broadsheet-two-tables-")), "letter.db");
  const older = new DatabaseSync(file);
  for (const sql of MIGRATIONS.slice(0, TWO_TABLES)) older.exec(sql);
  older.exec(`PRAGMA application_id = 0x42725368; PRAGMA user_version = ${TWO_TABLES}; BEGIN`);
  for (const [at, [slot, plan]] of CASES.entries()) {
    if (slot !== undefined) older.prepare(SLOT).run(nameOf(at), slot);
    if (slot !== undefined) older.prepare(TAKEN).run(nameOf(at));
    if (plan !== "none") addPlan(older, nameOf(at), plan);
  }
  older.exec("COMMIT");
  older.close();
  store = await openDatabase(file);
  records = new IssueRecords(new SqliteStore(store), {
    newsletter: "the-slipway",
    clock: () => new Date(4_000),
  });
});

afterAll(async () => records[Symbol.asyncDispose]());

test.each(CASES.map(([slot, plan, state], at) => [slot, plan, state, nameOf(at)] as const))(
  "a slot that was %s with a plan that was %s is %s (%s)",
  async (slot, _plan, state, name) => {
    const isOfSchedule = slot !== undefined;
    const record = await records.find(name);
    expect(record?.state).toBe(state);
    expect(record?.why).toBe(isOfSchedule && state !== "sent" ? "it was late" : undefined);
    expect(record?.at).toEqual(isOfSchedule ? new Date(1_000) : undefined);
    expect(record?.isRuns).toBe(isOfSchedule);
    expect(store.get("SELECT number, told FROM issue WHERE slot = ?", name)).toEqual(
      isOfSchedule ? { number: 7, told: "{}" } : { number: null, told: null },
    );
    const taken = store.get("SELECT count(*) AS count FROM taken WHERE slot = ?", name);
    expect(taken).toEqual({ count: Number(isOfSchedule && state !== "draft") });
  },
);

test("a new store has the tables, rows and version of one that went through the steps", () => {
  using fresh = emptyStore();
  const tables = "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name";
  expect(fresh.all(tables)).toEqual(store.all(tables));
  expect(fresh.all("SELECT one, length(uid), epoch FROM store")).toEqual([
    { one: 1, "length(uid)": 16, epoch: 0 },
  ]);
  expect(versionOf(fresh)).toBe(versionOf(store));
});

test("the table slot is gone", () => {
  expect(store.all("SELECT name FROM sqlite_schema WHERE name = 'slot'")).toEqual([]);
});

const SLOT = `
  INSERT INTO slot (newsletter, slot, at, state, attempt, why, changed_at, number, told)
  VALUES ('the-slipway', ?, 1000, ?, 2, 'it was late', 2000, 7, '{}')`;

const TAKEN = `
  INSERT INTO taken (newsletter, slot, source, article, title, letters, taken_at)
  VALUES ('the-slipway', ?, 'content', '1', 'A lamp', 'alamp', 2000)`;

const ISSUE = `
  INSERT INTO issue (newsletter, slot, content_hash, planned_at, lost)
  VALUES ('the-slipway', ?, 'a hash', ?, ?) RETURNING id`;

const DELIVERY = `
  INSERT INTO delivery (issue, key, address, state, due, changed_at)
  VALUES (?, 'mara@quay.example', 'mara@quay.example', ?, ?, 3000)`;

function addPlan(older: DatabaseSync, slot: string, plan: Exclude<Plan, "none">): void {
  const plannedAt = plan === "left" || plan === "done" ? 3_000 : null;
  const row = older.prepare(ISSUE).get(slot, plannedAt, plan === "lost" ? "doubt" : null);
  const [state, due] = plan === "done" ? (["accepted", null] as const) : (["planned", 0] as const);
  if (plan !== "lost") older.prepare(DELIVERY).run(Number(row?.["id"]), state, due);
}
