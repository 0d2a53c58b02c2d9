/*
 * Four workers with one database and `smtp.rate: 50`: how many messages the server takes in each second, in sum.
 *
 *     npx node bench/workers-rate.ts [workers] [rate] [seconds]
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { chmod, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { Client } from "pg";
import { migratePostgres } from "../src/platform/postgres/migrate.ts";
import { startFaultServer } from "../tests/fault-server.ts";
import { ADMIN, killPostgres, PASSWORD, sharedFolder } from "../tests/postgres-server.ts";

const [workers = 4, rate = 50, seconds = 30] = process.argv.slice(2).map(Number);
const MAIN = path.resolve("src/cli/main.ts");
const SLOT = "2031-04-02";
const SETTLED_SECONDS = 3;

const text = (value: number) => value.toFixed(1);

const folder = await mkdtemp(path.join(tmpdir(), "broadsheet-workers-"));
// Where root runs this, the server runs as another account.
await chmod(folder, 0o755);
const script = path.resolve("tests/postgres-server.ts");
const started = await promisify(execFile)(process.execPath, [script, sharedFolder(folder)]);
const url = `postgres://${ADMIN}:${PASSWORD}@127.0.0.1:${Number(started.stdout)}/letter`;
const admin = new Client(url.replace(/letter$/, "postgres"));
await admin.connect();
await admin.query("CREATE DATABASE letter");
await admin.end();
await migratePostgres(url);
const server = await startFaultServer({ keepsBodies: false });
const env = {
  ...process.env,
  DATABASE_URL: url,
  SMTP_URL: `smtp://127.0.0.1:${server.port}`,
  BROADSHEET_SECRET: "a secret of this bench",
  XDG_STATE_HOME: path.join(folder, "state"),
};
const config = { name: "Bench", from: "post@bench.example", smtp: { rate } };
const cwd = await mkdtemp(path.join(folder, "machine-"));
await writeFile(path.join(cwd, "broadsheet.config.json"), JSON.stringify(config));
await writeFile(
  path.join(cwd, "1.txt"),
  "The ferry waits for the post\n\nIt left at noon with the letters of the island, and came back empty.\n",
);
const readers = Math.ceil(rate * (seconds + 60));
const list = Array.from({ length: readers }, (_, n) => `r${n}@d${n % 50}.example`);
await writeFile(path.join(cwd, "list.csv"), ["email", ...list].join("\n"));
const run = async (...args: readonly string[]) => {
  const ended = promisify(execFile)(process.execPath, [MAIN, ...args], { cwd, env });
  return ended.catch((error: unknown) => error);
};
await run("subscribers", "import", "list.csv");
await run("build", "1.txt", "--date", SLOT);
const running: ChildProcess[] = [];
try {
  for (let n = 0; n < workers; n++)
    running.push(spawn(process.execPath, [MAIN, "worker"], { cwd, env, stdio: "inherit" }));
  await run("send", SLOT, "--yes", "--limit", "1");
  await sleep(15_000);
  const counts: number[] = [];
  let [first, since] = [0, 0];
  for (let n = 0; n < SETTLED_SECONDS + seconds; n++) {
    if (n === SETTLED_SECONDS) [first, since] = [server.taken.length, performance.now()];
    const before = server.taken.length;
    const at = performance.now();
    await sleep(1_000);
    counts.push((1_000 * (server.taken.length - before)) / (performance.now() - at));
  }
  const settled = counts.slice(SETTLED_SECONDS);
  const mean = (1_000 * (server.taken.length - first)) / (performance.now() - since);
  console.log(
    `${workers} workers, rate ${rate}: mean ${text(mean)}/s, lowest ${text(Math.min(...settled))}, highest ${text(Math.max(...settled))}`,
  );
} finally {
  for (const child of running) child.kill("SIGKILL");
  await server.close();
  killPostgres(folder);
}
process.exit(0);
