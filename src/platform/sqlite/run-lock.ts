import { closeSync, openSync } from "node:fs";
import { BroadsheetError } from "../../errors.ts";
import { PRIVATE_FILE } from "../files/make-folders.ts";
import { Database } from "./database.ts";

export function lockFileOf(store: string): string {
  return `${store}-lock`;
}

/** Runs of a schedule do more than send: they have a lock of their own. */
export function lockFileOfRuns(store: string): string {
  return `${store}-run`;
}

/**
 * Lets in one at a time who sends, or who works on a schedule: an exclusive transaction on an empty database
 * beside the store, held for as long as its holder lives. The kernel lets go of it when the process ends,
 * however it ends, so that no lock is ever left behind by the dead.
 */
export class RunLock {
  readonly #file: string;
  #held: Database | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** Whether it is ours now. */
  take(): boolean {
    let lock: Database | undefined;
    try {
      makePrivately(this.#file);
      lock = new Database(this.#file, { waitMs: 0 });
      lock.exec("BEGIN EXCLUSIVE");
      this.#held = lock;
      return true;
    } catch (error) {
      lock?.close();
      if (error instanceof BroadsheetError && error.code === "STORE_BUSY") return false;
      throw error;
    }
  }

  release(): void {
    this.#held?.close();
    this.#held = undefined;
  }
}

/** Any process that may open the file could hold the lock for ever, and nothing would be sent. Where it can't be made, opening it says why. */
function makePrivately(file: string): void {
  try {
    closeSync(openSync(file, "a", PRIVATE_FILE));
  } catch {
    // Told by what follows.
  }
}
