import { hasConfig, openProject } from "../../config/io/load-config.ts";
import { systemClock } from "../../platform/clock.ts";
import { openPing } from "./ping.ts";
import { openRecords } from "../../delivery/io/issue-records.ts";
import type { WebFlags } from "../../sources/article-reader.ts";
import type { OutboxFlags } from "../flags.ts";
import { Terminal } from "../terminal.ts";
import type { RunJob } from "../../schedule/slot.ts";
import { BroadsheetError } from "../../errors.ts";

/** A job without the signal that ends it. */
export type Job = Omit<RunJob, "signal">;

/** Opens the records of the newsletter that the flags mean, for as long as the work takes. */
export async function withJob<Result>(
  flags: OutboxFlags & WebFlags,
  terminal: Terminal,
  work: (job: Job) => Promise<Result>,
): Promise<Result> {
  const newsletter = await scheduled(flags, terminal);
  using records = await openRecords(newsletter.config, systemClock);
  const { pingUrl } = newsletter.config.secrets;
  const { cwd } = terminal;
  return await work({
    ...newsletter,
    records,
    clock: systemClock,
    env: process.env,
    cwd,
    flags,
    ping: pingUrl === undefined ? undefined : openPing(pingUrl),
  });
}

export function silentTerminal(): Terminal {
  const terminal = new Terminal();
  terminal.isQuiet = true;
  return terminal;
}

/** A newsletter that comes out on a schedule. */
type Scheduled = Pick<RunJob, "config" | "schedule">;

/** @throws BroadsheetError CONFIG_MISSING; CONFIG_INVALID where the config has no schedule. */
export async function scheduled(flags: OutboxFlags, terminal: Terminal): Promise<Scheduled> {
  const config = await openProject(flags, terminal);
  if (config.schedule) return { config, schedule: config.schedule };
  if (!flags.config && !(await hasConfig(terminal.cwd))) {
    throw new BroadsheetError("CONFIG_MISSING", `there is no config in ${terminal.cwd}`, {
      fix: "go to the newsletter's folder first, or name its config with --config",
    });
  }
  throw new BroadsheetError("CONFIG_INVALID", "the config has no schedule", {
    fix: 'add one, such as schedule: { cron: "0 7 * * 2" } for Tuesdays at 7:00',
  });
}

export interface RunFlags extends OutboxFlags, WebFlags {
  readonly now?: true;
  readonly verbose?: true;
}
