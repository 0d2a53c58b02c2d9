import type { Environment } from "./environment.ts";

/** A value that goes into a statement; undefined is NULL. */
export type BoundValue = string | number | Uint8Array | null | undefined;

/** A row of a result. The functions below read its columns. */
export type Row = Readonly<Record<string, unknown>>;

/** Statements on a database or in one of its transactions. Both engines understand their SQL. */
export interface Queries {
  readonly engine: "sqlite" | "postgres";
  get(sql: string, ...values: readonly BoundValue[]): Promise<Row | undefined>;
  all(sql: string, ...values: readonly BoundValue[]): Promise<Row[]>;
  /** Returns the number of rows that it changed. */
  run(sql: string, ...values: readonly BoundValue[]): Promise<number>;
}

export interface Database extends Queries, AsyncDisposable {
  /** The name in messages: the base name of the file, or "host/database". */
  readonly name: string;
  /**
   * Everything that `work` does is durable when this resolves, or nothing of it is done when it rejects. `work` uses only
   * the transaction that it gets, and waits for nothing else.
   */
  transaction<Result>(work: (tx: Queries) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** The database of a newsletter. Marks outside of it record its latest state, so that a restored backup is recognised. */
export interface Store extends Database {
  /** A transaction that is also in the marks when this resolves. Nothing may depend on it before. */
  change<Result>(work: (tx: Queries) => Promise<Result>): Promise<Result>;
  /** @throws BroadsheetError STORE_MOVED if the store is not at home, because it may be a copy of a store that still sends. */
  assertAtHome(env?: Environment): Promise<void>;
  /** Removes deleted rows from the pages of the file. Returns false while an issue is being sent, which would wait too long. */
  scrub(): Promise<boolean>;
}

/** A lock for one process at a time that sends or runs the schedule. */
export interface RunLock {
  /** Whether this process has the lock now. */
  take(): Promise<boolean>;
  release(): Promise<void>;
  /** The holder of the lock, as a note for people. No decision depends on its name, which can be empty. */
  holder(): Promise<Holder>;
}

export interface Holder {
  /** "process 7 on host, since 2026-11-24T07:00:00Z" */
  readonly name: string;
  /** The time since it took the lock; 0 if unknown. */
  readonly heldMs: number;
}

/** How a store is opened. */
export interface Trusting {
  /** Creates no store if there is none. */
  readonly isLooking?: boolean | undefined;
  /** Refuses a store whose home is another place. */
  readonly isToSend?: boolean | undefined;
  readonly env?: Environment | undefined;
}

/** The parameters of a statement for a list of values: `(?, ?)`. */
export function placeholders(values: readonly BoundValue[]): string {
  return `(${values.map(() => "?").join(", ")})`;
}

/* The schema decides the type of a column (in SQLite, by STRICT tables), so a value of another type is a bug in Broadsheet. */

export function textIn(row: Row, column: string): string {
  const value = row[column];
  if (typeof value === "string") return value;
  throw new TypeError(`${column} is ${typeof value} and not text`);
}

export function numberIn(row: Row, column: string): number {
  const value = row[column];
  if (typeof value === "number") return value;
  throw new TypeError(`${column} is ${typeof value} and not a number`);
}

export function bytesIn(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (value instanceof Uint8Array) return value;
  throw new TypeError(`${column} is ${typeof value} and not bytes`);
}

/** A moment, kept in milliseconds since 1970. */
export function dateIn(row: Row, column: string): Date {
  return new Date(numberIn(row, column));
}

type ReadColumn<Value> = (row: Row, column: string) => Value;

/** Reads a column with `read`; undefined if it is NULL. */
export function optional<Value>(
  row: Row,
  column: string,
  read: ReadColumn<Value>,
): Value | undefined {
  return row[column] === null || row[column] === undefined ? undefined : read(row, column);
}

/** A reader of a column that may be NULL. */
export function maybe<Value>(read: ReadColumn<Value>): ReadColumn<Value | undefined> {
  return (row, column) => optional(row, column, read);
}

/** Reads a column that holds one of some words. */
export function oneOf<Word extends string>(words: readonly Word[], what: string): ReadColumn<Word> {
  return (row, column) => {
    const text = textIn(row, column);
    const found = words.find((word) => word === text);
    if (found !== undefined) return found;
    throw new TypeError(`${text} is no ${what}`);
  };
}

type Shape = Readonly<Record<string, ReadColumn<unknown>>>;

/** The fields whose columns may be NULL. */
type Absent<Of extends Shape> = {
  [Field in keyof Of]: undefined extends ReturnType<Of[Field]> ? Field : never;
}[keyof Of];

type Fields<Of extends Shape> = {
  readonly [Field in Exclude<keyof Of, Absent<Of>>]: ReturnType<Of[Field]>;
} & { readonly [Field in Absent<Of>]?: Exclude<ReturnType<Of[Field]>, undefined> };

/**
 * A function that reads a row into an object: each field from the column of its name, which is in snake case. A field of
 * a column that is NULL is left out.
 */
export function fieldsOf<Of extends Shape>(shape: Of): (row: Row) => Fields<Of>;
export function fieldsOf(shape: Shape): (row: Row) => object {
  const columns = Object.entries(shape).map(([field, read]) => {
    const column = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    return { field, column, read };
  });
  return (row) => {
    const fields: Record<string, unknown> = {};
    for (const { field, column, read } of columns) {
      const value = read(row, column);
      if (value !== undefined) fields[field] = value;
    }
    return fields;
  };
}
