import { accessSync, constants, existsSync, rmSync, statSync, writeFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import type * as Sqlite from "node:sqlite";
import path from "node:path";
import { BroadsheetError, type BroadsheetErrorOptions, type ErrorCode } from "../../errors.ts";
import { fileError, ROOM } from "../file-error.ts";
import { makeFoldersSync, PRIVATE_FILE } from "../files/make-folders.ts";
import { type BoundValue, numberIn, type Row } from "../database.ts";

/**
 * Longer than any of our transactions. If the store is still busy after it, another process hangs.
 */
const WAIT_MS = 5_000;

export interface DatabaseOptions {
  /** The longest time to wait for other writers; five seconds by default. */
  readonly waitMs?: number;
  /** Whether the database is only read: nothing can be written then, and no file is made. */
  readonly isReadOnly?: boolean;
  /** Whether no other process writes to it meanwhile. Then it can be read even if no file can be made beside it. */
  readonly isImmutable?: boolean;
}

/** SQLite can't bind undefined. Values without one are not copied, since this runs for each of millions of rows. */
function bound(values: readonly BoundValue[]): readonly Sqlite.SQLInputValue[] {
  return isBindable(values) ? values : values.map((value) => value ?? null);
}

function isBindable(
  values: readonly BoundValue[],
): values is readonly Exclude<BoundValue, undefined>[] {
  return !values.includes(undefined);
}

/** A change by which a file is no longer the one that was opened. */
export type Displacement = "removed" | "replaced by another file" | "cut short";

/**
 * One SQLite file. A commit returns when it is on the disk, unless `syncLater` is on. Foreign keys are enforced, and the
 * wait for other writers has a limit. Declare it with `using`.
 */
export class SqliteDatabase {
  readonly file: string;
  readonly #database: Sqlite.DatabaseSync;
  readonly #statements = new Map<string, Sqlite.StatementSync>();
  #place: ReturnType<typeof placeOf>;
  /** The write-ahead log. Set while commits are synced later. */
  #log: FileHandle | undefined;

  constructor(file: string, options: DatabaseOptions = {}) {
    const { waitMs = WAIT_MS, isReadOnly = false, isImmutable = false } = options;
    this.file = file;
    this.#database = guarded(file, () => {
      const { DatabaseSync } = sqlite();
      const database = new DatabaseSync(isImmutable ? immutable(file) : file, {
        timeout: waitMs,
        defensive: true,
        readOnly: isReadOnly || isImmutable,
      });
      try {
        database.exec(SETTINGS);
        this.#place = placeOf(file);
        return database;
      } catch (error) {
        database.close();
        throw error;
      }
    });
  }

  get(sql: string, ...values: readonly BoundValue[]): Row | undefined {
    return guarded(this.file, () => this.#prepared(sql).get(...bound(values)));
  }

  all(sql: string, ...values: readonly BoundValue[]): Row[] {
    return guarded(this.file, () => this.#prepared(sql).all(...bound(values)));
  }

  /** Returns the number of rows that it changed. */
  run(sql: string, ...values: readonly BoundValue[]): number {
    return guarded(this.file, () => Number(this.#prepared(sql).run(...bound(values)).changes));
  }

  /** The statement of this text, prepared at its first use. */
  #prepared(sql: string): Sqlite.StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const prepared = this.#database.prepare(sql);
    this.#statements.set(sql, prepared);
    return prepared;
  }

  exec(sql: string): void {
    guarded(this.file, () => this.#database.exec(sql));
  }

  /** Runs `work` in a transaction: all of it is durable when this returns, and nothing of it is kept when it throws. */
  transaction<Result>(work: () => Result): Result {
    this.begin();
    try {
      const result = work();
      this.commit();
      return result;
    } catch (error) {
      this.rollback();
      throw error;
    }
  }

  /** Immediate: otherwise another process could write between the first read and the first write. */
  begin(): void {
    this.exec("BEGIN IMMEDIATE");
  }

  commit(): void {
    this.exec("COMMIT");
  }

  rollback(): void {
    // When the disk is full, SQLite has rolled back already.
    if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
  }

  get syncsLater(): boolean {
    return this.#log !== undefined;
  }

  /**
   * With `true`, a commit survives the death of the process at once, and a power cut when `sync` has resolved. A file
   * without a write-ahead log has each commit synced as before.
   */
  async syncLater(isLater: boolean): Promise<void> {
    const { journal_mode: mode } = this.get("PRAGMA journal_mode") ?? {};
    await this.#log?.close();
    // SQLite's locks are on other files, so that closing this descriptor releases none of them.
    const isLogged = isLater && mode === "wal";
    this.#log = isLogged ? await this.#synced(open(`${this.file}-wal`, "r+")) : undefined;
    this.exec(`PRAGMA synchronous = ${this.#log ? "NORMAL" : "FULL"}`);
  }

  /** Resolves when all commits so far are on the disk. Other work is not blocked. */
  async sync(): Promise<void> {
    await this.#synced(this.#log?.datasync());
  }

  async #synced<Result>(work: Promise<Result> | undefined): Promise<Result | undefined> {
    try {
      return await work;
    } catch (cause) {
      const what = `the store ${path.basename(this.file)} can't be written`;
      throw fileError(cause, "STORE_FAILED", what, { where: { file: this.file }, fix: CHECK });
    }
  }

  /** A number that changes when another connection writes. Writes of this connection don't change it. */
  get version(): number {
    return numberIn(this.get("PRAGMA data_version") ?? {}, "data_version");
  }

  /** The change to the file since it was opened; undefined if it is in its place and not shorter. */
  displacement(): Displacement | undefined {
    const [before, now] = [this.#place, placeOf(this.file)];
    if (!now) return "removed";
    if (now.ino !== before?.ino || now.dev !== before.dev) return "replaced by another file";
    if (now.size < before.size) return "cut short";
    this.#place = now;
    return undefined;
  }

  /** Writes all that this connection sees into a new file, even if the file itself or its folder was removed. */
  copyTo(file: string): void {
    makeFoldersSync(path.dirname(file));
    writeFileSync(file, "", { flag: "wx", mode: PRIVATE_FILE });
    this.run("VACUUM INTO ?", file);
    // The log stays in its place. SQLite would apply it to the next file of this name, so it is emptied.
    this.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  }

  close(): void {
    void this.#log?.close();
    this.#log = undefined;
    if (this.#database.isOpen) this.#database.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

const SETTINGS = `
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA trusted_schema = OFF;
  PRAGMA secure_delete = ON;
  PRAGMA journal_size_limit = 67108864;
`;

const CHECK = "check the disk, then run it again";

function placeOf(file: string) {
  return statSync(file, { bigint: true, throwIfNoEntry: false });
}

function immutable(file: string): URL {
  const url = pathToFileURL(file);
  url.searchParams.set("immutable", "1");
  return url;
}

/** Some versions of Node warn that their SQLite is experimental. A user can't do anything about it. */
function sqlite(): typeof Sqlite {
  const warn = process.emitWarning.bind(process);
  process.emitWarning = () => undefined;
  try {
    return process.getBuiltinModule("node:sqlite");
  } finally {
    process.emitWarning = warn;
  }
}

/** Runs `work`. An error of SQLite about the file becomes a BroadsheetError with a fix. */
function guarded<Result>(file: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw storeError(error, file);
  }
}

/** Makes a BroadsheetError of a failure of the file. Any other error is a mistake of the program and stays as it is. */
function storeError(error: unknown, file: string): unknown {
  const code = resultCode(error);
  const fault = code === undefined ? undefined : FAULTS.get(code);
  if (!fault) return error;
  const [kind, what, fix, reason] = fault;
  const said = `the store ${path.basename(file)} ${what}`;
  const options: BroadsheetErrorOptions = { where: { file }, fix, cause: error };
  const refusal = reason === undefined ? undefined : refusalAt(file);
  if (refusal !== undefined) return fileError(refusal, kind, said, options);
  return new BroadsheetError(kind, reason === undefined ? said : said + reason, options);
}

/** Larger than the space that a full disk may still have for small files. */
const PROBE_BYTES = 1024 * 1024;

/**
 * The error of the file system that caused an error of SQLite. SQLite does not report it, so a file is written beside the
 * store to get the same error. The store itself isn't opened: closing it would release SQLite's locks on it.
 */
function refusalAt(file: string): unknown {
  const probe = `${file}.probe-${process.pid}`;
  try {
    if (existsSync(file)) accessSync(file, constants.R_OK | constants.W_OK);
    writeFileSync(probe, Buffer.alloc(PROBE_BYTES), {
      flag: "wx",
      mode: PRIVATE_FILE,
      flush: true,
    });
    return undefined;
  } catch (error) {
    return error;
  } finally {
    rmSync(probe, { force: true });
  }
}

/** SQLite's primary result code, the low byte of the extended one. */
function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error)) return undefined;
  return Number(error.errcode) & 0xff;
}

const RECOVER =
  "nothing was changed; put a backup in its place, or save the readable part: sqlite3 FILE .recover";
const WRITABLE =
  "let it and its folder be writable for you, or name another with `store` in the config";

/** Named as SQLite names them, without SQLITE_ (https://sqlite.org/rescode.html). */
const RESULT = {
  BUSY: 5,
  LOCKED: 6,
  READONLY: 8,
  IOERR: 10,
  CORRUPT: 11,
  FULL: 13,
  CANTOPEN: 14,
  NOTADB: 26,
} as const;

/** The report of a failure. The optional reason is used only if the file system reports no error. */
type Fault = readonly [ErrorCode, what: string, fix: string, reason?: string];

const AGAIN = "run the command again when that program has finished";
const FAULTS: ReadonlyMap<number, Fault> = new Map<number, Fault>([
  [RESULT.BUSY, ["STORE_BUSY", "is in use by another program", AGAIN]],
  [RESULT.LOCKED, ["STORE_BUSY", "is in use by another program", AGAIN]],
  [RESULT.READONLY, ["STORE_UNWRITABLE", "can only be read", WRITABLE]],
  [RESULT.IOERR, ["STORE_FAILED", "can't be read or written", CHECK, ": the disk failed"]],
  [RESULT.CORRUPT, ["STORE_CORRUPT", "is damaged", RECOVER]],
  [RESULT.FULL, ["STORE_FAILED", "can't grow: the disk is full", ROOM]],
  [RESULT.CANTOPEN, ["STORE_UNWRITABLE", "can't be opened", WRITABLE, ""]],
  [RESULT.NOTADB, ["STORE_CORRUPT", "is not a store, or it is damaged", RECOVER]],
]);
