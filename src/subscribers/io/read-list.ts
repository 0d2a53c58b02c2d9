import type { ListFile } from "./list-file.ts";
import { type CsvError, type Info, parse } from "csv-parse";
import { BroadsheetError } from "../../errors.ts";
import { parseJson } from "../../platform/attempt.ts";

/**
 * The records of a list in groups, the headings first. The list is CSV with commas, semicolons or tabs, or objects in JSON.
 * Memory does not grow with the length of the list.
 * @throws BroadsheetError CONTENT_UNSUPPORTED, with the line, if the rest can't be read.
 */
export async function* readList(list: ListFile): AsyncGenerator<readonly ListRecord[]> {
  const decoder = new TextDecoder(list.encoding);
  let records: Reading | undefined;
  for await (const chunk of list.chunks) {
    records ??= reading(list, chunk, decoder);
    yield* records(chunk);
  }
  if (records) yield* records(undefined);
}

/** Reads the next chunk. Undefined is the end of the list. */
type Reading = (chunk: Uint8Array | undefined) => AsyncGenerator<readonly ListRecord[]>;

/** Chooses the parser by the beginning of the list. */
function reading(list: ListFile, first: Uint8Array, decoder: TextDecoder): Reading {
  const beginning = new TextDecoder(list.encoding).decode(first, { stream: true });
  return /^\s*[[{]/.test(beginning)
    ? readingJson(decoder)
    : readingCsv(list, delimiterOf(beginning), decoder);
}

function readingCsv(list: ListFile, delimiter: string, decoder: TextDecoder): Reading {
  const csv = new CsvRecords(list.location, delimiter);
  // The parser reads UTF-8 from bytes. Decoding it first would double the time.
  const isUtf8 = decoder.encoding === "utf-8";
  return async function* read(chunk) {
    if (chunk) yield await csv.push(isUtf8 ? chunk : decoder.decode(chunk, { stream: true }));
    else for (let last = await csv.end(); last.length > 0; last = await csv.end()) yield last;
  };
}

function readingJson(decoder: TextDecoder): Reading {
  const splitter = new JsonSplitter();
  let headings: readonly string[] | undefined;
  return async function* read(chunk) {
    const pieces = splitter.push(decoder.decode(chunk, { stream: chunk !== undefined }));
    const objects = pieces.map(parsed);
    if (!headings && objects.length > 0) {
      headings = [...new Set(objects.flatMap(({ value }) => Object.keys(value ?? {})))];
      yield [{ line: 0, cells: headings }];
    }
    yield objects.map((object) => recordOf(object, headings ?? []));
    if (!chunk) splitter.end();
  };
}

interface Parsed extends JsonPiece {
  readonly value?: object;
}

function parsed(piece: JsonPiece): Parsed {
  const value = parseJson(piece.text);
  return typeof value === "object" && value !== null ? { ...piece, value } : piece;
}

function recordOf({ line, text, value }: Parsed, headings: readonly string[]): ListRecord {
  return value
    ? { line, cells: cellsOf(value, headings) }
    : { line, cells: [text.slice(0, LONGEST_SHOWN)], fault: "is not valid JSON" };
}

const LONGEST_SHOWN = 1_000;

/** The delimiter that occurs most often in the first line, outside quotes. */
function delimiterOf(beginning: string): string {
  const [line = ""] = beginning.replace(/"[^"]*"/g, "").split(/\r\n|\r|\n/, 1);
  const counts = [",", ";", "\t"].map((mark) => ({ mark, count: line.split(mark).length }));
  return counts.sort((a, b) => b.count - a.count)[0]?.mark ?? ",";
}

/** The longest record. A quote that is never closed would make one record of the rest of the list. */
const LONGEST_RECORD = 1_000_000;

/** Parses CSV (RFC 4180) chunk by chunk. The chunks are bytes in UTF-8, or text. */
class CsvRecords {
  readonly #parser;
  readonly #location: string;
  #records: ListRecord[] = [];
  /** The number of headings. */
  #columns: number | undefined;
  /** The parser counts a line break of Windows inside quotes twice. This is the number of these line breaks so far. */
  #countedTwice = 0;
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
      // Records are collected here, so the stream itself has no output.
      on_record: (cells: string[], { lines }: Info) => {
        this.#columns ??= cells.length;
        const folded = cells.filter((cell) => cell.includes("\n"));
        for (const cell of folded) this.#countedTwice += cell.split("\r\n").length - 1;
        const line = lines - this.#countedTwice;
        const rows = rowsIn(cells, this.#columns, delimiter);
        this.#records.push({ line, cells, ...(rows > 1 && { fault: swallowed(rows) }) });
        return null;
      },
    });
    this.#parser.on("error", (cause) => (this.#failure = cause));
    this.#parser.resume();
  }

  /**
   * The records that are complete so far. Records before a fault are returned first, and the next call throws.
   * @throws BroadsheetError CONTENT_UNSUPPORTED, with the line, if a quote is never closed or a record is too long.
   */
  async push(chunk: Uint8Array | string): Promise<ListRecord[]> {
    await new Promise<void>((resolve) => this.#parser.write(chunk, () => resolve()));
    return this.#take();
  }

  /** The last records. Call it until it returns none. */
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
    // Records before the fault are taken first.
    if (this.#failure === undefined || records.length > 0) return records;
    throw brokenCsv(this.#location, this.#failure);
  }
}

/**
 * The number of rows of a list that a cell of a record contains. Each line of the cell is one then: it has an address, and as
 * many cells as there are headings, the first line together with the cells before it, and the last with those after it.
 */
function rowsIn(cells: readonly string[], columns: number, delimiter: string): number {
  const at = cells.findIndex((cell) => cell.includes("\n"));
  const lines = cells[at]?.split("\n") ?? [];
  const areRows = lines.every((line, index) => {
    const before = index === 0 ? cells.slice(0, at) : [];
    const after = index === lines.length - 1 ? cells.slice(at + 1) : [];
    const row = [...before, ...line.split(delimiter), ...after];
    return row.length === columns && row.some((cell) => cell.includes("@"));
  });
  return areRows ? lines.length : 0;
}

function swallowed(rows: number): string {
  return `has ${rows} rows of the list in one cell: a quote in the first of them is not closed`;
}

function isCsvError(cause: unknown): cause is CsvError {
  return cause instanceof Error && "code" in cause && "lines" in cause;
}

function brokenCsv(location: string, cause: unknown): BroadsheetError {
  const line = isCsvError(cause) ? Number(cause["lines"]) : undefined;
  const isTooLong = isCsvError(cause) && cause.code === "CSV_MAX_RECORD_SIZE";
  return new BroadsheetError(
    "CONTENT_UNSUPPORTED",
    isTooLong ? "a row of the list is too long" : "a quote in the list is never closed",
    {
      where: { file: location, ...(line !== undefined && !Number.isNaN(line) && { line }) },
      fix: "correct it there, or export the list again; the rows before it were imported, and importing them again changes nothing",
      cause,
    },
  );
}

export interface ListRecord {
  /** The line on which a CSV row ends or a JSON object begins. */
  readonly line: number;
  readonly cells: readonly string[];
  /** The reason why it can't be read. It continues the sentence "the row …". */
  readonly fault?: string;
}

/** One unparsed object of a list in JSON, with the line on which it begins. */
interface JsonPiece {
  readonly line: number;
  readonly text: string;
}

/** The longest object in characters. A subscriber is shorter. */
const LONGEST = 1_000_000;

/**
 * Splits a list of objects, which is an array or has one object after another (JSON Lines). It takes text chunk by chunk,
 * and returns complete objects.
 */
class JsonSplitter {
  #text = "";
  #at = 0;
  #start = -1;
  #depth = 0;
  #isInString = false;
  #line = 1;
  #startLine = 1;

  /** @throws BroadsheetError CONTENT_UNSUPPORTED, with the line, if there is something other than an object. */
  push(text: string): JsonPiece[] {
    this.#text += text;
    const pieces: JsonPiece[] = [];
    for (; this.#at < this.#text.length; this.#at++) {
      const sign = this.#text.charCodeAt(this.#at);
      if (sign === NEW_LINE) this.#line += 1;
      if (this.#isInString) this.#passString(sign);
      else this.#pass(sign, pieces);
    }
    if (this.#start < 0) this.#forget(this.#text.length);
    else if (this.#text.length - this.#start > LONGEST)
      throw notAList(this.#startLine, "is too long");
    else this.#forget(this.#start);
    return pieces;
  }

  /** @throws BroadsheetError CONTENT_UNSUPPORTED if the last object has no end. */
  end(): void {
    if (this.#start >= 0) throw notAList(this.#startLine, "has no end");
  }

  #passString(sign: number): void {
    if (sign === BACKSLASH) this.#at += 1;
    else if (sign === QUOTE) this.#isInString = false;
  }

  #pass(sign: number, pieces: JsonPiece[]): void {
    if (sign === OPEN) this.#open();
    else if (sign === CLOSE && this.#start >= 0) this.#close(pieces);
    else if (sign === QUOTE && this.#start >= 0) this.#isInString = true;
    else if (this.#start < 0 && !BETWEEN.has(sign)) throw notAList(this.#line, "is not an object");
  }

  #open(): void {
    if (this.#start < 0) {
      this.#start = this.#at;
      this.#startLine = this.#line;
    }
    this.#depth += 1;
  }

  #close(pieces: JsonPiece[]): void {
    this.#depth -= 1;
    if (this.#depth > 0) return;
    pieces.push({ line: this.#startLine, text: this.#text.slice(this.#start, this.#at + 1) });
    this.#start = -1;
  }

  #forget(upTo: number): void {
    this.#text = this.#text.slice(upTo);
    this.#at -= upTo;
    this.#start = this.#start < 0 ? -1 : this.#start - upTo;
  }
}

const NEW_LINE = 10;
const QUOTE = 34;
const BACKSLASH = 92;
const OPEN = 123;
const CLOSE = 125;
/** The characters between objects: white space, commas, the brackets of the array, and a byte order mark. */
const BETWEEN = new Set([9, 10, 13, 32, 44, 91, 93, 0xfeff]);

function notAList(line: number, what: string): BroadsheetError {
  return new BroadsheetError(
    "CONTENT_UNSUPPORTED",
    `the list can't be read: the text from line ${line} ${what}`,
    { fix: 'give an array of objects, or one object on each line: {"email": "name@domain"}' },
  );
}

/** The cells of an object under these headings. Lists are joined. An object in it is replaced by its name. */
function cellsOf(value: object, headings: readonly string[]): string[] {
  const entries = new Map<string, unknown>(Object.entries(value));
  return headings.map((heading) => cellOf(entries.get(heading)));
}

function cellOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(cellOf).join(";");
  if (typeof value === "object" && value !== null) return "name" in value ? cellOf(value.name) : "";
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : "";
}
