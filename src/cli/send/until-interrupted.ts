import type { Terminal } from "../terminal.ts";
import { Interrupted } from "../interrupted.ts";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Does work that can be asked to end: the first Ctrl-C or SIGTERM aborts `signal`, and the work ends when what is
 * in flight has landed. A second one leaves at once.
 */
export async function untilInterrupted<Result>(
  terminal: Terminal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<{ readonly result: Result; readonly isInterrupted: boolean }> {
  const controller = new AbortController();
  const { signal } = controller;
  const stop = (): void => {
    if (signal.aborted) process.exit(Interrupted.exitCode);
    controller.abort();
    terminal.note(
      "Stopping when what is in flight has landed. Once more leaves at once, and it in doubt",
    );
  };
  for (const name of SIGNALS) process.on(name, stop);
  try {
    return { result: await work(signal), isInterrupted: signal.aborted };
  } finally {
    for (const name of SIGNALS) process.off(name, stop);
  }
}
