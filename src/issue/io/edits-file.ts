import { existsSync, rmSync, statSync } from "node:fs";
import { mkdir, open, rename, utimes } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { hashId } from "../../article/identity.ts";
import type { IssueKey } from "../../delivery/ledger.ts";
import type { BuiltDigest, Digest } from "../../digest/digest.ts";
import { parseBuiltDigest, parseDigest, withStoryIds } from "../../digest/digest-json.ts";
import { completed } from "../../digest/operations/apply.ts";
import { changesByHand, parseEdited } from "../../digest/operations/diff.ts";
import { activeOperations } from "../../digest/operations/history.ts";
import {
  type Change,
  isUndo,
  linesOf,
  type NewLine,
  type Operation,
  operationsText,
  parseOperations,
  type UnreadLine,
} from "../../digest/operations/operation.ts";
import { BroadsheetError } from "../../errors.ts";
import { systemClock } from "../../platform/clock.ts";
import { inputError, OUTBOX_FIX, outboxError, unlessMissing } from "../../platform/file-error.ts";
import { readLocalText } from "../../platform/files/local-file.ts";
import { makeFolders, PRIVATE_FILE, PRIVATE_FOLDER } from "../../platform/files/make-folders.ts";
import { healFolder, syncFolder, writeSynced } from "../../platform/files/swap-folder.ts";
import type { Holder } from "../../platform/database.ts";
import { FileLock } from "../../platform/sqlite/run-lock.ts";
import { ISSUE_FILES } from "../../preview/page-data.ts";
import type { DatabasePlace } from "../../platform/store.ts";
import { EDITED, editsFileOf, readBeside, writeIssue } from "./outbox.ts";
import { readStoredIssue, storeIssue, type StoredChange } from "./stored-issue.ts";

/** An issue's digests and the editor's operations on it, as stored in the outbox. */
export interface IssueEdits {
  readonly operations: readonly Operation[];
  /** Lines of the file that are not applied. */
  readonly unread: readonly UnreadLine[];
  /** The digest to which the operations are applied; undefined before there is an issue. */
  readonly base: BuiltDigest | undefined;
  /** The text of digest.json. Changes made by hand in it are already among the operations. */
  readonly digestText: string | undefined;
  /** Whether it is unknown which parts of that digest were edited. */
  readonly isUnknown?: boolean;
}

const LOOK_AGAIN_MS = 20;
/** No build holds the lock on an issue for longer. */
const PATIENCE_MS = 120_000;

/**
 * The file with an editor's operations on an issue, while its lock is held. Every process that writes the file or the issue's
 * folder holds the lock. Text editors that change digest.json do not.
 */
export class EditsFile implements AsyncDisposable {
  readonly issue: IssueKey;
  readonly #parent: string;
  readonly #lock: FileLock;
  /** The database that keeps the issue for all machines, and the version of it that the outbox has. */
  readonly #store: DatabasePlace | undefined;
  #version = 0;

  private constructor(
    parent: string,
    { newsletter, slot }: IssueKey,
    { lock, store }: { readonly lock: FileLock; readonly store: DatabasePlace | undefined },
  ) {
    this.#parent = parent;
    this.issue = { newsletter, slot };
    this.#lock = lock;
    this.#store = store;
  }

  /**
   * Waits for the lock. If `store` names a database that keeps the issue for all machines, it then copies the changes of
   * other machines into the outbox.
   * @throws BroadsheetError OUTBOX_BUSY, STORE_*.
   */
  static async open(outbox: string, issue: IssueKey, store?: DatabasePlace): Promise<EditsFile> {
    const edits = await EditsFile.#locked(outbox, issue, store);
    try {
      await edits.#bring();
      return edits;
    } catch (error) {
      await edits[Symbol.asyncDispose]();
      throw error;
    }
  }

