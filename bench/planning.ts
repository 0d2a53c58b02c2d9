/**
 * What a long list costs before its messages do: planning an issue for it, beside a bare INSERT ... SELECT of the same
 * rows, and sending 1,000 more of what is planned, beside a short list. Both by `broadsheet send`, in a process of its
 * own, to a server that takes everything, from a store on the disk.
 *
 *     npx node bench/planning.ts [READERS] [ROUNDS]      200,000 by default
 */
import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { openAudience } from "../src/subscribers/io/audience.ts";

const MAIN = path.resolve(import.meta.dirname, "../src/cli/main.ts");
const MORE = 1_000;
const SLOT = "2026-11-24";
const SECRET = "bench";
const CONFIG = {
  name: "The Tidewrack",
  from: "post@tidewrack.example",
  content: path.resolve(import.meta.dirname, "../content"),
  urls: { unsubscribe: "https://tidewrack.example/u/{token}" },
};
const PROBE = `process.once("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  process.stderr.write("PROBE " + JSON.stringify({ cpuUs: userCPUTime + systemCPUTime, rssKb: maxRSS }) + "\\n");
});`;

const BARE = `
  INSERT INTO delivery (issue, key, address, name, language, subscriber, state, due, changed_at)
  SELECT (SELECT max(id) FROM issue), key, address, name, language, id, 'planned', 0, 0 FROM subscriber ORDER BY list, key`;

interface Cost {
  readonly ms: number;
  readonly cpuMs: number;
  readonly rssMb: number;
}

interface Newsletter {
  readonly count: number;
  readonly cwd: string;
}

const readers = Number(process.argv[2] ?? 200_000);
const rounds = Number(process.argv[3] ?? 5);
const sink = spawn(process.execPath, [path.join(import.meta.dirname, "light-sink.ts")], {
  stdio: ["pipe", "pipe", "inherit"],
});
const port = Number((await createInterface(sink.stdout)[Symbol.asyncIterator]().next()).value);
const root = mkdtempSync(path.join(tmpdir(), "broadsheet-planning-"));
try {
  const short = await newsletterOf(MORE * rounds + 1);
  const long = await newsletterOf(readers);
  send(short.cwd, 1);
  tellPlanning(long);
  const costs = Array.from({ length: rounds }, () => ({
    short: send(short.cwd, MORE).cpuMs,
    ...longCost(send(long.cwd, MORE)),
  }));
  const few = median(costs.map((cost) => cost.short));
  const many = median(costs.map((cost) => cost.long));
  console.log(
    `${MORE} more: ${few.toFixed(0)} ms CPU of ${short.count}, ${many.toFixed(0)} of ${readers}: ` +
      `${(many / few).toFixed(2)} times (medians of ${rounds}), ` +
      `${median(costs.map(({ rssMb }) => rssMb)).toFixed(0)} MB at most`,
  );
} finally {
  sink.kill();
  rmSync(root, { recursive: true });
}

function longCost({ cpuMs: long, rssMb }: Cost) {
  return { long, rssMb };
}

/** The first run plans; the second finds it planned, and does all else that the first did. */
function tellPlanning({ count, cwd }: Newsletter): void {
  const bareMs = bareInsert(path.join(cwd, ".broadsheet/broadsheet.db"));
  const first = send(cwd, 1);
  const second = send(cwd, 1);
  const perReader = ((first.cpuMs - second.cpuMs) * 1000) / count;
  const seconds = (first.ms - second.ms) / 1000;
  console.log(
    `planning ${count}: ${perReader.toFixed(1)} µs CPU a reader, ${seconds.toFixed(1)} s on the wall, ` +
      `${first.rssMb.toFixed(0)} MB at most, ` +
      `${((first.cpuMs - second.cpuMs) / bareMs).toFixed(2)} times the bare INSERT ... SELECT`,
  );
}

/** The CPU time of the same rows in a copy of the store, by one statement. */
function bareInsert(store: string): number {
  const copy = `${store}.bare`;
  copyFileSync(store, copy);
  const database = new DatabaseSync(copy);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  database.exec(
    "INSERT INTO issue (newsletter, slot, content_hash) VALUES ('the-tidewrack', 'bare', '')",
  );
  const before = process.cpuUsage();
  database.exec(BARE);
  const { user, system } = process.cpuUsage(before);
  database.close();
  for (const end of ["", "-wal", "-shm"]) rmSync(copy + end, { force: true });
  return (user + system) / 1000;
}

function* groupsOf(count: number) {
  for (let from = 0; from < count; from += 1_000) {
    const length = Math.min(1_000, count - from);
    yield Array.from({ length }, (_, n) => readerOf(from + n, count));
  }
}

/** A newsletter with so many readers and an issue in its outbox. */
async function newsletterOf(count: number): Promise<Newsletter> {
  const cwd = mkdtempSync(path.join(root, `${count}-`));
  writeFileSync(path.join(cwd, "broadsheet.config.json"), JSON.stringify(CONFIG));
  command(cwd, ["build", "--date", SLOT, "--quiet"]);
  const store = path.join(cwd, ".broadsheet/broadsheet.db");
  const config = { store: { file: store }, slug: "the-tidewrack", secrets: { secret: SECRET } };
  const audience = await openAudience(config, () => new Date());
  await audience.importRows(groupsOf(count));
  await audience.close();
  return { count, cwd };
}

/** By the day they came, so that their addresses are in no order: this step visits every number once. */
function readerOf(n: number, count: number) {
  const reader = (n * 7_368_787) % count;
  return { address: `reader.${reader}@mail${reader % 997}.example`, name: `Reader ${n}`, tags: [] };
}

function send(cwd: string, limit: number): Cost {
  return command(cwd, ["send", SLOT, "--yes", "--force", "--json", "--limit", String(limit)]);
}

/** 75: readers are left, as is meant here. */
function command(cwd: string, args: readonly string[]): Cost {
  const probe = `data:text/javascript,${encodeURIComponent(PROBE)}`;
  const begun = performance.now();
  const { stderr, status } = spawnSync(process.execPath, ["--import", probe, MAIN, ...args], {
    cwd,
    encoding: "utf8",
    env: {
      ...process.env,
      BROADSHEET_SECRET: SECRET,
      SMTP_URL: `smtp://127.0.0.1:${port}`,
      XDG_STATE_HOME: path.join(cwd, "state"),
    },
  });
  const ms = performance.now() - begun;
  if (status !== 0 && status !== 75) throw new Error(stderr);
  const { cpuUs, rssKb }: { cpuUs: number; rssKb: number } = JSON.parse(
    /PROBE (.*)/.exec(stderr)?.[1] ?? "{}",
  );
  return { ms, cpuMs: cpuUs / 1000, rssMb: rssKb / 1024 };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
