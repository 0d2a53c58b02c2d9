import { keyringOf } from "../../audience/keyring.ts";
import type { Config } from "../../config.ts";
import type { Clock } from "../clock.ts";
import { SqliteAudience } from "./audience/sqlite-audience.ts";
import { openStore, openToLook } from "./open-store.ts";

/**
 * The subscribers of a config's newsletter. Whoever only looks makes no store where there is none. Whoever
 * opens them closes them.
 * @throws BroadsheetError STORE_*.
 */
export async function openAudience(
  { store, slug, secrets }: Pick<Config, "store" | "slug" | "secrets">,
  clock: Clock,
  { isLooking = false }: { readonly isLooking?: boolean } = {},
): Promise<SqliteAudience> {
  const { secret, oldSecrets } = secrets;
  const database = await (isLooking ? openToLook(store) : openStore(store));
  return new SqliteAudience(database, {
    newsletter: slug,
    clock,
    keyring: secret === undefined ? undefined : keyringOf(secret, oldSecrets),
  });
}
