import type { PlannedIssue } from "./ledger.ts";
import { BroadsheetError } from "../errors.ts";
import { counted } from "../platform/counted.ts";

/** One who is refused is one fewer; where all are, nobody has the issue, and that is no success. */
export function refusedByAll({ counts, issue }: PlannedIssue): BroadsheetError | undefined {
  const { accepted, rejected, uncertain } = counts;
  const left = counts.planned + counts.claimed + counts.sending + counts.deferred;
  if (left + accepted + uncertain > 0 || rejected === 0) return undefined;
  const what = `nobody has it: ${counted(rejected)} refused, and none took it`;
  return new BroadsheetError("SMTP_REFUSED", what, {
    fix: `see what the servers said: broadsheet explain ADDRESS; to have them tried again: broadsheet retry ${issue.slot}, then send`,
  });
}
