import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { openLedger } from "../../../src/delivery/io/open-ledger.ts";
import type { Claim, DeliveryState, Ledger, Outcome } from "../../../src/delivery/ledger.ts";
import type { PostgresLedger } from "../../../src/delivery/io/postgres/postgres-ledger.ts";
import { Bell, viewTeam } from "../../../src/delivery/io/postgres/team.ts";
import { systemClock } from "../../../src/platform/clock.ts";
import { startCuttingProxy } from "../../cutting-proxy.ts";
import { inDatabase } from "../../stores.ts";
import { newFolder } from "../../temporary.ts";
import { claimOf, ISSUE, people, planOf } from "../ledger-requests.ts";
import { type PostgresBench, postgresBench } from "./ledger-bench.ts";

/* What the ledger in PostgreSQL promises where several workers send at once. */

const HOUR_MS = 3_600_000;
const many = (count: number) => people(...Array.from({ length: count }, (_, n) => `reader-${n}`));
const accepted = (claim: Claim): Outcome => ({ claim, state: "accepted", reply: "250 taken" });
const refused = (claim: Claim): Outcome => ({ claim, state: "refused", reply: "550 no" });

let bench: PostgresBench;
let one: PostgresLedger;
let other: PostgresLedger;

beforeEach(async () => {
  bench = await postgresBench();
  [one, other] = [await bench.open(), await bench.open()];
});
afterEach(async () => bench.close());

async function claimed(ledger: PostgresLedger, limit = 100): Promise<readonly Claim[]> {
  const claims = await ledger.claim(claimOf(limit));
  return (await ledger.turn({ outcomes: [], start: claims })).started;
}

/** Sends to everybody who is due. */
async function sendAll(ledger: PostgresLedger): Promise<number> {
  for (let sent = 0; ;) {
    const started = await claimed(ledger);
    if (started.length === 0) return sent;
    await ledger.turn({ outcomes: started.map(accepted), start: [] });
    sent += started.length;
  }
}

async function stateOf(name: string): Promise<DeliveryState | undefined> {
  return (await one.explain(`${name}@harbour.example`))[0]?.state;
}

async function jobsIn(state: string): Promise<number> {
  const sql = `SELECT count(*) AS count FROM broadsheet_jobs.job WHERE name LIKE 'shards/%' AND state = '${state}'`;
  return Number((await inDatabase(bench.url, sql)).rows[0].count);
}

describe("shards", () => {
  test("are numbered by 500 recipients, and each has a job when the plan is complete", async () => {
    await one.plan(planOf(many(1_600)));
    const jobs = await jobsIn("created");
    // The ids of the first recipients may begin in the middle of a shard.
    expect([4, 5]).toContain(jobs);
  });

  test("two workers claim different recipients at once, and each recipient once", async () => {
    await one.plan(planOf(many(2_600)));
    const claims = await Promise.all(
      Array.from({ length: 20 }, async (_, n) => (n % 2 ? one : other).claim(claimOf())),
    );
    const ids = claims.flat().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(1_800);
  });

  test("the last outcomes end the job of a shard, and who is put off has one for the time", async () => {
    await one.plan(planOf(people("mara", "jory")));
    const [mara, jory] = await claimed(one);
    if (!mara || !jory) throw new Error("two were planned");
    expect(await one.claim(claimOf())).toEqual([]);
    const nextTry = new Date(bench.now().getTime() + HOUR_MS);
    const deferred: Outcome = { claim: jory, state: "deferred", reply: "450 later", nextTry };
    await one.turn({ outcomes: [accepted(mara), deferred], start: [] });
    expect([await jobsIn("active"), await jobsIn("completed"), await jobsIn("created")]).toEqual([
      0, 1, 1,
    ]);
    const { rows } = await inDatabase(
      bench.url,
      "SELECT extract(epoch FROM start_after - created_on) AS wait FROM broadsheet_jobs.job WHERE state = 'created'",
    );
    expect(Number(rows[0].wait)).toBeGreaterThanOrEqual(HOUR_MS / 1000);
    bench.pass(HOUR_MS);
    expect(await other.claim(claimOf())).toHaveLength(1);
  });

  test("where all jobs are deleted, a worker rings again and nobody is left out", async () => {
    await one.plan(planOf(many(1_200)));
    await inDatabase(bench.url, "DELETE FROM broadsheet_jobs.job");
    expect(await sendAll(other)).toBe(1_200);
  });

  test("a worker whose job was deleted has lost the shard", async () => {
    await one.plan(planOf(people("mara", "jory")));
    const [mara] = await claimed(one, 1);
    if (!mara) throw new Error("two were planned");
    await inDatabase(bench.url, "DELETE FROM broadsheet_jobs.job");
    expect((await other.claim(claimOf())).map(({ to }) => to.name)).toEqual(["jory"]);
    expect(await stateOf("mara")).toBe("uncertain");
    const { late } = await one.turn({ outcomes: [accepted(mara)], start: [] });
    expect(late).toHaveLength(1);
    expect(await stateOf("mara")).toBe("uncertain");
  });
});