  static async #locked(outbox: string, issue: IssueKey, store?: DatabasePlace): Promise<EditsFile> {
    const parent = path.join(outbox, issue.newsletter);
    const file = path.join(parent, `.${issue.slot}.lock`);
    const lock = new FileLock(file);
    const until = performance.now() + PATIENCE_MS;
    for (;;) {
      const before = inodeOf(file);
      const isOurs = await taken(lock, issue, file);
      // The holder of a lock removes its file. A lock on a removed file excludes no process.
      if (isOurs && before !== undefined && inodeOf(file) === before) {
        await healFolder(parent);
        return new EditsFile(parent, issue, { lock, store });
      }
      await lock.release();
      if (performance.now() > until) throw busy(issue.slot, await lock.holder());
      if (!isOurs) await sleep(LOOK_AGAIN_MS);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      rmSync(path.join(this.#parent, `.${this.issue.slot}.lock`), { force: true });
    } catch {
      // Windows does not remove an open file. It stays and does no harm.
    }
    await this.#lock.release();
  }

  get #file(): string {
    return path.join(this.#parent, editsFileOf(this.issue));
  }

  get dir(): string {
    return path.join(this.#parent, this.issue.slot);
  }

  /** Copies the issue from the store if another machine has changed it. Changes made by hand here become operations first. */
  async #bring(): Promise<void> {
    if (!this.#store) return;
    const { newsletter, slot } = this.issue;
    const seen = existsSync(this.dir) ? await seenVersion(this.#parent, slot) : 0;
    const stored = await readStoredIssue(this.#store, this.issue, seen);
    this.#version = typeof stored === "number" ? stored : stored.version;
    if (typeof stored === "number") return;
    const { files, operations, isPending } = stored;
    const before = await this.#text();
    if (!operations.startsWith(before)) await this.keep(`${hashId(before)}.edits.jsonl`, before);
    if (operations !== "" || before !== "") await this.#writeWhole(this.#file, operations);
    if (files.size > 0)
      await writeIssue(path.dirname(this.#parent), { newsletter, slot }, files, async (former) => {
        const read = await readBeside(former, ISSUE_FILES.written);
        const built = await readBeside(former, ISSUE_FILES.built);
        await this.takeUpReplaced(former, { read, built });
      });
    // An issue whose operations are newer than its digest is rendered again.
    if (isPending) await utimes(this.#file, new Date(), new Date());
    await this.#noteVersion();
  }

  /** Stores the files of the issue for all machines, with its operations. */
  async store(files: ReadonlyMap<string, string | Uint8Array>): Promise<void> {
    await this.#keepStored({ files, operations: await this.#text() });
  }

  async #keepStored(change: Omit<StoredChange, "seen">): Promise<void> {
    if (!this.#store) return;
    const seen = this.#version;
    this.#version = await storeIssue(this.#store, this.issue, { ...change, seen });
    await this.#noteVersion();
  }

  async #noteVersion(): Promise<void> {
    const file = path.join(this.#parent, versionFileOf(this.issue.slot));
    await this.#writeWhole(file, String(this.#version));
  }

  async #writeWhole(file: string, text: string): Promise<void> {
    await makeFolders(path.resolve(this.#parent));
    await writeSynced(`${file}.new`, text, "w");
    await rename(`${file}.new`, file);
  }

  async #text(): Promise<string> {
    return (await unlessMissing(readLocalText(this.#file, { within: this.#parent }))) ?? "";
  }

  /**
   * Returns the operations, including the changes made by hand in digest.json since it was last written.
   * @throws BroadsheetError DIGEST_INVALID if digest.json can't be read.
   */
  async takeUp(): Promise<IssueEdits> {
    const { edits, changes } = await this.#takeUpFrom({ folder: this.dir });
    if (changes) await this.#noteWritten(edits.digestText ?? "");
    return edits;
  }

  async #takeUpFrom(saved: Saved & { readonly folder: string }): Promise<ReadEdits> {
    const { edits, changes, kept } = await readEdits(this.#parent, this.issue, saved);
    if (!changes) return { edits };
    if (kept !== undefined) await this.keep(kept, edits.digestText ?? "", saved.folder);
    const { operations: before } = edits;
    const operations = await this.append({ operations: before, base: undefined }, changes);
    return { edits: { ...edits, operations }, changes };
  }

  /** Adds changes as one step. Returns all operations. */
  async append(
    known: Pick<IssueEdits, "operations" | "base">,
    changes: readonly NewLine[],
  ): Promise<readonly Operation[]> {
    const lines = this.linesFor(known, changes);
    await this.write(lines);
    return [...known.operations, ...lines];
  }

  /** Makes one step of the changes without writing it. */
  linesFor(
    { operations, base }: Pick<IssueEdits, "operations" | "base">,
    changes: readonly NewLine[],
  ): readonly Operation[] {
    const edits = changes.filter((change) => !isUndo(change));
    const undos = changes.filter(isUndo);
    const known = base && edits.length > 0 ? completed(base, operations, edits) : edits;
    return linesOf([...known, ...undos], operations, systemClock());
  }

  /** Appends lines to the file. An incomplete last line is ended first, so that it does not damage the next one. */
  async write(lines: readonly Operation[]): Promise<void> {
    if (lines.length === 0) return;
    const text = operationsText(lines);
    const file = this.#file;
    try {
      const before = await this.#text();
      const isWhole = before === "" || before.endsWith("\n");
      await this.#keepStored({ operations: `${before}${isWhole ? "" : "\n"}${text}` });
      await using handle = await open(file, "a", PRIVATE_FILE);
      await handle.writeFile(isWhole ? text : `\n${text}`);
      await handle.sync();
      if (before === "") await syncFolder(this.#parent);
    } catch (error) {
      throw outboxError(error, `the edits of ${this.issue.slot}`, file);
    }
  }

  async #noteWritten(text: string): Promise<void> {
    const file = path.join(this.dir, ISSUE_FILES.written);
    await writeSynced(`${file}.new`, text, "w");
    await rename(`${file}.new`, file);
  }

  /**
   * Records the changes saved to digest.json after it was `read`, from the folder that is about to be replaced. Also keeps
   * the previous built digest, against which the changes of a program with an open file are compared. Returns whether there
   * were changes.
   * @throws BroadsheetError DIGEST_INVALID if digest.json can't be read.
   */
  async takeUpReplaced(
    folder: string,
    { read, built }: Saved & { readonly built: string | undefined },
  ): Promise<boolean> {
    const former = await readBeside(folder, ISSUE_FILES.built);
    if (former !== undefined && former !== built) {
      const name = (at: number) => path.join(folder, EDITED, builtName(at));
      for (let at = MOST_BUILT; at > 1; at--) await unlessMissing(rename(name(at - 1), name(at)));
      await this.keep(builtName(1), former, folder);
    }
    const text = await readBeside(folder, ISSUE_FILES.digest);
    if (text === undefined || text === read) return false;
    const { changes = [] } = await this.#takeUpFrom({ folder, read });
    return changes.length > 0;
  }

  /** Moves all operations, and a changed digest.json, into `edited/`. Returns the text of digest.json. */
  async discard(): Promise<string | undefined> {
    const digest = await readBeside(this.dir, ISSUE_FILES.digest);
    const written =
      (await readBeside(this.dir, ISSUE_FILES.written)) ??
      (await readBeside(this.dir, ISSUE_FILES.built));
    if (digest !== undefined && digest !== written)
      await this.keep(`digest-${hashId(digest)}.json`, digest);
    const text = await unlessMissing(readLocalText(this.#file, { within: this.#parent }));
    if (text === undefined) return digest;
    await mkdir(path.join(this.dir, EDITED), { recursive: true, mode: PRIVATE_FOLDER });
    await rename(this.#file, path.join(this.dir, EDITED, `${hashId(text)}.edits.jsonl`));
    return digest;
  }

  /** Stores a text or a picture in `edited/`, which stays when the issue's folder is replaced. */
  async keep(name: string, content: string | Uint8Array, folder = this.dir): Promise<void> {
    await mkdir(path.join(folder, EDITED), { recursive: true, mode: PRIVATE_FOLDER });
    await writeSynced(path.join(folder, EDITED, name), content, "w");
  }
}

/** The file with the version of the issue that the outbox has. */
function versionFileOf(slot: string): string {
  return `.${slot}.version`;
}

/** The version of a stored issue that the outbox has; 0 if it has none. */
export async function seenVersion(parent: string, slot: string): Promise<number> {
  return Number((await readBeside(parent, versionFileOf(slot))) ?? 0);
}

/** The number of builds after which a program may still save an older digest.json. */
const MOST_BUILT = 20;

/** The file name of an earlier built digest; 0 is the latest. */
function builtName(at: number): string {
  return `built-${at}.json`;
}

/** Matches the text of a digest.json to which operations were applied. */
const EDITED_VERSION = /^ {2}"version": "[1-9]/m;

/** Reads the known operations of an editor on an issue, without writing or locking. */
export async function lookAtEdits(outbox: string, issue: IssueKey): Promise<IssueEdits> {
  const { edits, changes = [] } = await readEdits(path.join(outbox, issue.newsletter), issue);
  const operations = [...edits.operations, ...linesOf(changes, edits.operations, systemClock())];
  return { ...edits, operations };
}

/** Whether an editor has changed an issue. */
export async function isEdited(outbox: string, issue: IssueKey): Promise<boolean> {
  try {
    const { isUnknown, operations } = await lookAtEdits(outbox, issue);
    return isUnknown || activeOperations(operations).length > 0;
  } catch (error) {
    // A person is just saving its digest.json.
    if (error instanceof BroadsheetError) return true;
    throw error;
  }
}

/**
 * The digest in the folder of an issue, if it can be read.
 * @throws BroadsheetError DIGEST_INVALID
 */
export async function editedDigest(
  dir: string,
  text: string,
  shown = path.join(dir, ISSUE_FILES.digest),
): Promise<Digest> {
  const written = await readBeside(dir, ISSUE_FILES.written);
  if (text === written) return parseDigest(text, shown);
  return parseEdited(text, shown, parseBuiltDigest(written ?? "")).digest;
}

interface ReadEdits {
  readonly edits: IssueEdits;
  /** The changes made by hand in digest.json; undefined if there are none, or if the earlier text is unknown. */
  readonly changes?: readonly Change[];
  /** The name under which a digest.json of an older version is kept. */
  readonly kept?: string;
}

interface Saved {
  /** The folder; by default the folder of the issue. */
  readonly folder?: string;
  /** The text of digest.json before it was saved; by default the text that Broadsheet last wrote. */
  readonly read?: string | undefined;
}

async function readEdits(
  parent: string,
  issue: Pick<IssueKey, "slot">,
  { folder = path.join(parent, issue.slot), read }: Saved = {},
): Promise<ReadEdits> {
  const file = path.join(parent, editsFileOf(issue));
  const text = await unlessMissing(readLocalText(file, { within: parent })).catch(
    (error: unknown) => {
      throw inputError(error, file);
    },
  );
  const { operations, unread } = parseOperations(text ?? "");
  const [digestText, writtenText, builtText] = await Promise.all(
    [ISSUE_FILES.digest, ISSUE_FILES.written, ISSUE_FILES.built].map(async (name) =>
      readBeside(folder, name),
    ),
  );
  const built = builtText === undefined ? undefined : parseBuiltDigest(builtText);
  const isUnknown = built?.isEdited ?? false;
  const known = { operations, unread, base: built, digestText, isUnknown };
  if (digestText === undefined) return { edits: known };
  // If the operations are lost, an edited digest is compared with the built one.
  const isLost = operations.length === 0 && EDITED_VERSION.test(writtenText ?? digestText);
  const beforeText = read ?? (isLost ? undefined : writtenText) ?? builtText;
  if (digestText === beforeText)
    return { edits: { ...known, base: built ?? parseBuiltDigest(digestText) } };
  const before = (beforeText === undefined ? undefined : parseBuiltDigest(beforeText)) ?? built;
  const saved = parseEdited(digestText, path.join(folder, ISSUE_FILES.digest), before);
  const digest = withStoryIds(saved.digest);
  const kept = `digest-${hashId(digestText)}.json`;
  if (!before) return { edits: { ...known, base: built ?? digest, isUnknown: true }, kept };
  const edits = { ...known, base: built ?? before };
  const written = isLost ? { ...before, version: digest.version } : before;
  const isOlder = digest.version !== written.version;
  const names = Array.from({ length: isOlder ? MOST_BUILT : 0 }, (_, at) => builtName(at + 1));
  const former = names.map(async (name) => readBeside(path.join(folder, EDITED), name));
  const changes = changesByHand(
    { ...saved, digest },
    { digest: written, base: edits.base, operations },
    {
      built: [builtText, ...(await Promise.all(former))].filter((one) => one !== undefined),
      kept: path.join(issue.slot, EDITED, kept),
    },
  );
  return { edits, changes, ...(isOlder && { kept }) };
}

function inodeOf(file: string): bigint | undefined {
  return statSync(file, { bigint: true, throwIfNoEntry: false })?.ino;
}

async function taken(lock: FileLock, { slot }: IssueKey, file: string): Promise<boolean> {
  try {
    return await lock.take();
  } catch (cause) {
    throw new BroadsheetError("OUTBOX_UNWRITABLE", `the issue ${slot} can't be locked`, {
      where: { file },
      fix: OUTBOX_FIX,
      cause,
    });
  }
}

function busy(slot: string, { name }: Holder): BroadsheetError {
  return new BroadsheetError(
    "OUTBOX_BUSY",
    `the issue ${slot} is being built or edited${name && ` by ${name}`}`,
    { fix: "wait for it to end, or end that process if it hangs" },
  );
}
