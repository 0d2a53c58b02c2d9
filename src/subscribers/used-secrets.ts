import { BroadsheetError } from "../errors.ts";
import type { Keyring } from "./keyring.ts";

/** Those secrets that links went out with, by their fingerprints, that a keyring doesn't have. */
export function unknownSecrets(
  used: readonly Uint8Array[],
  { all }: Keyring,
): readonly Uint8Array[] {
  return used.filter((fingerprint) => !all.some((key) => key.fingerprint.equals(fingerprint)));
}

/** Readers who want to leave by a link that they have couldn't. */
export function secretChanged(): BroadsheetError {
  return new BroadsheetError(
    "SECRET_CHANGED",
    "links that were sent are signed with another BROADSHEET_SECRET, so that they would end no subscription",
    {
      fix: "set that one again, or as BROADSHEET_SECRET_OLD beside the new one; where it is lost: broadsheet subscribers accept-secret",
    },
  );
}
