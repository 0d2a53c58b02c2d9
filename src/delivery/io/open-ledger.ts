import type { Environment } from "../../platform/environment.ts";
import type { Clock } from "../../platform/clock.ts";
import { SqliteLedger } from "./ledger/sqlite-ledger.ts";
import { markAway } from "../../platform/sqlite/watermarks.ts";
import { openStore, hasStore, makeStore, openTrusted } from "../../platform/sqlite/open-store.ts";
import { homeElsewhere } from "../../platform/sqlite/home.ts";
import { unlessMissing } from "../../platform/file-error.ts";
import { rename } from "node:fs/promises";
import { BroadsheetError } from "../../errors.ts";
import type { AcceptedStore } from "./ledger/settle.ts";

interface LedgerOptions {
  readonly clock: Clock;
  readonly env: Environment;
  /** The ledger is only read: no store is made where there is none. */
  readonly isLooking?: boolean;
  /** The ledger is opened to send to a list, which is only done where the store lives. */
  readonly isToSend?: boolean;
}

/**
 * The ledger of a store. The caller closes it.
 * @throws BroadsheetError STORE_*, LEDGER_RESTORED.
 */
export async function openLedger(
  file: string,
  { clock, env, isLooking = false, isToSend = false }: LedgerOptions,
): Promise<SqliteLedger> {
  const store = await openTrusted(file, { isLooking, isToSend, env });
  return new SqliteLedger(store, { clock, markAway: markAway(store, env) });
}

export interface Accepted extends AcceptedStore {
  /** Whether it is a new, empty store in the place of one that was lost. */
  readonly isNew: boolean;
  /** Whether something may have been done since that the store doesn't know. */
  readonly isOlder: boolean;
  /** Where the store lived; absent where that is here. */
  readonly movedFrom?: string | undefined;
}

/**
 * Accepts a store that is older than what was done with it, or that lives in another place, or begins a new one in the
 * place of one that was lost. Undefined where the store is the latest and at home, or there never was one.
 * @throws BroadsheetError STORE_*.
 */
export async function acceptStore(
  file: string,
  { clock, env }: { readonly clock: Clock; readonly env: Environment },
): Promise<Accepted | undefined> {
  const isNew = await isLost(file, env);
  if (isNew) {
    for (const end of ["", "-wal", "-shm"]) await setAside(file + end);
    await makeStore(file);
  } else if (!hasStore(file, env)) return undefined;
  const store = await openStore(file, { env });
  const movedFrom = homeElsewhere(store, env);
  await using ledger = new SqliteLedger(store, { clock, markAway: markAway(store, env) });
  const accepted = ledger.acceptStore();
  if (movedFrom !== undefined) ledger.settleHere();
  const isOlder = isNew || accepted !== undefined;
  if (!isOlder && movedFrom === undefined) return undefined;
  return { inDoubt: 0, lost: [], ...accepted, isNew, isOlder, movedFrom };
}

async function isLost(file: string, env: Environment): Promise<boolean> {
  try {
    if (hasStore(file, env)) (await openStore(file, { env })).close();
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
