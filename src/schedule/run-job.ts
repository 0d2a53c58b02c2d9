import type { Config, Schedule } from "../config/config.ts";
import type { Environment } from "../platform/environment.ts";
import type { Clock } from "../platform/clock.ts";
import type { Ping } from "./io/ping.ts";
import type { SqliteSlots } from "./io/sqlite-slots.ts";
import type { WebFlags } from "../sources/article-reader.ts";
import type { PlannedIssue } from "../delivery/ledger.ts";

/** What a run needs to work on the slots of a newsletter. */
export interface RunJob {
  readonly config: Config;
  readonly schedule: Schedule;
  readonly slots: SqliteSlots;
  readonly clock: Clock;
  readonly env: Environment;
  /** The folder that relative paths start from. */
  readonly cwd: string;
  readonly flags: WebFlags;
  /** Called when there is work, and with how it ended. */
  readonly ping?: Ping | undefined;
  /** Ends the work: messages in flight get their answers, and nothing else starts. */
  readonly signal: AbortSignal;
}

/** What the ledger knows of the issue of a slot, before anything is opened for sending. */
export async function plannedIssueOf(
  slot: string,
  { config, clock, env }: Pick<RunJob, "config" | "clock" | "env">,
): Promise<PlannedIssue | undefined> {
  // Most runs send nothing, and need no ledger.
  const { openLedger } = await import("../delivery/io/ledger/sqlite-ledger.ts");
  await using ledger = await openLedger(config.store, { clock, env, isLooking: true });
  return await ledger.issue({ newsletter: config.slug, slot });
}

/** Whether all recipients who are left are deferred until later. */
export function isAllDeferred({ counts, nextTry, expiresAt }: PlannedIssue, now: Date): boolean {
  if (counts.planned + counts.claimed + counts.sending > 0) return false;
  return nextTry !== undefined && nextTry > now && !(expiresAt && expiresAt < now);
}
