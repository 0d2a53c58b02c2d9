import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { cp } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { systemClock } from "../../src/platform/clock.ts";
import type { StorePlace } from "../../src/platform/store.ts";
import { openAudience } from "../../src/subscribers/io/audience.ts";
import {
  broadsheet,
  ENVIRONMENT,
  folderWith,
  HARBOUR,
  linesOf,
  MAIN,
  type Run,
} from "./broadsheet.ts";
import { ENGINE, type Engine, placeIn } from "../stores.ts";
import { LESS_GC } from "../less-gc.ts";
import { spawnBroadsheet } from "./spawn-broadsheet.ts";

export const SECRET = "a secret that only these tests know";
export const SLOT = "2026-11-24";

/** A newsletter with a list, a state folder of its own, and mostly an issue in its outbox. */
export interface MailingProject {
  readonly cwd: string;
  /** The file of the store on SQLite. */
  readonly store: string;
  readonly place: StorePlace;
  /** What its commands run in. */
  readonly env: Readonly<Record<string, string>>;
  /** Does what a command does; the mail server is the one on this port. */
  readonly run: (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Run>;
  /** Runs a command as a process of its own, where that is what a test is about. */
  readonly spawn: MailingProject["run"];
  /** Starts a command, to be stopped or killed. */
  readonly start: (args: readonly string[], conditions?: Conditions) => Running;
}

/** What a command runs under. */
interface Conditions {
  /** No file may grow larger, as on a full disk. */
  readonly fileKb?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** A command that is running. */
export interface Running {
  readonly process: ChildProcess;
  /** What it has written to stderr so far. */
  readonly said: () => string;
  /** When it has ended, however it did. */
  readonly ended: Promise<Run>;
}

export interface ProjectOptions {
  readonly port: number;
  readonly recipients: readonly string[];
  readonly config?: object;
  /** Where a test makes its own issues. */
  readonly isBuilt?: boolean;
  /** What keeps the store; that of all tests by default. */
  readonly engine?: Engine;
}

export async function mailingProject({
  port,
  recipients,
  config = {},
  isBuilt = true,
  engine = ENGINE,
}: ProjectOptions): Promise<MailingProject> {
  const cwd = await folderWith(isBuilt ? {} : filesOf(config));
  if (isBuilt) await cp(await builtNewsletter(config), cwd, { recursive: true });
  const store = path.join(cwd, ".broadsheet/broadsheet.db");
  const place = await placeIn(cwd, engine);
  const inDatabase: Record<string, string> = "url" in place ? { DATABASE_URL: place.url } : {};
  const env = { ...SECRETS, SMTP_URL: `smtp://127.0.0.1:${port}`, ...stateIn(cwd), ...inDatabase };
  if (recipients.length > 0) await subscribe(recipients, place, env);
  return {
    cwd,
    store,
    place,
    env,
    run: async (args, more = {}) => broadsheet(args, { cwd, env: { ...env, ...more } }),
    spawn: (args, more = {}) => spawnBroadsheet(args, { cwd, env: { ...env, ...more } }),
    start: (args, { fileKb, env: more = {} } = {}) =>
      start(limited(args, fileKb), cwd, { ...env, ...more }),
  };
}

const SECRETS = { BROADSHEET_SECRET: SECRET };

function stateIn(cwd: string): { XDG_STATE_HOME: string } {
  return { XDG_STATE_HOME: path.join(cwd, "state") };
}

const built = new Map<string, Promise<string>>();

/** A folder with an issue in its outbox; each test works on a copy of it. */
async function builtNewsletter(config: object): Promise<string> {
  const key = JSON.stringify(config);
  const known = built.get(key) ?? build(config);
  built.set(key, known);
  return known;
}

function filesOf(config: object): Record<string, string> {
  const text = JSON.stringify({
    name: "The Slipway",
    from: "post@slipway.example",
    urls: { unsubscribe: "https://slipway.example/u/{token}" },
    ...config,
  });
  return { "content/1.txt": HARBOUR, "broadsheet.config.json": text };
}

async function build(config: object): Promise<string> {
  const cwd = await folderWith(filesOf(config));
  process.once("exit", () => rmSync(cwd, { recursive: true, force: true }));
  await broadsheet(["build", "--date", SLOT, "--quiet"], { cwd, env: stateIn(cwd) });
  return cwd;
}

/** As an import does it, without a process for it. */
async function subscribe(
  recipients: readonly string[],
  store: StorePlace,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const secrets = { secret: SECRET };
  const audience = await openAudience({ store, slug: "the-slipway", secrets }, systemClock, {
    env,
  });
  await audience.importRows([recipients.map((address) => ({ address, tags: [] }))]);
  await audience.close();
}

/** The command line, under a limit that the shell sets. */
function limited(args: readonly string[], fileKb?: number): readonly [string, readonly string[]] {
  const command = [...LESS_GC, MAIN, ...args];
  if (fileKb === undefined) return [process.execPath, command];
  const script = `trap "" XFSZ; ulimit -f ${fileKb}; exec "$@"`;
  return ["bash", ["-c", script, "bash", process.execPath, ...command]];
}

function start(
  [command, args]: readonly [string, readonly string[]],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Running {
  const child = spawn(command, args, {
    cwd,
    env: { ...ENVIRONMENT, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  const ended = new Promise<Run>((resolve) => {
    child.once("close", (code) => resolve({ code, ...output }));
  });
  return { process: child, said: () => output.stderr, ended };
}

const count = z.int().nonnegative();

const stateLine = z.object({
  issue: z.looseObject({ newsletter: z.string(), slot: z.string() }),
  planned: count,
  accepted: count,
  deferred: count,
  rejected: count,
  uncertain: count,
  suppressed: count,
  skipped: count,
  nextTry: z.iso.datetime().optional(),
});

/** The last line that `send --json` prints: the whole state of the issue. */
export function stateOf(run: Run) {
  const { issue: _issue, ...state } = stateLine.parse(linesOf(run).at(-1));
  return state;
}

export const NONE = {
  planned: 0,
  accepted: 0,
  deferred: 0,
  rejected: 0,
  uncertain: 0,
  suppressed: 0,
  skipped: 0,
};

export function people(count: number, domain = "harbour.example"): string[] {
  return Array.from({ length: count }, (_, n) => `r${n}@${domain}`);
}
