import { addressHash, type Key, type Keyring } from "../tokens.ts";
import { BroadsheetError } from "../../errors.ts";
import { numberIn, placeholders, type Queries } from "../../platform/database.ts";

/**
 * The keys that erased addresses of a list were hashed with.
 * @throws BroadsheetError SECRET_MISSING where one of them was hashed with a secret that isn't set.
 */
export async function keysOfErased(
  queries: Queries,
  list: number,
  keyring: Keyring | undefined,
): Promise<readonly Key[]> {
  const rows = await queries.all("SELECT DISTINCT key_id FROM erased WHERE list = ?", list);
  return rows.flatMap((row) => keysOf(numberIn(row, "key_id"), keyring));
}

/** Whether an address was erased; `keys` as `keysOfErased` returns them. */
export async function isErased(
  queries: Queries,
  list: number,
  { address, keys }: { readonly address: string; readonly keys: readonly Key[] },
): Promise<boolean> {
  for (const key of keys) {
    const row = await queries.get(HAS_HASH, list, addressHash(address, key));
    if (row) return true;
  }
  return false;
}

const HAS_HASH = "SELECT 1 FROM erased WHERE list = ? AND hash = ?";

export const FORGET_HASH = "DELETE FROM erased WHERE list = ? AND hash = ?";

/** An erasure is undone at the reader's own wish. Tokens from before are valid again too. */
export const REMEMBER_FORMER =
  "UPDATE former_subscriber SET address = ?, hash = NULL WHERE list = ? AND hash = ?";

/** Forgets the hashes made with a secret that the keyring doesn't have, and returns how many there were. */
export async function forgetErased(tx: Queries, list: number, { all }: Keyring): Promise<number> {
  const ids = all.map(({ id }) => id);
  return tx.run(
    `DELETE FROM erased WHERE list = ? AND key_id NOT IN ${placeholders(ids)}`,
    list,
    ...ids,
  );
}

function keysOf(id: number, keyring: Keyring | undefined): readonly Key[] {
  const keys = keyring?.all.filter((key) => key.id === id) ?? [];
  if (keys.length > 0) return keys;
  throw new BroadsheetError(
    "SECRET_MISSING",
    "addresses were erased from this list under a secret that isn't set, so it can't be said who must stay out",
    {
      fix: "set BROADSHEET_SECRET as it was then, or BROADSHEET_SECRET_OLD where there is a new one; where it is lost: broadsheet subscribers accept-secret",
    },
  );
}
