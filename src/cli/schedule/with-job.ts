import type { Config } from "../../config/config.ts";
import { systemClock } from "../../platform/clock.ts";
import type { Ping } from "../../schedule/io/ping.ts";
import { openSlots } from "../../schedule/io/sqlite-slots.ts";
import type { WebFlags } from "../../sources/article-reader.ts";
import type { OutboxFlags } from "../flags.ts";
import { Terminal } from "../terminal.ts";
import type { RunJob } from "../../schedule/run-job.ts";
import { scheduled } from "./scheduled.ts";

/** A job without the signal that ends it. */
export type Job = Omit<RunJob, "signal">;

/** Opens the slots of the newsletter that the flags mean, for as long as the work takes. */
export async function withJob<Result>(
  flags: OutboxFlags & WebFlags,
  terminal: Terminal,
  work: (job: Job) => Promise<Result>,
): Promise<Result> {
  const newsletter = await scheduled(flags, terminal);
  const slots = await openSlots(newsletter.config, systemClock);
  try {
    const ping = await pingFor(newsletter.config);
    const { cwd } = terminal;
    return await work({
      ...newsletter,
      slots,
      clock: systemClock,
      env: process.env,
      cwd,
      flags,
      ping,
    });
  } finally {
    slots.close();
  }
}

export function silentTerminal(): Terminal {
  const terminal = new Terminal();
  terminal.isQuiet = true;
  return terminal;
}

async function pingFor({ secrets: { pingUrl } }: Config): Promise<Ping | undefined> {
  if (pingUrl === undefined) return undefined;
  const { openPing } = await import("../../schedule/io/ping.ts");
  return openPing(pingUrl);
}
