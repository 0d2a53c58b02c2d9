import type { PlannedIssue } from "../delivery/ledger.ts";
import { type BroadsheetError, ERROR_CODES, type ErrorCode, unbroken } from "../errors.ts";
import type { SlotState } from "./io/slot-record.ts";

/** What a run has done with a slot. */
export interface SlotOutcome {
  readonly slot: string;
  /** The slot's state now. */
  readonly state: SlotState;
  /** In one line. */
  readonly says: string;
  /** "fault": the operator has to know. "later": the next run goes on, and the operator has nothing to do. */
  readonly ending: "done" | "later" | "fault";
  readonly exit: number;
  readonly planned?: PlannedIssue | undefined;
  readonly code?: ErrorCode;
  /** Whether the next run meets the fault again unless the operator does something. */
  readonly lasts?: boolean | undefined;
}

interface Failure {
  readonly error: BroadsheetError;
  readonly planned?: PlannedIssue | undefined;
  readonly lasts?: boolean;
}

/** The run did what it should. */
export function done(
  slot: string,
  state: SlotState,
  says: string,
  planned?: PlannedIssue,
): SlotOutcome {
  return { slot, state, says, ending: "done", exit: 0, planned };
}

/** The next run goes on. */
export function later(
  slot: string,
  state: SlotState,
  says: string,
  planned?: PlannedIssue,
): SlotOutcome {
  return { slot, state, says, ending: "later", exit: ERROR_CODES.SMTP_DEFERRED.exit, planned };
}

/** An error that ended the work on a slot for now. */
export function failed(slot: string, state: SlotState, failure: Failure): SlotOutcome {
  const { error, planned, lasts } = failure;
  const { code } = error;
  const { exit } = ERROR_CODES[code];
  const says = unbroken(error);
  const ending = PASSING.has(code) ? "later" : "fault";
  return { slot, state, says, ending, exit, code, planned, lasts };
}

/** An article that had to be left out of a slot's issue. An error in Broadsheet is always reported; a faulty source is reported when it stays so. */
export function withoutArticle(slot: string, error: BroadsheetError): SlotOutcome {
  const says = `left out: ${unbroken(error)}`;
  if (error.code !== "INTERNAL") return { ...done(slot, "built", says), code: error.code };
  const { exit } = ERROR_CODES.FETCH_DEFERRED;
  return { slot, state: "built", says, ending: "fault", exit, code: error.code };
}

/** Codes that pass by themselves, or are reported when they don't: another run at work, and sources that can't be read. */
const PASSING = new Set<ErrorCode>(["LEDGER_BUSY", "FETCH_DEFERRED"]);
