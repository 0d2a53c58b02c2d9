import { createHmac, timingSafeEqual } from "node:crypto";
import type { Key, Keyring } from "./keyring.ts";

/*
 * What stands in an unsubscribe link, in base64url: 43 letters, digits, hyphens and underscores.
 *
 *     version 1 · key id 2 · subscriber 7 · list 6 · HMAC-SHA-256 of all that, its first 16 bytes
 *
 * There is no address in it, and it doesn't expire: a mail from years ago must still let its reader go.
 */

const VERSION = 1;
const KEY_AT = 1;
const SUBSCRIBER_AT = 3;
const LIST_AT = 10;
const SEAL_AT = 16;
const BYTES = 32;

/** What ends one subscription to one list. */
export interface Subscription {
  readonly subscriberId: number;
  /** The list's own six bytes. */
  readonly list: Uint8Array;
}

/** The token of a subscription: the same each time, as long as the secret is. */
export function mintToken({ subscriberId, list }: Subscription, { current }: Keyring): string {
  const token = Buffer.alloc(BYTES);
  token.writeUInt8(VERSION);
  token.writeUInt16BE(current.id, KEY_AT);
  token.writeUInt8(Math.floor(subscriberId / 2 ** 48), SUBSCRIBER_AT);
  token.writeUIntBE(subscriberId % 2 ** 48, SUBSCRIBER_AT + 1, 6);
  token.set(list, LIST_AT);
  token.set(sealOf(token, current), SEAL_AT);
  return token.toString("base64url");
}

/**
 * Whose token it is; undefined where it is none of ours, or of another list. How long that takes tells
 * nothing of how near it was.
 */
export function readToken(text: string, list: Uint8Array, keyring: Keyring): number | undefined {
  const token = Buffer.from(text, "base64url");
  // Decoding is lenient; only what we would have written ourselves is a token.
  if (token.length !== BYTES || token.toString("base64url") !== text) return undefined;
  const isSealed = keyring.all
    .filter(({ id }) => id === token.readUInt16BE(KEY_AT))
    .some((key) => timingSafeEqual(token.subarray(SEAL_AT), sealOf(token, key)));
  const isOurs = token.readUInt8() === VERSION && token.subarray(LIST_AT, SEAL_AT).equals(list);
  if (!isSealed || !isOurs) return undefined;
  return token.readUInt8(SUBSCRIBER_AT) * 2 ** 48 + token.readUIntBE(SUBSCRIBER_AT + 1, 6);
}

function sealOf(token: Buffer, key: Key): Buffer {
  const seal = createHmac("sha256", key.token).update(token.subarray(0, SEAL_AT)).digest();
  return seal.subarray(0, BYTES - SEAL_AT);
}

/** What may be a token in the subject of a mail: the last one, as "Re: " and the like stand before it. */
export function tokenIn(line: string): string | undefined {
  return line.match(/(?<![\w-])[\w-]{43}(?![\w-])/g)?.at(-1);
}
