import type { Config } from "../../config/config.ts";
import type { Clock } from "../../platform/clock.ts";
import { SqliteCursor } from "./cursor/sqlite-cursor.ts";
import { openTrusted, type Trusting } from "../../platform/sqlite/open-trusted.ts";

/**
 * What has been in the issues of a config's newsletter, and the health of its sources. Whoever only looks makes
 * no store where there is none. Whoever opens it closes it.
 * @throws BroadsheetError STORE_*, LEDGER_RESTORED.
 */
export async function openCursor(
  { store, slug }: Pick<Config, "store" | "slug">,
  clock: Clock,
  how: Trusting = {},
): Promise<SqliteCursor> {
  const database = await openTrusted(store, how);
  return new SqliteCursor(database, { newsletter: slug, clock });
}
