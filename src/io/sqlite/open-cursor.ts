import type { Config } from "../../config.ts";
import type { Clock } from "../clock.ts";
import { SqliteCursor } from "./cursor/sqlite-cursor.ts";
import { openStore, openToLook } from "./open-store.ts";

/**
 * What has been in the issues of a config's newsletter, and the health of its sources. Whoever only looks makes
 * no store where there is none. Whoever opens it closes it.
 * @throws BroadsheetError STORE_*.
 */
export async function openCursor(
  { store, slug }: Pick<Config, "store" | "slug">,
  clock: Clock,
  { isLooking = false }: { readonly isLooking?: boolean } = {},
): Promise<SqliteCursor> {
  const database = await (isLooking ? openToLook(store) : openStore(store));
  return new SqliteCursor(database, { newsletter: slug, clock });
}
