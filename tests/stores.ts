import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Client, type QueryResult } from "pg";
import { vi } from "vitest";
import type { Store } from "../src/platform/database.ts";
import { migratePostgres } from "../src/platform/postgres/migrate.ts";
import { emptyStore } from "../src/platform/sqlite/open-store.ts";
import { SqliteStore } from "../src/platform/sqlite/sqlite-store.ts";
import { openStore, type StorePlace } from "../src/platform/store.ts";
import {
  ADMIN,
  newServer,
  PASSWORD,
  portFile,
  sharedFolder,
  startPooler,
} from "./postgres-server.ts";
import { newFolder } from "./temporary.ts";

/** For `describe.each`: all suites of the store run on both. */
export const ENGINES = ["sqlite", "postgres"] as const;
export type Engine = (typeof ENGINES)[number];

/** What keeps the newsletters of tests: tests/system/newsletters-on-postgres.system.ts runs them on PostgreSQL too. */
export const ENGINE: Engine = process.env["STORE_ENGINE"] === "postgres" ? "postgres" : "sqlite";

/** For `test.runIf`: whether a test runs that is about SQLite alone, for this reason. */
export function onSqlite(_reason: string): boolean {
  return ENGINE === "sqlite";
}

const places = new Map<string, Promise<StorePlace>>();

/** The place of the store of the newsletter in a folder, where its config names none. */
export async function placeIn(folder: string, engine = ENGINE): Promise<StorePlace> {
  const file = path.join(folder, ".broadsheet/broadsheet.db");
  if (engine === "sqlite") return { file };
  const place = places.get(folder) ?? newPlace(engine);
  places.set(folder, place);
  return place;
}

/** The setting with which commands find that store. */
export async function settingIn(folder: string): Promise<Readonly<Record<string, string>>> {
  const place = await placeIn(folder);
  return "url" in place ? { DATABASE_URL: place.url } : {};
}

/** Statements beside the store that change what it holds, or the time at which it happened. */
export async function changeIn(place: StorePlace, ...statements: readonly string[]): Promise<void> {
  if ("url" in place) return void (await inDatabase(place.url, OURS, ...statements));
  using database = new DatabaseSync(place.file);
  for (const statement of statements) database.exec(statement);
}

/** Tables are named as in SQLite. */
const OURS = "SET LOCAL search_path = broadsheet";

/** As if the processes that were killed had given no sign of life for long. On SQLite the kernel says that at once. */
export async function forgetKilled(place: StorePlace): Promise<void> {
  if ("file" in place) return;
  await inDatabase(
    place.url,
    "UPDATE broadsheet_jobs.job SET heartbeat_on = now() - interval '1 hour' WHERE state = 'active'",
    "UPDATE broadsheet_jobs.queue SET monitor_claim_on = NULL, monitor_on = NULL",
    "UPDATE broadsheet.run_worker SET seen_at = 0",
  );
}

/** Rows that the store holds. */
export async function rowsIn(place: StorePlace, query: string): Promise<object[]> {
  if ("url" in place) return [await inDatabase(place.url, OURS, query)].flat().at(-1)?.rows ?? [];
  using database = new DatabaseSync(place.file, { readOnly: true });
  return database.prepare(query).all();
}

/** The place of a new and empty store of a test's own. Nobody has to remove it. */
export async function newPlace(engine: Engine): Promise<StorePlace> {
  if (engine === "sqlite") return { file: path.join(await newFolder(), "store.sqlite") };
  return { url: await newDatabase() };
}

/** A new and empty store. The test closes it; marks are in a folder of its own. */
export async function newStore(engine: Engine): Promise<Store> {
  return openStore(await newPlace(engine), { env: { XDG_STATE_HOME: await newFolder() } });
}

/** The same where no test is about its disk. */
export async function anyStore(): Promise<Store> {
  return ENGINE === "sqlite" ? new SqliteStore(emptyStore()) : newStore(ENGINE);
}

/** The URL of a new database that has the tables of Broadsheet. */
export async function newDatabase(): Promise<string> {
  const [port = 0, through = 0] = await sharedServer();
  const name = newName();
  await asAdmin(
    port,
    `CREATE DATABASE ${name} OWNER ${USER} TEMPLATE ${TEMPLATE} STRATEGY FILE_COPY`,
  );
  return urlOf(through, name);
}

/** The URL of a new database without a table. */
export async function emptyDatabase(): Promise<string> {
  const [port = 0, through = 0] = await sharedServer();
  const name = newName();
  await asAdmin(port, `CREATE DATABASE ${name} OWNER ${USER}`);
  return urlOf(through, name);
}

/** Statements of the user who owns the database, beside the store. */
export async function inDatabase(
  url: string,
  ...statements: readonly string[]
): Promise<QueryResult> {
  const client = new Client(url);
  await client.connect();
  try {
    return await client.query(statements.join("; "));
  } finally {
    await client.end();
  }
}

/** Changes a setting of the database, for all connections from now on: those that are there are ended. */
export async function setDatabase(url: string, change: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  await inDatabase(url, `ALTER DATABASE ${name} ${change}`);
  await endConnections(url);
}

/** Ends all connections to a database, also those that PgBouncer keeps. */
export async function endConnections(url: string): Promise<void> {
  const admin = new URL(asSuperuser(url));
  const name = admin.pathname.slice(1);
  admin.pathname = "/postgres";
  const end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname";
  await inDatabase(admin.href, `${end} = '${name}'`);
}

/** The same as a superuser. */
export function asSuperuser(url: string): string {
  const address = new URL(url);
  address.username = ADMIN;
  return address.href;
}

/** An ordinary user. */
const USER = "newsletter";
const TEMPLATE = "newsletter_template";

function newName(): string {
  return `test_${randomBytes(6).toString("hex")}`;
}

function urlOf(port: number, database: string): string {
  return `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/${database}`;
}

async function asAdmin(port: number, ...statements: readonly string[]): Promise<void> {
  const url = asSuperuser(urlOf(port, "postgres"));
  for (const statement of statements) await inDatabase(url, statement);
}

let server: Promise<readonly number[]> | undefined;

/**
 * The ports of the server of this run of the tests, which the first test that needs it starts, and of the way to it: that
 * is PgBouncer where POSTGRES_POOLER is set.
 */
async function sharedServer(): Promise<readonly number[]> {
  server ??= joinServer();
  return server;
}

async function joinServer(): Promise<readonly number[]> {
  const folder = sharedFolder(process.env["TMPDIR"] ?? tmpdir());
  try {
    await mkdir(folder);
  } catch {
    // Another worker of this run is at it, or was.
    const text = await vi.waitFor(async () => readFile(portFile(folder), "utf8"), STARTS);
    return JSON.parse(text);
  }
  const port = await newServer(folder);
  await asAdmin(
    port,
    `CREATE ROLE ${USER} LOGIN PASSWORD '${PASSWORD}'`,
    `CREATE DATABASE ${TEMPLATE} OWNER ${USER}`,
  );
  await migratePostgres(urlOf(port, TEMPLATE));
  const ports = [port, process.env["POSTGRES_POOLER"] ? await startPooler(folder, port) : port];
  // The file is whole from its first moment.
  await writeFile(`${portFile(folder)}.new`, JSON.stringify(ports));
  await rename(`${portFile(folder)}.new`, portFile(folder));
  return ports;
}

const STARTS = { timeout: 300_000, interval: 50 };