describe("a lease", () => {
  test("that is over lets no message begin, until a turn has renewed it", async () => {
    await one.plan(planOf(people("mara", "jory")));
    const [mara, jory] = await one.claim(claimOf());
    if (!mara || !jory) throw new Error("two were planned");
    await one.turn({ outcomes: [], start: [mara] });
    expect(one.mayBegin(mara)).toBe(true);
    bench.sleep(31_000);
    expect(one.mayBegin(mara)).toBe(false);
    await one.turn({ outcomes: [], start: [jory] });
    expect([one.mayBegin(mara), one.mayBegin(jory)]).toEqual([true, true]);
  });

  test("that was taken over is not renewed", async () => {
    await one.plan(planOf(people("mara", "jory")));
    const [mara, jory] = await one.claim(claimOf());
    if (!mara || !jory) throw new Error("two were planned");
    await one.turn({ outcomes: [], start: [mara] });
    await bench.loseLock();
    expect((await other.claim(claimOf())).map(({ to }) => to.name)).toEqual(["jory"]);
    expect((await one.turn({ outcomes: [], start: [jory] })).started).toEqual([]);
    expect([one.mayBegin(mara), one.mayBegin(jory)]).toEqual([false, false]);
  });
});

describe("a run", () => {
  test("has all workers of an issue, and the last one that ends judges what all were told", async () => {
    await one.plan(planOf(many(30)));
    const [first, second] = [await one.begin("one", ISSUE), await other.begin("other", ISSUE)];
    expect(second.number).toBe(first.number);
    const told = await claimed(one, 12);
    await one.turn({ outcomes: told.map(refused), start: [] });
    expect(await first.askSome(20)).toBe(0);
    const nothing = await first.end({ ending: "asked", isListDone: false });
    expect(nothing.evidence).toBeUndefined();
    expect(await stateOf("reader-0")).toBe("claimed");
    await sendAll(other);
    expect(await second.askSome(20)).toBe(12);
    const asked = await claimed(other);
    await other.turn({ outcomes: asked.map(refused), start: [] });
    const { evidence, counts } = await second.end({ ending: "asked", isListDone: true });
    expect(evidence).toMatchObject({ accepted: 18, refused: 12 });
    expect(counts.keep).toBe(12);
  });

  test("in which one worker blames the sender counts no refusal of any worker", async () => {
    await one.plan(planOf(people("mara", "jory")));
    const [first, second] = [await one.begin("one", ISSUE), await other.begin("other", ISSUE)];
    const [mara, jory] = await claimed(one);
    if (!mara || !jory) throw new Error("two were planned");
    await one.turn({ outcomes: [refused(mara), refused(jory)], start: [] });
    await first.end({ ending: "blamed", blamed: "ourselves", isListDone: false });
    const { counts } = await second.end({ ending: "asked", isListDone: true });
    expect(counts.again).toBe(2);
    expect((await one.explain("mara@harbour.example"))[0]).toMatchObject({ cause: "ourselves" });
  });

  test("whose workers have died is judged by the next one", async () => {
    await one.plan(planOf(many(3)));
    await one.begin("dead", ISSUE);
    const [first, second, third] = await claimed(one);
    if (!first || !second || !third) throw new Error("three were planned");
    const outcomes = [refused(first), accepted(second), accepted(third)];
    await one.turn({ outcomes, start: [] });
    await bench.loseLock();
    const run = await other.begin("next", ISSUE);
    expect(run.number).toBe(2);
    expect((await other.issue(ISSUE))?.counts).toMatchObject({ claimed: 1, accepted: 2 });
    expect(await run.askSome(20)).toBe(1);
    await run.end();
  });
});

