/**
 * A `broadsheet send` and two `broadsheet worker` send issues from one database of PostgreSQL, while everything around them goes
 * wrong. Workers are killed, or stopped for longer than a shard is theirs. The database restarts; the way to it is cut, also
 * right after a COMMIT; all jobs are
 * deleted; and the mail server has the faults of the other soak.
 *
 *     npm run soak -- --postgres [SECONDS] [READERS]
 *
 * Towards the end one thing goes wrong at a time, so that what comes of it can be counted: a worker is killed, one is stopped, and
 * the database is away for five seconds. It leaves with 1 where a reader has an issue twice, where the database takes a reader to
 * have it who hasn't, or where one is left out. So it does where one worker that was lost left more in doubt than it has messages in flight,
 * where the restart of the database left a reader in doubt, or where a message began whose recipient was in doubt by then. In
 * the last case its worker was paused, and had lost the shard.
 */
import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { Client } from "pg";
import { openLedger } from "../src/delivery/io/open-ledger.ts";
import { systemClock } from "../src/platform/clock.ts";
import { migratePostgres } from "../src/platform/postgres/migrate.ts";
import { openAudience } from "../src/subscribers/io/audience.ts";
import {
  type MailingProject,
  mailingProject,
  people,
  type Running,
  SECRET,
} from "./cli/mailing-project.ts";
import { startCuttingProxy } from "./cutting-proxy.ts";
import { type Fault, startFaultServer, type Taken } from "./fault-server.ts";
import { ADMIN, PASSWORD, pgCtl, startServer } from "./postgres-server.ts";

const NEWSLETTER = "the-slipway";
const WORKERS = 3;
/** As many messages as a sender has in flight by default. */
const CONCURRENCY = 20;
/** Longer than a shard is a worker's without a sign of life. */
const PAUSE_MS = 34_000;
/** By then another worker may take over what a lost one had. */
const SETTLED_MS = PAUSE_MS + 12_000;
/** A worker that has shards of its own takes over others only after those. */
const LONGEST_SETTLED_MS = 180_000;
const AWAY_MS = 5_000;
/** A database that comes back after the lease may leave recipients in doubt. */
const LEASE_MS = 30_000;
/** What is counted for itself at the end takes about this long. */
const ALONE_MS = 4 * SETTLED_MS;
const DOMAINS = Array.from({ length: 20 }, (_, n) => `harbour${n}.example`);

interface Soak {
  readonly seconds: number;
  readonly readers: number;
  /** Each of them is at work for a while, and then others are. */
  readonly mishaps: readonly Fault[];
}

/** A worker, which begins again when it ends. */
interface Worker {
  running: Running;
  isPaused: boolean;
}

