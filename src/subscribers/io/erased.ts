import { addressHash, type Key, type Keyring } from "../tokens.ts";
import { BroadsheetError } from "../../errors.ts";
import { numberIn, placeholders, type Queries } from "../../platform/database.ts";

/**
 * The keys of the hashes of a list's erased addresses.
 * @throws BroadsheetError SECRET_MISSING if one of them belongs to a secret that is not set.
 */
export async function keysOfErased(
  queries: Queries,
  list: number,
  keyring: Keyring | undefined,
): Promise<readonly Key[]> {
  const rows = await queries.all("SELECT DISTINCT key_id FROM erased WHERE list = ?", list);
  return rows.flatMap((row) => keysOf(numberIn(row, "key_id"), keyring));
}

/** Whether an address was erased. `keysOfErased` returns the `keys`. */
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

/** Undoes an erasure when the reader subscribes again. The old tokens become valid again too. */
export const REMEMBER_FORMER =
  "UPDATE former_subscriber SET address = ?, hash = NULL WHERE list = ? AND hash = ?";

/** Deletes the hashes of secrets that the keyring does not have. Returns their number. */
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
    "addresses were erased from this list with a secret that is not set, so they can't be recognised",
    {
      fix: "set BROADSHEET_SECRET to the secret of that time, or BROADSHEET_SECRET_OLD if there is a new one; if it is lost: broadsheet subscribers accept-secret",
    },
  );
}
