import type { PlannedIssue } from "../../delivery/ledger.ts";

/** An issue's whole state in the ledger, in the words of `send --json`. */
export function countsLine({ issue, counts, nextTry, plannedAt, returned }: PlannedIssue) {
  const { planned, claimed, sending, ...rest } = counts;
  return { issue, planned: planned + claimed, sending, ...rest, ...returned, plannedAt, nextTry };
}
