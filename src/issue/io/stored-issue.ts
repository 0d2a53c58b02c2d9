import type { IssueKey } from "../../delivery/ledger.ts";
import { BroadsheetError } from "../../errors.ts";
import { bytesIn, numberIn, type Queries, textIn } from "../../platform/database.ts";
import { slotTime } from "../../platform/slot.ts";
import { type DatabasePlace, openStore } from "../../platform/store.ts";

/*
 * A PostgreSQL database keeps the latest issues for all machines: the files of each as in an outbox, and its editor's
 * operations. The outbox has a copy. Each change increments the version, and is made only to the version that the machine has
 * seen. A sent issue is kept until it is no longer among the latest.
 */

/** The number of latest issues that are kept: those being edited, and those whose stories are compared with new ones. */
const LATEST = 10;

/** Returns the latest of some issues, the last one at the end. */
export function latestSlots(slots: readonly string[], most = LATEST): readonly string[] {
  return slots.toSorted((a, b) => (slotTime(a) ?? 0) - (slotTime(b) ?? 0)).slice(-most);
}

/** An issue in the store. */
export interface StoredCopy {
  readonly version: number;
  /** The text of the file with the operations. */
  readonly operations: string;
  /** Whether the files were rendered before the last operations were added. */
  readonly isPending: boolean;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

export interface StoredChange {
  /** The version that this machine has seen; 0 for an issue that is not in the store. */
  readonly seen: number;
  readonly operations: string;
  /** The files of the issue; absent if only the operations differ. */
  readonly files?: ReadonlyMap<string, string | Uint8Array> | undefined;
}

/** Returns the versions of a newsletter's issues by slot. */
export async function storedVersions(
  place: DatabasePlace,
  newsletter: string,
): Promise<ReadonlyMap<string, number>> {
  await using store = await openStore(place);
  const rows = await store.all(VERSIONS, newsletter);
  return new Map(rows.map((row) => [textIn(row, "slot"), numberIn(row, "version")]));
}

const VERSIONS = "SELECT slot, version FROM stored_issue WHERE newsletter = ?";

/**
 * Returns an issue of the store, or only its version if this machine has seen that version. The version is 0 for an issue
 * that was never stored.
 */
export async function readStoredIssue(
  place: DatabasePlace,
  { newsletter, slot }: IssueKey,
  seen: number,
): Promise<StoredCopy | number> {
  await using store = await openStore(place);
  return await store.transaction(async (tx) => {
    const row = await tx.get(ISSUE, newsletter, slot);
    if (!row) return 0;
    if (numberIn(row, "version") === seen) return seen;
    const files = await tx.all(FILES, newsletter, slot);
    return {
      version: numberIn(row, "version"),
      operations: textIn(row, "operations"),
      isPending: numberIn(row, "is_pending") === 1,
      files: new Map(files.map((file) => [textIn(file, "name"), bytesIn(file, "content")])),
    };
  });
}

const ISSUE = "SELECT * FROM stored_issue WHERE newsletter = ? AND slot = ?";
const FILES = "SELECT name, content FROM stored_file WHERE newsletter = ? AND slot = ?";

/**
 * Stores a change and returns the new version.
 * @throws BroadsheetError OUTBOX_BUSY if another machine was faster.
 */
export async function storeIssue(
  place: DatabasePlace,
  { newsletter, slot }: IssueKey,
  { seen, operations, files }: StoredChange,
): Promise<number> {
  await using store = await openStore(place);
  return await store.transaction(async (tx) => {
    const isPending = Number(files === undefined);
    const made = await tx.run(
      seen === 0 ? MAKE : CHANGE,
      newsletter,
      slot,
      seen,
      operations,
      isPending,
    );
    if (made === 0) throw changedElsewhere(slot);
    if (seen === 0) await forgetSent(tx, newsletter);
    if (files)
      await tx.run("DELETE FROM stored_file WHERE newsletter = ? AND slot = ?", newsletter, slot);
    for (const [name, content] of files ?? []) {
      const bytes = typeof content === "string" ? Buffer.from(content) : content;
      await tx.run(KEEP, newsletter, slot, name, bytes);
    }
    return seen + 1;
  });
}

const MAKE = `
  INSERT INTO stored_issue (newsletter, slot, version, operations, is_pending) VALUES (?1, ?2, ?3 + 1, ?4, ?5)
  ON CONFLICT (newsletter, slot) DO NOTHING`;
const CHANGE = `
  UPDATE stored_issue SET version = version + 1, operations = ?4, is_pending = ?5
  WHERE newsletter = ?1 AND slot = ?2 AND version = ?3`;
const KEEP = "INSERT INTO stored_file (newsletter, slot, name, content) VALUES (?, ?, ?, ?)";

/** Removes old issues that were sent to all of their readers, when a new one is stored. */
async function forgetSent(tx: Queries, newsletter: string): Promise<void> {
  const slots = (await tx.all(VERSIONS, newsletter)).map((row) => textIn(row, "slot"));
  const kept = new Set(latestSlots(slots));
  for (const slot of slots) if (!kept.has(slot)) await tx.run(FORGET, newsletter, slot);
}

const FORGET = `
  DELETE FROM stored_issue
  WHERE newsletter = ?1 AND slot = ?2 AND EXISTS (
    SELECT 1 FROM issue
    WHERE newsletter = ?1 AND slot = ?2 AND planned_at IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.issue = issue.id AND due IS NOT NULL))`;

function changedElsewhere(slot: string): BroadsheetError {
  const what = `another machine has just built or changed ${slot}`;
  return new BroadsheetError("OUTBOX_BUSY", what, {
    fix: "run the command again: it then begins with the version of that machine",
  });
}
