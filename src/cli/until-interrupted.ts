import { TIMEOUTS } from "../delivery/io/smtp/smtp-policy.ts";
import { counted } from "../platform/counted.ts";
import { Interrupted, type Terminal } from "./terminal.ts";

/** SIGHUP: the terminal is gone, as when the connection of a remote operator breaks. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

interface Stopping {
  /** Of how many messages the server's answer is waited for. */
  readonly inFlight?: () => number;
  /** How long each of those may keep us waiting. */
  readonly patienceMs?: number;
  /** What asks for the end: Ctrl-C, SIGTERM and SIGHUP by default. */
  readonly signals?: readonly (typeof SIGNALS)[number][];
}

/**
 * Does work that can be asked to end: the first Ctrl-C aborts `signal`, and the work ends when what is in flight has
 * landed. A second one leaves at once.
 */
export async function untilInterrupted<Result>(
  terminal: Terminal,
  work: (signal: AbortSignal) => Promise<Result>,
  { inFlight = () => 0, patienceMs = TIMEOUTS.replyMs, signals = SIGNALS }: Stopping = {},
): Promise<{ readonly result: Result; readonly isInterrupted: boolean }> {
  const controller = new AbortController();
  const { signal } = controller;
  const stop = (): void => {
    const count = inFlight();
    if (signal.aborted) {
      if (count > 0) terminal.note(`Left with ${counted(count)} in doubt: ${THEN}`);
      process.exit(Interrupted.exitCode);
    }
    controller.abort();
    terminal.note(stoppingText(count, patienceMs));
  };
  for (const name of signals) process.on(name, stop);
  try {
    return { result: await work(signal), isInterrupted: signal.aborted };
  } finally {
    for (const name of signals) process.off(name, stop);
  }
}

const THEN = "the next run lists them, and sends them nothing before you say so";

function stoppingText(count: number, patienceMs: number): string {
  const silence = `${patienceMs / 60_000} minutes`;
  const waits =
    count > 0 ? ` (${counted(count)}, at most ${silence} each where the server says nothing)` : "";
  return `Stopping when what is in flight has landed${waits}. Asked again it leaves at once, with that in doubt`;
}
