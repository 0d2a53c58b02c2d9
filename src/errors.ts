/** All error codes: the exit code of the command line, by sysexits(3), and whether the same command may succeed later. */
export const ERROR_CODES = {
  USAGE: { exit: 64, temporary: false },

  CONTENT_EMPTY: { exit: 65, temporary: false },
  CONTENT_BINARY: { exit: 65, temporary: false },
  CONTENT_TOO_LARGE: { exit: 65, temporary: false },
  CONTENT_DOUBTFUL: { exit: 65, temporary: false },
  CONTENT_NO_STORY: { exit: 65, temporary: false },
  CONTENT_SAMPLE: { exit: 65, temporary: false },
  CONTENT_UNSUPPORTED: { exit: 65, temporary: false },
  DIGEST_INVALID: { exit: 65, temporary: false },
  EMAIL_INVALID: { exit: 65, temporary: false },
  CHECK_FAILED: { exit: 65, temporary: false },
  ISSUE_CHANGED: { exit: 65, temporary: false },
  ISSUE_FROZEN: { exit: 65, temporary: false },
  SUBSCRIBER_KEPT_OUT: { exit: 65, temporary: false },
  TEMPLATE_INVALID: { exit: 65, temporary: false },
  TOKEN_INVALID: { exit: 65, temporary: false },

  INPUT_MISSING: { exit: 66, temporary: false },
  INPUT_UNREADABLE: { exit: 66, temporary: false },
  ISSUE_MISSING: { exit: 66, temporary: false },
  RUN_MISSING: { exit: 66, temporary: false },
  LIST_EMPTY: { exit: 66, temporary: false },
  TEMPLATE_MISSING: { exit: 66, temporary: false },

  CANARY_STOPPED: { exit: 69, temporary: false },
  BROWSER_MISSING: { exit: 69, temporary: false },
  FETCH_REFUSED: { exit: 69, temporary: false },
  IMAP_MISSING: { exit: 69, temporary: false },
  MAILBOX_REFUSED: { exit: 69, temporary: false },
  MODEL_REFUSED: { exit: 69, temporary: false },
  MODEL_UNUSABLE: { exit: 69, temporary: false },
  ISSUE_EXPIRED: { exit: 69, temporary: false },
  READERS_QUARANTINED: { exit: 69, temporary: false },
  SMTP_REFUSED: { exit: 69, temporary: false },
  SOURCE_FAILING: { exit: 69, temporary: false },
  INTERNAL: { exit: 70, temporary: false },
  FILE_EXISTS: { exit: 73, temporary: false },
  OUTBOX_FULL: { exit: 73, temporary: false },
  OUTBOX_UNWRITABLE: { exit: 73, temporary: false },
  OUTPUT_UNWRITABLE: { exit: 73, temporary: false },
  DISK_FAILED: { exit: 74, temporary: false },
  LEDGER_RESTORED: { exit: 74, temporary: false },
  STORE_CORRUPT: { exit: 74, temporary: false },
  STORE_FAILED: { exit: 74, temporary: false },
  STORE_LOST: { exit: 74, temporary: false },
  STORE_MOVED: { exit: 74, temporary: false },
  STORE_UNWRITABLE: { exit: 74, temporary: false },

  CANARY_OUT: { exit: 75, temporary: true },
  FILES_EXHAUSTED: { exit: 75, temporary: true },
  LEDGER_BUSY: { exit: 75, temporary: true },
  OUTBOX_BUSY: { exit: 75, temporary: true },
  STORE_BUSY: { exit: 75, temporary: true },
  STORE_UNREACHABLE: { exit: 75, temporary: true },

  DNS_UNREACHABLE: { exit: 75, temporary: true },
  FETCH_DEFERRED: { exit: 75, temporary: true },
  MAILBOX_BUSY: { exit: 75, temporary: true },
  MAILBOX_UNREACHABLE: { exit: 75, temporary: true },
  MODEL_DEFERRED: { exit: 75, temporary: true },
  MODEL_UNREACHABLE: { exit: 75, temporary: true },
  SMTP_UNREACHABLE: { exit: 75, temporary: true },
  SMTP_DEFERRED: { exit: 75, temporary: true },
  SMTP_UNCERTAIN: { exit: 75, temporary: true },

  MAILBOX_AUTH: { exit: 77, temporary: false },
  MODEL_AUTH: { exit: 77, temporary: false },
  SMTP_AUTH: { exit: 77, temporary: false },
  STORE_AUTH: { exit: 77, temporary: false },

  CLOCK_BEHIND: { exit: 78, temporary: false },
  CONFIG_CHANGED: { exit: 78, temporary: false },
  CONFIG_INVALID: { exit: 78, temporary: false },
  CONFIG_MISSING: { exit: 78, temporary: false },
  MODEL_UNCONFIGURED: { exit: 78, temporary: false },
  DKIM_KEY_UNUSABLE: { exit: 78, temporary: false },
  MAILBOX_TLS: { exit: 78, temporary: false },
  DNS_RECORD_WRONG: { exit: 78, temporary: false },
  NODE_TOO_OLD: { exit: 78, temporary: false },
  SECRET_CHANGED: { exit: 78, temporary: false },
  SECRET_MISSING: { exit: 78, temporary: false },
  SENDER_PLACEHOLDER: { exit: 78, temporary: false },
  SMTP_TLS: { exit: 78, temporary: false },
  SMTP_UNCONFIGURED: { exit: 78, temporary: false },
  STORE_FOREIGN: { exit: 78, temporary: false },
  STORE_SCHEMA: { exit: 78, temporary: false },
  STORE_TLS: { exit: 78, temporary: false },
  STORE_TOO_NEW: { exit: 78, temporary: false },
  STORE_UNUSABLE: { exit: 78, temporary: false },
} as const satisfies Record<string, { exit: number; temporary: boolean }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** A place in a file. Lines and columns count from 1. */
export interface Where {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

export interface BroadsheetErrorOptions {
  readonly where?: Where | undefined;
  readonly fix?: string | undefined;
  readonly cause?: unknown;
}

/** An error for the person who can fix it: the fault, its place, and the remedy. */
export class BroadsheetError extends Error {
  override readonly name = "BroadsheetError";
  readonly code: ErrorCode;
  readonly where: Where | undefined;
  readonly fix: string | undefined;

