import { AsyncLocalStorage } from "node:async_hooks";
import path from "node:path";
import type { BoundValue, Row } from "../database.ts";
import type { Queries, Store, Trusting } from "../database.ts";
import type { Environment } from "../environment.ts";
import type { SqliteDatabase } from "./database.ts";
import { assertAtHome, openTrusted } from "./open-store.ts";
import { FileLock, lockFileOf } from "./run-lock.ts";
import { markAway, raiseEpoch, Watermarks } from "./watermarks.ts";

/** A transaction whose work is not done yet. */
interface OpenTransaction {
  readonly store: SqliteStore;
  readonly isOver: Promise<void>;
}

/**
 * The open transactions of this process, by file. A second connection to the same file must not begin one meanwhile:
 * SQLite would block the thread that is to end the first one.
 */
const open = new Map<unknown, OpenTransaction>();

/** The transaction in which the code runs. */
const inside = new AsyncLocalStorage<OpenTransaction>();

/**
 * A store in an SQLite file. It has one connection, so that a statement that comes while a transaction is open waits
 * until that is over.
 */
export class SqliteStore implements Store {
  readonly engine = "sqlite";
  readonly name: string;
  /** The connection. Code that must not wait between two statements uses it in `atOnce`. */
  readonly raw: SqliteDatabase;
  readonly marks: Watermarks;
  readonly #line: unknown;

  constructor(raw: SqliteDatabase, away?: string) {
    this.raw = raw;
    this.marks = new Watermarks(raw, away);
    this.name = path.basename(raw.file);
    this.#line = raw.file === ":memory:" ? this : path.resolve(raw.file);
  }

  async get(sql: string, ...values: readonly BoundValue[]): Promise<Row | undefined> {
    while (open.get(this.#line)?.store === this) await this.#isFree();
    return this.raw.get(sql, ...values);
  }

  async all(sql: string, ...values: readonly BoundValue[]): Promise<Row[]> {
    while (open.get(this.#line)?.store === this) await this.#isFree();
    return this.raw.all(sql, ...values);
  }

  async run(sql: string, ...values: readonly BoundValue[]): Promise<number> {
    while (open.has(this.#line)) await this.#isFree();
    return this.raw.run(sql, ...values);
  }

  async transaction<Result>(work: (tx: Queries) => Promise<Result>): Promise<Result> {
    while (open.has(this.#line)) await this.#isFree();
    const { promise: isOver, resolve } = Promise.withResolvers<void>();
    const transaction = { store: this, isOver };
    this.raw.begin();
    open.set(this.#line, transaction);
    const tx = new Transaction(this.raw);
    try {
      const result = await inside.run(transaction, work, tx);
      this.raw.commit();
      return result;
    } catch (error) {
      this.raw.rollback();
      throw error;
    } finally {
      tx.end();
      open.delete(this.#line);
      resolve();
    }
  }

  async change<Result>(work: (tx: Queries) => Promise<Result>): Promise<Result> {
    const { result, epoch } = await this.transaction(async (tx) => ({
      result: await work(tx),
      epoch: raiseEpoch(this.raw),
    }));
    this.marks.raise(epoch);
    return result;
  }

  /** Changes the store as `change` does, within `atOnce`. */
  changeNow<Result>(work: () => Result): Result {
    const { result, epoch } = this.raw.transaction(() => ({
      result: work(),
      epoch: raiseEpoch(this.raw),
    }));
    this.marks.raise(epoch);
    return result;
  }

  /** Does `work` in one piece, while no transaction is open. It begins its own transactions. */
  async atOnce<Result>(work: (raw: SqliteDatabase) => Result): Promise<Result> {
    while (open.has(this.#line)) await this.#isFree();
    return work(this.raw);
  }

  async assertAtHome(env?: Environment): Promise<void> {
    assertAtHome(this.raw, env);
  }

  async scrub(): Promise<boolean> {
    const lock = new FileLock(lockFileOf(this.raw.file));
    if (!(await lock.take())) return false;
    try {
      await this.atOnce((raw) => raw.exec("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)"));
      return true;
    } finally {
      await lock.release();
    }
  }

  async close(): Promise<void> {
    this.marks.close();
    this.raw.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Resolves when the open transaction is over. Code inside of that transaction would wait for ever. */
  async #isFree(): Promise<void> {
    const transaction = open.get(this.#line);
    if (transaction && inside.getStore() === transaction)
      throw new Error("a statement inside of a transaction must use that transaction");
    await transaction?.isOver;
  }
}

class Transaction implements Queries {
  readonly engine = "sqlite";
  #raw: SqliteDatabase | undefined;

  constructor(raw: SqliteDatabase) {
    this.#raw = raw;
  }

  async get(sql: string, ...values: readonly BoundValue[]): Promise<Row | undefined> {
    return this.#open.get(sql, ...values);
  }

  async all(sql: string, ...values: readonly BoundValue[]): Promise<Row[]> {
    return this.#open.all(sql, ...values);
  }

  async run(sql: string, ...values: readonly BoundValue[]): Promise<number> {
    return this.#open.run(sql, ...values);
  }

  end(): void {
    this.#raw = undefined;
  }

  get #open(): SqliteDatabase {
    if (this.#raw) return this.#raw;
    throw new Error("the transaction of this statement is over");
  }
}

/**
 * The store in a file, as `openStore` in `platform/store.ts` opens it. The caller closes it.
 * @throws BroadsheetError LEDGER_RESTORED, STORE_*.
 */
export async function openSqlite(file: string, how: Trusting = {}): Promise<SqliteStore> {
  const raw = await openTrusted(file, how);
  return new SqliteStore(raw, markAway(raw, how.env ?? process.env));
}
