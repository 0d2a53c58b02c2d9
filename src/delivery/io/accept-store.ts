import { isErrno } from "../../platform/file-error.ts";
import { rename } from "node:fs/promises";
import type { Environment } from "../../platform/environment.ts";
import { BroadsheetError } from "../../errors.ts";
import type { Clock } from "../../platform/clock.ts";
import type { AcceptedStore } from "./ledger/settle.ts";
import { openLedger } from "./open-ledger.ts";
import { hasStore, makeStore, openStore } from "../../platform/sqlite/open-store.ts";

export interface Accepted extends AcceptedStore {
  /** Whether it is one that knows nothing, in the place of one that was lost. */
  readonly isNew: boolean;
}

/**
 * Takes a store for what it is though it is older than what was done with it, or begins a new one in the place of
 * one that was lost. Undefined where it is the latest, or none has ever been there.
 * @throws BroadsheetError STORE_*.
 */
export async function acceptStore(
  file: string,
  circumstances: { readonly clock: Clock; readonly env: Environment },
): Promise<Accepted | undefined> {
  const isNew = await isLost(file, circumstances.env);
  if (isNew) {
    for (const end of ["", "-wal", "-shm"]) await setAside(file + end);
    await makeStore(file);
  } else if (!hasStore(file, circumstances.env)) return undefined;
  const ledger = await openLedger(file, { ...circumstances, isToBeAccepted: true });
  try {
    const accepted = ledger.acceptStore();
    return isNew
      ? { inDoubt: 0, lost: [], ...accepted, isNew }
      : accepted && { ...accepted, isNew };
  } finally {
    await ledger.close();
  }
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

/** Whoever mends a damaged store may still want what is in there, such as a log that was never folded in. */
async function setAside(file: string): Promise<void> {
  try {
    await rename(file, `${file}.lost`);
  } catch (error) {
    if (!isErrno(error, "ENOENT")) throw error;
  }
}
