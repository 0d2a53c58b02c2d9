import type { Schedule } from "../../config/config.ts";
import { hasConfig } from "../../config/io/load-config.ts";
import { openOutbox } from "../open-outbox.ts";
import { systemClock } from "../../platform/clock.ts";
import { openPing } from "./ping.ts";
import { openRecords } from "../../delivery/io/issue-records.ts";
import type { WebFlags } from "../../sources/article-reader.ts";
import type { OutboxFlags } from "../flags.ts";
import { Terminal } from "../terminal.ts";
import { type RunJob, scheduleOf } from "../../schedule/slot.ts";
import { BroadsheetError } from "../../errors.ts";

export type Job = Omit<RunJob, "signal">;

/** Opens the records of the newsletter that the flags name, while the work runs. */
export async function withJob<Result>(
  flags: OutboxFlags & WebFlags,
  terminal: Terminal,
  work: (job: Job) => Promise<Result>,
): Promise<Result> {
  const newsletter = await scheduled(flags, terminal);
  await using records = await openRecords(newsletter.config, systemClock);
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

type Scheduled = Pick<RunJob, "config" | "schedule">;

/** @throws BroadsheetError CONFIG_MISSING; CONFIG_INVALID if the config has no schedule. */
export async function scheduled(flags: OutboxFlags, terminal: Terminal): Promise<Scheduled> {
  const { config } = await newsletterOf(flags, terminal);
  return { config, schedule: scheduleOf(config) };
}

/** @throws BroadsheetError CONFIG_MISSING without a config, which would contain the schedule. */
export async function newsletterOf(
  flags: OutboxFlags,
  terminal: Terminal,
): Promise<Pick<RunJob, "config"> & { readonly schedule: Schedule | undefined }> {
  const config = await openOutbox(flags, terminal);
  const { schedule } = config;
  if (schedule || flags.config || (await hasConfig(terminal.cwd))) return { config, schedule };
  throw new BroadsheetError("CONFIG_MISSING", `there is no config in ${terminal.cwd}`, {
    fix: "go to the newsletter's folder first, or name its config with --config",
  });
}

export interface RunFlags extends OutboxFlags, WebFlags {
  readonly now?: true;
  readonly verbose?: true;
}
