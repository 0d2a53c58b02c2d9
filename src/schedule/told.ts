import type { PlannedIssue } from "../delivery/ledger.ts";
import { type BroadsheetError, ERROR_CODES, type ErrorCode, unbroken } from "../errors.ts";
import type { SlotState } from "./io/slots/slot-record.ts";

/** What a run has done about a slot. */
export interface Told {
  readonly slot: string;
  /** What the slot is now. */
  readonly state: SlotState;
  /** In one line. */
  readonly says: string;
  /** "fault": somebody has to know. "later": the next run goes on, and nobody has to do anything. */
  readonly ending: "done" | "later" | "fault";
  readonly exit: number;
  readonly planned?: PlannedIssue | undefined;
  readonly code?: ErrorCode;
  /** Whether the next run meets it again unless somebody does something. */
  readonly lasts?: boolean | undefined;
}

interface Failure {
  readonly error: BroadsheetError;
  readonly planned?: PlannedIssue | undefined;
  readonly lasts?: boolean;
}

/** Something went as it should. */
export function done(slot: string, state: SlotState, says: string, planned?: PlannedIssue): Told {
  return { slot, state, says, ending: "done", exit: 0, planned };
}

/** The next run goes on. */
export function later(slot: string, state: SlotState, says: string, planned?: PlannedIssue): Told {
  return { slot, state, says, ending: "later", exit: ERROR_CODES.SMTP_DEFERRED.exit, planned };
}

/** An error that ended the work on a slot for now. */
export function failed(slot: string, state: SlotState, failure: Failure): Told {
  const { error, planned, lasts } = failure;
  const { code } = error;
  const { exit } = ERROR_CODES[code];
  const says = unbroken(error);
  const ending = NOBODYS.has(code) ? "later" : "fault";
  return { slot, state, says, ending, exit, code, planned, lasts };
}

/** An article that the issue of a slot goes without. A bug of ours has to be known; what a source has wrong, it has for long. */
export function goesWithout(slot: string, error: BroadsheetError): Told {
  const says = `left out: ${unbroken(error)}`;
  if (error.code !== "INTERNAL") return { ...done(slot, "built", says), code: error.code };
  const { exit } = ERROR_CODES.FETCH_DEFERRED;
  return { slot, state: "built", says, ending: "fault", exit, code: error.code };
}

/** What goes away by itself, or is told when it doesn't: another run at work, and sources that can't be read. */
const NOBODYS = new Set<ErrorCode>(["LEDGER_BUSY", "FETCH_DEFERRED"]);
