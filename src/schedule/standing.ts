import type { Counts, PlannedIssue } from "../delivery/ledger.ts";
import type { RunJob } from "./run-job.ts";

type Circumstances = Pick<RunJob, "config" | "clock" | "env">;

/** What the ledger knows of the issue of a slot, before anything is opened for sending. */
export async function standingOf(
  slot: string,
  { config, clock, env }: Circumstances,
): Promise<PlannedIssue | undefined> {
  // Mostly nothing is being sent when a run comes by, and it needs no ledger then.
  const { openLedger } = await import("../delivery/io/open-ledger.ts");
  const ledger = await openLedger(config.store, { clock, env, isLooking: true });
  try {
    return await ledger.issue({ newsletter: config.slug, slot });
  } finally {
    await ledger.close();
  }
}

/** Whether nobody is left who may be sent it. */
export function isOver({ planned, claimed, sending, deferred }: Counts): boolean {
  return planned + claimed + sending + deferred === 0;
}

/** Whether everybody who is left was put off until later. */
export function isAllLater({ counts, nextTry, expiresAt }: PlannedIssue, now: Date): boolean {
  if (counts.planned + counts.claimed + counts.sending > 0) return false;
  return nextTry !== undefined && nextTry > now && !(expiresAt && expiresAt < now);
}
