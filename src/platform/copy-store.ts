import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { BroadsheetError } from "../errors.ts";
import { type BoundValue, fieldsOf, numberIn, type Queries, type Row, textIn } from "./database.ts";
import type { Environment } from "./environment.ts";
import { JOBS_SCHEMA } from "./postgres/migrations.ts";
import { findStore, openPostgres, untrusted } from "./postgres/open-postgres.ts";
import type { PostgresQueries } from "./postgres/postgres-store.ts";
import { SqliteDatabase } from "./sqlite/database.ts";
import { assertNotMoved, homeElsewhere, homeOf } from "./sqlite/home.ts";
import { emptyStore, makeStore, openDatabase } from "./sqlite/open-store.ts";
import { FileLock, lockFileOf } from "./sqlite/run-lock.ts";
import { SqliteStore } from "./sqlite/sqlite-store.ts";
import { markAway } from "./sqlite/watermarks.ts";
import { storeName, type StorePlace } from "./store.ts";

/*
 * A store is copied table by table, in the order of the primary keys, which both engines compare byte by byte. So the
 * same statements read and write on both, and equal tables have equal checksums.
 */

export interface CopyOptions {
  /** Whether the copy takes the place of the store. A copy into a database always does. */
  readonly isMove: boolean;
  readonly env: Environment;
}

export interface CopiedStore {
  readonly tables: readonly CopiedTable[];
  /** Whether commands refuse the copied store from now on. */
  readonly isMoved: boolean;
  /** Whether the copied store was the latest one, and not a backup. */
  readonly isLatest: boolean;
}

interface CopiedTable {
  readonly table: string;
  readonly rows: number;
  /** The checksum of all values, in hexadecimal. */
  readonly sha256: string;
}

/** Identifies a store in its marks. */
type Identity = ReturnType<typeof identityIn>;

/** A store to be copied. */
interface Source extends AsyncDisposable {
  /** Whether it is the latest store, so that issues may be sent from it. */
  readonly isLatest: boolean;
  /** Calls `work` in a transaction. If the store is moved, no other process can change it meanwhile. */
  read<Result>(work: (tx: Queries) => Promise<Result>): Promise<Result>;
  /** Called in that transaction when the store is marked as moved. A database has no marks outside it. */
  retire?(): void;
}

/** A new store. */
interface Target extends AsyncDisposable {
  /** Calls `work` in a transaction. Then the store is available to other processes. */
  write<Result>(work: (tx: Queries) => Promise<Result>, identity: Identity): Promise<Result>;
  /** Makes this the latest store, because the copied one is no longer used. */
  inherit(): Promise<void>;
}

/**
 * Copies a newsletter's store to a new one. Nothing can be sent from the copy until it is accepted.
 * @throws BroadsheetError FILE_EXISTS if the new store exists already; LEDGER_BUSY while an issue is being sent;
 * STORE_FAILED if the copy differs; STORE_MOVED if another copy has replaced the store before; STORE_*.
 */
export async function copyStore(
  from: StorePlace,
  to: StorePlace,
  options: CopyOptions,
): Promise<CopiedStore> {
  const isMove = options.isMove || "url" in to;
  await using source = await sourceOf(from, { ...options, isMove });
  await using target = await targetOf(to, from, options.env);
  const isMoved = source.isLatest && isMove;
  const tables = await source.read(async (reading) => {
    const identity = identityIn((await reading.get("SELECT uid, epoch FROM store")) ?? {});
    await assertIdle(reading, storeName(from));
    const copied = await target.write(async (writing) => copyTables(reading, writing), identity);
    // If this is interrupted, at most one of the two stores can send, because the copy is in doubt until `inherit`.
    if (isMoved) {
      // Commands refuse the store from now on.
      await reading.run(SET_HOME, homeIn("moved", to));
      source.retire?.();
    }
    return copied;
  });
  if (isMoved) await target.inherit();
  return { tables, isMoved, isLatest: source.isLatest };
}

async function copyTables(reading: Queries, writing: Queries): Promise<CopiedTable[]> {
  const copied: CopiedTable[] = [];
  for (const table of tablesOf()) {
    const before = await checksumOf(reading, table, async (rows) => insert(writing, table, rows));
    const after = await checksumOf(writing, table, async () => undefined);
    if (before.rows !== after.rows || before.sha256 !== after.sha256) {
      const what = `the copy of the table ${table.name} differs from the original (${after.rows} of ${before.rows} rows)`;
      throw new BroadsheetError("STORE_FAILED", what, { fix: "the copy was removed; try again" });
    }
    copied.push({ table: table.name, ...before });
  }
  return copied;
}

interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  readonly key: readonly string[];
}

/**
 * Not copied: each store has its own row in `store`, groups exist only during a sending, and deliveries are counted again.
 */
