import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { BroadsheetError } from "../errors.ts";
import { addressKey } from "./recipient.ts";

/** The keys of one secret, which sign tokens and hash erased addresses. */
export interface Key {
  /** Identifies the secret; 16 bits, so two secrets may share one. */
  readonly id: number;
  /** Identifies the secret uniquely, and reveals nothing of it. */
  readonly fingerprint: Buffer;
  readonly token: KeyObject;
  readonly bounce: KeyObject;
  readonly erasure: KeyObject;
}

/** The key of the current secret, and those of earlier ones. */
export interface Keyring {
  readonly current: Key;
  /** The current one first. */
  readonly all: readonly Key[];
}

/**
 * The keys that are made from BROADSHEET_SECRET, and from its predecessors, so that what those have signed stays
 * valid. Each purpose has its own key, so that a signature for one is of no use for another.
 */
export function keyringOf(secret: string, oldSecrets: readonly string[] = []): Keyring {
  const current = keyOf(secret);
  return { current, all: [current, ...oldSecrets.map(keyOf)] };
}

function keyOf(secret: string): Key {
  const derived = (purpose: string) =>
    createHmac("sha256", secret).update(`broadsheet ${purpose}`).digest();
  // From bytes Node makes a key object for each HMAC, which takes six times as long as the HMAC itself.
  const key = (purpose: string) => createSecretKey(derived(purpose));
  return {
    id: derived("key id").readUInt16BE(),
    fingerprint: derived("fingerprint").subarray(0, 16),
    token: key("unsubscribe token"),
    bounce: key("bounce token"),
    erasure: key("erased address"),
  };
}

/** The fingerprints of used secrets that a keyring doesn't have. */
export function unknownSecrets(
  used: readonly Uint8Array[],
  { all }: Keyring,
): readonly Uint8Array[] {
  return used.filter((fingerprint) => !all.some((key) => key.fingerprint.equals(fingerprint)));
}

/** The error where readers couldn't leave by a link that they have. */
export function secretChanged(): BroadsheetError {
  return new BroadsheetError(
    "SECRET_CHANGED",
    "links that were sent are signed with another BROADSHEET_SECRET, so that they would end no subscription",
    {
      fix: "set that one again, or as BROADSHEET_SECRET_OLD beside the new one; where it is lost: broadsheet subscribers accept-secret",
    },
  );
}

/**
 * What is kept of an erased address: a hash by which it is recognised when it comes again, and which doesn't reveal
 * the address without the secret.
 */
export function erasedHash(address: string, { erasure }: Key): Buffer {
  return createHmac("sha256", erasure).update(addressKey(address)).digest().subarray(0, 16);
}
