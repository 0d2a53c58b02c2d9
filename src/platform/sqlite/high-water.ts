import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { BroadsheetError } from "../../errors.ts";
import { errnoReason } from "../errno-reason.ts";
import { makeFoldersSync } from "../files/make-folders.ts";
import { PRIVATE_FILE } from "../files/modes.ts";

/*
 * How far a store has come, noted outside of it: one whose epoch is behind its mark was restored from an older
 * backup, and has forgotten to whom it sent since and who has left. The mark is written after each commit
 * and before anything is sent that the commit allows. It isn't synced: where the machine itself dies, the
 * mark may be behind the store, never before it.
 *
 *     broadsheet mark of <uid> at <epoch, 16 digits>
 *     <newsletter>/<slot>
 *     …
 */

const HEAD = /^broadsheet mark of ([0-9a-f]{16}) at (\d{16})\n/;
const EPOCH_AT = "broadsheet mark of 0123456789abcdef at ".length;

export interface Mark {
  readonly uid: string;
  readonly epoch: number;
  /** `<newsletter>/<slot>` of all that was planned. */
  readonly issues: readonly string[];
}

/** Whether anything had been done with its store. */
export function tellsOfData({ epoch, issues }: Mark): boolean {
  return epoch > 0 || issues.length > 0;
}

/** One mark in one file. Whoever opens it closes it. */
export class HighWater {
  readonly #file: string;
  #descriptor: number | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** Undefined where there is none, or none that can be read. */
  read(): Mark | undefined {
    try {
      const text = readFileSync(this.#file, "utf8");
      const [head, uid = "", epoch] = HEAD.exec(text) ?? [];
      if (head === undefined) return undefined;
      const issues = text.slice(head.length).split("\n").filter(Boolean);
      return { uid, epoch: Number(epoch), issues };
    } catch {
      return undefined;
    }
  }

  /** Puts this mark in the place of the one there was. */
  replace({ uid, epoch, issues }: Mark): void {
    this.#guarded(() => {
      this.close();
      makeFoldersSync(path.dirname(this.#file));
      const fresh = `${this.#file}.${process.pid}`;
      const lines = [`broadsheet mark of ${uid} at ${digits(epoch)}`, ...issues];
      writeFileSync(fresh, lines.map((line) => `${line}\n`).join(""), { mode: PRIVATE_FILE });
      renameSync(fresh, this.#file);
    });
  }

  /** Raises a mark that is there; false where none is. */
  raise(epoch: number): boolean {
    if (this.#descriptor === undefined && !existsSync(this.#file)) return false;
    this.#guarded(() => {
      this.#descriptor ??= openSync(this.#file, "r+");
      writeSync(this.#descriptor, digits(epoch), EPOCH_AT);
    });
    return true;
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (cause) {
      const name = path.basename(this.#file);
      throw new BroadsheetError(
        "STORE_FAILED",
        `the mark ${name} beside the store can't be written: ${errnoReason(cause)}`,
        { where: { file: this.#file }, fix: "make room and let it be writable for you", cause },
      );
    }
  }
}

function digits(epoch: number): string {
  return String(epoch).padStart(16, "0");
}
