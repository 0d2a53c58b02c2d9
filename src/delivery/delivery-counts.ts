import type { Issue } from "../digest/digest.ts";

/** How many readers of an issue are in each state: what `send --json` prints, and the library's `deliver` returns. */
export interface DeliveryCounts {
  readonly issue: Issue;
  /** Not sent yet. */
  readonly planned: number;
  readonly accepted: number;
  /** Deferred by a server: tried again from `nextTry`. */
  readonly deferred: number;
  readonly rejected: number;
  /** May have got it or not: sent nothing more until `reconcile` settles it. */
  readonly uncertain: number;
  readonly suppressed: number;
  readonly skipped: number;
  /** ISO 8601. */
  readonly nextTry?: string;
}

/** The states of the ledger. Two of them, claimed and sending, last only while a run works. */
type StateCounts = Readonly<
  Record<keyof Omit<DeliveryCounts, "issue" | "nextTry"> | "claimed" | "sending", number>
>;

export function deliveryCounts(issue: Issue, counts: StateCounts, nextTry?: Date): DeliveryCounts {
  return {
    issue,
    planned: counts.planned + counts.claimed,
    accepted: counts.accepted,
    deferred: counts.deferred,
    rejected: counts.rejected,
    uncertain: counts.uncertain + counts.sending,
    suppressed: counts.suppressed,
    skipped: counts.skipped,
    ...(nextTry && { nextTry: nextTry.toISOString() }),
  };
}
