import type { Config } from "../../config/config.ts";
import type { Clock } from "../../platform/clock.ts";
import { openTrusted, type Trusting } from "../../platform/sqlite/open-trusted.ts";
import { SqliteSlots } from "./slots/sqlite-slots.ts";

/**
 * What became of the slots of a config's newsletter. Whoever only looks makes no store where there is none. Whoever
 * opens it closes it.
 * @throws BroadsheetError STORE_*, LEDGER_RESTORED.
 */
export async function openSlots(
  { store, slug }: Pick<Config, "store" | "slug">,
  clock: Clock,
  how: Trusting = {},
): Promise<SqliteSlots> {
  const database = await openTrusted(store, how);
  return new SqliteSlots(database, { newsletter: slug, clock });
}
