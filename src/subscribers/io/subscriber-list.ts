import path from "node:path";
import { Readable } from "node:stream";
import {
  consentIn,
  languageIn,
  tagIn,
  KEPT_OUT,
  SETTABLE_REASONS,
  type Added,
  type ImportCounts,
  type ReaderFacts,
  type SubscriberList,
} from "../subscriber.ts";
import { parseRecipient, type Recipient } from "../recipient.ts";
import { parseSegment, type Segment } from "../segment.ts";
import { openList, type Listed, type ListFile, csvLine } from "./list-file.ts";
import { newTally } from "./importer.ts";
import type { Audience } from "./audience.ts";
import { type ListRecord, readList } from "./read-list.ts";
import {
  type Field,
  mapColumns,
  type Mapping,
  type ImportedRow,
  type RowDefaults,
  rowReader,
  type Tally,
} from "../import-row.ts";
import { BroadsheetError } from "../../errors.ts";
import { type FileHandle, open } from "node:fs/promises";
import { fileError } from "../../platform/file-error.ts";
import { PRIVATE_FILE } from "../../platform/files/make-folders.ts";

export function storedList(audience: Audience): SubscriberList {
  return {
    async add(reader, { isResubscription = false, ...facts } = {}) {
      const row = { ...parseRecipient(reader), ...readerFacts(facts) };
      return addedAs(await audience.add(row, { isResubscription }));
    },
    importFile: async (file, facts = {}) => importFile(audience, file, facts),
    find: async (address) => audience.find(address),
    subscribers: (segment) =>
      audience.subscribers(segment === undefined ? undefined : parseSegment(segment)),
    counts: async () => audience.counts(),
    suppress: async (address, reason = "manual") => audience.suppress(address, reason),
    unsubscribe: async (token) => audience.unsubscribe(token),
    remove: async (address) => audience.remove(address),
    async erase(address) {
      const { seen } = await eraseReaders(audience, [{ address }]);
      return seen[0] ?? false;
    },
    close: async () => audience.close(),
    [Symbol.asyncDispose]: async () => audience.close(),
  };
}

/** The result of adding one reader. */
function addedAs({ added, updated, keptOut }: Tally): Added {
  const reason = [...SETTABLE_REASONS, "erased" as const].find((each) => keptOut[each]);
  if (reason) return reason;
  if (added > 0) return "added";
  return updated > 0 ? "updated" : "unchanged";
}

/**
 * Adds a reader, and returns the result.
 * @throws BroadsheetError SUBSCRIBER_KEPT_OUT for a suppressed or erased address, SECRET_MISSING.
 */
export async function addReader(
  audience: Audience,
  row: ImportedRow,
  isResubscription: boolean,
): Promise<"added" | "updated" | "unchanged"> {
  const added = addedAs(await audience.add(row, { isResubscription }));
  if (added === "added" || added === "updated" || added === "unchanged") return added;
  throw new BroadsheetError(
    "SUBSCRIBER_KEPT_OUT",
    `nothing is sent to this address: ${KEPT_OUT[added] ?? added}`,
    {
      fix: "if the reader has asked for it again, use --resubscribe, and say how with --consent HOW",
    },
  );
}

/** Erases readers. `seen`: whether each was known. `isClean`: whether their data was overwritten in the store's file too. */
export async function eraseReaders(audience: Audience, readers: readonly Recipient[]) {
  const seen: boolean[] = [];
  for (const { address } of readers) seen.push(await audience.erase(address));
  return { seen, isClean: await audience.scrub() };
}

/** All subscribers. Without a segment, also the suppressed addresses that are not on the list. */
export async function* exportedReaders(
  audience: Audience,
  segment?: Segment,
): AsyncGenerator<readonly Listed[]> {
  yield* audience.pages(segment);
  if (!segment) yield* audience.suppressedStrangers();
}

async function importFile(
  audience: Audience,
  file: string,
  facts: ReaderFacts,
): Promise<ImportCounts> {
  const location = path.resolve(file);
  const list = await openList(location, { stdin: Readable.from([]) });
  const options = { defaults: readerFacts(facts), rejects: rejectsBeside(location) };
  const { read, rejected, tally } = await importList(list, { ...options, into: audience });
  return { read, rejected, ...(tally ?? newTally()) };
}

/** The facts in the form for an import. @throws BroadsheetError USAGE. */
export function readerFacts({ language, tags = [], consent }: ReaderFacts) {
  return {
    tags: tags.map((tag) => tagIn(tag, "tag")),
    ...(language !== undefined && { language: languageIn(language, "language") }),
    ...(consent && { consent: { ...consent, how: consentIn(consent.how, "consent") } }),
  };
}

/** The number of rows that are stored at a time. */
const GROUP = 1_000;

