import { BroadsheetError, ERROR_CODES } from "../../errors.ts";
import { lockFileOfRuns, RunLock } from "../../platform/sqlite/run-lock.ts";
import type { SlotRecord } from "../../schedule/io/slot-record.ts";
import type { CommonFlags, OutboxFlags } from "../flags.ts";
import { untilInterrupted } from "../send/until-interrupted.ts";
import type { Terminal } from "../terminal.ts";
import { beginsAgain } from "../../schedule/work-off.ts";
import { assertNotHeld, slotNamed, STATE_WORDS } from "../../schedule/slot-named.ts";
import { sendSlot } from "../../schedule/send-slot.ts";
import { reportOutcome } from "./report-outcome.ts";
import { failed } from "../../schedule/slot-outcome.ts";
import { type Job, withJob } from "./with-job.ts";

type ApproveFlags = CommonFlags & OutboxFlags;

/** Sends an issue that waits to be approved. */
export async function approveIssue(
  name: string,
  flags: ApproveFlags,
  terminal: Terminal,
): Promise<void> {
  await withJob(flags, terminal, async (job) => {
    const { slot, state } = approvable(name, job);
    const { slots, config } = job;
    slots.change(slot, { from: state, to: "sending" });
    const lock = new RunLock(lockFileOfRuns(config.store));
    if (!lock.take()) return sentByAnother(slot, terminal);
    try {
      const { result } = await untilInterrupted(terminal, async (signal) =>
        sendSlot(slot, "sending", { ...job, signal }),
      );
      const isJson = flags.json === true;
      if (result) reportOutcome(result, config, { terminal, isVerbose: true, isJson });
    } catch (error) {
      if (!(error instanceof BroadsheetError)) throw error;
      const reported = (await beginsAgain(slot, error, job)) ? gone(slot) : error;
      slots.note(slot, failed(slot, "sending", { error: reported }).says);
      throw reported;
    } finally {
      lock.release();
    }
  });
}

/** The error for an approved issue that is no longer there. */
function gone(slot: string): BroadsheetError {
  return new BroadsheetError("ISSUE_MISSING", `the issue of ${slot} is no longer in the outbox`, {
    fix: "the next run builds it again, and asks you again: broadsheet run",
  });
}

type Approvable = SlotRecord & { readonly state: "waiting" | "built" };

/** @throws BroadsheetError ISSUE_MISSING, USAGE, ISSUE_EXPIRED, with the state that it is in and what to do. */
function approvable(name: string, { slots, schedule, clock }: Job): Approvable {
  assertNotHeld(slots);
  const record = slotNamed(name, slots);
  const { slot, state, at } = record;
  if (state !== "waiting" && state !== "built") {
    throw new BroadsheetError(
      "USAGE",
      `${slot} doesn't wait to be approved: ${STATE_WORDS[state]}`,
      {
        fix: "see what does: broadsheet status",
      },
    );
  }
  if (clock().getTime() - at.getTime() > schedule.maxLate) {
    throw new BroadsheetError("ISSUE_EXPIRED", `it is too late to approve ${slot}`, {
      fix: `to send it all the same: broadsheet send ${slot}`,
    });
  }
  return { ...record, state };
}

/** The run that is at work may be at another issue; the next run sends this one. */
function sentByAnother(slot: string, terminal: Terminal): void {
  terminal.print(`${slot} is approved; another run is at work, and the next one sends it`);
  terminal.exitCode ||= ERROR_CODES.LEDGER_BUSY.exit;
}
