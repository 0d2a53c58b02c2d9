import { BroadsheetError, type ErrorCode } from "../../errors.ts";

/** The error for a document that can't be read. `what` is the predicate after its name. */
export function refusal(
  location: string,
  what: string,
  fix: string,
  {
    code = "CONTENT_UNSUPPORTED",
    cause,
  }: { readonly code?: ErrorCode; readonly cause?: unknown } = {},
): BroadsheetError {
  return new BroadsheetError(code, `${location} ${what}`, {
    where: { file: location },
    fix,
    cause,
  });
}

export const WITHOUT_PASSWORD = "save it without a password";
