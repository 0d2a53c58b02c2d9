import { BroadsheetError } from "../../errors.ts";

/** One object of a list in JSON, not yet parsed, and the line it begins on. */
export interface JsonPiece {
  readonly line: number;
  readonly text: string;
}

/** A longer one is no subscriber. */
const LONGEST = 1_000_000;

/**
 * Parts a list of objects, as an array or one after another (JSON Lines), without ever having all of it:
 * text goes in as it comes, and whole objects come out.
 */
export class JsonSplitter {
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
export function cellsOf(value: object, headings: readonly string[]): string[] {
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
