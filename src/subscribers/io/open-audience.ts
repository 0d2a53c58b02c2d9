import { keyringOf } from "../keyring.ts";
import type { Clock } from "../../platform/clock.ts";
import { SqliteAudience } from "./sqlite-audience.ts";
import { markAway } from "../../platform/sqlite/watermarks.ts";
import { openTrusted, type Trusting } from "../../platform/sqlite/open-trusted.ts";

/** What of a config says whose list it is. */
export interface ListConfig {
  /** The file of the store. */
  readonly store: string;
  readonly slug: string;
  readonly secrets: { readonly secret?: string; readonly oldSecrets?: readonly string[] };
}

/**
 * The subscribers of a config's newsletter. Whoever only looks makes no store where there is none. Whoever
 * opens them closes them.
 * @throws BroadsheetError STORE_*, LEDGER_RESTORED.
 */
export async function openAudience(
  { store, slug, secrets }: ListConfig,
  clock: Clock,
  how: Trusting = {},
): Promise<SqliteAudience> {
  const { secret, oldSecrets } = secrets;
  const database = await openTrusted(store, how);
  return new SqliteAudience(database, {
    newsletter: slug,
    clock,
    markAway: markAway(database, how.env ?? process.env),
    keyring: secret === undefined ? undefined : keyringOf(secret, oldSecrets),
  });
}
