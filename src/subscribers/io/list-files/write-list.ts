import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { errnoReason, fileError } from "../../../platform/file-error.ts";
import { PRIVATE_FILE } from "../../../platform/files/make-folders.ts";
import type { Suppression, ListedSubscriber } from "../../subscriber.ts";

/** Characters that are put together before they are written. */
const PART = 1 << 18;

/**
 * Writes lines into a file that only its owner may read: whole, or not at all, in the place of one that
 * was there.
 * @throws BroadsheetError OUTPUT_UNWRITABLE.
 */
export async function writeList(file: string, lines: Iterable<string>): Promise<void> {
  const fresh = `${file}.${process.pid}`;
  try {
    const handle = await open(fresh, "w", PRIVATE_FILE);
    try {
      await writeAll(handle, lines);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(fresh, file);
  } catch (cause) {
    await rm(fresh, { force: true }).catch(() => undefined);
    if (errnoReason(cause) === "") throw cause;
    throw fileError(cause, "OUTPUT_UNWRITABLE", "the list can't be written", {
      where: { file },
      fix: "name a file that you may write",
    });
  }
}

async function writeAll(handle: FileHandle, lines: Iterable<string>): Promise<void> {
  let part = "";
  for (const line of lines) {
    part += `${line}\r\n`;
    if (part.length < PART) continue;
    await handle.writeFile(part);
    part = "";
  }
  await handle.writeFile(part);
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
];

/** A reader on the list, or one who has left. */
export type Listed = ListedSubscriber | Suppression;

/** As CSV, which `import` reads as it is. */
export function* csvLines(all: Iterable<Listed>): Generator<string> {
  yield csvLine(HEADINGS);
  for (const listed of all) {
    const { address, name, language, tags, subscribedAt, consent, consentAt, status, statusSince } =
      facts(listed);
    const dates = [subscribedAt, consentAt, statusSince].map((date) => date?.toISOString() ?? "");
    const [subscribed = "", consented = "", left = ""] = dates;
    const tagList = (tags ?? []).join(";");
    yield csvLine(
      [address, name, language, tagList, subscribed, consent, consented, status, left].map(
        (cell) => cell ?? "",
      ),
    );
  }
}

/** As JSON, one a line. */
export function* jsonLines(all: Iterable<Listed>): Generator<string> {
  for (const listed of all) yield JSON.stringify(facts(listed));
}

function facts(listed: Listed) {
  if (!("id" in listed)) {
    const { address, reason, since } = listed;
    return { ...NOTHING, address, status: reason, statusSince: since };
  }
  const { address, name, language, tags, subscribedAt, consent, suppressed } = listed;
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
  };
}

const NOTHING = {
  name: undefined,
  language: undefined,
  tags: undefined,
  subscribedAt: undefined,
  consent: undefined,
  consentAt: undefined,
};

/**
 * A row of a CSV file (RFC 4180), without its line end. What a spreadsheet would take for a formula gets a
 * quote before it, so that a name can't do anything to the person who opens the list.
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
