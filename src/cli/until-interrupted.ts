import { DEFAULT_SMTP } from "../delivery/settings.ts";
import { ERROR_CODES } from "../errors.ts";
import { counted } from "../platform/text.ts";
import { endProcess, forceEnd } from "../platform/end-process.ts";
import { Interrupted, type Terminal } from "./terminal.ts";

/** SIGHUP: the terminal is gone, as when the connection of a remote operator breaks. */
export const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

interface Stopping {
  /** The number of messages for which the server's answer is awaited. */
  readonly inFlight?: () => number;
  /** How long each of those may keep us waiting. */
  readonly patienceMs?: number;
  /** What asks for the end: Ctrl-C, SIGTERM and SIGHUP by default. */
  readonly signals?: readonly (typeof SIGNALS)[number][];
}

/** The time left after SIGTERM and SIGHUP, since SIGKILL often follows after ten seconds. After Ctrl-C a person may press it again. */
const DEADLINE_MS = 8_000;

/**
 * Does work that can be asked to end: the first signal aborts `signal`, and the work ends when what is in flight has
 * landed. A second one leaves at once. After SIGTERM and SIGHUP the process has ended within ten seconds, whatever hangs.
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

/** Ends the process in time, with 75 where its work has not ended by then. What is returned takes that back. */
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
