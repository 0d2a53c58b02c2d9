import type { Keyring } from "../keyring.ts";
import { secretChanged, unknownSecrets } from "../used-secrets.ts";
import { BroadsheetError } from "../../errors.ts";
import { type Database, bytesIn } from "../../platform/sqlite/database.ts";
import type { Leaving } from "./depart.ts";
import { forgetErased } from "./erased.ts";

type Signing = Pick<Leaving, "database" | "list">;

/** The fingerprints of the secrets that links of a newsletter went out with. */
export function usedSecrets(database: Database, newsletter: string): Uint8Array[] {
  return database
    .prepare(USED)
    .all(newsletter)
    .map((row) => bytesIn(row, "fingerprint"));
}

const USED = `
  SELECT fingerprint FROM used_secret JOIN list ON list.id = used_secret.list
  WHERE list.newsletter = ?`;

/** @throws BroadsheetError SECRET_CHANGED where links are out that the keyring doesn't know. */
export function assertSameSecret(
  { database, newsletter }: Pick<Leaving, "database" | "newsletter">,
  keyring: Keyring,
): void {
  if (unknownSecrets(usedSecrets(database, newsletter), keyring).length > 0) throw secretChanged();
}

/** Notes that links go out from now on that are signed with the key of today. */
export function noteSecret({ database, list }: Signing, { current }: Keyring): void {
  database.prepare(NOTE).run(list.id, current.fingerprint);
}

const NOTE = "INSERT INTO used_secret (list, fingerprint) VALUES (?, ?) ON CONFLICT DO NOTHING";

/** What is given up with a secret that is lost. */
export interface GivenUp {
  /** Whether links are out that it signed. */
  readonly links: boolean;
  /** How many erased addresses are kept out no more: nobody can tell them without it. */
  readonly erased: number;
}

/** Forgets the secrets that the keyring doesn't have. */
export function giveUpSecrets(
  { database, list, newsletter }: Signing & Pick<Leaving, "newsletter">,
  keyring: Keyring,
): GivenUp {
  const unknown = unknownSecrets(usedSecrets(database, newsletter), keyring);
  const forget = database.prepare("DELETE FROM used_secret WHERE list = ? AND fingerprint = ?");
  for (const fingerprint of unknown) forget.run(list.id, fingerprint);
  return { links: unknown.length > 0, erased: forgetErased(database, list.id, keyring) };
}

export function foreignReturn(): BroadsheetError {
  return new BroadsheetError(
    "TOKEN_INVALID",
    "what came back isn't of this newsletter: no token in it is one of ours",
    {
      fix: "nothing was changed; hand over the mail whole, in the folder of the newsletter that it was sent by, with the BROADSHEET_SECRET of then",
    },
  );
}

/** The same for every one: what was wrong would help only whoever forges them. */
export function invalidToken(): BroadsheetError {
  return new BroadsheetError(
    "TOKEN_INVALID",
    "this token ends no subscription to this newsletter",
    {
      fix: "take it whole from the mail's unsubscribe link, and check that BROADSHEET_SECRET is the one it was sent with",
    },
  );
}
