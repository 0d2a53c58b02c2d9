import { closeSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
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
      attempt(() => writeFileSync(this.#holderFile, holderNow(), { mode: PRIVATE_FILE }));
      return true;
    } catch (error) {
      lock?.close();
      if (error instanceof BroadsheetError && error.code === "STORE_BUSY") return false;
      throw error;
    }
  }

  /** Which process holds the lock, and since when: a note for people. No decision depends on this note, and it can be missing. */
  get holder(): string {
    try {
      const [line = ""] = readFileSync(this.#holderFile, "utf8").split("\n");
      return line;
    } catch {
      return "";
    }
  }

  /** How long its holder has had it; 0 where that is unknown. */
  get heldMs(): number {
    const found = statSync(this.#holderFile, { throwIfNoEntry: false });
    return found ? Date.now() - found.mtimeMs : 0;
  }

  get #holderFile(): string {
    return `${this.#file}-holder`;
  }

  release(): void {
    if (this.#held) attempt(() => rmSync(this.#holderFile, { force: true }));
    this.#held?.close();
    this.#held = undefined;
  }
}

function holderNow(): string {
  const since = new Date().toISOString().slice(0, 19);
  return `process ${process.pid} on ${hostname()}, since ${since}Z\n`;
}

/** Any process that may open the file could hold the lock for ever. If the file can't be made, opening it says why. */
function makePrivately(file: string): void {
  attempt(() => closeSync(openSync(file, "a", PRIVATE_FILE)));
}

function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // What follows works without it, or says what is wrong.
  }
}

/** The error of a run that finds the lock taken. `doing`: what the other run does. */
export function busyError(doing: string, { holder }: RunLock): BroadsheetError {
  return new BroadsheetError("LEDGER_BUSY", `another run is ${doing}${holder && `: ${holder}`}`, {
    fix: "nothing was sent; run it again when that one is done, or end that process if it hangs",
  });
}
