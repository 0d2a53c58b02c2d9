/**
 * Sending from PostgreSQL: one worker beside SQLite, four workers beside one, planning a long list, and how long it takes until
 * another worker goes on where one was killed. It makes a server of its own, which syncs its log as one in use does.
 *
 *     npx node bench/shards.ts [sqlite|four|planning|takeover] [COUNT]
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { Client } from "pg";
import * as z from "zod";
import type { JobTiming } from "../src/platform/postgres/jobs.ts";
import { migratePostgres } from "../src/platform/postgres/migrate.ts";
import { startFaultServer } from "../tests/fault-server.ts";
import { ADMIN, PASSWORD, pgCtl } from "../tests/postgres-server.ts";
import { sampleIssue } from "./sample-issue.ts";
import { MAILING } from "./send-measure.ts";
import { benchLedger, messageIdOf } from "./shards-ledger.ts";

/** For the time of a takeover. */
const QUICK: JobTiming = { heartbeatSeconds: 10, superviseSeconds: 2 };

/** A sink that answers late. */
const SLOW = { at: "dot", say: "250 2.0.0 taken", keeps: true, delayMs: 50 } as const;

/** Of bench/send-measure.ts. */
const measureSchema = z.object({ cpuUs: z.number() });

/** In a second of CPU time: `getconf CLK_TCK`. */
const TICKS = 100;

const [what = "", given] = process.argv.slice(2);
const folder = mkdtempSync(path.join(tmpdir(), "broadsheet-workers-"));
const email = path.join(folder, "email.json");
writeFileSync(email, JSON.stringify({ digest: "bench", ...(await sampleIssue()) }));
const server = path.join(tmpdir(), `broadsheet-workers-pg-${process.pid}`);
const script = path.join(import.meta.dirname, "../tests/postgres-server.ts");
const { stdout } = await promisify(execFile)(process.execPath, [script, server]);
const url = `postgres://${ADMIN}:${PASSWORD}@127.0.0.1:${Number(stdout)}/`;
let databases = 0;
const parts = { sqlite: besideSqlite, four: fourBesideOne, planning, takeover };
try {
  for (const [name, part] of Object.entries(parts)) if (what === "" || what === name) await part();
} finally {
  rmSync(folder, { recursive: true });
  await pgCtl(server, ["-m", "immediate", "stop"]).catch(() => undefined);
  rmSync(server, { recursive: true, force: true });
}

async function newDatabase(): Promise<string> {
  const name = `bench${databases++}`;
  await query(`${url}postgres`, `CREATE DATABASE ${name}`);
  await migratePostgres(`${url}${name}`);
  return `${url}${name}`;
}

async function query(database: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client(database);
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows;
}

function* readers(count: number) {
  for (let n = 0; n < count; n++) yield { address: `reader-${n}@harbour${n % 50}.example` };
}

/** Plans an issue to so many readers. */
async function planned(place: string, count: number, timing?: JobTiming): Promise<string> {
  const ledger = await benchLedger(place, timing);
  await ledger.plan({ issue: MAILING.issue, contentHash: "bench", recipients: readers(count) });
  await ledger.close();
  return place;
}

interface WorkerOptions {
  readonly place: string;
  readonly port: number;
  readonly concurrency: number;
  readonly timing?: readonly number[];
}

interface Sending {
  readonly seconds: number;
  /** Of all workers. */
  readonly cpuSeconds: number;
}

/** Starts so many workers, and measures them until nobody is due. */
async function send(workers: number, options: WorkerOptions): Promise<Sending> {
  const started = Array.from({ length: workers }, () => startWorker(options));
  for (const { ready } of started) await ready;
  const begun = performance.now();
  for (const { child } of started) child.stdin?.write("\n");
  for (const { ended } of started) await ended;
  const seconds = (performance.now() - begun) / 1000;
  const measures = started.map(({ said }) => measureSchema.parse(JSON.parse(said()[0] ?? "")));
  return { seconds, cpuSeconds: measures.reduce((sum, { cpuUs }) => sum + cpuUs / 1e6, 0) };
}

