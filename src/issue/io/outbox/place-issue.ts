import { realpath } from "node:fs/promises";
import type { Config } from "../../../config/config.ts";
import type { IssueKey } from "../../../delivery/ledger.ts";
import type { BuiltIssue } from "../../issue-files.ts";
import { assertNotFrozen } from "../../../delivery/io/ledger/look-at-issues.ts";
import { writeIssue } from "./outbox.ts";

/**
 * Writes the files of an issue into its newsletter's outbox, as `writeIssue` does, unless its sending has begun.
 * @throws BroadsheetError ISSUE_FROZEN, STORE_*, LEDGER_RESTORED; what `writeIssue` throws.
 */
export async function placeIssue(
  config: Pick<Config, "store" | "outbox">,
  issue: IssueKey,
  files: BuiltIssue["files"],
): Promise<string> {
  assertNotFrozen(config, issue);
  return writeIssue(config.outbox, issue, files);
}

/** Whether an outbox is another one than the newsletter's, of which nothing was sent. */
export async function isElsewhere(outbox: string, { outbox: own }: Config): Promise<boolean> {
  const ours = await realpath(own).catch(() => own);
  return (await realpath(outbox)) !== ours;
}
