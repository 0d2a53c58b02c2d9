import { BroadsheetError, ERROR_CODES, type ErrorCode } from "../errors.ts";

/** "unseen": it couldn't be looked at, and must not be taken for good. */
type Verdict = "ok" | "look" | "fix" | "unseen";

/** What was found about one thing that sending needs. */
export interface Diagnosis {
  /** What it is about, in a word or two. */
  readonly about: string;
  readonly verdict: Verdict;
  /** The fact, without a full stop. Never a secret. */
  readonly says: string;
  /** What to do now. */
  readonly fix?: string;
  /** The error that sending would end with; of what is unseen, why it can be seen later. */
  readonly code?: ErrorCode;
}

export function ok(about: string, says: string): Diagnosis {
  return { about, verdict: "ok", says };
}

/** It works, and could be better or could be meant. */
export function look(about: string, says: string, fix: string): Diagnosis {
  return { about, verdict: "look", says, fix };
}

interface Cure {
  readonly fix: string;
  readonly code: ErrorCode;
}

export function toFix(about: string, says: string, { fix, code }: Cure): Diagnosis {
  return { about, verdict: "fix", says, fix, code };
}

export function unseen(about: string, says: string, cure: Partial<Cure> = {}): Diagnosis {
  return { about, verdict: "unseen", says, ...cure };
}

/**
 * What an error comes to that was met while looking.
 * @throws the error itself, where it is none of those that users can mend.
 */
export function fromError(about: string, error: unknown): Diagnosis {
  if (!(error instanceof BroadsheetError)) throw error;
  const { message, code, fix = "see the message", where } = error;
  const place = where?.line === undefined ? "" : `, line ${where.line}`;
  return toFix(about, message + place, { fix, code });
}

/** What can't be sent with comes before what can't be sent now. */
const WORST_FIRST = [70, 78, 77, 74, 73, 69, 66, 65, 75];

/** The exit code of the worst that was found: 0 where nothing has to be mended. */
export function exitFor(diagnoses: readonly Diagnosis[]): number {
  const exits = diagnoses.flatMap(({ code }) => (code ? [ERROR_CODES[code].exit as number] : []));
  return WORST_FIRST.find((exit) => exits.includes(exit)) ?? exits[0] ?? 0;
}