const LEFT_OUT: ReadonlySet<string> = new Set([
  "store",
  "delivery_count",
  "delivery_group",
  "delivery_turn",
]);

function nameIn(row: Row): string {
  return textIn(row, "name");
}

/** The tables in the order of their creation, so that each comes after the tables that it refers to. */
function tablesOf(): Table[] {
  using empty = emptyStore();
  const made = empty.all(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid",
  );
  const names = made.map(nameIn);
  return names
    .filter((name) => !LEFT_OUT.has(name))
    .map((name) => {
      const columns = empty.all(`SELECT name, pk FROM pragma_table_info(?)`, name);
      const key = columns
        .filter((column) => numberIn(column, "pk") > 0)
        .toSorted((a, b) => numberIn(a, "pk") - numberIn(b, "pk"));
      return { name, columns: columns.map(nameIn), key: key.map(nameIn) };
    });
}

/** The number of rows to copy at a time. SQLite allows 32,766 values in a statement. */
const ROWS = 500;
/** The number of rows at a time for tables with whole pictures and emails. */
const LARGE_ROWS = 10;

async function checksumOf(
  queries: Queries,
  { name, columns, key }: Table,
  each: (rows: readonly Row[]) => Promise<void>,
): Promise<{ readonly rows: number; readonly sha256: string }> {
  const limit = name.startsWith("issue_") ? LARGE_ROWS : ROWS;
  const order = key.join(", ");
  const select = `SELECT ${columns.join(", ")} FROM ${name}`;
  const after = `WHERE (${order}) > (${key.map(() => "?").join(", ")})`;
  const hash = createHash("sha256");
  let [rows, last]: [number, Row | undefined] = [0, undefined];
  for (;;) {
    const sql = `${select} ${last ? after : ""} ORDER BY ${order} LIMIT ${limit}`;
    const from = last;
    const page = await queries.all(
      sql,
      ...(from ? key.map((column) => valueIn(from, column)) : []),
    );
    if (page.length === 0) return { rows, sha256: hash.digest("hex") };
    for (const row of page) hash.update(textOf(columns.map((column) => valueIn(row, column))));
    await each(page);
    rows += page.length;
    last = page.at(-1);
  }
}

async function insert(
  queries: Queries,
  { name, columns }: Table,
  rows: readonly Row[],
): Promise<void> {
  const one = `(${columns.map(() => "?").join(", ")})`;
  const sql = `INSERT INTO ${name} (${columns.join(", ")}) VALUES ${rows.map(() => one).join(", ")}`;
  await queries.run(sql, ...rows.flatMap((row) => columns.map((column) => valueIn(row, column))));
}

function valueIn(row: Row, column: string): BoundValue {
  const value = row[column];
  // Text in PostgreSQL has no NUL.
  if (typeof value === "string") return value.replaceAll("\0", "");
  if (typeof value === "number" || value instanceof Uint8Array) return value;
  return null;
}

function textOf(values: readonly BoundValue[]): string {
  return `${JSON.stringify(
    values.map((value) =>
      value instanceof Uint8Array ? { bytes: Buffer.from(value).toString("base64") } : value,
    ),
  )}\n`;
}

/** @throws BroadsheetError LEDGER_BUSY. */
async function assertIdle(queries: Queries, name: string): Promise<void> {
  const open = await queries.get("SELECT count(*) AS count FROM delivery_group");
  if (numberIn(open ?? {}, "count") > 0) throw busy(name);
}

function busy(name: string): BroadsheetError {
  return new BroadsheetError("LEDGER_BUSY", `an issue is being sent from the store ${name}`, {
    fix: "copy it after the issue has been sent; if its sender has crashed, first run: broadsheet send ISSUE",
  });
}

async function sourceOf(place: StorePlace, options: CopyOptions): Promise<Source> {
  return "url" in place ? databaseSource(place.url, options) : fileSource(place.file, options);
}

async function targetOf(to: StorePlace, from: StorePlace, env: Environment): Promise<Target> {
  const home = homeIn("copied", from);
  return "url" in to ? databaseTarget(to.url, home) : fileTarget(to.file, home, env);
}

/** The `home` of a store that was copied or moved, with the other place. */
function homeIn(how: "arrived" | "copied" | "moved", place: StorePlace): string {
  if ("file" in place) return `${how} ${hostname()} ${path.resolve(place.file)}`;
  const [host = "", ...database] = storeName(place).split("/");
  return `${how} ${host} ${database.join("/")}`;
}

const SET_HOME = "UPDATE store SET home = ?";

