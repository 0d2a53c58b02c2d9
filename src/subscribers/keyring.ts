import { createHmac, createSecretKey, type KeyObject } from "node:crypto";

/** What signs tokens and hides the addresses of those who asked to be forgotten. */
export interface Key {
  /** Tells which secret it was made from; 16 bits, so two secrets may share one. */
  readonly id: number;
  /** Tells its secret from every other one; of the secret itself it tells nothing. */
  readonly fingerprint: Buffer;
  readonly token: KeyObject;
  readonly bounce: KeyObject;
  readonly erasure: KeyObject;
}

/** The key of today, and those of the secrets before. */
export interface Keyring {
  readonly current: Key;
  /** The current one first. */
  readonly all: readonly Key[];
}

/**
 * The keys that are made from BROADSHEET_SECRET, and from those that it took the place of: what they have
 * signed stays valid. Each purpose has a key of its own, so that what is shown for one serves no other.
 */
export function keyringOf(secret: string, oldSecrets: readonly string[] = []): Keyring {
  const current = keyOf(secret);
  return { current, all: [current, ...oldSecrets.map(keyOf)] };
}

function keyOf(secret: string): Key {
  const derived = (purpose: string) =>
    createHmac("sha256", secret).update(`broadsheet ${purpose}`).digest();
  // Of a key in bytes Node makes such an object for each HMAC, in six times as long as the HMAC itself takes.
  const key = (purpose: string) => createSecretKey(derived(purpose));
  return {
    id: derived("key id").readUInt16BE(),
    fingerprint: derived("fingerprint").subarray(0, 16),
    token: key("unsubscribe token"),
    bounce: key("bounce token"),
    erasure: key("erased address"),
  };
}
