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