/** Returns whether all went well. */
export async function soakPostgres({ seconds, readers, mishaps }: Soak): Promise<boolean> {
  // Another account owns the server where root runs it.
  const folder = path.join(tmpdir(), `broadsheet-soak-${process.pid}`);
  const script = path.join(import.meta.dirname, "postgres-server.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [script, folder]);
  const port = Number(stdout);
  const proxy = await startCuttingProxy(port);
  const smtp = await startFaultServer({ keepsBodies: false });
  const direct = `postgres://${ADMIN}:${PASSWORD}@127.0.0.1:${port}/postgres`;
  const cutUrl = direct.replace(`:${port}/`, `:${proxy.port}/`);
  const recipients = DOMAINS.flatMap((domain) => people(readers / DOMAINS.length, domain));
  const project = await mailingProject({ port: smtp.port, recipients: [] });
  const env = { ...project.env, DATABASE_URL: cutUrl };
  const ledgerEnv = { ...project.env };
  const counts: Record<string, number> = {};
  const slots: string[] = [];
  try {
    rmSync(path.join(project.cwd, ".broadsheet"), { recursive: true, force: true });
    await migratePostgres(direct);
    await subscribe(direct, recipients, ledgerEnv);
    await nextIssue(project, env, slots);
    // The first one plans each issue, and ends. The others stay up.
    const start = (n: number): Running =>
      project.start(n === 0 ? ["send", slots.at(-1) ?? "", "--yes", "--json"] : ["worker"], {
        env,
      });
    const workers = Array.from({ length: WORKERS }, (_, n): Worker => ({
      running: start(n),
      isPaused: false,
    }));
    const until = performance.now() + Math.max(30_000, seconds * 1000 - ALONE_MS);
    let hasEnded = false;
    const isOver = (): boolean => hasEnded;
    const keepUp = workers.map(async (worker, n) => {
      while (!isOver()) {
        await Promise.race([worker.running.ended, sleep(500)]);
        if (
          worker.running.process.exitCode !== null ||
          worker.running.process.signalCode !== null
        ) {
          if (isOver()) break;
          await sleep(Math.random() * 300);
          worker.running = start(n);
        }
      }
    });
    const nextIssues = (async () => {
      while (!isOver()) {
        await sleep(1_000);
        if (!(await isDone(direct, slots.at(-1) ?? "", ledgerEnv).catch(() => false))) continue;
        smtp.setFaults([]);
        await nextIssue(project, env, slots).catch(() => undefined);
      }
    })();
    while (performance.now() < until) {
      await sleep(1_500 + Math.random() * 4_500);
      smtp.setFaults(mishaps.filter(() => Math.random() < 0.25));
      const what = await disturb({ workers, folder, port, direct, proxy });
      counts[what] = (counts[what] ?? 0) + 1;
      console.error(`${what}; ${smtp.taken.length} messages taken`);
    }
    proxy.heal();
    smtp.setFaults([]);
    const alone = await oneByOne({ workers, folder, port, direct, proxy }, () => smtp.taken.length);
    hasEnded = true;
    await Promise.all([...keepUp, nextIssues]);
    for (const { running } of workers) {
      running.process.kill("SIGCONT");
      running.process.kill("SIGTERM");
      await running.ended;
    }
    for (const slot of slots) await finish(slot, project, { env, direct });
    return await isSound(direct, { taken: smtp.taken, counts, slots, alone });
  } finally {
    rmSync(project.cwd, { recursive: true });
    await smtp.close();
    await proxy.close();
    await pgCtl(folder, ["-m", "immediate", "stop"]).catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Field {
  readonly workers: readonly Worker[];
  readonly folder: string;
  readonly port: number;
  readonly direct: string;
  readonly proxy: Awaited<ReturnType<typeof startCuttingProxy>>;
}

/** How many came in doubt by one mishap, and how many may. */
interface Alone {
  readonly what: string;
  readonly inDoubt: number;
  readonly atMost: number;
}

/** One mishap after another, each when what the one before has left is settled. */
async function oneByOne(field: Field, taken: () => number): Promise<Alone[]> {
  const { workers, direct, folder, port } = field;
  const found: Alone[] = [];
  const settled = async (): Promise<number> => {
    const last = await lastGroup(direct);
    await sleep(SETTLED_MS);
    const since = performance.now();
    while (await hasGroups(direct, last)) {
      if (performance.now() - since > LONGEST_SETTLED_MS)
        throw new Error("the groups of a lost worker are not settled");
      await sleep(500);
    }
    return doubts(direct);
  };
  let before = await settled();
  const note = async (what: string, atMost: number): Promise<void> => {
    const after = await settled();
    found.push({ what, inDoubt: after - before, atMost });
    console.error(`${what} alone: ${after - before} in doubt`);
    before = after;
  };
  const [first, second] = workers;
  await untilMore(taken);
  first?.running.process.kill("SIGKILL");
  await note("killed", CONCURRENCY);
  await untilMore(taken);
  second?.running.process.kill("SIGSTOP");
  setTimeout(() => second?.running.process.kill("SIGCONT"), PAUSE_MS);
  await note("stopped", CONCURRENCY);
  await untilMore(taken);
  const away = performance.now();
  await pgCtl(folder, ["-m", "fast", "stop"]);
  await sleep(AWAY_MS);
  await startServer(folder, port);
  const isShort = performance.now() - away < LEASE_MS / 2;
  await note("restarted", isShort ? 0 : WORKERS * CONCURRENCY);
  return found;
}

/** Until messages are on their way, if there are any to send. */
async function untilMore(taken: () => number): Promise<void> {
  const [before, since] = [taken(), performance.now()];
  while (taken() < before + CONCURRENCY && performance.now() - since < 2 * LEASE_MS)
    await sleep(20);
}

/** The last group of claims so far. A lost worker's groups stay until another worker settles them. */
async function lastGroup(url: string): Promise<number> {
  const [row] = await inServer(url, "SELECT max(id) AS last FROM broadsheet.delivery_group");
  return Number(row?.["last"] ?? 0);
}

async function hasGroups(url: string, upTo: number): Promise<boolean> {
  const sql = `SELECT 1 FROM broadsheet.delivery_group WHERE id <= ${upTo} LIMIT 1`;
  return (await inServer(url, sql)).length > 0;
}

/** How many messages had no outcome when their sender was gone. */
async function doubts(url: string): Promise<number> {
  const [row] = await inServer(url, `SELECT count(*) AS count ${STOPPED}`);
  return Number(row?.["count"]);
}

const STOPPED =
  "FROM broadsheet.delivery_event WHERE what = 'uncertain' AND reply LIKE 'the sender stopped%'";

async function disturb({ workers, folder, port, direct, proxy }: Field): Promise<string> {
  const worker = workers[Math.floor(Math.random() * workers.length)];
  const chance = Math.random();
  if (!worker || worker.isPaused) return "nothing";
  if (chance < 0.35) {
    worker.running.process.kill("SIGKILL");
    return "killed";
  }
  if (chance < 0.45) {
    if (workers.some(({ isPaused }) => isPaused)) return "nothing";
    const { process: stopped } = worker.running;
    if (!stopped.kill("SIGSTOP")) return "nothing";
    worker.isPaused = true;
    setTimeout(() => {
      worker.isPaused = false;
      stopped.kill("SIGCONT");
    }, PAUSE_MS);
    return "stopped";
  }
  if (chance < 0.55) {
    await pgCtl(folder, ["-m", chance < 0.5 ? "fast" : "immediate", "stop"]);
    await sleep(Math.random() * 5_000);
    await startServer(folder, port);
    return "restarted";
  }
  if (chance < 0.7) {
    proxy.cut(true);
    await sleep(Math.random() * 3_000);
    proxy.heal();
    return "cut off";
  }
  if (chance < 0.95) {
    proxy.cutAfterCommit();
    return "cut after COMMIT";
  }
  await inServer(direct, "DELETE FROM broadsheet_jobs.job");
  return "jobs deleted";
}

async function subscribe(
  url: string,
  recipients: readonly string[],
  env: Record<string, string>,
): Promise<void> {
  const list = { store: { url }, slug: NEWSLETTER, secrets: { secret: SECRET } };
  const audience = await openAudience(list, systemClock, { env });
  await audience.importRows([recipients.map((address) => ({ address, tags: [] }))]);
  await audience.close();
}

/** The days from the first issue on. */
async function nextIssue(
  project: MailingProject,
  env: Record<string, string>,
  slots: string[],
): Promise<void> {
  const slot = new Date(Date.UTC(2026, 10, 24 + slots.length)).toISOString().slice(0, 10);
  const { code, stderr } = await project.spawn(["build", "--date", slot, "--quiet"], env);
  if (code === 0) slots.push(slot);
  else console.error(stderr);
}

/** Whether nobody is left who can be sent to without waiting. */
async function isDone(url: string, slot: string, env: Record<string, string>): Promise<boolean> {
  await using ledger = await openLedger({ url }, { clock: systemClock, env });
  const issue = await ledger.issue({ newsletter: NEWSLETTER, slot });
  if (!issue) return false;
  const { planned, claimed, sending } = issue.counts;
  return planned + claimed + sending - (issue.postponed?.count ?? 0) <= 0;
}

/** Sends what can be sent: who was put off, or refused by a server that had a bad day, is due at once. */
async function finish(
  slot: string,
  { spawn, env: own }: MailingProject,
  { env, direct }: { readonly env: Record<string, string>; readonly direct: string },
): Promise<void> {
  for (let round = 0; round < 4; round++) {
    const { code, stderr } = await spawn(["send", slot, "--yes", "--json"], env);
    if (code !== 0) console.error(`${slot}: ${code} ${stderr.slice(0, 300)}`);
    if (round === 3) return;
    await using ledger = await openLedger({ url: direct }, { clock: systemClock, env: own });
    await ledger.retry({ newsletter: NEWSLETTER, slot });
  }
}

async function inServer(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client(url);
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

interface Seen {
  readonly taken: readonly Taken[];
  readonly alone: readonly Alone[];
  readonly counts: Readonly<Record<string, number>>;
  readonly slots: readonly string[];
}

/** So late a busy mail server sees the first byte of a message. */
const LATENCY_MS = 2_000;

/** What the database says of each message, against how often the server has taken it. */
async function isSound(url: string, { taken, counts, slots, alone }: Seen): Promise<boolean> {
  const copies = new Map<string, number>();
  for (const { messageId } of taken) copies.set(messageId, (copies.get(messageId) ?? 0) + 1);
  const rows = await inServer(
    url,
    "SELECT id, state, message_id, reply, due FROM broadsheet.delivery",
  );
  const stopped = await inServer(
    url,
    `SELECT message_id, min(at) AS at FROM (SELECT delivery, at ${STOPPED}) AS event
     JOIN broadsheet.delivery ON delivery.id = event.delivery GROUP BY message_id`,
  );
  const doubtedAt = new Map(stopped.map((row) => [String(row["message_id"]), Number(row["at"])]));
  const tooLate = taken.filter(
    ({ messageId, begunAt }) => begunAt > (doubtedAt.get(messageId) ?? Infinity) + LATENCY_MS,
  );
  const of = (...states: readonly string[]) =>
    rows.filter(({ state }) => states.includes(String(state)));
  const twice = [...copies.values()].filter((count) => count > 1).length;
  const lost = of("accepted").filter((row) => !copies.has(String(row["message_id"])));
  const leftOut = of("planned", "claimed", "sending", "deferred", "skipped").filter(
    ({ reply }) => reply !== "quarantined",
  );
  const ended = (counts["killed"] ?? 0) + (counts["stopped"] ?? 0);
  const inDoubt = stopped.length;
  console.log(`mishaps        ${JSON.stringify(counts)}`);
  console.log(`issues         ${slots.length}`);
  console.log(`sent           ${of("accepted").length}`);
  console.log(`twice          ${twice}`);
  console.log(`lost           ${lost.length}`);
  console.log(`left out       ${leftOut.length}`);
  for (const row of leftOut.slice(0, 20)) console.log(`               ${JSON.stringify(row)}`);
  console.log(`too late       ${tooLate.length} payloads begun after the shard was lost`);
  for (const { what, inDoubt: count, atMost } of alone)
    console.log(`alone          ${what}: ${count} in doubt, ${atMost} may be`);
  console.log(
    `in doubt       ${of("uncertain").length}, of these ${inDoubt} by ${ended} workers that were lost`,
  );
  const isWithin = alone.every(({ inDoubt: count, atMost }) => count <= atMost);
  const wrong = twice + lost.length + leftOut.length + tooLate.length;
  return wrong === 0 && isWithin && inDoubt <= (ended + 2) * CONCURRENCY;
}
