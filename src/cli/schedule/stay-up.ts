import { setTimeout as sleep } from "node:timers/promises";
import { ERROR_CODES } from "../../errors.ts";
import { nextSlot } from "../../schedule/agenda.ts";
import { untilInterrupted } from "../send/until-interrupted.ts";
import type { Terminal } from "../terminal.ts";
import { forgetAlerts, withAlerts } from "./alerts.ts";
import { runDue, type RunOutcome } from "../../schedule/run-due.ts";
import type { RunFlags } from "./scheduled.ts";
import type { RunJob } from "../../schedule/run-job.ts";
import { reportOutcomes, type ReportOptions } from "./run-once.ts";
import { silentTerminal, withJob } from "./with-job.ts";

/** Runs what is due at its time, until somebody ends the process. */
export async function stayUp(flags: RunFlags, terminal: Terminal): Promise<void> {
  // The operator who starts it wants to see what is wrong now.
  await forgetAlerts({ flags, terminal });
  const asked = terminal.isInteractive ? terminal : silentTerminal();
  const look = { flags, terminal };
  const alarm = new Alarm();
  // Without a terminal that can go, SIGHUP asks a daemon to read its config again.
  process.on("SIGHUP", alarm.ring);
  const { result } = await untilInterrupted(
    asked,
    async (signal) =>
      keepOn({ look: async () => lookOnce(signal, look), wait: alarm.wait, signal }),
    terminal.isInteractive ? {} : { signals: ["SIGINT", "SIGTERM"] },
  );
  process.off("SIGHUP", alarm.ring);
  // Earlier failures were reported then; what counts now is whether work is left.
  terminal.exitCode = result ? ERROR_CODES.SMTP_DEFERRED.exit : 0;
}

/** What was done at a look, and when to look again. */
interface Look {
  readonly outcome: RunOutcome;
  readonly pauseMs: number;
}

interface KeptOn {
  readonly look: () => Promise<Look>;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Looks what is due, does it, and waits, until the signal comes. Returns whether that cut work off. */
export async function keepOn({ look, wait, signal }: KeptOn): Promise<boolean> {
  for (;;) {
    const { outcome, pauseMs } = await look();
    if (signal.aborted) {
      return outcome !== "busy" && outcome.some(({ ending }) => ending === "later");
    }
    await wait(pauseMs, signal);
    if (signal.aborted) return false;
  }
}

/**
 * Does what is due by the config as it is now: where that is broken, nothing is sent by an older one. The clock is
 * asked each time too: it may be set, and the machine may sleep.
 */
export async function lookOnce(
  signal: AbortSignal,
  telling: ReportOptions & { readonly flags: RunFlags },
): Promise<Look> {
  const { flags, terminal } = telling;
  const look = await withAlerts(telling, async () =>
    withJob(flags, terminal, async (job) => {
      const outcome = await runDue({ ...job, signal });
      // A look that finds nothing to do reports nothing.
      if (outcome !== "busy" && outcome.length > 0) await reportOutcomes(outcome, job, telling);
      return { outcome, pauseMs: pauseMs(job) };
    }),
  );
  return look ?? { outcome: [], pauseMs: LONGEST_MS };
}

/** Deferred readers, and a newsletter that is no longer held, are found at the next look. */
const LONGEST_MS = 60_000;

export function pauseMs({
  schedule,
  slots,
  clock,
}: Pick<RunJob, "schedule" | "slots" | "clock">): number {
  const now = clock();
  const next = nextSlot(schedule, now, new Set(slots.recent(now).map(({ slot }) => slot)));
  if (!next) return LONGEST_MS;
  return Math.min(LONGEST_MS, Math.max(0, next.at.getTime() - now.getTime()));
}

/** Waits for a time or until it is rung. A ring between two waits ends the next one. */
class Alarm {
  #bell = new AbortController();

  readonly ring = (): void => this.#bell.abort();

  readonly wait = async (ms: number, signal: AbortSignal): Promise<void> => {
    const either = AbortSignal.any([signal, this.#bell.signal]);
    await sleep(ms, undefined, { signal: either }).catch((error: unknown) => {
      if (!either.aborted) throw error;
    });
    this.#bell = new AbortController();
  };
}
