import { DatabaseSync } from "node:sqlite";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { parseSegment } from "../../../src/subscribers/segment.ts";
import type { Claim, Outcome } from "../../../src/delivery/ledger.ts";
import { SqliteDatabase } from "../../../src/platform/sqlite/database.ts";
import { Audience } from "../../../src/subscribers/io/audience.ts";
import { SqliteLedger } from "../../../src/delivery/io/ledger/sqlite-ledger.ts";
import { lookAtIssues } from "../../../src/delivery/io/ledger/look-at-issues.ts";
import { MIGRATIONS } from "../../../src/platform/sqlite/migrations.ts";
import { openDatabase } from "../../../src/platform/sqlite/open-store.ts";
import { SqliteStore } from "../../../src/platform/sqlite/sqlite-store.ts";
import { claimOf, ISSUE } from "../ledger-requests.ts";
import { newFolder } from "../../temporary.ts";

/*
 * How SQLite goes about the statements that are run for a list, asked of SQLite itself: those that the code prepares
 * while it works, as they are. One that sorts the list for each page, or reads it from the start, is quick for the
 * lists of tests and takes minutes for a million readers.
 */

/** The last version whose stores had no index in the order of the list. */
const BEFORE_ORDER = 6;
/** More than a page of the list. */
const READERS = 1_100;

const folders: string[] = [];

afterEach(async () => {
  vi.restoreAllMocks();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

describe.each([
  ["a new store", async () => undefined],
  ["a store that an earlier version made", makeOlder],
])("%s", (_which, make: (file: string) => Promise<void>) => {
  test("planning doesn't sort the list, nor read it from the start, for any page", async () => {
    const plans = await plansOf(make, async ({ audience, ledger }) => {
      await ledger.plan(PLAN);
      let [read, strangers] = [0, 0];
      for await (const _ of audience.subscribers(parseSegment("domain:quay.example"))) read++;
      for await (const page of audience.suppressedStrangers()) strangers += page.length;
      expect([read, strangers]).toEqual([550, 1]);
      expect((await audience.counts()).active).toBe(READERS - 1);
    });
    expect(plans.some(({ sql }) => sql.includes("FROM subscriber"))).toBe(true);
    expect(laborious(plans)).toEqual([]);
  });

  test("sending some of a planned list doesn't sort or read all of it", async () => {
    const plans = await plansOf(make, async ({ ledger, pass, file }) => {
      await ledger.plan(PLAN);
      const run = await ledger.begin("w", ISSUE);
      const claims = await ledger.claim(claimOf(10));
      await ledger.turn({ outcomes: [], start: claims });
      await ledger.turn({ outcomes: outcomesOf(claims), start: [] });
      await ledger.postpone(ISSUE, "quay.example", new Date(Date.UTC(2027, 1)));
      await run.askSome(20);
      await run.end({ ending: "asked", isListDone: true });
      await ledger.settle(ISSUE, "resend");
      await ledger.retry(ISSUE);
      pass(8 * 86_400_000);
      await ledger.claim(claimOf(10));
      await lookAtIssues({ store: { file }, slug: ISSUE.newsletter }, () => new Date());
    });
    expect(plans.some(({ sql }) => sql.includes("ORDER BY delivery.due"))).toBe(true);
    expect(laborious(plans)).toEqual([]);
  });
});

interface Bench {
  readonly audience: Audience;
  readonly ledger: SqliteLedger;
  readonly file: string;
  readonly pass: (ms: number) => void;
}

interface Plan {
  readonly sql: string;
  readonly steps: readonly string[];
}

/** What SQLite says that it does for each statement of `work`. */
async function plansOf(
  make: (file: string) => Promise<void>,
  work: (bench: Bench) => Promise<void>,
): Promise<Plan[]> {
  const folder = await newFolder();
  folders.push(folder);
  const file = path.join(folder, "store", "broadsheet.db");
  await make(file);
  let now = Date.UTC(2026, 10, 24, 7);
  const clock = () => new Date(now);
  const store = await openDatabase(file);
  const audience = new Audience(new SqliteStore(store), { newsletter: ISSUE.newsletter, clock });
  await subscribe(audience);
  const ledger = new SqliteLedger(new SqliteStore(await openDatabase(file)), { clock });
  const methods = ["get", "all", "run"] as const;
  const spies = methods.map((name) => vi.spyOn(SqliteDatabase.prototype, name));
  await work({ audience, ledger, file, pass: (ms) => (now += ms) });
  const statements = new Set(spies.flatMap(({ mock }) => mock.calls.map(([sql]) => sql)));
  for (const spy of spies) spy.mockRestore();
  const plans = [...statements].map((sql) => ({ sql, steps: stepsOf(store, sql) }));
  await ledger.close();
  await audience.close();
  return plans;
}

function stepsOf(store: SqliteDatabase, sql: string): string[] {
  return store.all(`EXPLAIN QUERY PLAN ${sql}`).map(({ detail }) => String(detail));
}

/** The statements for which a list is sorted, or read from its start. Issues and events are few beside it. */
function laborious(plans: readonly Plan[]): Plan[] {
  const isOfList = ({ sql }: Plan) =>
    /\b(?:subscriber|suppression|delivery)\b/.test(sql) && !sql.includes("FROM delivery_event");
  return plans.filter((plan) =>
    plan.steps.some(
      (step) =>
        /^SCAN (?:subscriber|suppression|delivery)\b/.test(step) ||
        (step.startsWith("USE TEMP B-TREE") && isOfList(plan)),
    ),
  );
}

async function subscribe(audience: Audience): Promise<void> {
  const rows = Array.from({ length: READERS }, (_, n) => ({
    address: `r${(n * 7) % READERS}@${n % 2 ? "quay" : "harbour"}.example`,
    tags: [],
  }));
  await audience.importRows([rows]);
  await audience.suppress("r1@quay.example", "unsubscribed");
  await audience.suppress("a.stranger@harbour.example", "manual");
}

const PLAN = {
  issue: ISSUE,
  contentHash: "first",
  expiresAt: new Date(Date.UTC(2026, 11, 1)),
  recipients: { segment: parseSegment("domain:quay.example or domain:harbour.example") },
};

/** One of each kind. */
function outcomesOf(claims: readonly Claim[]): Outcome[] {
  const [first, second, third, fourth, ...others] = claims;
  if (!first || !second || !third || !fourth) throw new Error("ten were claimed");
  const nextTry = new Date(Date.UTC(2026, 10, 25));
  return [
    { claim: first, state: "deferred", reply: "450 later", nextTry },
    { claim: second, state: "refused", reply: "550 5.1.1", isUnknown: true },
    { claim: third, state: "uncertain", reply: "cut" },
    { claim: fourth, state: "planned" },
    ...others.map((claim) => ({ claim, state: "accepted", reply: "250" }) as const),
  ];
}

async function makeOlder(file: string): Promise<void> {
  await mkdir(path.dirname(file));
  const older = new DatabaseSync(file);
  for (const sql of MIGRATIONS.slice(0, BEFORE_ORDER)) older.exec(sql);
  older.exec("PRAGMA application_id = 0x42725368");
  older.exec(`PRAGMA user_version = ${BEFORE_ORDER}`);
  older.close();
}
