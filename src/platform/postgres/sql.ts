import type { BoundValue } from "../database.ts";

/** The time in milliseconds by the clock of the server, which all processes share. */
export const NOW = "CAST(1000 * extract(epoch FROM clock_timestamp()) AS BIGINT)";

/** A statement in the form for PostgreSQL. */
export interface PostgresQuery {
  readonly text: string;
  readonly values: readonly (string | number | Uint8Array)[];
}

/** Converts a statement from the SQL that both engines understand. */
export function toPostgres(sql: string, given: readonly BoundValue[]): PostgresQuery {
  const places = new Map<number, number>();
  const values: (string | number | Uint8Array)[] = [];
  const pieces = piecesOf(sql).map((piece) => {
    if (typeof piece === "string") return piece;
    const value = given[piece.value];
    // PostgreSQL can't infer the type of a parameter that is only compared with NULL.
    if (value === undefined || value === null) return "NULL";
    let place = places.get(piece.value);
    if (place === undefined) {
      place = values.push(typeof value === "string" ? withoutNul(value) : value);
      places.set(piece.value, place);
    }
    return `$${place}::${typeOf(value)}`;
  });
  return { text: pieces.join(""), values };
}

/** Text in PostgreSQL can't contain a NUL. */
function withoutNul(text: string): string {
  return text.includes("\0") ? text.replaceAll("\0", "") : text;
}

function typeOf(value: string | number | Uint8Array): string {
  if (typeof value === "string") return "text";
  if (typeof value === "number") return Number.isInteger(value) ? "int8" : "float8";
  return "bytea";
}

/** Text of the statement, or the index of a value. */
type Piece = string | { readonly value: number };

const known = new Map<string, readonly Piece[]>();

function piecesOf(sql: string): readonly Piece[] {
  const found = known.get(sql);
  if (found) return found;
  const pieces = parse(sql);
  known.set(sql, pieces);
  return pieces;
}

/** A string, a name or a comment, in which a question mark is not a parameter; or a parameter. */
const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\?(\d*)/g;

function parse(sql: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let [from, count] = [0, 0];
  for (const { 0: token, 1: number, index: at } of sql.matchAll(TOKEN)) {
    if (number === undefined) continue;
    const index = number === "" ? count + 1 : Number(number);
    count = Math.max(count, index);
    pieces.push(sql.slice(from, at), { value: index - 1 });
    from = at + token.length;
  }
  return [...pieces, sql.slice(from)];
}
