import { BroadsheetError, type ErrorCode } from "../errors.ts";

/** The error for a source that can't be read. `what` is the predicate after its name. */
export function refusal(
  location: string,
  what: string,
  fix: string,
  {
    code = "CONTENT_UNSUPPORTED",
    line,
    cause,
  }: {
    readonly code?: ErrorCode;
    readonly line?: number | undefined;
    readonly cause?: unknown;
  } = {},
): BroadsheetError {
  return new BroadsheetError(code, `${location} ${what}`, {
    where: { file: location, ...(line !== undefined && { line }) },
    fix,
    cause,
  });
}

export const WITHOUT_PASSWORD = "save it without a password";
