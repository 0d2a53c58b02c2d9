import { createHmac, timingSafeEqual } from "node:crypto";
import type { Key, Keyring } from "./keyring.ts";

/*
 * The token in an unsubscribe link, in base64url: 43 letters, digits, hyphens and underscores.
 *
 *     version 1 · key id 2 · subscriber 7 · list 6 · HMAC-SHA-256 of all that, its first 16 bytes
 *
 * There is no address in it, and it doesn't expire: the link in a mail from years ago must still work.
 */

const VERSION = 1;
const KEY_AT = 1;
const SUBSCRIBER_AT = 3;
const LIST_AT = 10;
const SEAL_AT = 16;
const BYTES = 32;

/** One subscription to one list. */
interface Subscription {
  readonly subscriberId: number;
  /** The list's own six bytes. */
  readonly list: Uint8Array;
}

/** The token of a subscription: the same each time, as long as the secret is the same. */
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
 * The subscriber of a token; undefined where it isn't one of this list's. The time that this takes doesn't show how
 * near a forged token was.
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

/*
 * The token in a return path, which identifies whose message bounced: the subscriber's number, and a seal of it.
 *
 *     bounces+1a2b3c-k7q2xw9d5mzt4h6c@letters.example
 *
 * Small letters and digits only: servers on the way back may write an address in small letters. It ends no
 * subscription, since every server on the way can read it.
 */

const SEAL_LENGTH = 16;
const BOUNCE_TOKEN = "([0-9a-z]{1,12})-([0-9a-v]{16})";
const WHOLE_BOUNCE_TOKEN = new RegExp(`^${BOUNCE_TOKEN}$`);
/** A server on the way may write another sign for the plus. */
const IN_ADDRESS = new RegExp(`[+=-](${BOUNCE_TOKEN})@`, "gi");

/** The token of a bounce address: at most 29 characters, the same each time. */
export function mintBounceToken(subscription: Subscription, { current }: Keyring): string {
  const number = subscription.subscriberId.toString(36);
  return `${number}-${bounceSealOf(subscription, current)}`;
}

/** What looks like bounce tokens in the addresses of a text: `bounces+TOKEN@domain`. */
export function bounceTokensIn(text: string): string[] {
  return [...text.matchAll(IN_ADDRESS)].map(([, token = ""]) => token);
}

/** The subscriber of a bounce token; undefined where it isn't one of this list's. */
export function readBounceToken(
  text: string,
  list: Uint8Array,
  keyring: Keyring,
): number | undefined {
  const [, number = "", seal = ""] = WHOLE_BOUNCE_TOKEN.exec(text.toLowerCase()) ?? [];
  const subscriberId = Number.parseInt(number, 36);
  if (!Number.isSafeInteger(subscriberId)) return undefined;
  const isSealed = keyring.all.some((key) =>
    timingSafeEqual(Buffer.from(seal), Buffer.from(bounceSealOf({ subscriberId, list }, key))),
  );
  return isSealed ? subscriberId : undefined;
}

/** 80 bits, five to a letter. */
function bounceSealOf({ subscriberId, list }: Subscription, key: Key): string {
  const seal = createHmac("sha256", key.bounce).update(`${subscriberId}\0`).update(list).digest();
  return BigInt(`0x${seal.subarray(0, 10).toString("hex")}`)
    .toString(32)
    .padStart(SEAL_LENGTH, "0");
}

/** The evidence that a mail gives for whose subscription it asks to end. */
interface LeaveMail {
  /** The `mailto:` link of every message writes the reader's token into the subject. */
  readonly token?: string | undefined;
  /** The address in From, which anyone can forge: where the subject begins with "unsubscribe" and a person wrote it. */
  readonly sender?: string | undefined;
}

/** What a mail to the unsubscribe address asks for: neither for automatic replies, bounces and other mails. */
export function requestIn({
  subject,
  from,
  isAutomatic,
}: {
  readonly subject: string;
  readonly from?: string;
  readonly isAutomatic: boolean;
}): LeaveMail {
  const asks = /^\s*(?:re:\s*)?unsubscribe\b/i.test(subject) && !isAutomatic;
  return { token: tokenIn(subject), sender: asks ? from : undefined };
}
