import type { Row } from "./database.ts";

/*
 * What a column holds is decided by the schema (STRICT tables), so a value of another type is a mistake of
 * our own and thrown as one.
 */

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

/** What `read` makes of the column; undefined where it is NULL. */
export function optional<Value>(
  row: Row,
  column: string,
  read: (row: Row, column: string) => Value,
): Value | undefined {
  return row[column] === null || row[column] === undefined ? undefined : read(row, column);
}