async function fileSource(file: string, { env }: CopyOptions): Promise<Source> {
  if (!existsSync(file)) {
    throw new BroadsheetError("INPUT_MISSING", `there is no store ${file}`, {
      fix: "name the file of the store that is to be copied",
    });
  }
  await using opened = new AsyncDisposableStack();
  for (const lock of [new FileLock(lockFileOf(file)), new FileLock(`${file}-run`)]) {
    if (!(await lock.take())) throw busy(file);
    opened.defer(async () => lock.release());
  }
  const raw = await openDatabase(file, { env });
  const store = opened.use(new SqliteStore(raw, markAway(raw, env)));
  assertNotMoved(raw, homeOf(raw));
  const isLatest = !store.marks.check().isRestored && homeElsewhere(raw, env) === undefined;
  const kept = opened.move();
  return {
    isLatest,
    read: async (work) => store.transaction(work),
    retire: () => store.marks.retire(),
    [Symbol.asyncDispose]: async () => kept.disposeAsync(),
  };
}

async function databaseSource(url: string, { env, isMove }: CopyOptions): Promise<Source> {
  const store = await openPostgres(url, { env });
  return {
    isLatest: true,
    read: async (work) => {
      const whole = async (tx: PostgresQueries) => {
        // The lock stops all other processes, because each of their transactions begins by reading this table.
        if (isMove) await tx.executeSql("LOCK TABLE broadsheet.store IN ACCESS EXCLUSIVE MODE");
        const { rows } = await tx.executeSql(ACTIVE_JOBS);
        if (rows[0]?.["is_active"] === true) throw busy(store.name);
        return work(tx);
      };
      return isMove ? store.transaction(whole) : store.snapshot(whole);
    },
    [Symbol.asyncDispose]: async () => store.close(),
  };
}

/** Active jobs are shards that a worker holds, and runs of the schedule. */
const ACTIVE_JOBS = `SELECT EXISTS (SELECT 1 FROM ${JOBS_SCHEMA}.job WHERE state = 'active') AS is_active`;

const identityIn = fieldsOf({ uid: textIn, epoch: numberIn });

async function fileTarget(file: string, home: string, env: Environment): Promise<Target> {
  if (existsSync(file)) throw notEmpty(`there is a file ${file}`);
  const fresh = `${file}.copy-${randomUUID().slice(0, 8)}`;
  await makeStore(fresh);
  return {
    write: async <Result>(work: (tx: Queries) => Promise<Result>, { uid }: Identity) => {
      const done = await intoFile(fresh, async (tx) => {
        const done = await work(tx);
        await tx.run(COUNT_DELIVERIES);
        // The epoch is lower than any mark, so the copy counts as older.
        await tx.run("UPDATE store SET uid = ?, epoch = 1, home = ?", uid, home);
        return done;
      });
      await rename(fresh, file);
      return done;
    },
    inherit: async () => {
      const raw = new SqliteDatabase(file);
      await using store = new SqliteStore(raw, markAway(raw, env));
      store.marks.inherit();
    },
    [Symbol.asyncDispose]: async () => {
      for (const end of ["", "-journal"]) await rm(fresh + end, { force: true });
    },
  };
}

async function intoFile<Result>(file: string, work: (tx: Queries) => Promise<Result>) {
  await using store = new SqliteStore(new SqliteDatabase(file));
  return await store.transaction(work);
}

const COUNT_DELIVERIES = `
  INSERT INTO delivery_count (issue, state, count) SELECT issue, state, count(*) FROM delivery GROUP BY issue, state`;

async function databaseTarget(url: string, home: string): Promise<Target> {
  const tables = tablesOf();
  await using opened = new AsyncDisposableStack();
  const store = opened.use(untrusted(await findStore(url)));
  const assertEmpty = async (queries: Queries): Promise<void> => {
    for (const { name } of tables) {
      if (await queries.get(`SELECT 1 FROM ${name} LIMIT 1`))
        throw notEmpty(`the database ${store.name} has a store that is in use`);
    }
  };
  // Checked before the source is locked, because the source may be the same database.
  await assertEmpty(store);
  const kept = opened.move();
  return {
    write: async (work, { uid, epoch }) =>
      store.transaction(async (tx) => {
        await assertEmpty(tx);
        const done = await work(tx);
        for (const { name, columns } of tables)
          if (columns.includes("id")) await tx.executeSql(nextIdOf(name));
        await tx.run("UPDATE store SET uid = ?, epoch = ?, home = ?", uid, epoch, home);
        return done;
      }),
    inherit: async () => {
      await store.run(SET_HOME, home.replace(/^copied/, "arrived"));
    },
    [Symbol.asyncDispose]: async () => kept.disposeAsync(),
  };
}

function nextIdOf(table: string): string {
  const sequence = `pg_get_serial_sequence('broadsheet.${table}', 'id')`;
  return `SELECT setval(${sequence}, max(id)) FROM broadsheet.${table} HAVING max(id) > 0`;
}

function notEmpty(what: string): BroadsheetError {
  return new BroadsheetError("FILE_EXISTS", `${what}, and a copy needs a new file or database`, {
    fix: "name a file that does not exist yet, or a new database",
  });
}
