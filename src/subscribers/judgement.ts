import { BroadsheetError } from "../errors.ts";
import { many } from "../platform/text.ts";

/** The answers of a run, or of the runs of two days. */
export interface Answers {
  /** How many readers were accepted or refused. */
  readonly answers: number;
  /** The number of readers whose address does not exist, as the server said. */
  readonly unknown: number;
}

/** Unknown readers are evidence against the server if they are more than this, and more than the share below. */
const MOST = 3;
const MOST_OF_ANSWERS = 0.02;

/**
 * Whether so many unknown readers are evidence against the server. All of them count, also those who stay on the list for
 * another reason: a server that is wrong about old readers is as wrong about new ones.
 */
export function isDoubtful({ answers, unknown }: Answers): boolean {
  return unknown > Math.max(MOST, MOST_OF_ANSWERS * answers);
}

/** The error for readers who were quarantined; undefined if there were none. */
export function quarantineError(count = 0): BroadsheetError | undefined {
  if (count === 0) return undefined;
  const what = `the server doesn't know ${many(count, "reader")}, so many that it may be wrong: they are quarantined, which means that they stay on the list and get nothing until you decide`;
  return new BroadsheetError("READERS_QUARANTINED", what, {
    fix: "see what it said: broadsheet subscribers quarantine list; where it was wrong: broadsheet subscribers quarantine release --all; where it was right: broadsheet subscribers quarantine suppress --all",
  });
}