/** A ledger whose way to its server a test may cut. */
async function overProxy() {
  const proxy = await startCuttingProxy(Number(new URL(bench.url).port));
  onTestFinished(async () => proxy.close());
  const url = new URL(bench.url);
  url.port = String(proxy.port);
  return { proxy, ledger: await bench.openAt(url.href) };
}

/** A worker on another machine, whose clock is off by so much. */
async function workerAt(offMs: number): Promise<Ledger> {
  vi.setSystemTime(performance.timeOrigin + performance.now() + offMs);
  const env = { XDG_STATE_HOME: await newFolder() };
  const ledger = await openLedger({ url: bench.url }, { clock: systemClock, env });
  onTestFinished(async () => ledger.close());
  return ledger;
}

describe("a clock that is an hour off", () => {
  const MINUTE_MS = 60_000;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date"] });
    onTestFinished(() => void vi.useRealTimers());
  });

  test.each([HOUR_MS, -HOUR_MS])(
    "makes nobody due too early or too late, nor has an issue expire (%i ms)",
    async (offMs) => {
      const ledger = await workerAt(offMs);
      const expiresAt = new Date(systemClock().getTime() + 30 * MINUTE_MS);
      await ledger.plan(planOf(people("mara", "jory"), { expiresAt }));
      const [mara] = await ledger.claim(claimOf(1));
      if (!mara) throw new Error("two were planned");
      await ledger.turn({ outcomes: [], start: [mara] });
      const nextTry = new Date(systemClock().getTime() + 10 * MINUTE_MS);
      const deferred: Outcome = { claim: mara, state: "deferred", reply: "450 later", nextTry };
      await ledger.turn({ outcomes: [deferred], start: [] });
      await ledger.close();
      const { rows } = await inDatabase(
        bench.url,
        "SELECT (due - 1000 * extract(epoch FROM now())) / 60000 AS minutes FROM broadsheet.delivery WHERE due > 1",
      );
      expect(rows).toHaveLength(1);
      expect(Math.round(Number(rows[0].minutes))).toBe(10);
      const next = await workerAt(-offMs);
      expect((await next.claim(claimOf())).map(({ to }) => to.name)).toEqual(["jory"]);
      expect((await next.issue(ISSUE))?.counts).toMatchObject({ deferred: 1, skipped: 0 });
    },
  );
});

test("a worker that has died is shown as one that was not heard of, and then no more", async () => {
  await using opened = new AsyncDisposableStack();
  opened.use(await Bell.open(bench.url, ISSUE.newsletter));
  const died = async (pid: number, secondsAgo: number) =>
    inDatabase(
      bench.url,
      `INSERT INTO broadsheet_jobs.instance
       SELECT (jsonb_populate_record(instance, jsonb_build_object('id', gen_random_uuid(), 'pid', ${pid},
         'heartbeat_on', now() - interval '${secondsAgo} s'))).*
       FROM broadsheet_jobs.instance WHERE name = 'broadsheet worker' LIMIT 1`,
    );
  await died(1_000_001, 2);
  await died(1_000_002, 20);
  await died(1_000_003, 40);
  const { workers } = await viewTeam(bench.url, ISSUE.newsletter);
  const shown = workers.filter(({ staysUp }) => staysUp);
  expect(new Map(shown.map(({ pid, quietSince }) => [pid, quietSince !== undefined]))).toEqual(
    new Map([
      [1_000_001, false],
      [1_000_002, true],
    ]),
  );
});

