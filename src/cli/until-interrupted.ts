import { DEFAULT_SMTP } from "../delivery/settings.ts";
import { ERROR_CODES } from "../errors.ts";
import { counted } from "../platform/text.ts";
import { endProcess, forceEnd } from "../platform/end-process.ts";
import { Interrupted, type Terminal } from "./terminal.ts";

/** SIGHUP: the terminal is gone, for example because the connection of a remote operator broke. */
export const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

interface Stopping {
  /** The number of messages for which the server's answer is awaited. */
  readonly inFlight?: () => number;
  /** The maximum time for each of those answers. */
  readonly patienceMs?: number;
  /** The signals that end the work; by default Ctrl-C, SIGTERM and SIGHUP. */
  readonly signals?: readonly (typeof SIGNALS)[number][];
}

/**
 * The remaining time after SIGTERM and SIGHUP, because SIGKILL often follows after ten seconds. After Ctrl-C, a person may
 * press it again.
 */
const DEADLINE_MS = 8_000;

/**
 * Runs work that can be interrupted. The first signal aborts `signal`, and the work ends after the messages in flight have
 * their answers. A second signal ends it at once. After SIGTERM and SIGHUP the process ends within ten seconds in any case.
 */
export async function untilInterrupted<Result>(
  terminal: Terminal,
  work: (signal: AbortSignal) => Promise<Result>,
  {
    inFlight = () => 0,
    patienceMs = DEFAULT_SMTP.timeouts.replyMs,
    signals = SIGNALS,
  }: Stopping = {},
): Promise<{ readonly result: Result; readonly isInterrupted: boolean }> {
  const controller = new AbortController();
  const { signal } = controller;
  const leave = (exit: number): never => {
    const count = inFlight();
    if (count > 0) terminal.note(`Left with ${counted(count)} in doubt: ${THEN}`);
    endProcess(exit);
  };
  const stop = (name: NodeJS.Signals): void => {
    if (signal.aborted) leave(Interrupted.exitCode);
    const isPatient = name === "SIGINT";
    if (!isPatient) endSoon(leave);
    forceEnd();
    controller.abort();
    const each = `${patienceMs / 1000} seconds each where the server says nothing`;
    terminal.note(stoppingText(inFlight(), isPatient ? each : `${DEADLINE_MS / 1000} seconds`));
  };
  for (const name of signals) process.on(name, stop);
  try {
    return { result: await work(signal), isInterrupted: signal.aborted };
  } finally {
    for (const name of signals) process.off(name, stop);
  }
}

/** Ends the process after a delay, with 75 if its work is not done by then. The returned function cancels that. */
export function endSoon(leave: (exit: number) => never = endProcess): () => void {
  forceEnd();
  const timer = setTimeout(() => leave(ERROR_CODES.SMTP_UNCERTAIN.exit), DEADLINE_MS).unref();
  return () => clearTimeout(timer);
}

const THEN = "the next run lists them, and sends them nothing before you say so";

function stoppingText(count: number, longest: string): string {
  const waits = count > 0 ? ` (${counted(count)}, at most ${longest})` : "";
  return `Stopping when the messages in flight have their answers${waits}. If you stop it again it ends at once, and their readers are in doubt`;
}
