import { randomUUID } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { chmod, link, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Environment } from "../environment.ts";
import { BroadsheetError } from "../../errors.ts";
import { fileError, isErrno } from "../file-error.ts";
import { makeFolders, PRIVATE_FILE, PRIVATE_FOLDER } from "../files/make-folders.ts";
import type { Trusting } from "../database.ts";
import { numberIn } from "../database.ts";
import { SqliteDatabase, type DatabaseOptions, type Displacement } from "./database.ts";
import {
  tellsOfData,
  markOfPlace,
  markBeside,
  stateFolder,
  markAway,
  type StoreCheck,
  Watermarks,
} from "./watermarks.ts";
import { MIGRATIONS, STORE_ROW } from "./migrations.ts";
import { adoptHome, assertNotMoved, homeElsewhere, homeOf, homeText } from "./home.ts";

interface StoreOptions extends DatabaseOptions {
  /** Decides which place this is. Default: `process.env`. */
  readonly env?: Environment | undefined;
}

/** "BrSh": marks a file as one of Broadsheet's. */
const APPLICATION_ID = 0x42725368;

/**
 * Whether there is a store yet.
 * @throws BroadsheetError STORE_LOST if there was a store and its file is gone or empty; STORE_FAILED if the file can't be
 * checked: a list of another account must not count as an empty list.
 */
export function hasStore(file: string, env: Environment = process.env): boolean {
  const bytes = sizeOf(file);
  // A new store gets its name only when it is complete. An empty file comes from a full disk or a failed copy.
  if (bytes === 0) throw lostStore(file, "is empty, 0 bytes");
  if (bytes !== undefined) return true;
  const mark = markBeside(file).read();
  if (mark && tellsOfData(mark)) {
    throw lostStore(file, "is missing, and the mark beside it shows that it was in use");
  }
  const state = stateFolder(env);
  const ofPlace = markOfPlace(state, file);
  if (ofPlace && tellsOfData(ofPlace)) {
    throw lostStore(file, `is missing, and its mark in ${state} shows that it was in use`);
  }
  return false;
}

function sizeOf(file: string): number | undefined {
  try {
    return statSync(file).size;
  } catch (cause) {
    if (isErrno(cause, "ENOENT", "ENOTDIR")) return undefined;
    throw fileError(cause, "STORE_FAILED", `the store ${path.basename(file)} can't be read`, {
      where: { file },
      fix: "run it as the account that the newsletter belongs to, or let this one read its folder",
    });
  }
}

const ACCEPT = "broadsheet reconcile --accept-store";

const PUT_BACK = `put its latest backup back. Only if there is no backup, begin a store without subscribers and unsubscribes: ${ACCEPT}`;

/** The error for a store that is missing or empty. `how` ends its sentence. */
function lostStore(file: string, how: string): BroadsheetError {
  const what = `the store ${path.basename(file)} ${how}, so nothing is sent`;
  return new BroadsheetError("STORE_LOST", what, { where: { file }, fix: PUT_BACK });
}

/** The error for a store that may be a restored backup. `isOlder`: the store is older than its mark. */
export function restoredStore(
  file: string,
  { isOlder, livesIn }: Pick<StoreCheck, "isOlder" | "livesIn">,
): BroadsheetError {
  const why = isOlder
    ? "is an older copy, such as a restored backup, and lacks the later deliveries and unsubscribes"
    : "has no mark that shows that it is the latest one, so it may be a copy that lacks deliveries and unsubscribes";
  const latest = livesIn
    ? `use the latest store, ${homeText(livesIn)}`
    : "put the latest store back";
  const what = `the store ${path.basename(file)} ${why}. Nothing is sent from it`;
  return new BroadsheetError("LEDGER_RESTORED", what, {
    where: { file },
    fix: `${latest}. Only if it is lost, accept this one as it is: ${ACCEPT}`,
  });
}

/**
 * The store of a newsletter: its subscribers and its ledger, in one SQLite file. A missing file is made, and an older
 * version of it is migrated. A store without a home gets this place as its home. The caller closes it.
 * @throws BroadsheetError STORE_CORRUPT, STORE_UNWRITABLE, STORE_FAILED, STORE_BUSY, STORE_LOST; STORE_TOO_NEW
 * for a file of a later version; STORE_FOREIGN for a file of another program. Nothing is changed then.
 */
