import { addressHash, type Key, type Keyring } from "../tokens.ts";
import { BroadsheetError } from "../../errors.ts";
import { type Database, numberIn } from "../../platform/sqlite/database.ts";

/** Recognises the erased addresses of a list by their hashes. */
export class ErasedAddresses {
  readonly #database: Database;
  readonly #list: number;
  /** The keys that erased addresses of the list were hashed with. */
  readonly #keys: readonly Key[];

  /** @throws BroadsheetError SECRET_MISSING where one of them was hashed with a secret that isn't set. */
  constructor(database: Database, list: number, keyring: Keyring | undefined) {
    this.#database = database;
    this.#list = list;
    this.#keys = database
      .prepare("SELECT DISTINCT key_id FROM erased WHERE list = ?")
      .all(list)
      .flatMap((row) => keysOf(numberIn(row, "key_id"), keyring));
  }

  has(address: string): boolean {
    return this.#hashes(address).some((hash) => this.#row("SELECT 1 FROM").get(this.#list, hash));
  }

  /** Undoes an erasure, at the reader's own wish. Tokens from before are valid again too. */
  forgive(address: string): void {
    for (const hash of this.#hashes(address)) {
      this.#row("DELETE FROM").run(this.#list, hash);
      this.#database.prepare(REMEMBER).run(address, this.#list, hash);
    }
  }

  #hashes(address: string): Buffer[] {
    return this.#keys.map((key) => addressHash(address, key));
  }

  #row(verb: "SELECT 1 FROM" | "DELETE FROM") {
    return this.#database.prepare(`${verb} erased WHERE list = ? AND hash = ?`);
  }
}

const REMEMBER =
  "UPDATE former_subscriber SET address = ?, hash = NULL WHERE list = ? AND hash = ?";

/** Forgets the hashes made with a secret that the keyring doesn't have, and returns how many there were. */
export function forgetErased(database: Database, list: number, { all }: Keyring): number {
  const ids = JSON.stringify(all.map(({ id }) => id));
  return database.prepare(FORGET).run(list, ids);
}

const FORGET =
  "DELETE FROM erased WHERE list = ? AND key_id NOT IN (SELECT value FROM json_each(?))";

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
