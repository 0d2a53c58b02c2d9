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

/** The states of the ledger: that has types of Node's, which the library's types do without. */
type StateCounts = Readonly<
  Record<keyof Omit<DeliveryCounts, "issue" | "nextTry"> | "claimed" | "sending", number>
>;

/** Claimed and sending count as planned and uncertain: they last only while a run works. */
export function deliveryCounts(issue: Issue, counts: StateCounts, nextTry?: Date): DeliveryCounts {
  const { claimed, sending, ...rest } = counts;
  return {
    issue,
    ...rest,
    planned: rest.planned + claimed,
    uncertain: rest.uncertain + sending,
    ...(nextTry && { nextTry: nextTry.toISOString() }),
  };
}
