import type { Config } from "../config/config.ts";
import type { PlannedIssue } from "../delivery/ledger.ts";
import { type BroadsheetError, ERROR_CODES, type ErrorCode } from "../errors.ts";
import type { SlotState } from "./io/slots/slot-record.ts";
import { unbroken } from "../cli/error-text.ts";
import { countsLine } from "../cli/ledger/counts-line.ts";
import type { Terminal } from "../cli/terminal.ts";

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

interface Manner {
  readonly terminal: Terminal;
  readonly isVerbose: boolean;
  readonly isJson: boolean;
  /** Whether somebody was told of it before, and not long ago. */
  readonly isKnown?: boolean;
}

/** Only what somebody has to know and doesn't is said, a line each; with `isVerbose` all of it. */
export function tell(told: Told, { slug }: Pick<Config, "slug">, manner: Manner): void {
  const { terminal, isVerbose, isJson, isKnown = false } = manner;
  const line = `${slug}/${told.slot}: ${told.says}`;
  if (isJson) terminal.printJson(toldJson(told, slug));
  const { slot, state, code } = told;
  const facts = { newsletter: slug, slot, state, code };
  if (told.ending === "fault") {
    const text = `${code === undefined ? "" : `error ${code}: `}${line}`;
    if (!isKnown || isHeard(terminal, isVerbose)) terminal.warn(text, told.exit, facts);
  } else {
    terminal.event(told.says, facts);
    if (isVerbose && !isJson) terminal.print(line);
  }
  terminal.exitCode ||= told.exit;
}

/** Whether whoever hears it wants all of it: a log, or somebody who is there. */
export function isHeard({ hasLog, isInteractive }: Terminal, isVerbose: boolean): boolean {
  return hasLog || isInteractive || isVerbose;
}

function toldJson({ slot, state, says, exit, code, planned }: Told, newsletter: string): object {
  const counts = planned && countsLine(planned);
  return { ...counts, issue: { newsletter, slot }, state, says, exit, code };
}