  constructor(code: ErrorCode, message: string, options: BroadsheetErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.where = options.where;
    this.fix = options.fix;
  }
}

/** The fields of a BroadsheetError that can be sent from one thread to another. */
export type SentError = Pick<BroadsheetError, "code" | "message" | "where" | "fix">;

/** A BroadsheetError, to be sent to another thread. Any other error is thrown. */
export function sentError(error: unknown): SentError {
  if (!(error instanceof BroadsheetError)) throw error;
  const { code, message, where, fix } = error;
  return { code, message, where, fix };
}

/** An error with the name of the input that caused it. Any other error than a BroadsheetError is reported as a bug in Broadsheet. */
export function errorAt(name: string, cause: unknown): BroadsheetError {
  if (cause instanceof BroadsheetError) return cause;
  const what = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return new BroadsheetError("INTERNAL", `${name}: Broadsheet crashed on it (${what})`, {
    fix: "this is a bug in Broadsheet: please report it, with this article if you may",
    cause,
  });
}

/** An error in one line: the fault, its place, and the remedy. */
export function unbroken({ message, fix }: BroadsheetError, where: readonly string[] = []): string {
  return [[message, ...where].join(", "), ...(fix === undefined ? [] : [fix])]
    .join("; ")
    .replace(/:\s*\n\s*/g, ": ")
    .replace(/\s*\n\s*/g, "; ");
}

/** The candidate most similar to a mistyped word, for "did you mean"; undefined if none is similar. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  // One letter may differ in a word of up to four letters, two in one of up to eight, and a third of a longer one.
  const limit = word.length <= 4 ? 1 : Math.max(2, Math.floor(word.length / 3));
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance <= limit && (!best || distance < best.distance)) best = { candidate, distance };
  }
  return best?.candidate;
}

/** The number of letters that are inserted, removed, replaced or swapped with the next one (Damerau), one row at a time. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  let above: readonly number[] = [];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = isSwapped ? (above[j - 2] ?? Infinity) + 1 : Infinity;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitution, swap));
    }
    [above, row] = [row, next];
  }
  return row[b.length] ?? 0;
}
