import type * as Sqlite from "node:sqlite";
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { guarded } from "./store-error.ts";

/** A value that goes into a statement; undefined is NULL. */
export type Value = string | number | Uint8Array | null | undefined;

/** A row as it comes out: read it with the functions of `row.ts`. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * Longer than any transaction of ours takes, so that whoever still finds the store busy has met something
 * that hangs.
 */
const WAIT_MS = 5_000;

export interface DatabaseOptions {
  /** How long to wait for others who write; five seconds by default. */
  readonly waitMs?: number;
  /** Whether it is only looked at: nothing can be written then, and no file is made. */
  readonly isReadOnly?: boolean;
  /** Whether nobody else writes into it meanwhile, so that it can be read where no file can be made beside it. */
  readonly isImmutable?: boolean;
}

/** One statement, prepared once. Its failures are told in our own words. */
export class Statement {
  readonly #statement: StatementSync;
  readonly #file: string;

  constructor(statement: StatementSync, file: string) {
    this.#statement = statement;
    this.#file = file;
  }

  /** How many rows it changed. */
  run(...values: readonly Value[]): number {
    return guarded(this.#file, () => Number(this.#statement.run(...bound(values)).changes));
  }

  get(...values: readonly Value[]): Row | undefined {
    return guarded(this.#file, () => this.#statement.get(...bound(values)));
  }

  all(...values: readonly Value[]): Row[] {
    return guarded(this.#file, () => this.#statement.all(...bound(values)));
  }
}

/** SQLite knows no undefined. What has none is bound as it comes: this runs for each of millions of rows. */
function bound(values: readonly Value[]): readonly SQLInputValue[] {
  return isBindable(values) ? values : values.map((value) => value ?? null);
}

function isBindable(values: readonly Value[]): values is readonly Exclude<Value, undefined>[] {
  return !values.includes(undefined);
}

/**
 * One SQLite file: write-ahead log, every commit on the disk before it counts, foreign keys kept, a wait
 * for others that ends. Whoever opens it closes it.
 */
export class Database {
  readonly file: string;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, Statement>();

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
        return database;
      } catch (error) {
        database.close();
        throw error;
      }
    });
  }

  /** The statement of this text, prepared at its first use. */
  prepare(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known) return known;
    const made = guarded(this.file, () => this.#database.prepare(sql));
    const statement = new Statement(made, this.file);
    this.#statements.set(sql, statement);
    return statement;
  }

  exec(sql: string): void {
    guarded(this.file, () => this.#database.exec(sql));
  }

  /** What `work` does is done whole, durably when this returns, or not at all when it throws. */
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

  /** Immediate: one that reads first and writes later could find that another has written in between. */
  begin(): void {
    this.exec("BEGIN IMMEDIATE");
  }

  commit(): void {
    this.exec("COMMIT");
  }

  rollback(): void {
    // A full disk has done it already.
    if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}

const SETTINGS = `
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA trusted_schema = OFF;
  PRAGMA secure_delete = ON;
  PRAGMA journal_size_limit = 67108864;
`;

function immutable(file: string): URL {
  const url = pathToFileURL(file);
  url.searchParams.set("immutable", "1");
  return url;
}

/** Some versions of Node warn that their SQLite is new. That is nothing that a user could act on. */
function sqlite(): typeof Sqlite {
  const warn = process.emitWarning.bind(process);
  process.emitWarning = () => undefined;
  try {
    return process.getBuiltinModule("node:sqlite");
  } finally {
    process.emitWarning = warn;
  }
}
