import { createHmac, timingSafeEqual } from "node:crypto";
import type { Key, Keyring } from "./keyring.ts";
import type { Subscription } from "./token.ts";

/*
 * What stands in a return path, to tell whose mail came back: the subscriber's number, and a seal of it.
 *
 *     bounces+1a2b3c-k7q2xw9d5mzt4h6c@letters.example
 *
 * Small letters and digits only: servers on the way back may write an address in small letters. It ends no
 * subscription, as whoever runs a server on the way sees it.
 */

const SEAL_LENGTH = 16;
const TOKEN = /^([0-9a-z]{1,12})-([0-9a-v]{16})$/;

/** At most 29 characters, the same each time. */
export function mintBounceToken(subscription: Subscription, { current }: Keyring): string {
  const number = subscription.subscriberId.toString(36);
  return `${number}-${sealOf(subscription, current)}`;
}

/** Whose it is; undefined where it is none of ours, or of another list. */
export function readBounceToken(
  text: string,
  list: Uint8Array,
  keyring: Keyring,
): number | undefined {
  const [, number = "", seal = ""] = TOKEN.exec(text.toLowerCase()) ?? [];
  const subscriberId = Number.parseInt(number, 36);
  if (!Number.isSafeInteger(subscriberId)) return undefined;
  const isSealed = keyring.all.some((key) =>
    timingSafeEqual(Buffer.from(seal), Buffer.from(sealOf({ subscriberId, list }, key))),
  );
  return isSealed ? subscriberId : undefined;
}

/** 80 bits, five to a letter. */
function sealOf({ subscriberId, list }: Subscription, key: Key): string {
  const seal = createHmac("sha256", key.bounce).update(`${subscriberId}\0`).update(list).digest();
  return BigInt(`0x${seal.subarray(0, 10).toString("hex")}`)
    .toString(32)
    .padStart(SEAL_LENGTH, "0");
}
