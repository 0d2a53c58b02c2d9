import { homedir } from "node:os";
import path from "node:path";
import type { Environment } from "../../config.ts";
import type { Clock } from "../clock.ts";
import type { Database } from "./database.ts";
import { SqliteLedger } from "./ledger/sqlite-ledger.ts";
import { openStore, openToLook } from "./open-store.ts";
import { textIn } from "./row.ts";

interface Circumstances {
  readonly clock: Clock;
  readonly env: Environment;
  /** Makes no store where there is none. */
  readonly isLooking?: boolean;
}

/**
 * The ledger of a store. A mark of how far it has come is kept beside it and in the user's state folder
 * (XDG Base Directory), so that a store that was restored from a backup is found out. Whoever opens it
 * closes it.
 * @throws BroadsheetError STORE_*.
 */
export async function openLedger(
  file: string,
  { clock, env, isLooking = false }: Circumstances,
): Promise<SqliteLedger> {
  const store = await (isLooking ? openToLook(file) : openStore(file));
  return new SqliteLedger(store, { clock, markAway: markAway(store, env) });
}

/** The file of the mark away from the store. */
export function markAway(store: Database, env: Environment): string {
  const root = env["XDG_STATE_HOME"] || path.join(homedir(), ".local", "state");
  const uid = textIn(store.prepare("SELECT uid FROM store").get() ?? {}, "uid");
  return path.join(root, "broadsheet", `${uid}.mark`);
}
