import { issueFiles } from "../issue-files.ts";
import type { CheckedIssue, PublishedIssue } from "../stages.ts";
import { type Places, refuseFrozen, writeIssue } from "./outbox/outbox.ts";

interface PublishOptions {
  /** Where the issue goes: the newsletter's own outbox by default. */
  readonly outbox?: string;
  /** Whether its sending may have begun: its readers get it from now on, or the outbox is not the newsletter's. */
  readonly mayBeSent?: true;
}

/**
 * Writes an issue into the outbox. It is the only place that writes an issue's folder.
 * @throws BroadsheetError ISSUE_FROZEN where its sending has begun; OUTBOX_*, STORE_*, LEDGER_RESTORED.
 */
export async function publish<I extends CheckedIssue>(
  issue: I,
  config: Places,
  { outbox = config.outbox, mayBeSent }: PublishOptions = {},
): Promise<I & PublishedIssue> {
  if (!mayBeSent) await refuseFrozen(config, issue.digest.issue);
  const files = issueFiles(issue);
  const folder = await writeIssue(outbox, issue.digest.issue, files);
  return { ...issue, files, folder };
}
