import path from "node:path";
import { type ListRecord, readList } from "./list-files/read-list.ts";
import { type Field, mapColumns, type Mapping } from "../import/columns.ts";
import {
  type ImportedRow,
  type RowDefaults,
  type RowFault,
  rowReader,
} from "../import/read-row.ts";
import { BroadsheetError } from "../../errors.ts";
import type { ListFile } from "./list-files/open-list.ts";
import { type FileHandle, open } from "node:fs/promises";
import { csvLine } from "./list-files/write-list.ts";
import { fileError } from "../../platform/file-error.ts";
import { PRIVATE_FILE } from "../../platform/files/make-folders.ts";

/** Rows that are kept before they are handed over. */
const GROUP = 1_000;

export interface ImportOptions {
  /** What columns are taken for that one has said it of. */
  readonly named: ReadonlyMap<Field, string>;
  readonly defaults: RowDefaults;
  /** Where the rows go that can't be taken. */
  readonly rejects: string;
  readonly onMapping: (mapping: Mapping) => void;
  readonly onRows: (count: number) => void;
  readonly take: (rows: readonly ImportedRow[]) => void | Promise<void>;
}

export interface Imported {
  readonly mapping: Mapping;
  readonly read: number;
  readonly rejected: number;
}

/**
 * Reads a list to its end and hands its rows over in groups.
 * @throws BroadsheetError for a list that can't be read, or where no column holds addresses.
 */
export async function importList(list: ListFile, options: ImportOptions): Promise<Imported> {
  const groups = readList(list);
  const beginning = await recordsOf(groups, 2);
  const [header, first] = beginning;
  if (!header) throw nothingIn(list);
  const mapping = mapColumns(header.cells, first?.cells ?? [], options.named);
  options.onMapping(mapping);
  const rejects = new RejectsFile(options.rejects, mapping.isHeadless ? [] : header.cells);
  const taker = new Taker(mapping, rejects, options);
  try {
    await taker.take(mapping.isHeadless ? beginning : beginning.slice(1));
    for await (const records of groups) await taker.take(records);
    await taker.finish();
  } finally {
    await rejects.close();
  }
  return { mapping, read: taker.read, rejected: rejects.count };
}

/** The first so many records, or more. */
async function recordsOf(
  groups: AsyncGenerator<readonly ListRecord[]>,
  atLeast: number,
): Promise<ListRecord[]> {
  const records: ListRecord[] = [];
  while (records.length < atLeast) {
    const { value, done } = await groups.next();
    if (done === true) return records;
    records.push(...value);
  }
  return records;
}

class Taker {
  readonly #readRow: (cells: readonly string[]) => ImportedRow | RowFault;
  readonly #rejects: RejectsFile;
  readonly #options: ImportOptions;
  #rows: ImportedRow[] = [];
  read = 0;

  constructor(mapping: Mapping, rejects: RejectsFile, options: ImportOptions) {
    this.#readRow = rowReader(mapping, options.defaults);
    this.#rejects = rejects;
    this.#options = options;
  }

  async take(records: readonly ListRecord[]): Promise<void> {
    for (const record of records) {
      const row =
        record.fault === undefined ? this.#readRow(record.cells) : { fault: record.fault };
      if ("fault" in row) this.#rejects.add(record, row.fault);
      else this.#rows.push(row);
      if (this.#rows.length >= GROUP) await this.#handOver();
    }
    this.read += records.length;
    this.#options.onRows(records.length);
    await this.#rejects.flush();
  }

  async finish(): Promise<void> {
    await this.#handOver();
    await this.#rejects.flush();
  }

  async #handOver(): Promise<void> {
    const rows = this.#rows;
    this.#rows = [];
    if (rows.length > 0) await this.#options.take(rows);
  }
}

function nothingIn({ location }: ListFile): BroadsheetError {
  return new BroadsheetError("CONTENT_EMPTY", "the list has no reader", {
    where: location === "-" ? undefined : { file: location },
    fix: "export it again",
  });
}

/**
 * The rows of a list that can't be taken, each with its line and why. It can be mended and imported as it
 * is. There is no file as long as there is no such row. The caller closes it.
 */
class RejectsFile {
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
      const what = "the rows that can't be taken can't be written down";
      throw fileError(cause, "OUTPUT_UNWRITABLE", what, {
        where: { file: this.file },
        fix: "name another file for them: --rejects FILE",
      });
    }
  }

  async close(): Promise<void> {
    await this.#handle?.close();
  }
}

const HEADINGS = ["rejected line", "reason"];

/** Where the rows of a list go that can't be taken: beside it, or where there is no file, in the working folder. */
export function rejectsBeside(location: string): string {
  const { dir, name } = path.parse(location === "-" ? "subscribers" : location);
  return path.join(dir, `${name}.rejects.csv`);
}
