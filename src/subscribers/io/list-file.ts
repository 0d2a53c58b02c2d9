import { BroadsheetError } from "../../errors.ts";
import { inputError } from "../../platform/file-error.ts";
import { openLocalFile } from "../../platform/files/local-file.ts";
import { open } from "node:fs/promises";
import { PRIVATE_FILE } from "../../platform/files/make-folders.ts";
import { writeWhole } from "../../platform/files/write-new-files.ts";
import type { Suppression, ListedSubscriber } from "../subscriber.ts";

/** A list of subscribers that can be read. */
export interface ListFile {
  /** The name of the file. "-" is the standard input. */
  readonly location: string;
  /** The number of lines. Absent for the standard input. */
  readonly lines?: number;
  /** A label of the Encoding Standard. */
  readonly encoding: string;
  /** Whether the encoding is only a guess. */
  readonly isGuessed: boolean;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** With larger chunks, rows live longer in memory, and the heap grows by a fifth. */
const CHUNK_BYTES = 1 << 16;

/**
 * Opens a list: a file, or "-" for the standard input. The encoding is the given one, or that of a byte order mark, or UTF-8
 * if all bytes are valid UTF-8. Otherwise it is windows-1252, which spreadsheets use most.
 * @throws BroadsheetError INPUT_MISSING, INPUT_UNREADABLE; CONTENT_EMPTY; CONTENT_BINARY for spreadsheets and other files
 * that are not text; USAGE for an unknown encoding.
 */
export async function openList(
  location: string,
  {
    encoding,
    stdin,
  }: { readonly encoding?: string | undefined; readonly stdin: AsyncIterable<Uint8Array> },
): Promise<ListFile> {
  if (encoding !== undefined) checkEncoding(encoding);
  if (location !== "-") return openFile(location, encoding);
  const chunks = stdin[Symbol.asyncIterator]();
  const { value: first = new Uint8Array(), done } = await chunks.next();
  checkBeginning(location, first);
  const isUtf8 = new Utf8Scan();
  isUtf8.add(first);
  return {
    location,
    ...encodingOf(first, encoding, isUtf8.isValid),
    chunks: joined(first, done === true ? undefined : chunks),
  };
}

async function openFile(file: string, encoding: string | undefined): Promise<ListFile> {
  try {
    const scan = new Utf8Scan();
    let first: Uint8Array | undefined;
    for await (const chunk of bytesOf(file)) {
      first ??= chunk;
      scan.add(chunk);
    }
    checkBeginning(file, first ?? new Uint8Array());
    return {
      location: file,
      lines: scan.lines,
      ...encodingOf(first ?? new Uint8Array(), encoding, scan.isValid),
      chunks: bytesOf(file),
    };
  } catch (cause) {
    throw inputError(cause, file);
  }
}

async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  await using handle = await openLocalFile(file, { within: undefined });
  const bytes = handle.createReadStream({ highWaterMark: CHUNK_BYTES, autoClose: false });
  for await (const chunk of bytes) if (chunk instanceof Uint8Array) yield chunk;
}

async function* joined(
  first: Uint8Array,
  rest: AsyncIterator<Uint8Array> | undefined,
): AsyncGenerator<Uint8Array> {
  yield first;
  for (;;) {
    const { value, done } = (await rest?.next()) ?? { value: undefined, done: true };
    if (done === true || value === undefined) return;
    yield value;
  }
}

/** Checks whether bytes are UTF-8, and counts their lines. */
class Utf8Scan {
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });
  isValid = true;
  lines = 0;

  add(chunk: Uint8Array): void {
    for (let at = chunk.indexOf(NEW_LINE); at >= 0; at = chunk.indexOf(NEW_LINE, at + 1)) {
      this.lines += 1;
    }
    if (!this.isValid) return;
    try {
      this.#decoder.decode(chunk, { stream: true });
    } catch {
      this.isValid = false;
    }
  }
}

const NEW_LINE = 10;

function encodingOf(
  first: Uint8Array,
  given: string | undefined,
  isUtf8: boolean,
): Pick<ListFile, "encoding" | "isGuessed"> {
  const encoding = given ?? markedEncoding(first) ?? (isUtf8 ? "utf-8" : undefined);
  return { encoding: encoding ?? "windows-1252", isGuessed: encoding === undefined };
}

