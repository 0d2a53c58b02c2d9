import { BroadsheetError } from "../errors.ts";
import { errnoReason } from "./errno-reason.ts";

/** Why a file that somebody named can't be read; what is no file system's answer comes back as it is. */
export function inputError(cause: unknown, file: string): unknown {
  const reason = errnoReason(cause);
  if (cause instanceof BroadsheetError || reason === "") return cause;
  const isMissing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
  return isMissing
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