export interface ImportOptions {
  /** The headings of the fields that the user has named. */
  readonly named?: ReadonlyMap<Field, string>;
  readonly defaults: RowDefaults;
  /** The file for rejected rows. */
  readonly rejects: string;
  readonly onMapping?: (mapping: Mapping) => void;
  readonly onRows?: (count: number) => void;
  /** The list that gets the rows. Without it, the file is only read. */
  readonly into?: Audience | undefined;
}

export interface Imported {
  readonly mapping: Mapping;
  readonly read: number;
  readonly rejected: number;
  /** The first rejected rows, with their lines in the file and the reasons. */
  readonly faults: readonly { readonly line: number; readonly fault: string }[];
}

/**
 * Reads a list to its end and imports its rows in groups. If the list has a fault, the rows before it are imported.
 * @throws BroadsheetError for a list that can't be read, or without a column of addresses.
 */
export async function importList(
  list: ListFile,
  options: ImportOptions,
): Promise<Imported & { readonly tally?: Tally | undefined }> {
  const groups = readList(list);
  const beginning = await recordsOf(groups, 2);
  const [header, first] = beginning;
  if (!header) throw nothingIn(list);
  const mapping = mapColumns(header.cells, first?.cells ?? [], options.named);
  options.onMapping?.(mapping);
  const rejects = new RejectsFile(options.rejects, mapping.isHeadless ? [] : header.cells);
  const readRow = rowReader(mapping, options.defaults);
  let read = 0;
  /** The rows of records. Rejected rows go into their file. */
  const rowsIn = async (records: readonly ListRecord[]): Promise<ImportedRow[]> => {
    const rows: ImportedRow[] = [];
    for (const record of records) {
      const { cells, fault } = record;
      const row = fault === undefined ? readRow(cells) : { fault };
      if ("fault" in row) rejects.add(record, row.fault);
      else rows.push(row);
    }
    read += records.length;
    options.onRows?.(records.length);
    await rejects.flush();
    return rows;
  };
  async function* allRows() {
    yield await rowsIn(mapping.isHeadless ? beginning : beginning.slice(1));
    for await (const records of groups) yield await rowsIn(records);
  }
  const rows = grouped(allRows());
  try {
    const tally = await options.into?.importRows(rows);
    // Without a list, the rows are read all the same.
    for await (const _ of rows);
    return { mapping, read, rejected: rejects.count, faults: rejects.first, tally };
  } finally {
    await rows.return(undefined);
    await rejects.close();
  }
}

/** Joins small groups of rows, and cuts large ones. The rows before a fault are a group too. */
async function* grouped(
  groups: AsyncIterable<readonly ImportedRow[]>,
): AsyncGenerator<readonly ImportedRow[]> {
  let rows: ImportedRow[] = [];
  try {
    for await (const group of groups) {
      rows.push(...group);
      for (; rows.length >= GROUP; rows = rows.slice(GROUP)) yield rows.slice(0, GROUP);
    }
  } catch (fault) {
    yield rows;
    throw fault;
  }
  yield rows;
}

/** The first records: `atLeast` of them or more, or all if there are fewer. */
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

function nothingIn({ location }: ListFile): BroadsheetError {
  return new BroadsheetError("CONTENT_EMPTY", "the list has no reader", {
    where: location === "-" ? undefined : { file: location },
    fix: "export it again",
  });
}

/**
 * The file of rejected rows, each with its line and the reason. It can be corrected and imported in its own form. It is not
 * created before the first such row. The caller closes it.
 */
class RejectsFile {
  readonly file: string;
  readonly #headings: readonly string[];
  #handle: FileHandle | undefined;
  #lines: string[] = [];
  readonly first: { line: number; fault: string }[] = [];
  count = 0;

  constructor(file: string, headings: readonly string[]) {
    this.file = file;
    this.#headings = headings;
  }

  add({ line, cells }: ListRecord, fault: string): void {
    if (this.count === 0) this.#lines.push(csvLine([...HEADINGS, ...this.#headings]));
    this.count += 1;
    if (this.count <= SHOWN) this.first.push({ line, fault });
    this.#lines.push(csvLine([String(line), fault, ...cells]));
  }

  /** Writes the collected rows. */
  async flush(): Promise<void> {
    if (this.#lines.length === 0) return;
    const text = this.#lines.map((line) => `${line}\r\n`).join("");
    this.#lines = [];
    try {
      this.#handle ??= await open(this.file, "w", PRIVATE_FILE);
      await this.#handle.writeFile(text);
    } catch (cause) {
      const what = "the file of rejected rows can't be written";
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
/** The number of rejected rows that are shown. The file has all of them. */
const SHOWN = 10;

/** The path of the file for rejected rows: beside the list, or in the working folder for the standard input. */
export function rejectsBeside(location: string): string {
  const { dir, name } = path.parse(location === "-" ? "subscribers" : location);
  return path.join(dir, `${name}.rejects.csv`);
}
