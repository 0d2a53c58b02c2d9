import { BroadsheetError } from "../errors.ts";
import { many } from "../platform/text.ts";

/** The replies to a run, or to the runs of two days. */
export interface Answers {
  /** The number of readers that were accepted or refused. */
  readonly answers: number;
  /** The number of readers whose address does not exist, by the server's replies. */
  readonly unknown: number;
}

/** Unknown readers are evidence against the server if their number exceeds this, and the share below. */
const MOST_UNKNOWN = 3;
const MOST_OF_ANSWERS = 0.02;

/**
 * Whether the unknown readers are too many, so that the server may be wrong. All of them count, even readers who stay on the
 * list for another reason.
 */
export function isDoubtful({ answers, unknown }: Answers): boolean {
  return unknown > Math.max(MOST_UNKNOWN, MOST_OF_ANSWERS * answers);
}

/** The error for quarantined readers. Undefined if there are none. */
export function quarantineError(count = 0): BroadsheetError | undefined {
  if (count === 0) return undefined;
  const what = `the server doesn't know ${many(count, "reader")}, so many that it may be wrong: they are quarantined, which means that they stay on the list and get nothing until you decide`;
  return new BroadsheetError("READERS_QUARANTINED", what, {
    fix: "look at its replies: broadsheet subscribers quarantine list; if it was wrong: broadsheet subscribers quarantine release --all; if it was right: broadsheet subscribers quarantine suppress --all",
  });
}
