import { existsSync } from "node:fs";
import { BroadsheetError } from "../errors.ts";
import type { Holder, RunLock, Store, Trusting } from "./database.ts";
import type { Environment } from "./environment.ts";

/** A database of PostgreSQL. `beside`: the file where the store would be without DATABASE_URL. */
export interface DatabasePlace {
  readonly url: string;
  readonly beside?: string;
}

/** The place of a newsletter's state: the absolute path of an SQLite file, or a database. */
export type StorePlace = { readonly file: string } | DatabasePlace;

export interface NewsletterStore {
  readonly store: StorePlace;
  readonly slug: string;
}

/** The name of a store for people and programs: the path of the file, or "host/database". A URL may hold a password. */
export function storeName(place: StorePlace): string {
  if ("file" in place) return place.file;
  const { host, pathname } = new URL(place.url);
  return `${host}${pathname}`;
}

/** Whether there may be a store. It is a quick check, which loads no more code. */
export function mayHaveStore(place: StorePlace): boolean {
  return "url" in place || existsSync(place.file);
}

/**
 * Whether there is a store yet. The answer for a database of PostgreSQL is always true: its faults show when it is opened.
 * @throws BroadsheetError STORE_LOST if there was a store and its file is gone or empty; STORE_FAILED if the file can't be
 * checked: a list of another account must not count as an empty list.
 */
export async function hasStore(place: StorePlace, env?: Environment): Promise<boolean> {
  if ("url" in place) return true;
  const { hasStore } = await import("./sqlite/open-store.ts");
  return hasStore(place.file, env);
}

/**
 * Opens the store of a newsletter. Marks outside of the store record its last change. A store that is older than its
 * marks is a restored backup, which lacks later unsubscribes. The caller closes the store.
 * @throws BroadsheetError LEDGER_RESTORED; STORE_MOVED; STORE_*.
 */
export async function openStore(place: StorePlace, how: Trusting = {}): Promise<Store> {
  if ("url" in place) {
    const { openPostgres } = await import("./postgres/open-postgres.ts");
    return openPostgres(place.url, { ...how, beside: place.beside });
  }
  const { openSqlite } = await import("./sqlite/sqlite-store.ts");
  return openSqlite(place.file, how);
}

/** The lock of a newsletter's schedule. Sending has a lock of its own. */
export async function lockOfRuns({ store, slug }: NewsletterStore): Promise<RunLock> {
  if ("url" in store) return lockInJobs(store.url, `runs/${slug}`);
  const { FileLock } = await import("./sqlite/run-lock.ts");
  return new FileLock(`${store.file}-run`);
}

/** A lock for all machines that share a store. Undefined if the store has one sender. */
export async function sharedLock(store: StorePlace, name: string): Promise<RunLock | undefined> {
  return "url" in store ? lockInJobs(store.url, name) : undefined;
}

async function lockInJobs(url: string, queue: string): Promise<RunLock> {
  const { JobLock } = await import("./postgres/job-lock.ts");
  return new JobLock(url, queue);
}

/** The error of a run that finds the lock taken. `doing`: what the other run does. */
export function busyError(doing: string, { name }: Holder): BroadsheetError {
  return new BroadsheetError("LEDGER_BUSY", `another run is ${doing}${name && `: ${name}`}`, {
    fix: "nothing was sent; run it again when that one is done, or end that process if it hangs",
  });
}
