import { type CsvError, type Info, parse } from "csv-parse";
import type { ListRecord } from "../../import/list-record.ts";
import { BroadsheetError } from "../../../errors.ts";

/** A quote that is opened and never closed makes one record of all that follows. */
const LONGEST_RECORD = 1_000_000;

/** Parses CSV (RFC 4180) as it comes: bytes in UTF-8 or text go in, whole records come out. */
export class CsvRecords {
  readonly #parser;
  readonly #location: string;
  #records: ListRecord[] = [];
  #failure: unknown;

  constructor(location: string, delimiter: string) {
    this.#location = location;
    this.#parser = parse({
      bom: true,
      delimiter,
      max_record_size: LONGEST_RECORD,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      // Nothing is passed on: the stream is there for its parsing.
      on_record: (cells: string[], { lines }: Info) => {
        this.#records.push({ line: lines, cells });
        return null;
      },
    });
    this.#parser.on("error", (cause) => (this.#failure = cause));
    this.#parser.resume();
  }

  /**
   * The records that are whole by now, and none once there is a fault.
   * @throws BroadsheetError CONTENT_UNSUPPORTED, with the line, where a quote is left open.
   */
  async push(chunk: Uint8Array | string): Promise<ListRecord[]> {
    await new Promise<void>((resolve) => this.#parser.write(chunk, () => resolve()));
    return this.#take();
  }

  /** The last ones; to be called until there are none. */
  async end(): Promise<ListRecord[]> {
    if (!this.#parser.destroyed) {
      await new Promise<void>((resolve) => {
        this.#parser.once("close", resolve);
        this.#parser.end();
      });
    }
    return this.#take();
  }

  #take(): ListRecord[] {
    const records = this.#records;
    this.#records = [];
    // What came before the fault is taken first.
    if (this.#failure === undefined || records.length > 0) return records;
    throw brokenCsv(this.#location, this.#failure);
  }
}

function isCsvError(cause: unknown): cause is CsvError {
  return cause instanceof Error && "code" in cause && "lines" in cause;
}

function brokenCsv(location: string, cause: unknown): BroadsheetError {
  const line = isCsvError(cause) ? Number(cause["lines"]) : undefined;
  const isTooLong = isCsvError(cause) && cause.code === "CSV_MAX_RECORD_SIZE";
  return new BroadsheetError(
    "CONTENT_UNSUPPORTED",
    isTooLong ? "a row of the list is too long to be one" : "a quote in the list is never closed",
    {
      where: { file: location, ...(line !== undefined && !Number.isNaN(line) && { line }) },
      fix: "mend it there, or export the list again; what came before is in, and does no harm twice",
      cause,
    },
  );
}
