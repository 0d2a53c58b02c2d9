import type { Environment } from "../../platform/environment.ts";
import type { Clock } from "../../platform/clock.ts";
import { SqliteLedger } from "./ledger/sqlite-ledger.ts";
import { markAway } from "../../platform/sqlite/watermarks.ts";
import { openStore, hasStore, makeStore, openTrusted } from "../../platform/sqlite/open-store.ts";
import { unlessMissing } from "../../platform/file-error.ts";
import { rename } from "node:fs/promises";
import { BroadsheetError } from "../../errors.ts";
import type { AcceptedStore } from "./ledger/settle.ts";

interface LedgerOptions {
  readonly clock: Clock;
  readonly env: Environment;
  /** The ledger is only read: no store is made where there is none. */
  readonly isLooking?: boolean;
  /** A store that is older than its marks is opened too, to be accepted. */
  readonly isToBeAccepted?: boolean;
}

/**
 * The ledger of a store. The caller closes it.
 * @throws BroadsheetError STORE_*, LEDGER_RESTORED.
 */
export async function openLedger(
  file: string,
  { clock, env, isLooking = false, isToBeAccepted = false }: LedgerOptions,
): Promise<SqliteLedger> {
  const store = await (isToBeAccepted ? openStore(file) : openTrusted(file, { isLooking, env }));
  return new SqliteLedger(store, { clock, markAway: markAway(store, env) });
}

export interface Accepted extends AcceptedStore {
  /** Whether it is a new, empty store in the place of one that was lost. */
  readonly isNew: boolean;
}

/**
 * Accepts a store that is older than what was done with it, or begins a new one in the place of one that was lost.
 * Undefined where the store is the latest, or there never was one.
 * @throws BroadsheetError STORE_*.
 */
export async function acceptStore(
  file: string,
  options: { readonly clock: Clock; readonly env: Environment },
): Promise<Accepted | undefined> {
  const isNew = await isLost(file, options.env);
  if (isNew) {
    for (const end of ["", "-wal", "-shm"]) await setAside(file + end);
    await makeStore(file);
  } else if (!hasStore(file, options.env)) return undefined;
  await using ledger = await openLedger(file, { ...options, isToBeAccepted: true });
  const accepted = ledger.acceptStore();
  return isNew ? { inDoubt: 0, lost: [], ...accepted, isNew } : accepted && { ...accepted, isNew };
}

async function isLost(file: string, env: Environment): Promise<boolean> {
  try {
    if (hasStore(file, env)) (await openStore(file)).close();
    return false;
  } catch (error) {
    if (error instanceof BroadsheetError && error.code === "STORE_LOST") return true;
    throw error;
  }
}

/** A damaged store is renamed and kept: its data may be wanted, such as a write-ahead log that was never merged. */
async function setAside(file: string): Promise<void> {
  await unlessMissing(rename(file, `${file}.lost`));
}
