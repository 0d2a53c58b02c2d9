import path from "node:path";
import { Readable } from "node:stream";
import {
  consentIn,
  languageIn,
  tagIn,
  SETTABLE_REASONS,
  type Added,
  type ImportCounts,
  type ReaderFacts,
  type SubscriberList,
} from "../subscriber.ts";
import { parseRecipient } from "../recipient.ts";
import { parseSegment } from "../segment.ts";
import { openList, type ListFile, csvLine } from "./list-file.ts";
import type { ListConfig, SqliteAudience } from "./sqlite-audience.ts";
import { type ListRecord, readList } from "./read-list.ts";
import {
  type Field,
  mapColumns,
  type Mapping,
  type ImportedRow,
  type RowDefaults,
  type RowFault,
  rowReader,
  type Tally,
} from "../import-row.ts";
import { BroadsheetError } from "../../errors.ts";
import { type FileHandle, open } from "node:fs/promises";
import { fileError } from "../../platform/file-error.ts";
import { PRIVATE_FILE } from "../../platform/files/make-folders.ts";

/** The list in the store. */
export function storedList(audience: SqliteAudience): SubscriberList {
  return {
    add(reader, { isResubscription = false, ...facts } = {}) {
      const row = { ...parseRecipient(reader), ...factsOf(facts) };
      return addedAs(audience.add(row, { isResubscription }));
    },
    importFile: async (file, facts = {}) => importFile(audience, file, facts),
    find: (address) => audience.find(address),
    subscribers: (segment) =>
      audience.subscribers(segment === undefined ? undefined : parseSegment(segment)),
    counts: () => audience.counts(),
    suppress: (address, reason = "manual") => audience.suppress(address, reason),
    unsubscribe: (token) => audience.unsubscribe(token),
    remove: (address) => audience.remove(address),
    erase(address) {
      const wasKnown = audience.erase(address);
      audience.scrub();
      return wasKnown;
    },
    close: () => audience.close(),
  };
}

/** What became of the one reader who was added. */
export function addedAs({ added, updated, keptOut }: Tally): Added {
  const reason = [...SETTABLE_REASONS, "erased" as const].find((each) => keptOut[each]);
  if (reason) return reason;
  if (added > 0) return "added";
  return updated > 0 ? "updated" : "unchanged";
}

async function importFile(
  audience: SqliteAudience,
  file: string,
  facts: ReaderFacts,
): Promise<ImportCounts> {
  const location = path.resolve(file);
  const defaults = factsOf(facts);
  const list = await openList(location, { stdin: Readable.from([]) });
  const importer = audience.importer();
  try {
    const { read, rejected } = await importList(list, {
      named: new Map(),
      defaults,
      rejects: rejectsBeside(location),
      onMapping: () => undefined,
      onRows: () => undefined,
      take: (rows) => importer.add(rows),
    });
    return { read, rejected, ...importer.tally };
  } finally {
    importer.finish();
  }
}

function factsOf({ language, tags = [], consent }: ReaderFacts) {
  return {
    tags: tags.map((tag) => tagIn(tag, "tag")),
    ...(language !== undefined && { language: languageIn(language, "language") }),
    ...(consent && { consent: { ...consent, how: consentIn(consent.how, "consent") } }),
  };
}

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

/** To start a thread takes as long as to take in some thousand readers. */
const WORTH_A_THREAD = 20_000;

/** What takes in the rows of a list: for a long one in a thread of its own. */
export async function importerFor(list: ListFile, audience: SqliteAudience, config: ListConfig) {
  if ((list.lines ?? 0) < WORTH_A_THREAD) return audience.importer();
  const { ImportThread } = await import("./import-thread.ts");
  return new ImportThread(config);
}

/** Where the rows of a list go that can't be taken: beside it, or where there is no file, in the working folder. */
export function rejectsBeside(location: string): string {
  const { dir, name } = path.parse(location === "-" ? "subscribers" : location);
  return path.join(dir, `${name}.rejects.csv`);
}
