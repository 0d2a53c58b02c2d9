import { rename } from "node:fs/promises";
import { BroadsheetError } from "../../errors.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Store } from "../../platform/database.ts";
import type { Environment } from "../../platform/environment.ts";
import { unlessMissing } from "../../platform/file-error.ts";
import { homeElsewhere } from "../../platform/sqlite/home.ts";
import { hasStore, makeStore, openDatabase } from "../../platform/sqlite/open-store.ts";
import { SqliteStore } from "../../platform/sqlite/sqlite-store.ts";
import { markAway } from "../../platform/sqlite/watermarks.ts";
import { openStore, type StorePlace } from "../../platform/store.ts";
import type { Ledger } from "../ledger.ts";
import { type Accepted, acceptRestored } from "./ledger/accept-restored.ts";
import { SqliteLedger } from "./ledger/sqlite-ledger.ts";

export type { Accepted };

interface LedgerOptions {
  readonly clock: Clock;
  readonly env: Environment;
  /** The ledger is only read. A missing store is not created. */
  readonly isLooking?: boolean;
  /** The ledger is opened to send to a list. That is refused outside the store's home. */
  readonly isToSend?: boolean;
}

/**
 * The ledger of a store. The caller closes it.
 * @throws BroadsheetError STORE_*, LEDGER_RESTORED.
 */
export async function openLedger(
  place: StorePlace,
  { clock, env, ...how }: LedgerOptions,
): Promise<Ledger> {
  return ledgerIn(await openStore(place, { ...how, env }), { clock });
}

/**
 * The ledger in an open store. Closing the ledger closes the store. The code for PostgreSQL is loaded only when it is needed.
 */
export async function ledgerIn(store: Store, context: { readonly clock: Clock }): Promise<Ledger> {
  if (store instanceof SqliteStore) return new SqliteLedger(store, context);
  const { PostgresStore } = await import("../../platform/postgres/postgres-store.ts");
  const { PostgresLedger } = await import("./postgres/postgres-ledger.ts");
  if (store instanceof PostgresStore) return new PostgresLedger(store, context);
  throw new TypeError(`there is no ledger on ${store.engine}`);
}

/**
 * Accepts a store that was restored from a backup or was moved. If the store was lost, begins a new one in its place.
 * Undefined if the store is the latest and at home, or if there never was one.
 * @throws BroadsheetError STORE_*.
 */
export async function acceptStore(
  place: StorePlace,
  { clock, env }: { readonly clock: Clock; readonly env: Environment },
): Promise<Accepted | undefined> {
  if ("url" in place) return acceptDatabase(place.url, { clock, env });
  const { file } = place;
  const isNew = await isLost(file, env);
  if (isNew) {
    for (const end of ["", "-wal", "-shm"]) await setAside(file + end);
    await makeStore(file);
  } else if (!hasStore(file, env)) return undefined;
  const raw = await openDatabase(file, { env });
  const movedFrom = homeElsewhere(raw, env);
  const store = new SqliteStore(raw, markAway(raw, env));
  await using ledger = new SqliteLedger(store, { clock });
  const accepted = await ledger.acceptStore();
  if (movedFrom !== undefined) await ledger.settleHere();
  const isOlder = isNew || accepted !== undefined;
  if (!isOlder && movedFrom === undefined) return undefined;
  return { inDoubt: 0, lost: [], ...accepted, isNew, isOlder, movedFrom };
}

/** Accepts a PostgreSQL store that is a copy, was restored, or was on another server. */
async function acceptDatabase(
  url: string,
  { clock, env }: { readonly clock: Clock; readonly env: Environment },
): Promise<Accepted | undefined> {
  const { plannedIssues } = await import("../../platform/postgres/marks.ts");
  const { findStore, settled } = await import("../../platform/postgres/open-postgres.ts");
  const found = await findStore(url, { env });
  const { pool, marks, standing, reached } = found;
  try {
    const doubt = marks.doubtOf(standing, reached);
    if (!doubt) return undefined;
    let accepted: Accepted | undefined;
    await settled(found, async (tx) => {
      const { isOlder, lost, movedFrom } = marks.lossOf(standing, doubt, await plannedIssues(tx));
      const doubted = isOlder ? await acceptRestored(tx, clock, lost) : { inDoubt: 0, lost: [] };
      accepted = { ...doubted, isNew: false, isOlder, movedFrom };
    });
    return accepted;
  } finally {
    marks.close();
    await pool.end();
  }
}

async function isLost(file: string, env: Environment): Promise<boolean> {
  try {
    if (hasStore(file, env)) (await openDatabase(file, { env })).close();
    return false;
  } catch (error) {
    if (error instanceof BroadsheetError && error.code === "STORE_LOST") return true;
    throw error;
  }
}

/** Renames a damaged store and keeps it, because its data may be needed, such as a write-ahead log that was never merged. */
async function setAside(file: string): Promise<void> {
  await unlessMissing(rename(file, `${file}.lost`));
}
