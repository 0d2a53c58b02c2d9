import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { vi } from "vitest";
import { runOnce } from "../../src/cli/schedule/runs.ts";
import { Terminal } from "../../src/cli/terminal.ts";
import { BroadsheetError } from "../../src/errors.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { openLedger } from "../../src/delivery/io/open-ledger.ts";
import { openRecords } from "../../src/delivery/io/issue-records.ts";
import { type FaultServer, type FaultServerOptions, startFaultServer } from "../fault-server.ts";
import { type MailingProject, mailingProject, people } from "./mailing-project.ts";

/** Of no rhythm that could fall due while the tests run: what is due is decided by `dueSince`. */
const YEARLY = { cron: "0 7 1 1 *", zone: "UTC", maxLate: "400d" };

interface BenchOptions extends FaultServerOptions {
  readonly schedule?: object;
  readonly readers?: number;
  readonly config?: object;
}

/** A newsletter whose slot of 1 January is due, and nothing else for the rest of the year. */
export async function bench({
  schedule = {},
  readers = 5,
  config = {},
  ...options
}: BenchOptions = {}) {
  const server = await startFaultServer(options);
  const project = await mailingProject({
    port: server.port,
    recipients: people(readers),
    isBuilt: false,
    config: { ...config, schedule: { ...YEARLY, ...schedule } },
  });
  await enrol(project, new Date(`${SLOT}T00:00:00Z`));
  return { server, project };
}

/** The latest slot that has come: on 1 January that of the year before, until seven. */
export const SLOT = `${new Date(systemClock().getTime() - 7 * 3_600_000).getUTCFullYear()}-01-01`;

/** As if its first run had been then. */
export async function enrol({ place }: MailingProject, since: Date): Promise<void> {
  await using records = await openRecords({ store: place, slug: "the-slipway" }, systemClock);
  await records.enrol(since);
}

/** Changes the config as an editor does, between two runs. */
export async function reconfigure({ cwd }: MailingProject, changes: object): Promise<void> {
  const file = path.join(cwd, "broadsheet.config.json");
  const config: unknown = JSON.parse(await readFile(file, "utf8"));
  await writeFile(file, JSON.stringify(Object.assign({}, config, changes)));
}

export async function slotsOf({ place }: MailingProject) {
  await using records = await openRecords({ store: place, slug: "the-slipway" }, systemClock);
  const latest = await records.latest(10);
  return latest.map(({ slot, state, why }) =>
    why === undefined ? { slot, state } : { slot, state, why },
  );
}

/** Who has the issue, and who may have it. */
export async function countsIn({ place, env }: MailingProject) {
  const ledger = await openLedger(place, { clock: systemClock, env });
  const issue = await ledger.issue({ newsletter: "the-slipway", slot: SLOT });
  await ledger.close();
  return { accepted: issue?.counts.accepted ?? 0, uncertain: issue?.counts.uncertain ?? 0 };
}

/** Stops the schedule, or lets it go on. */
export async function hold({ place }: MailingProject, isHeld: boolean): Promise<void> {
  await using records = await openRecords({ store: place, slug: "the-slipway" }, systemClock);
  await records.hold(isHeld);
}

export function receivers({ taken }: FaultServer): string[] {
  return taken.map(({ to }) => to).sort();
}

/** Until its newest slot is in a state that is looked for, or `isOver`. */
export async function untilState(
  { place }: MailingProject,
  isSo: (state: string | undefined) => boolean,
  isOver: () => boolean = () => false,
): Promise<void> {
  await using records = await openRecords({ store: place, slug: "the-slipway" }, systemClock);
  await until(async () => isOver() || isSo((await records.latest(1))[0]?.state));
}

export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(5);
}

export const SILENT = { code: 0, stdout: "", stderr: "" };
/** Each message takes so long, so that a run can be caught in the middle. */
export const SLOW: FaultServerOptions = {
  faults: [{ at: "dot", say: "250 2.0.0 taken", keeps: true, delayMs: 30 }],
};

export async function stateIn(project: MailingProject): Promise<string | undefined> {
  return (await slotsOf(project))[0]?.state;
}

/** What somebody has to know of a run in this process, and what it leaves with. */
interface Due {
  readonly code: number;
  readonly said: readonly string[];
}

interface DueOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly now?: true;
  readonly allowPrivate?: true;
}

/** What `broadsheet run` does, without a process for it: where the process isn't what a test is about. */
export async function due(project: MailingProject, options?: DueOptions): Promise<Due> {
  const terminal = new Terminal();
  const said: string[] = [];
  terminal.logTo((level, message) => void (level === "info" || said.push(message)));
  return { code: await runIn(project, terminal, options), said };
}

/** The same, with what cron would mail. */
export async function mailed(project: MailingProject, options?: DueOptions): Promise<Due> {
  const said: string[] = [];
  const stderr = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    said.push(String(text).trimEnd());
    return true;
  });
  const terminal = new Terminal();
  terminal.isTerse = true;
  const code = await runIn(project, terminal, options).finally(() => stderr.mockRestore());
  return { code, said };
}

async function runIn(
  { cwd, env }: MailingProject,
  terminal: Terminal,
  { env: more = {}, ...flags }: DueOptions = {},
): Promise<number> {
  for (const [name, value] of Object.entries({ ...env, ...more })) vi.stubEnv(name, value);
  try {
    await runOnce({ ...flags, config: path.join(cwd, "broadsheet.config.json") }, terminal);
  } catch (error) {
    if (!(error instanceof BroadsheetError)) throw error;
    terminal.report(error);
  } finally {
    vi.unstubAllEnvs();
  }
  return terminal.exitCode;
}

/** All went well, and nobody has to know. */
export const QUIETLY: Due = { code: 0, said: [] };