function markedEncoding([a, b]: Uint8Array): string | undefined {
  if (a === 0xff && b === 0xfe) return "utf-16le";
  return a === 0xfe && b === 0xff ? "utf-16be" : undefined;
}

function checkEncoding(encoding: string): void {
  try {
    return void new TextDecoder(encoding);
  } catch (cause) {
    throw new BroadsheetError("USAGE", `there is no encoding ${JSON.stringify(encoding)}`, {
      fix: "give a name such as utf-8, windows-1252, iso-8859-2, windows-1251 or shift_jis",
      cause,
    });
  }
}

function checkBeginning(location: string, first: Uint8Array): void {
  const where = location === "-" ? undefined : { file: location };
  if (first.length === 0) {
    throw new BroadsheetError("CONTENT_EMPTY", "the list is empty", {
      where,
      fix: "export it again",
    });
  }
  const isArchive = first[0] === 0x50 && first[1] === 0x4b && first[2] === 3 && first[3] === 4;
  const isText = markedEncoding(first) !== undefined || !first.includes(0);
  if (isText && !isArchive) return;
  throw new BroadsheetError(
    "CONTENT_BINARY",
    isArchive ? "the list is a spreadsheet or an archive" : "the list is not text",
    { where, fix: "open it and save it as CSV" },
  );
}

/**
 * Writes pages of lines into a file that only its owner may read. It replaces an existing file, and is written whole or not
 * at all.
 * @throws BroadsheetError OUTPUT_UNWRITABLE.
 */
export async function writeList(
  file: string,
  pages: AsyncIterable<readonly string[]>,
): Promise<void> {
  await writeWhole(file, "the list", async (fresh) => {
    const handle = await open(fresh, "w", PRIVATE_FILE);
    try {
      for await (const lines of pages)
        await handle.writeFile(lines.map((line) => `${line}\r\n`).join(""));
      await handle.sync();
    } finally {
      await handle.close();
    }
  });
}

const HEADINGS = [
  "address",
  "name",
  "language",
  "tags",
  "subscribed at",
  "consent",
  "consent at",
  "status",
  "unsubscribed at",
  "paused until",
];

/** A reader on the list, or one who has left. */
export type Listed = ListedSubscriber | Suppression;

/** Writes subscribers as CSV, in a form that `import` can read. */
export async function* csvLines(
  pages: AsyncIterable<readonly Listed[]>,
): AsyncGenerator<readonly string[]> {
  yield [csvLine(HEADINGS)];
  for await (const page of pages)
    yield page.map((listed) => csvLine(Object.values(facts(listed)).map(cellOf)));
}

function cellOf(value: string | Date | readonly string[] | undefined): string {
  if (value instanceof Date) return value.toISOString();
  return typeof value === "object" ? value.join(";") : (value ?? "");
}

/** Writes subscribers as JSON, one on each line. */
export async function* jsonLines(
  pages: AsyncIterable<readonly Listed[]>,
): AsyncGenerator<readonly string[]> {
  for await (const page of pages) yield page.map((listed) => JSON.stringify(facts(listed)));
}

/** The values of a reader in the order of the columns. */
function facts(listed: Listed) {
  const reader: Partial<ListedSubscriber> =
    "id" in listed ? listed : { address: listed.address, suppressed: listed };
  const { address, name, language, tags, subscribedAt, consent, suppressed, pausedUntil } = reader;
  return {
    address,
    name,
    language,
    tags,
    subscribedAt,
    consent: consent?.how || undefined,
    consentAt: consent?.at,
    status: suppressed?.reason ?? "subscribed",
    statusSince: suppressed?.since,
    pausedUntil,
  };
}

/**
 * A row of a CSV file (RFC 4180), without its line end. A cell that a spreadsheet would take for a formula gets a quote
 * before it, so that a reader's name can't run a formula for the person who opens the list.
 */
export function csvLine(cells: readonly string[]): string {
  return cells.map((cell) => quoted(guarded(cell))).join(",");
}

function guarded(cell: string): string {
  return /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
