import { type Keyring, secretChanged, unknownSecrets } from "../keyring.ts";
import { BroadsheetError } from "../../errors.ts";
import { type Database, bytesIn } from "../../platform/sqlite/database.ts";
import type { ListContext } from "./depart.ts";
import { forgetErased } from "./erased.ts";

type Signing = Pick<ListContext, "database" | "list">;

/** The fingerprints of the secrets that sent links of a newsletter are signed with. */
export function usedSecrets(database: Database, newsletter: string): Uint8Array[] {
  return database
    .prepare(USED)
    .all(newsletter)
    .map((row) => bytesIn(row, "fingerprint"));
}

const USED = `
  SELECT fingerprint FROM used_secret JOIN list ON list.id = used_secret.list
  WHERE list.newsletter = ?`;

/** @throws BroadsheetError SECRET_CHANGED where links were sent that are signed with a secret that isn't set. */
export function assertSameSecret(
  { database, newsletter }: Pick<ListContext, "database" | "newsletter">,
  keyring: Keyring,
): void {
  if (unknownSecrets(usedSecrets(database, newsletter), keyring).length > 0) throw secretChanged();
}

/** Notes that links signed with the current key are sent from now on. */
export function noteSecret({ database, list }: Signing, { current }: Keyring): void {
  database.prepare(NOTE).run(list.id, current.fingerprint);
}

const NOTE = "INSERT INTO used_secret (list, fingerprint) VALUES (?, ?) ON CONFLICT DO NOTHING";

/** What is given up with a secret that is lost. */
export interface GivenUp {
  /** Whether links were sent that the lost secret signed. */
  readonly links: boolean;
  /** How many erased addresses can't be recognised any more. */
  readonly erased: number;
}

/** Forgets the secrets that the keyring doesn't have. */
export function giveUpSecrets(
  { database, list, newsletter }: Signing & Pick<ListContext, "newsletter">,
  keyring: Keyring,
): GivenUp {
  const unknown = unknownSecrets(usedSecrets(database, newsletter), keyring);
  const forget = database.prepare("DELETE FROM used_secret WHERE list = ? AND fingerprint = ?");
  for (const fingerprint of unknown) forget.run(list.id, fingerprint);
  return { links: unknown.length > 0, erased: forgetErased(database, list.id, keyring) };
}

export function foreignBounce(): BroadsheetError {
  return new BroadsheetError(
    "TOKEN_INVALID",
    "the bounce isn't of this newsletter: no token in it is one of ours",
    {
      fix: "nothing was changed; hand over the mail whole, in the folder of the newsletter that it was sent by, with the BROADSHEET_SECRET of then",
    },
  );
}

/** The same error for every invalid token: saying what is wrong would help a forger. */
export function invalidToken(): BroadsheetError {
  return new BroadsheetError(
    "TOKEN_INVALID",
    "this token ends no subscription to this newsletter",
    {
      fix: "take it whole from the mail's unsubscribe link, and check that BROADSHEET_SECRET is the one it was sent with",
    },
  );
}
