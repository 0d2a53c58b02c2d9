import { type FileHandle, open } from "node:fs/promises";
import { csvLine } from "../../export/csv-line.ts";
import type { ListRecord } from "../../import/list-record.ts";
import { BroadsheetError } from "../../../errors.ts";
import { errnoReason } from "../../../platform/errno-reason.ts";
import { PRIVATE_FILE } from "../../../platform/files/modes.ts";

/**
 * The rows of a list that can't be taken, each with its line and why. It can be mended and imported as it
 * is. There is no file as long as there is no such row. Whoever opens it closes it.
 */
export class RejectsFile {
  readonly file: string;
  readonly #headings: readonly string[];
  #handle: FileHandle | undefined;
  #lines: string[] = [];
  count = 0;

  constructor(file: string, headings: readonly string[]) {
    this.file = file;
    this.#headings = headings;
  }

  add({ line, cells }: ListRecord, fault: string): void {
    if (this.count === 0) this.#lines.push(csvLine([...HEADINGS, ...this.#headings]));
    this.count += 1;
    this.#lines.push(csvLine([String(line), fault, ...cells]));
  }

  /** Writes what has come together. */
  async flush(): Promise<void> {
    if (this.#lines.length === 0) return;
    const text = this.#lines.map((line) => `${line}\r\n`).join("");
    this.#lines = [];
    try {
      this.#handle ??= await open(this.file, "w", PRIVATE_FILE);
      await this.#handle.writeFile(text);
    } catch (cause) {
      throw new BroadsheetError(
        "OUTPUT_UNWRITABLE",
        `the rows that can't be taken can't be written down: ${errnoReason(cause)}`,
        { where: { file: this.file }, fix: "name another file for them: --rejects FILE", cause },
      );
    }
  }

  async close(): Promise<void> {
    await this.#handle?.close();
  }
}

const HEADINGS = ["rejected line", "reason"];
