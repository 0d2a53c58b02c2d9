import type { Config } from "../../config.ts";
import type { Clock } from "../clock.ts";
import { openStore, openToLook } from "./open-store.ts";
import { SqliteSlots } from "./slots/sqlite-slots.ts";

/**
 * What became of the slots of a config's newsletter. Whoever only looks makes no store where there is none. Whoever
 * opens it closes it.
 * @throws BroadsheetError STORE_*.
 */
export async function openSlots(
  { store, slug }: Pick<Config, "store" | "slug">,
  clock: Clock,
  { isLooking = false }: { readonly isLooking?: boolean } = {},
): Promise<SqliteSlots> {
  const database = await (isLooking ? openToLook(store) : openStore(store));
  return new SqliteSlots(database, { newsletter: slug, clock });
}