export async function openDatabase(
  file: string,
  { env = process.env, ...options }: StoreOptions = {},
): Promise<SqliteDatabase> {
  if (!hasStore(file, env)) await makeStore(file);
  const database = new SqliteDatabase(file, options);
  try {
    checkOwner(database);
    checkVersion(database);
    // This is written into the file, so the file must be checked first.
    database.exec("PRAGMA journal_mode = WAL");
    migrate(database);
    adoptHome(database, env);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Opens the store of a newsletter for reading. If there is no store, the result is an empty one in memory. A store that
 * can't be written is opened read-only. The caller closes it.
 * @throws BroadsheetError as openDatabase does.
 */
export async function openToLook(
  file: string,
  options: StoreOptions = {},
): Promise<SqliteDatabase> {
  if (!hasStore(file, options.env)) return emptyStore();
  try {
    return await openDatabase(file, options);
  } catch (error) {
    const store = isUnwritable(error) ? openAsItIs(file) : undefined;
    if (store) return store;
    throw error;
  }
}

/** Opens a store only for reading; undefined if that fails too, or if it needs migrations first. */
function openAsItIs(file: string): SqliteDatabase | undefined {
  const readOnly = readable(file, { isReadOnly: true });
  // Without a log beside it, the file has everything. With one, SQLite must write a file to read the log.
  if (readOnly || existsSync(`${file}-wal`)) return readOnly;
  return readable(file, { isImmutable: true });
}

function readable(file: string, options: DatabaseOptions): SqliteDatabase | undefined {
  let database: SqliteDatabase | undefined;
  try {
    database = new SqliteDatabase(file, options);
    checkOwner(database);
    checkVersion(database);
    if (versionOf(database) === MIGRATIONS.length) return database;
  } catch (error) {
    if (!isUnwritable(error)) throw error;
  }
  database?.close();
  return undefined;
}

function isUnwritable(error: unknown): boolean {
  return error instanceof BroadsheetError && error.code === "STORE_UNWRITABLE";
}

/**
 * Opens the store read-only. If there is no file, the result is an empty store in memory. An older file is migrated first.
 * The caller closes it.
 * @throws BroadsheetError STORE_CORRUPT, STORE_FAILED, STORE_BUSY, STORE_LOST, STORE_TOO_NEW, STORE_FOREIGN.
 */
export function lookAtStore(file: string, waitMs: number): SqliteDatabase {
  if (!hasStore(file)) return emptyStore();
  const options = { waitMs, isReadOnly: true };
  const store = readable(file, options);
  if (store) return store;
  using older = new SqliteDatabase(file, { waitMs });
  migrate(older);
  return new SqliteDatabase(file, options);
}

/** An empty store in memory, for code that reads a store which does not exist. */
export function emptyStore(): SqliteDatabase {
  const database = new SqliteDatabase(":memory:");
  migrate(database);
  return database;
}

/**
 * Makes a store if there is none. The list of readers is private: other accounts can't read the file, and git ignores it.
 */
export async function makeStore(file: string): Promise<void> {
  const folder = path.dirname(file);
  try {
    await makeFolders(folder);
    if (path.basename(folder) === ".broadsheet") {
      // The cache of pages may have made this folder, readable for all.
      await chmod(folder, PRIVATE_FOLDER).catch(() => undefined);
      await ignoreInGit(folder);
    }
    await placeWhole(file);
  } catch (cause) {
    if (cause instanceof BroadsheetError) throw cause;
    throw fileError(cause, "STORE_UNWRITABLE", `the store ${path.basename(file)} can't be made`, {
      where: { file },
      fix: "let its folder be writable for you, or name another with `store` in the config",
    });
  }
}

/** Makes the store under another name and then links it, so that it is always complete. The first process wins. */
async function placeWhole(file: string): Promise<void> {
  const fresh = `${file}.new-${randomUUID().slice(0, 8)}`;
  try {
    await writeFile(fresh, "", { mode: PRIVATE_FILE, flag: "wx" });
    const database = new SqliteDatabase(fresh);
    try {
      migrate(database);
    } finally {
      database.close();
    }
    await place(fresh, file);
  } finally {
    for (const end of ["", "-journal"]) await rm(fresh + end, { force: true });
  }
}

async function place(fresh: string, file: string): Promise<void> {
  try {
    await link(fresh, file);
  } catch (error) {
    if (isErrno(error, "EEXIST")) return;
    // Some file systems have no hard links.
    if (!isErrno(error, "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS")) throw error;
    await rename(fresh, file);
  }
}

async function ignoreInGit(folder: string): Promise<void> {
  try {
    await writeFile(path.join(folder, ".gitignore"), "*\n", { flag: "wx", mode: PRIVATE_FILE });
  } catch (error) {
    if (!isErrno(error, "EEXIST")) throw error;
  }
}

function migrate(database: SqliteDatabase): void {
  if (versionOf(database) === MIGRATIONS.length) return;
  database.transaction(() => {
    // Another process may have done it while this one waited.
    checkVersion(database);
    const version = versionOf(database);
    database.exec(version === 0 ? schema() : MIGRATIONS.slice(version).join("\n"));
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  });
}

let schemaOfNewStores: string | undefined;

/** The schema after all migrations. The migrations themselves take ten times as long, because most of them rebuild tables. */
function schema(): string {
  if (schemaOfNewStores !== undefined) return schemaOfNewStores;
  using model = new SqliteDatabase(":memory:");
  model.exec(MIGRATIONS.join("\n"));
  const made = model.all(
    "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid",
  );
  schemaOfNewStores = [...made.map(({ sql }) => `${String(sql)};`), STORE_ROW].join("\n");
  return schemaOfNewStores;
}

/** @throws BroadsheetError STORE_FOREIGN; STORE_LOST for a database without a table, since a store always has tables. */
export function checkOwner(database: SqliteDatabase): void {
  if (pragma(database, "application_id") === APPLICATION_ID) return;
  if (isEmpty(database)) throw lostStore(database.file, "is empty, a database without a table");
  throw new BroadsheetError(
    "STORE_FOREIGN",
    `${path.basename(database.file)} is the database of another program`,
    { where: { file: database.file }, fix: "name another file with `store` in the config" },
  );
}

function isEmpty(database: SqliteDatabase): boolean {
  const tables = database.get("SELECT count(*) AS count FROM sqlite_schema") ?? {};
  return numberIn(tables, "count") === 0;
}

/** @throws BroadsheetError STORE_TOO_NEW. */
export function checkVersion(database: SqliteDatabase): void {
  if (versionOf(database) <= MIGRATIONS.length) return;
  throw new BroadsheetError(
    "STORE_TOO_NEW",
    `the store ${path.basename(database.file)} was written by a newer version of Broadsheet`,
    {
      where: { file: database.file },
      fix: "install the newer version, as the README says under Your own newsletter",
    },
  );
}

/** The number of migrations that the store has been through. */
export function versionOf(database: SqliteDatabase): number {
  return pragma(database, "user_version");
}

function pragma(database: SqliteDatabase, name: "user_version" | "application_id"): number {
  return numberIn(database.get(`PRAGMA ${name}`) ?? {}, name);
}

/** @throws BroadsheetError STORE_MOVED if the store is not at its home: it may be a copy of a store that sends there. */
export function assertAtHome(database: SqliteDatabase, env: Environment = process.env): void {
  const { file } = database;
  const home = homeElsewhere(database, env);
  if (home === undefined) return;
  const what = `the store ${path.basename(file)} belongs to ${home}, and nothing is sent from another place`;
  throw new BroadsheetError("STORE_MOVED", what, {
    where: { file },
    fix: `send from there. To send from here instead, first stop Broadsheet there, then run: ${ACCEPT}. In a container or a CI runner set BROADSHEET_STORE_PLACE=any`,
  });
}

/** @throws BroadsheetError STORE_LOST if the file is no longer the one that was opened. */
export function assertInPlace(database: SqliteDatabase): void {
  const how = database.displacement();
  if (how) throw displacedStore(database.file, how);
}

/** Checks the file as `assertInPlace` does, and saves this process's copy of a store that was removed or replaced. */
export function saveDisplaced(database: SqliteDatabase): void {
  const how = database.displacement();
  if (how === undefined) return;
  const saved = `${database.file}.saved-${randomUUID().slice(0, 8)}`;
  if (how !== "cut short") database.copyTo(saved);
  throw displacedStore(database.file, how, how === "cut short" ? undefined : saved);
}

function displacedStore(file: string, how: Displacement, saved?: string): BroadsheetError {
  const has = saved === undefined ? "" : `. All deliveries so far are in ${path.basename(saved)}`;
  const what = `the store ${path.basename(file)} was ${how} while an issue was being sent from it, so the sending was stopped${has}`;
  return new BroadsheetError("STORE_LOST", what, {
    where: { file },
    fix:
      saved === undefined
        ? PUT_BACK
        : `stop all programs that use the store, put the saved one back, and send the issue again to the remaining readers: rm -f ${file}-wal ${file}-shm && mv ${saved} ${file}`,
  });
}

/**
 * The store of a newsletter, if it is the latest one. A mark of its last change is kept beside it and in the user's state
 * folder. A store that is older than its mark is a restored backup, which lacks later unsubscribes. The caller closes it.
 * @throws BroadsheetError LEDGER_RESTORED; STORE_MOVED; what `openDatabase` throws.
 */
export async function openTrusted(
  file: string,
  { isLooking = false, isToSend = false, env = process.env }: Trusting = {},
): Promise<SqliteDatabase> {
  const database = await (isLooking ? openToLook(file, { env }) : openDatabase(file, { env }));
  try {
    assertLatest(database, env);
    if (isToSend) assertAtHome(database, env);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** @throws BroadsheetError LEDGER_RESTORED if the store is older than its marks, STORE_MOVED if a copy took its place. */
export function assertLatest(database: SqliteDatabase, env: Environment = process.env): void {
  assertNotMoved(database, homeOf(database));
  const check = new Watermarks(database, markAway(database, env)).check();
  if (check.isRestored) throw restoredStore(database.file, check);
}