function startWorker({ place, port, concurrency, timing = [] }: WorkerOptions) {
  const args = [email, String(port), place, String(concurrency), ...timing.map(String)];
  const child: ChildProcess = spawn(
    process.execPath,
    [path.join(import.meta.dirname, "shard-worker.ts"), ...args],
    {
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  let text = "";
  child.stdout?.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const ready = new Promise((resolve) => child.stdout?.once("data", resolve));
  const ended = new Promise((resolve) => child.once("close", resolve));
  return { child, ready, ended, said: () => text.split("\n").slice(1) };
}

async function besideSqlite(): Promise<void> {
  const count = Number(given ?? 20_000);
  const sink = spawn(process.execPath, [path.join(import.meta.dirname, "light-sink.ts")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const port = Number((await createInterface(sink.stdout)[Symbol.asyncIterator]().next()).value);
  const rates: Record<string, number[]> = { sqlite: [], postgres: [] };
  const cpu: Record<string, number[]> = { sqlite: [], postgres: [], server: [] };
  for (let round = 0; round < 3; round++) {
    const places = { sqlite: path.join(folder, `${round}.db`), postgres: await newDatabase() };
    for (const [engine, place] of Object.entries(places)) {
      await planned(place, count);
      const before = serverCpu();
      const { seconds, cpuSeconds } = await send(1, { place, port, concurrency: 100 });
      rates[engine]?.push(count / seconds);
      cpu[engine]?.push((1e6 * cpuSeconds) / count);
      if (engine === "postgres") cpu["server"]?.push((1e6 * (serverCpu() - before)) / count);
    }
  }
  sink.kill();
  const [sqlite, postgres] = [median(rates["sqlite"]), median(rates["postgres"])];
  console.log(
    `one worker, concurrency 100: ${postgres.toFixed(0)} msg/s on PostgreSQL, ${sqlite.toFixed(0)} on SQLite: ${(postgres / sqlite).toFixed(2)}`,
  );
  const us = (name: string): string => `${median(cpu[name]).toFixed(0)} µs`;
  console.log(
    `CPU a message: ${us("postgres")} and the server's ${us("server")} on PostgreSQL, ${us("sqlite")} on SQLite`,
  );
}

/** The CPU seconds of the server's processes, as Linux counts them, with those that have ended. */
function serverCpu(): number {
  const [pid = ""] = readFileSync(path.join(server, "data", "postmaster.pid"), "utf8").split("\n");
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const stats = processes.flatMap((name) => {
    try {
      const [, text = ""] = readFileSync(`/proc/${name}/stat`, "utf8").split(") ");
      return [{ name, fields: text.split(" ") }];
    } catch {
      return [];
    }
  });
  const ticks = stats.flatMap(({ name, fields }) => {
    if (name === pid) return fields.slice(11, 15);
    return fields[1] === pid ? fields.slice(11, 13) : [];
  });
  return ticks.reduce((sum, text) => sum + Number(text), 0) / TICKS;
}

async function fourBesideOne(): Promise<void> {
  const count = Number(given ?? 12_000);
  const smtp = await startFaultServer({ keepsBodies: false, faults: [SLOW] });
  const options = { port: smtp.port, concurrency: 4 };
  const one =
    count /
    4 /
    (await send(1, { ...options, place: await planned(await newDatabase(), count / 4) })).seconds;
  const four =
    count /
    (await send(4, { ...options, place: await planned(await newDatabase(), count) })).seconds;
  await smtp.close();
  console.log(
    `concurrency 4, answers after 50 ms: one worker ${one.toFixed(1)} msg/s, four ${four.toFixed(1)}: ${(four / one).toFixed(2)}`,
  );
}

async function planning(): Promise<void> {
  for (const count of given ? [Number(given)] : [100_000, 1_000_000]) {
    const place = await newDatabase();
    await query(
      place,
      `INSERT INTO broadsheet.list (id, newsletter, uid) VALUES (1, '${MAILING.issue.newsletter}', '\\x010203040506');
       INSERT INTO broadsheet.subscriber (id, list, key, address, subscribed_at)
       SELECT n, 1, 'reader-' || n || '@harbour.example', 'reader-' || n || '@harbour.example', 0
       FROM generate_series(1, ${count}) AS n;
       ANALYZE`,
    );
    const ledger = await benchLedger(place);
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 50);
    const begun = performance.now();
    const { counts } = await ledger.plan({
      issue: MAILING.issue,
      contentHash: "bench",
      recipients: {},
    });
    const seconds = (performance.now() - begun) / 1000;
    clearInterval(watch);
    await ledger.close();
    console.log(
      `planning ${counts.planned}: ${seconds.toFixed(1)} s, at most ${(most / 1e6).toFixed(0)} MB`,
    );
  }
}

async function takeover(): Promise<void> {
  const smtp = await startFaultServer({ keepsBodies: false, faults: [SLOW] });
  for (let round = 0; round < 3; round++) {
    const place = await planned(await newDatabase(), 400, QUICK);
    const other = await benchLedger(place, QUICK);
    const run = await other.begin("other", MAILING.issue);
    const options = { place, port: smtp.port, concurrency: 4, timing: [10, 2] };
    const worker = startWorker(options);
    await worker.ready;
    worker.child.stdin?.write("\n");
    const before = smtp.taken.length;
    while (smtp.taken.length < before + 40) await sleep(20);
    worker.child.kill("SIGKILL");
    const killedAt = performance.now();
    const request = { issue: MAILING.issue, limit: 100, messageIdOf };
    while ((await other.claim(request)).length === 0) await sleep(250);
    const seconds = (performance.now() - killedAt) / 1000;
    const counts = (await other.issue(MAILING.issue))?.counts;
    console.log(
      `kill -9 to takeover ${seconds.toFixed(1)} s, in doubt ${counts?.uncertain} of ${options.concurrency}`,
    );
    await run.end();
    await other.close();
  }
  await smtp.close();
}

function median(values: readonly number[] = []): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
