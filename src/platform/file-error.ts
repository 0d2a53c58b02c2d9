import { BroadsheetError } from "../errors.ts";

/** errno(3), as far as a file system answers with it. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "it is on a read-only disk",
  ENOTDIR: "there is a file where a folder should be",
  EEXIST: "there is a file where a folder should be",
  ENOENT: "no folder can be made there",
  EISDIR: "there is a folder where a file should be",
  ELOOP: "there are symbolic links that lead in a circle",
  ENAMETOOLONG: "the name is too long",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk is full",
  EFBIG: "the disk is full",
  EIO: "the disk has failed",
};

/** Why a file system refused, in words; the bare code where there are none for it, empty without one. */
export function errnoReason(error: unknown): string {
  if (!(error instanceof Error) || !("code" in error)) return "";
  const code = String(error.code);
  return REASONS[code] ?? code;
}

/** Why a file that the user named can't be read; what is no file system's answer comes back as it is. */
export function inputError(cause: unknown, file: string): unknown {
  const reason = errnoReason(cause);
  if (cause instanceof BroadsheetError || reason === "") return cause;
  return isErrno(cause, "ENOENT")
    ? new BroadsheetError("INPUT_MISSING", `there is no file ${JSON.stringify(file)}`, {
        fix: "check its name, and the folder that you are in",
        cause,
      })
    : new BroadsheetError("INPUT_UNREADABLE", `it can't be read: ${reason}`, {
        where: { file },
        fix: "check what it is, and its permissions",
        cause,
      });
}

const NO_SPACE = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/**
 * Why nothing was written, for the person who can mend it; what is no file system's answer comes back
 * as it is. The caller has put everything back: an earlier issue is untouched.
 */
export function outboxError(error: unknown, what: string, file: string): unknown {
  if (!(error instanceof Error) || error instanceof BroadsheetError || !("code" in error))
    return error;
  const code = String(error.code);
  const context = { where: { file }, cause: error };
  if (NO_SPACE.has(code)) {
    const fix =
      "make room and run it again; nothing was changed, and an earlier issue is as it was";
    return new BroadsheetError("OUTBOX_FULL", `${what} does not fit: the disk is full`, {
      ...context,
      fix,
    });
  }
  if (code === "EBUSY") {
    const fix = "close what uses it and run it again";
    return new BroadsheetError("OUTBOX_BUSY", `${what} is in use by another program`, {
      ...context,
      fix,
    });
  }
  const fix =
    "let it be a folder you may write to, or name another with --out or outbox in the config";
  return new BroadsheetError(
    "OUTBOX_UNWRITABLE",
    `${what} cannot be written: ${errnoReason(error)}`,
    {
      ...context,
      fix,
    },
  );
}

/** What is read, or done, with a file or folder; undefined where it isn't there. */
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
