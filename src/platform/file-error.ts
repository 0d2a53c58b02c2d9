import {
  BroadsheetError,
  type BroadsheetErrorOptions,
  type ErrorCode,
  type Where,
} from "../errors.ts";
import path from "node:path";

/**
 * The reason of a refusal, which follows "the list can't be written: "; the fix, if it is the same for every file; and the
 * code, if the disk or the machine is at fault.
 */
type Refusal = readonly [why: string, fix?: string, code?: ErrorCode];

export const ROOM = "make room on that disk, and run it again";
const NO_FILE = "move that file away, or choose another place";
const MARKED = "look for such a mark (lsattr on Linux, ls -lO on macOS), or choose another place";
const OPEN_FILES = "raise the limit of open files (ulimit -n), or close other programs";
const WRITABLE_DISK = "choose a place on a disk that can be written";
const SHORTER = "choose a shorter name, or a folder nearer to the top";
const CHECK_DISK = "check the disk and its cable or mount, and have a backup ready";

/** errno(3): what a file system or a port answers, and what a user can do. */
const REFUSALS: ReadonlyMap<string, Refusal> = new Map<string, Refusal>([
  ["EACCES", ["permission denied"]],
  ["EPERM", ["the system does not permit it, or the file is marked as unchangeable", MARKED]],
  ["ENOTDIR", ["there is a file where a folder should be", NO_FILE]],
  ["EEXIST", ["there is a file where a folder should be", NO_FILE]],
  ["ENOENT", ["there is no such file or folder"]],
  ["EISDIR", ["there is a folder where a file should be"]],
  ["EADDRINUSE", ["another program uses it"]],
  ["EBUSY", ["another program uses it", "close that program, and run the command again"]],
  ["EROFS", ["it is on a read-only disk", WRITABLE_DISK]],
  ["ELOOP", ["symbolic links lead in a circle", "take the symbolic links out of the path"]],
  ["ENAMETOOLONG", ["the name is too long", SHORTER]],
  ["ENOSPC", ["the disk is full", ROOM]],
  ["EDQUOT", ["your account's share of the disk is used up", ROOM]],
  ["EFBIG", ["a file would be larger than this account may write", "raise that limit (ulimit -f)"]],
  ["EMFILE", ["this program has too many files open", OPEN_FILES, "FILES_EXHAUSTED"]],
  ["ENFILE", ["this machine has too many files open", OPEN_FILES, "FILES_EXHAUSTED"]],
  ["EIO", ["the disk has failed", CHECK_DISK, "DISK_FAILED"]],
]);

/** The reason of a file system's refusal; the bare code if the reason is unknown, and empty without a code. */
export function errnoReason(error: unknown): string {
  const code = codeOf(error);
  return REFUSALS.get(code)?.[0] ?? code;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/**
 * Converts an error of the file system. The given code and fix are for a file that is missing, of another kind or not
 * permitted. A fault of the disk or the machine has its own code and fix.
 */
export function fileError(
  cause: unknown,
  code: ErrorCode,
  what: string,
  options: BroadsheetErrorOptions,
): BroadsheetError {
  const reason = errnoReason(cause);
  const [, fix = options.fix, known = code] = REFUSALS.get(codeOf(cause)) ?? [""];
  const message = reason === "" ? what : `${what}: ${reason}`;
  return new BroadsheetError(known, message, { ...options, fix, cause });
}

/** The error for a file of the user that can't be read. An error that is not from the file system is returned unchanged. */
export function inputError(cause: unknown, file: string): unknown {
  if (cause instanceof BroadsheetError || codeOf(cause) === "") return cause;
  return isErrno(cause, "ENOENT")
    ? new BroadsheetError("INPUT_MISSING", `there is no file ${JSON.stringify(file)}`, {
        fix: "check its name, and the folder that you are in",
        cause,
      })
    : fileError(cause, "INPUT_UNREADABLE", "it can't be read", {
        where: { file },
        fix: "check what it is, and its permissions",
      });
}

export const OUTBOX_FIX =
  "choose a folder that you can write to, with --out or outbox in the config";

const OUTBOX_CODES: ReadonlyMap<string, ErrorCode> = new Map([
  ["ENOSPC", "OUTBOX_FULL"],
  ["EDQUOT", "OUTBOX_FULL"],
  ["EBUSY", "OUTBOX_BUSY"],
]);

/**
 * The error if nothing was written to the outbox. An error that is not from the file system is returned unchanged. The
 * caller has restored an earlier issue.
 */
export function outboxError(error: unknown, what: string, file: string): unknown {
  if (error instanceof BroadsheetError || codeOf(error) === "") return error;
  const code = OUTBOX_CODES.get(codeOf(error)) ?? "OUTBOX_UNWRITABLE";
  return fileError(error, code, `${what} cannot be written`, {
    where: { file },
    fix: OUTBOX_FIX,
  });
}

/** The result of work on a file or folder; undefined if the file or folder does not exist. */
export async function unlessMissing<Found>(found: Promise<Found>): Promise<Found | undefined> {
  return found.catch((error: unknown) => {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return undefined;
    throw error;
  });
}

/** Whether a file system, or Node, answers with one of these codes. */
export function isErrno(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}

/** The shortest form of a place, relative to a folder: `templates/digest/html.mjml.hbs:12:5`. */
export function placeText({ file, line, column }: Where, cwd: string): string {
  const inside = path.relative(cwd, path.resolve(cwd, file));
  const shown = inside.startsWith("..") || /^https?:/i.test(file) ? file : inside || ".";
  return [shown, line, line === undefined ? undefined : column]
    .filter((part) => part !== undefined)
    .join(":");
}
