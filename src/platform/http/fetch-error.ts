import { BroadsheetError, type ErrorCode } from "../../errors.ts";
import type { FetchFailure } from "./fetch-outcome.ts";

/** A failure to fetch as an error, for where nothing can be done without the page. */
export function fetchError(failure: FetchFailure): BroadsheetError {
  return new BroadsheetError(codeOf(failure), failure.why, { fix: failure.fix });
}

function codeOf({ kind, isTemporary }: FetchFailure): ErrorCode {
  if (kind === "badUrl") return "USAGE";
  if (kind === "gone") return "INPUT_MISSING";
  if (kind === "tooLarge") return "CONTENT_TOO_LARGE";
  if (kind === "wrongType") return "CONTENT_UNSUPPORTED";
  return isTemporary ? "FETCH_DEFERRED" : "FETCH_REFUSED";
}
