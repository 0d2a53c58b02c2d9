import { BroadsheetError } from "../errors.ts";
import type { Failure, Reporter } from "../platform/reporter.ts";

/**
 * The error where nothing can be made of what was asked for: that of the only failure, or one that points to the
 * several that were reported, with the code of the first.
 */
export function failedWhole(
  failures: readonly [Failure, ...Failure[]],
  of: number,
  { isStrict, reporter }: { readonly isStrict: boolean; readonly reporter: Reporter },
): BroadsheetError {
  reporter.unread(failures, of, true);
  const [{ error }] = failures;
  if (failures.length === 1) return error;
  return new BroadsheetError(error.code, "nothing was written: the table above says why", {
    fix: isStrict
      ? "mend what it lists, or build without --strict of what can be read"
      : "mend what it lists, and build again",
  });
}
