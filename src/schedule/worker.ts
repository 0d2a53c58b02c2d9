import { leftIn } from "../delivery/ledger.ts";
import { BroadsheetError, ERROR_CODES } from "../errors.ts";
import { systemWait } from "../platform/clock.ts";
import { isHeld, sendSlot, type SendingJob } from "./send-slot.ts";
import { isWaiting, plannedIssueOf, type SlotOutcome } from "./slot.ts";

/** Wakes a worker when there may be messages to send. */
interface WorkBell {
  /** Resolves when the bell rings, after `ms`, or when the signal aborts. */
  readonly next: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface WorkerJob extends SendingJob {
  readonly bell: WorkBell;
  readonly report: (outcome: SlotOutcome | BroadsheetError) => void;
}

/** The interval at which a worker looks for due readers even without a ring, because their job may have been lost. */
const LOOK_MS = 60_000;
/** The interval at which it looks while an issue is held, because a release does not ring. */
const HELD_LOOK_MS = 3_000;
/** The wait after a fault. It doubles with each further fault. */
const FIRST_REST_MS = 5_000;
const LONGEST_REST_MS = 300_000;
/** The exit code of a temporary fault. */
const PASSES = 75;

/**
 * Sends the due messages of open issues, and waits for more, until the signal aborts.
 * @throws BroadsheetError if the config or the permissions of this process are wrong: CONFIG_CHANGED, SMTP_UNCONFIGURED, …
 */
export async function workOn(job: WorkerJob): Promise<void> {
  const { signal } = job;
  for (let faults = 0; !signal.aborted;) {
    faults = (await isWellDone(job)) ? 0 : faults + 1;
    if (faults > 0)
      await systemWait(Math.min(FIRST_REST_MS * 2 ** (faults - 1), LONGEST_REST_MS), signal);
  }
}

/** Sends the due messages and waits for more. Returns false after a temporary fault, such as an unreachable database. */
async function isWellDone(job: WorkerJob): Promise<boolean> {
  const { signal, bell } = job;
  try {
    const { isWell, isHeldBack } = await sendDue(job);
    if (isWell && !signal.aborted) await bell.next(isHeldBack ? HELD_LOOK_MS : LOOK_MS, signal);
    return isWell;
  } catch (error) {
    if (!(error instanceof BroadsheetError) || ERROR_CODES[error.code].exit !== PASSES) throw error;
    job.report(error);
    return false;
  }
}

/** Sends the messages that are due now. Returns whether there was no fault, and whether an open issue is held. */
async function sendDue(job: WorkerJob) {
  const { due, isHeldBack } = await dueSlots(job);
  let isWell = true;
  for (const slot of due) {
    if (job.signal.aborted) break;
    try {
      const outcome = await sendSlot({ slot, state: "sending" }, job);
      if (outcome) job.report(outcome);
      if (outcome?.ending === "fault") isWell = false;
    } catch (error) {
      if (!(error instanceof BroadsheetError) || isOfThisProcess(error)) throw error;
      job.report(error);
      isWell = false;
    }
  }
  return { isWell, isHeldBack };
}

/** Whether the config, the secrets or the permissions of this process are wrong. Waiting can't cure that. */
function isOfThisProcess({ code }: BroadsheetError): boolean {
  const { exit } = ERROR_CODES[code];
  return exit === 77 || exit === 78;
}

async function dueSlots(job: WorkerJob) {
  const due: string[] = [];
  let isHeldBack = false;
  for (const { slot, state } of (await job.records.all()).values()) {
    if (state !== "sending") continue;
    if (await isHeld(slot, job)) {
      isHeldBack = true;
      continue;
    }
    const planned = await plannedIssueOf(slot, job);
    if (planned && (leftIn(planned.counts) === 0 || !isWaiting(planned, job.clock())))
      due.push(slot);
  }
  return { due, isHeldBack };
}
