import path from "node:path";
import { BroadsheetError, type BroadsheetErrorOptions, type ErrorCode } from "../../errors.ts";

/** Does `work`; what SQLite finds wrong with the file is thrown for the person who can mend it. */
export function guarded<Result>(file: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw storeError(error, file);
  }
}

/** As one of ours; what is no failure of the file comes back as it is, for it is our own mistake. */
function storeError(error: unknown, file: string): unknown {
  const code = resultCode(error);
  const fault = code === undefined ? undefined : FAULTS.get(code);
  if (!fault) return error;
  const [kind, what, fix] = fault;
  const options: BroadsheetErrorOptions = { where: { file }, fix, cause: error };
  return new BroadsheetError(kind, `the store ${path.basename(file)} ${what}`, options);
}

const ACCEPT = "broadsheet reconcile --accept-store";

/** `how` ends the sentence: a file where there was a store, and nothing of it is in there. */
export function lostStore(file: string, how: string): BroadsheetError {
  return new BroadsheetError("STORE_LOST", `the store ${path.basename(file)} ${how}`, {
    where: { file },
    fix: `put its latest backup back; or begin a new one, which knows no subscriber and nobody who left: ${ACCEPT}`,
  });
}

/** `isOlder`: than its mark. One without a mark may be as well. */
export function restoredStore(file: string, { isOlder }: { isOlder: boolean }): BroadsheetError {
  const why = isOlder
    ? "is older than its mark: it has forgotten what was done since, as a restored backup has"
    : "has no mark beside it that shows that it is the latest, as one has none that was copied or restored";
  return new BroadsheetError("LEDGER_RESTORED", `the store ${path.basename(file)} ${why}`, {
    where: { file },
    fix: `put the latest store back; or go on from this one, which doesn't know who has left or was sent something since: ${ACCEPT}`,
  });
}

/** SQLite's primary result code (https://sqlite.org/rescode.html), the low byte of the extended one. */
function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error)) return undefined;
  return Number(error.errcode) & 0xff;
}

const RECOVER =
  "nothing was changed; put a backup in its place, or save what can be read: sqlite3 FILE .recover";
const WRITABLE =
  "let it and its folder be writable for you, or name another with `store` in the config";

const FAULTS: ReadonlyMap<number, readonly [ErrorCode, what: string, fix: string]> = new Map([
  [5, ["STORE_BUSY", "is in use by another program", "run it again when that is done"]],
  [6, ["STORE_BUSY", "is in use by another program", "run it again when that is done"]],
  [8, ["STORE_UNWRITABLE", "can only be read", WRITABLE]],
  [
    10,
    [
      "STORE_FAILED",
      "can't be read or written: the disk failed",
      "check the disk, then run it again",
    ],
  ],
  [11, ["STORE_CORRUPT", "is damaged", RECOVER]],
  [13, ["STORE_FAILED", "can't grow: the disk is full", "make room, then run it again"]],
  [14, ["STORE_UNWRITABLE", "can't be opened", WRITABLE]],
  [26, ["STORE_CORRUPT", "is not a store, or it is damaged", RECOVER]],
]);
