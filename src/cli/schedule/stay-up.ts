import { setTimeout as sleep } from "node:timers/promises";
import { ERROR_CODES } from "../../errors.ts";
import { nextSlot } from "../../schedule/agenda.ts";
import { untilInterrupted } from "../send/until-interrupted.ts";
import type { Terminal } from "../terminal.ts";
import { withKnownFaults } from "./known-faults.ts";
import { runDue, type RunOutcome } from "./run-due.ts";
import type { RunFlags } from "./run-flags.ts";
import type { RunJob } from "./run-job.ts";
import { tellAll, type Telling } from "./run-once.ts";
import { type Job, withJob } from "./with-job.ts";

/** Runs what is due at its time, until somebody ends the process. */
export async function stayUp(flags: RunFlags, terminal: Terminal): Promise<void> {
  await withJob(flags, terminal, async (job) => {
    const telling = { flags, terminal };
    // Whoever starts it wants to hear what is wrong now.
    job.slots.forgetTold();
    const { result } = await untilInterrupted(job.terminal, async (signal) =>
      keepOn(
        { ...job, signal },
        { wait, telling, tell: (outcome) => tellWork(outcome, job, telling) },
      ),
    );
    // What went wrong before was said then; what counts now is what is left.
    terminal.exitCode = result ? ERROR_CODES.SMTP_DEFERRED.exit : 0;
  });
}

/** That there was nothing to do is said by no look. */
function tellWork(outcome: RunOutcome, job: Job, telling: Telling): void {
  if (outcome !== "busy" && outcome.length > 0) tellAll(outcome, job, telling);
}

interface Circumstances {
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly tell: (outcome: RunOutcome) => void;
  readonly telling: Telling;
}

/**
 * Looks what is due, does it, and waits, until the signal comes; whether that cut something off. The clock is asked
 * at each look: it may be set, and the machine may sleep.
 */
export async function keepOn(
  job: RunJob,
  { wait, tell, telling }: Circumstances,
): Promise<boolean> {
  for (;;) {
    const outcome = (await withKnownFaults(telling, async () => runDue(job))) ?? [];
    tell(outcome);
    if (job.signal.aborted) {
      return outcome !== "busy" && outcome.some(({ ending }) => ending === "later");
    }
    await wait(pauseMs(job), job.signal);
    if (job.signal.aborted) return false;
  }
}

/** Whoever was put off, or let go on, is found at the next look. */
const LONGEST_MS = 60_000;

function pauseMs({ schedule, slots, clock }: RunJob): number {
  const now = clock();
  const next = nextSlot(schedule, now, new Set(slots.recent(now).map(({ slot }) => slot)));
  if (!next) return LONGEST_MS;
  return Math.min(LONGEST_MS, Math.max(0, next.at.getTime() - now.getTime()));
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
