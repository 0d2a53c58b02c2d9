import { chmod, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import path from "node:path";
import { BroadsheetError } from "../../errors.ts";
import { errnoReason } from "../errno-reason.ts";
import { makeFolders } from "../make-folders.ts";
import { PRIVATE_FILE, PRIVATE_FOLDER } from "../modes.ts";
import { isErrno } from "../outbox/swap-folder.ts";
import { Database, type DatabaseOptions } from "./database.ts";
import { MIGRATIONS } from "./migrations.ts";
import { numberIn } from "./row.ts";

/** "BrSh": tells our files from everybody else's. */
const APPLICATION_ID = 0x42725368;

/** Whether there is a store yet. */
export function hasStore(file: string): boolean {
  return existsSync(file);
}

/**
 * The store of a newsletter: its subscribers and its ledger, in one SQLite file, made where it isn't there
 * and brought up to date where it is older than this version. Whoever opens it closes it.
 * @throws BroadsheetError STORE_CORRUPT, STORE_UNWRITABLE, STORE_FAILED, STORE_BUSY; STORE_TOO_NEW for one
 * that a later version wrote; STORE_FOREIGN for a file of another program. Nothing is changed then.
 */
export async function openStore(file: string, options?: DatabaseOptions): Promise<Database> {
  if (!hasStore(file)) await makePrivately(file);
  const database = new Database(file, options);
  try {
    checkOwner(database);
    checkVersion(database);
    // Not before: it is written into the file.
    database.exec("PRAGMA journal_mode = WAL");
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * The same for whoever only looks: empty where there is no store, which none is made for, and as it is where it
 * can't be written. Whoever opens it closes it.
 * @throws BroadsheetError as openStore does.
 */
export async function openToLook(file: string): Promise<Database> {
  if (!hasStore(file)) return emptyStore();
  try {
    return await openStore(file);
  } catch (error) {
    const store = isUnwritable(error) ? openAsItIs(file) : undefined;
    if (store) return store;
    throw error;
  }
}

/** Undefined where it can't be read either, or would have to be brought up to date first. */
function openAsItIs(file: string): Database | undefined {
  const readOnly = readable(file, { isReadOnly: true });
  // Without a log beside it all is in the file. With one, a file is needed to tell what it holds.
  if (readOnly || existsSync(`${file}-wal`)) return readOnly;
  return readable(file, { isImmutable: true });
}

function readable(file: string, options: DatabaseOptions): Database | undefined {
  let database: Database | undefined;
  try {
    database = new Database(file, options);
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
 * The same for whoever only looks and must change nothing, not even an older file; empty where there is no
 * store. Whoever opens it closes it.
 * @throws BroadsheetError STORE_CORRUPT, STORE_FAILED, STORE_BUSY, STORE_TOO_NEW, STORE_FOREIGN.
 */
export function lookAtStore(file: string, waitMs: number): Database {
  if (!hasStore(file)) return emptyStore();
  const database = new Database(file, { waitMs, isReadOnly: true });
  try {
    checkOwner(database);
    checkVersion(database);
    if (versionOf(database) > 0) return database;
  } catch (error) {
    database.close();
    throw error;
  }
  database.close();
  return emptyStore();
}

/** A store with nothing in it that is kept nowhere, for whoever only wants to look. */
export function emptyStore(): Database {
  const database = new Database(":memory:");
  migrate(database);
  return database;
}

/** Who reads the newsletter is nobody else's business: neither other users' nor a git repository's. */
async function makePrivately(file: string): Promise<void> {
  const folder = path.dirname(file);
  try {
    await makeFolders(folder);
    if (path.basename(folder) === ".broadsheet") {
      // What fetches pages may have made it, at a time when that was for all to see.
      await chmod(folder, PRIVATE_FOLDER).catch(() => undefined);
      await ignoreInGit(folder);
    }
    await writeFile(file, "", { mode: PRIVATE_FILE, flag: "a" });
  } catch (cause) {
    const what = `the store ${path.basename(file)} can't be made: ${errnoReason(cause)}`;
    throw new BroadsheetError("STORE_UNWRITABLE", what, {
      where: { file },
      fix: "let its folder be writable for you, or name another with `store` in the config",
      cause,
    });
  }
}

async function ignoreInGit(folder: string): Promise<void> {
  try {
    await writeFile(path.join(folder, ".gitignore"), "*\n", { flag: "wx", mode: PRIVATE_FILE });
  } catch (error) {
    if (!isErrno(error, "EEXIST")) throw error;
  }
}

function migrate(database: Database): void {
  if (versionOf(database) === MIGRATIONS.length) return;
  database.transaction(() => {
    // Another process may have done it while this one waited.
    checkVersion(database);
    for (const sql of MIGRATIONS.slice(versionOf(database))) database.exec(sql);
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  });
}

/** @throws BroadsheetError STORE_FOREIGN. */
export function checkOwner(database: Database): void {
  if (pragma(database, "application_id") === APPLICATION_ID || isEmpty(database)) return;
  throw new BroadsheetError(
    "STORE_FOREIGN",
    `${path.basename(database.file)} is the database of another program`,
    { where: { file: database.file }, fix: "name another file with `store` in the config" },
  );
}

function isEmpty(database: Database): boolean {
  const tables = database.prepare("SELECT count(*) AS count FROM sqlite_schema").get() ?? {};
  return numberIn(tables, "count") === 0;
}

/** @throws BroadsheetError STORE_TOO_NEW. */
export function checkVersion(database: Database): void {
  if (versionOf(database) <= MIGRATIONS.length) return;
  throw new BroadsheetError(
    "STORE_TOO_NEW",
    `the store ${path.basename(database.file)} was written by a newer version of Broadsheet`,
    {
      where: { file: database.file },
      fix: "install that version: npm install broadsheet@latest",
    },
  );
}

/** How many of the migrations it has been through. */
export function versionOf(database: Database): number {
  return pragma(database, "user_version");
}

function pragma(database: Database, name: "user_version" | "application_id"): number {
  return numberIn(database.prepare(`PRAGMA ${name}`).get() ?? {}, name);
}