test("a queue takes over the heartbeat of the version that uses it, and a job keeps its own", async () => {
  await one.plan(planOf(people("mara")));
  await inDatabase(bench.url, "UPDATE broadsheet_jobs.queue SET heartbeat_seconds = 17");
  await inDatabase(bench.url, "UPDATE broadsheet_jobs.job SET heartbeat_seconds = 17");
  await other.begin("next", ISSUE);
  const { rows } = await inDatabase(
    bench.url,
    "SELECT heartbeat_seconds FROM broadsheet_jobs.queue WHERE name LIKE 'shards/%'",
  );
  expect(rows).toEqual([{ heartbeat_seconds: 30 }]);
  const [mara] = await claimed(other);
  if (!mara) throw new Error("one was planned");
  expect(other.mayBegin(mara)).toBe(true);
  bench.sleep(18_000);
  expect(other.mayBegin(mara)).toBe(false);
});

test("thousands of shards are brought forward by one statement, and a job that is due stays as it is", async () => {
  await one.plan(planOf(many(2_600)));
  const later = "UPDATE broadsheet_jobs.job SET start_after = now() + interval '1 hour' WHERE";
  await inDatabase(bench.url, `${later} name LIKE 'shards/%' AND (data ->> 'shard')::int % 2 = 0`);
  const kept = "SELECT id, xmin FROM broadsheet_jobs.job WHERE start_after <= now() ORDER BY id";
  const before = (await inDatabase(bench.url, kept)).rows;
  await other.begin("next", ISSUE);
  const after = (await inDatabase(bench.url, kept)).rows;
  expect(after).toEqual(expect.arrayContaining(before));
  expect(after.length).toBeGreaterThan(before.length);
  expect(await sendAll(other)).toBe(2_600);
});

describe("a database that is away", () => {
  test("has outcomes wait, and nothing starts before it is back", async () => {
    const { proxy, ledger } = await overProxy();
    await ledger.plan(planOf(people("mara", "jory")));
    const [mara, jory] = await ledger.claim(claimOf());
    if (!mara || !jory) throw new Error("two were planned");
    await ledger.turn({ outcomes: [], start: [mara] });
    proxy.cut(true);
    let isOver = false;
    const turn = ledger
      .turn({ outcomes: [accepted(mara)], start: [jory] })
      .finally(() => (isOver = true));
    expect(await stateOf("mara")).toBe("sending");
    expect(isOver).toBe(false);
    proxy.heal();
    expect(await turn).toMatchObject({ started: [{ id: jory.id }], late: [] });
    expect([await stateOf("mara"), await stateOf("jory")]).toEqual(["accepted", "sending"]);
  });

  test("a turn whose COMMIT was done and never answered is recorded once", async () => {
    const { proxy, ledger } = await overProxy();
    await ledger.plan(planOf(many(150)));
    const run = await ledger.begin("w", ISSUE);
    for (let sent = 0; sent < 150;) {
      proxy.cutAfterCommit();
      const claims = await ledger.claim(claimOf(50));
      proxy.cutAfterCommit();
      const { started } = await ledger.turn({ outcomes: [], start: claims });
      expect(started).toHaveLength(claims.length);
      proxy.cutAfterCommit();
      expect((await ledger.turn({ outcomes: started.map(accepted), start: [] })).late).toEqual([]);
      sent += started.length;
    }
    expect(proxy.commitsCut).toBeGreaterThanOrEqual(9);
    await run.end({ ending: "asked", isListDone: true });
    expect((await ledger.issue(ISSUE))?.counts).toMatchObject({ accepted: 150, uncertain: 0 });
    const { rows } = await inDatabase(bench.url, "SELECT accepted FROM broadsheet.run");
    expect(rows).toEqual([{ accepted: "150" }]);
  });
});
