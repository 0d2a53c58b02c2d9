import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { systemClock } from "../../src/io/clock.ts";
import { openSlots } from "../../src/io/sqlite/open-slots.ts";
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
  onTestFinished(async () => server.close());
  const project = await mailingProject({
    port: server.port,
    recipients: people(readers),
    config: { ...config, schedule: { ...YEARLY, ...schedule } },
  });
  onTestFinished(project.remove);
  await enrol(project, new Date(`${SLOT}T00:00:00Z`));
  return { server, project };
}

export const SLOT = `${systemClock().getUTCFullYear()}-01-01`;

/** As if its first run had been then. */
async function enrol({ store }: MailingProject, since: Date): Promise<void> {
  const slots = await openSlots({ store, slug: "the-slipway" }, systemClock);
  slots.enrol(since);
  slots.close();
}

/** Changes the config as an editor does, between two runs. */
export async function reconfigure({ cwd }: MailingProject, changes: object): Promise<void> {
  const file = path.join(cwd, "broadsheet.config.json");
  const config: unknown = JSON.parse(await readFile(file, "utf8"));
  await writeFile(file, JSON.stringify(Object.assign({}, config, changes)));
}

export async function slotsOf({ store }: MailingProject) {
  const slots = await openSlots({ store, slug: "the-slipway" }, systemClock);
  const all = slots
    .latest(10)
    .map(({ slot, state, why }) => (why === undefined ? { slot, state } : { slot, state, why }));
  slots.close();
  return all;
}

export function receivers({ taken }: FaultServer): string[] {
  return taken.map(({ to }) => to).sort();
}

export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(5);
}

export const SILENT = { code: 0, stdout: "", stderr: "" };
/** Each message takes so long, so that a run can be caught in the middle. */
export const SLOW: FaultServerOptions = {
  faults: [{ at: "dot", say: "250 2.0.0 taken", keeps: true, delayMs: 30 }],
};

export type Bench = Awaited<ReturnType<typeof bench>>;

export async function stateIn(project: MailingProject): Promise<string | undefined> {
  return (await slotsOf(project))[0]?.state;
}
