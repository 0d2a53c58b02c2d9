import { refusal, stateAfter } from "../delivery/life.ts";
import { BroadsheetError } from "../errors.ts";
import { articlesOf, assertFit, goneError, type IssueToSend } from "../issue/issue-to-send.ts";
import { issueInOutbox, readReport } from "../issue/io/sending/load-issue.ts";
import { assertNoSample } from "../issue/io/sending/mail-route.ts";
import { SILENT } from "../platform/reporter.ts";
import type { MeantIssue } from "./meant-issue.ts";
import type { RunJob } from "./slot.ts";

interface ApproveOptions {
  /** Whether the issue is approved even if its digest has changed since the approval was asked. */
  readonly isChanged: boolean;
}

/**
 * Approves an issue of the schedule with its present digest.
 * @throws BroadsheetError USAGE if the issue is held, can't be approved in its state, or is not in the schedule;
 * ISSUE_CHANGED if the editor was asked about another digest; ISSUE_EXPIRED, ISSUE_MISSING, CHECK_FAILED, CONTENT_SAMPLE.
 */
export async function approveMeant(
  { slot, state, at, digestHash: asked }: MeantIssue,
  { config, schedule, records, clock }: Omit<RunJob, "signal">,
  { isChanged }: ApproveOptions,
): Promise<void> {
  await records.assertNotHeld(slot);
  if (stateAfter(state, "approve") === undefined) throw refusal(slot, state, "approve");
  if (!at) throw notScheduled(slot);
  if (clock().getTime() - at.getTime() > schedule.maxLate)
    throw new BroadsheetError("ISSUE_EXPIRED", `it is too late to approve ${slot}`, {
      fix: `to send it all the same: broadsheet send ${slot}`,
    });
  const issue = await issueAsked({ slot, state, digestHash: asked }, { config, records });
  const { digestHash } = issue;
  if (asked !== undefined && asked !== digestHash && !isChanged) throw changed(slot);
  assertFit(issue, await readReport(issue));
  assertNoSample(issue.digest, config);
  const noted = { digestHash, articles: articlesOf(issue), number: issue.digest.issue.number };
  if (await records.move({ slot, at }, { seen: state, event: "approve", ...noted })) return;
  throw new BroadsheetError("LEDGER_BUSY", `another command has just changed ${slot}`, {
    fix: "look at its state: broadsheet status",
  });
}

/**
 * Asks the editor for approval before the time of the slot, as a run does at that time.
 * @throws BroadsheetError USAGE if the issue is held or can't wait for approval in its state; CONFIG_INVALID if the config
 * names no editor; the errors of sending a copy.
 */
export async function askBefore({ slot, state, at }: MeantIssue, job: RunJob): Promise<string> {
  const { notify } = job.schedule;
  await job.records.assertNotHeld(slot);
  if (stateAfter(state, "ask") === undefined) throw refusal(slot, state, "ask");
  if (!at) throw notScheduled(slot);
  if (!notify) {
    throw new BroadsheetError(
      "CONFIG_INVALID",
      "the config does not name the editor who approves issues",
      {
        fix: "add the address as schedule.notify",
      },
    );
  }
  const { askApproval } = await import("./work-off.ts");
  await askApproval({ name: slot, at }, notify, job);
  return `${notify.address} is asked to approve it.`;
}

/** @throws BroadsheetError ISSUE_MISSING. A waiting issue whose folder is gone is a draft again. */
async function issueAsked(
  { slot, state, digestHash }: Pick<MeantIssue, "slot" | "state" | "digestHash">,
  { config, records }: Pick<RunJob, "config" | "records">,
): Promise<IssueToSend> {
  try {
    return await issueInOutbox(slot, config, SILENT);
  } catch (error) {
    const isMissing = error instanceof BroadsheetError && error.code === "ISSUE_MISSING";
    if (isMissing && (await records.move({ slot }, { seen: state, event: "lose", digestHash })))
      throw goneError(slot);
    throw error;
  }
}

function notScheduled(slot: string): BroadsheetError {
  return new BroadsheetError("USAGE", `${slot} needs no approval: no schedule sends it`, {
    fix: `send it: broadsheet send ${slot}`,
  });
}

function changed(slot: string): BroadsheetError {
  return new BroadsheetError(
    "ISSUE_CHANGED",
    `${slot} has changed since you were asked to approve it`,
    {
      fix: `look at it: broadsheet desk; to approve its present version: broadsheet approve ${slot} --changed`,
    },
  );
}
