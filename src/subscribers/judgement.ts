import { BroadsheetError } from "../errors.ts";
import { many } from "../platform/text.ts";

/** The answers of a run, or of the runs of two days. */
export interface Answers {
  /** How many readers were accepted or refused. */
  readonly answers: number;
  /** For how many of them the server said that the address doesn't exist. */
  readonly unknown: number;
}

/** A reader whose address doesn't exist, as the server of this run says. */
export interface UnknownReader {
  readonly at: Date;
  /** When a server last accepted a message for this reader. */
  readonly acceptedAt?: Date;
  /** When a server first gave the same answer since then, in an earlier run. */
  readonly unknownSince?: Date;
}

/**
 * "suppress": nothing is sent to the reader any more. "keep": the reader misses this issue only. "quarantine": nothing
 * is sent to the reader until an operator decides.
 */
export type Verdict = "suppress" | "keep" | "quarantine";

const DAY_MS = 86_400_000;
const YEAR_MS = 365 * DAY_MS;
/** More unknown readers than both of these are evidence against the server. */
const MOST = 3;
const MOST_OF_ANSWERS = 0.02;

/**
 * Decides about a reader at the end of a run. All unknown readers count towards the limit, also those who are kept: a
 * server that is wrong about old readers is as wrong about new ones.
 */
export function judge(isServerDoubted: boolean, reader: UnknownReader): Verdict {
  if (!isEvident(reader)) return "keep";
  return isServerDoubted ? "quarantine" : "suppress";
}

/** Whether so many unknown readers are evidence against the server. */
export function isDoubtful({ answers, unknown }: Answers): boolean {
  return unknown > Math.max(MOST, MOST_OF_ANSWERS * answers);
}

/** One answer is enough where no message was accepted within a year. Otherwise it takes two, a day apart. */
function isEvident({ at, acceptedAt, unknownSince = at }: UnknownReader): boolean {
  const isKnown = acceptedAt !== undefined && Number(at) - Number(acceptedAt) <= YEAR_MS;
  return !isKnown || Number(at) - Number(unknownSince) >= DAY_MS;
}

/** The error for readers who were quarantined; undefined if there were none. */
export function quarantineError(count = 0): BroadsheetError | undefined {
  if (count === 0) return undefined;
  const what = `the server doesn't know ${many(count, "reader")}, so many that it may be wrong: they are quarantined, which means that they stay on the list and get nothing until you decide`;
  return new BroadsheetError("READERS_QUARANTINED", what, {
    fix: "see what it said: broadsheet subscribers quarantine list; where it was wrong: broadsheet subscribers quarantine release --all; where it was right: broadsheet subscribers quarantine suppress --all",
  });
}
