import { BroadsheetError, ERROR_CODES, type ErrorCode } from "../errors.ts";

/** "unseen": it could not be checked, and must not count as good. */
type Verdict = "ok" | "look" | "fix" | "unseen";

/** A finding about one requirement of sending. */
export interface Diagnosis {
  /** The subject of the finding in a word or two. */
  readonly about: string;
  readonly verdict: Verdict;
  /** The fact, without a full stop and without secrets. */
  readonly says: string;
  /** The remedy. */
  readonly fix?: string;
  /** The error with which sending would end; for "unseen", the code of the failed check. */
  readonly code?: ErrorCode;
}

export function ok(about: string, says: string): Diagnosis {
  return { about, verdict: "ok", says };
}

/** It works, but could be better or may be unintended. */
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
 * Converts an error during a check to a finding.
 * @throws the error itself, if users can't fix it.
 */
export function fromError(about: string, error: unknown): Diagnosis {
  if (!(error instanceof BroadsheetError)) throw error;
  const { message, code, fix = "see the message", where } = error;
  const place = where?.line === undefined ? "" : `, line ${where.line}`;
  return toFix(about, message + place, { fix, code });
}

/** Permanent errors come before temporary ones. */
const WORST_FIRST = [70, 78, 77, 74, 73, 69, 66, 65, 75];

/** The exit code of the worst finding; 0 if nothing must be fixed. */
export function exitFor(diagnoses: readonly Diagnosis[]): number {
  const exits = diagnoses.flatMap(({ code }) => (code ? [ERROR_CODES[code].exit as number] : []));
  return WORST_FIRST.find((exit) => exits.includes(exit)) ?? exits[0] ?? 0;
}
