import { existsSync } from "node:fs";
import path from "node:path";
import { realpath } from "node:fs/promises";
import type { Config } from "../../../config/config.ts";
import type { IssueKey } from "../../../delivery/ledger.ts";
import type { BuiltIssue } from "../../issue-files.ts";
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
  await refuseFrozen(config, issue);
  return writeIssue(config.outbox, issue, files);
}

/**
 * Refuses to change the files of an issue whose sending has begun.
 * @throws BroadsheetError ISSUE_FROZEN, STORE_*, LEDGER_RESTORED.
 */
export async function refuseFrozen(
  config: Pick<Config, "store" | "outbox">,
  issue: IssueKey,
): Promise<void> {
  // Most builds make a new issue, and need no store.
  if (!existsSync(path.join(config.outbox, issue.newsletter, issue.slot))) return;
  const { assertNotFrozen } = await import("../../../delivery/io/ledger/look-at-issues.ts");
  assertNotFrozen(config, issue);
}

/** Whether an outbox is another one than the newsletter's, of which nothing was sent. */
export async function isElsewhere(outbox: string, { outbox: own }: Config): Promise<boolean> {
  const ours = await realpath(own).catch(() => own);
  return (await realpath(outbox)) !== ours;
}
