import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
} from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { stateFolder } from "../src/platform/sqlite/watermarks.ts";
import { killPostgres } from "./postgres-server.ts";

/** Gives a run of the tests one folder for all that is temporary, and removes it when the run ends. */
export default function setup(): void {
  const startedAt = Date.now();
  const folder = mkdtempSync(path.join(inMemory() ?? tmpdir(), `broadsheet-tests-${process.pid}-`));
  // As /tmp is, for commands that another account runs.
  chmodSync(folder, 0o1777);
  process.env["TMPDIR"] = folder;
  // A store leaves a mark in the home of the account. The marks of the tests go with the tests.
  process.env["XDG_STATE_HOME"] = path.join(folder, "broadsheet-state");
  // A teardown is not called after a test that fails, and an error in it does not fail the run.
  process.on("exit", () => {
    failForMarks(folder, startedAt);
    remove(folder);
  });
}

/** A store without XDG_STATE_HOME in its environment leaves its mark in the home of the account. The mark names its store. */
function failForMarks(folder: string, since: number): void {
  const state = stateFolder({});
  const names = existsSync(state) ? readdirSync(state) : [];
  const left = names
    .map((name) => path.join(state, name))
    .filter((file) => (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) >= since)
    .filter((file) => readFileSync(file, "utf8").includes(`${folder}/`));
  if (left.length === 0) return;
  console.error(`A test has left marks of its stores, such as ${left[0]}: give it XDG_STATE_HOME`);
  process.exitCode = 1;
}

function remove(folder: string): void {
  killPostgres(folder);
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
}

const MEMORY = "/dev/shm";
/** A run writes about half of this. */
const ROOM_BYTES = 8 * 1024 ** 3;

/** The file system in memory, where the machine has one with room: on a disk the tests wait for it 100,000 times. */
function inMemory(): string | undefined {
  if (process.env["TMPDIR"] !== undefined || !existsSync(MEMORY)) return undefined;
  // A run that was killed would keep its memory for ever.
  for (const name of readdirSync(MEMORY)) {
    const [, pid] = /^broadsheet-tests-(\d+)-/.exec(name) ?? [];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) remove(path.join(MEMORY, name));
  }
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize >= ROOM_BYTES && runsPrograms() ? MEMORY : undefined;
}

/** Tests unpack the browser and write programs; a container mounts its memory with `noexec`. */
function runsPrograms(): boolean {
  const mounts = readFileSync("/proc/mounts", "utf8").split("\n");
  return !mounts.some((line) => line.includes(` ${MEMORY} `) && /\bnoexec\b/.test(line));
}

/** A new folder of a test's own. Nobody has to remove it. */
export async function newFolder(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), "broadsheet-"));
}
