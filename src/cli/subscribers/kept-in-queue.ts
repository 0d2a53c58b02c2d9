import { BroadsheetError, ERROR_CODES } from "../../errors.ts";
import type { Terminal } from "../terminal.ts";

/** sysexits(3): from here on the fault is ours, and not that of what was handed over. */
const OURS = ERROR_CODES.INTERNAL.exit;
const TEMPORARY = ERROR_CODES.STORE_BUSY.exit;

/**
 * Does what a mail asks for. One that a mail server hands over stays in its queue where the fault is ours, such as a
 * config that was broken by an edit: by any other exit code it would be returned, and what it asks for be lost.
 */
export async function keptInQueue(
  mail: string | undefined,
  terminal: Terminal,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const { exit } = ERROR_CODES[error instanceof BroadsheetError ? error.code : "INTERNAL"];
    if (mail !== "-" || exit < OURS) throw error;
    terminal.report(error, TEMPORARY);
  }
}
