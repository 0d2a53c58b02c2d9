import { BroadsheetError } from "../../errors.ts";
import { errnoReason } from "../errno-reason.ts";

const NO_SPACE = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/**
 * Why nothing was written, for the person who can mend it; what is no file system's answer comes back
 * as it is. Whoever throws it has put everything back: an earlier issue is untouched.
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
