import type { ListFile } from "./list-file.ts";
import { type CsvError, type Info, parse } from "csv-parse";
import { BroadsheetError } from "../../errors.ts";
import { parseJson } from "../../platform/attempt.ts";

/**
 * The records of a list, some at a time, the headings first: CSV with commas, semicolons or tabs, or
 * objects in JSON. However long the list is, only what has just been read is kept.
 * @throws BroadsheetError CONTENT_UNSUPPORTED, with the line, where it can't be read on.
 */
export async function* readList(list: ListFile): AsyncGenerator<readonly ListRecord[]> {
  const decoder = new TextDecoder(list.encoding);
  let records:
    ((chunk: Uint8Array | undefined) => AsyncGenerator<readonly ListRecord[]>) | undefined;
  for await (const chunk of list.chunks) {
    records ??= reading(list, chunk, decoder);
    yield* records(chunk);
  }
  if (records) yield* records(undefined);
}

type Reading = (chunk: Uint8Array | undefined) => AsyncGenerator<readonly ListRecord[]>;

/** How to read it, by its beginning; without a chunk it is at its end. */
function reading(list: ListFile, first: Uint8Array, decoder: TextDecoder): Reading {
  const beginning = new TextDecoder(list.encoding).decode(first, { stream: true });
  return /^\s*[[{]/.test(beginning)
    ? readingJson(decoder)
    : readingCsv(list, delimiterOf(beginning), decoder);
}

function readingCsv(list: ListFile, delimiter: string, decoder: TextDecoder): Reading {
  const csv = new CsvRecords(list.location, delimiter);
  // The parser reads UTF-8 from bytes; a detour by text would take as long again.
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
    : { line, cells: [text.slice(0, LONGEST_SHOWN)], fault: "is no JSON" };
}

const LONGEST_SHOWN = 1_000;

/** The mark that is most often in the first line, outside quotes. */
function delimiterOf(beginning: string): string {
  const [line = ""] = beginning.replace(/"[^"]*"/g, "").split(/\r\n|\r|\n/, 1);
  const counts = [",", ";", "\t"].map((mark) => ({ mark, count: line.split(mark).length }));
  return counts.sort((a, b) => b.count - a.count)[0]?.mark ?? ",";
}

/** A quote that is opened and never closed makes one record of all that follows. */
const LONGEST_RECORD = 1_000_000;

/** Parses CSV (RFC 4180) as it comes: bytes in UTF-8 or text go in, whole records come out. */
class CsvRecords {
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

/** A row of a list as it stands there. */
export interface ListRecord {
  /** The line of the file that it ends on; of an object, begins. */
  readonly line: number;
  readonly cells: readonly string[];
  /** Why it isn't one: continues the sentence "the row …". */
  readonly fault?: string;
}

/** One object of a list in JSON, not yet parsed, and the line it begins on. */
interface JsonPiece {
  readonly line: number;
  readonly text: string;
}

/** A longer one is no subscriber. */
const LONGEST = 1_000_000;

/**
 * Parts a list of objects, as an array or one after another (JSON Lines), without ever having all of it:
 * text goes in as it comes, and whole objects come out.
 */
class JsonSplitter {
  #text = "";
  #at = 0;
  #start = -1;
  #depth = 0;
  #isInString = false;
  #line = 1;
  #startLine = 1;

  /** @throws BroadsheetError CONTENT_UNSUPPORTED, with the line, where there is no object. */
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

  /** @throws BroadsheetError CONTENT_UNSUPPORTED where the last object has no end. */
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
    else if (this.#start < 0 && !BETWEEN.has(sign)) throw notAList(this.#line, "is no object");
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
/** White space, commas, and the brackets of the array; a byte order mark. */
const BETWEEN = new Set([9, 10, 13, 32, 44, 91, 93, 0xfeff]);

function notAList(line: number, what: string): BroadsheetError {
  return new BroadsheetError(
    "CONTENT_UNSUPPORTED",
    `the list can't be read: what begins on line ${line} ${what}`,
    { fix: 'give an array of objects, or one object a line: {"email": "name@domain"}' },
  );
}

/** The cells of an object under these headings: lists are joined, and of things with a name it is taken. */
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
