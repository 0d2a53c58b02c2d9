import type { Environment } from "../environment.ts";
import { type Database, restoredStore } from "./database.ts";
import { markAway, Watermarks } from "./watermarks.ts";
import { hasStore, openStore, openToLook } from "./open-store.ts";

export interface Trusting {
  /** Makes no store where there is none. */
  readonly isLooking?: boolean | undefined;
  readonly env?: Environment | undefined;
}

/**
 * The store of a newsletter, for whoever goes on from what it holds. A mark of how far it has come is kept beside it
 * and in the user's state folder, so that one that was restored from a backup is found out: it has forgotten who has
 * left. Whoever opens it closes it.
 * @throws BroadsheetError LEDGER_RESTORED; what `openStore` throws.
 */
export async function openTrusted(
  file: string,
  { isLooking = false, env }: Trusting = {},
): Promise<Database> {
  // Refuses one that is lost, where a new one would be begun in its place.
  hasStore(file, env);
  const database = await (isLooking ? openToLook(file) : openStore(file));
  try {
    assertLatest(database, env);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** @throws BroadsheetError LEDGER_RESTORED where the store is older than its marks. */
export function assertLatest(database: Database, env: Environment = process.env): void {
  const standing = new Watermarks(database, markAway(database, env)).check();
  if (standing.isRestored) throw restoredStore(database.file, standing);
}
