import { closeSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { BroadsheetError } from "../../errors.ts";
import { PRIVATE_FILE } from "../files/make-folders.ts";
import type { Holder, RunLock } from "../database.ts";
import { SqliteDatabase } from "./database.ts";
import { attempt } from "../attempt.ts";

export function lockFileOf(store: string): string {
  return `${store}-lock`;
}

/**
 * A lock in a file beside the store: an exclusive transaction on an empty database, open for as long as its holder lives.
 * The kernel releases it when the process ends in any way, so a process that died leaves no lock behind.
 */
export class FileLock implements RunLock {
  readonly #file: string;
  #held: SqliteDatabase | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  async take(): Promise<boolean> {
    let lock: SqliteDatabase | undefined;
    try {
      makePrivately(this.#file);
      lock = new SqliteDatabase(this.#file, { waitMs: 0 });
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

  async holder(): Promise<Holder> {
    try {
      const [name = ""] = readFileSync(this.#holderFile, "utf8").split("\n");
      return { name, heldMs: Date.now() - statSync(this.#holderFile).mtimeMs };
    } catch {
      return { name: "", heldMs: 0 };
    }
  }

  get #holderFile(): string {
    return `${this.#file}-holder`;
  }

  async release(): Promise<void> {
    if (this.#held) attempt(() => rmSync(this.#holderFile, { force: true }));
    this.#held?.close();
    this.#held = undefined;
  }
}

function holderNow(): string {
  const since = new Date().toISOString().slice(0, 19);
  return `process ${process.pid} on ${hostname()}, since ${since}Z\n`;
}

/**
 * Makes the file private, because any process that can open it could hold the lock. If that fails, opening the file reports
 * the error.
 */
function makePrivately(file: string): void {
  attempt(() => closeSync(openSync(file, "a", PRIVATE_FILE)));
}
