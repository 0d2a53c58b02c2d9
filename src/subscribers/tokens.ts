import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from "node:crypto";
import { BroadsheetError } from "../errors.ts";
import { addressKey } from "./recipient.ts";

/** The keys of one secret, which sign tokens and hash erased addresses. */
export interface Key {
  /** A short id of the secret. It has 16 bits, so two secrets may have the same one. */
  readonly id: number;
  /** A unique id of the secret, which does not reveal it. */
  readonly fingerprint: Buffer;
  /** The key for the MACs of a reader. The name from which it is derived can never change. */
  readonly reader: KeyObject;
  /** The keys for the MACs of tokens and bounce tokens up to version 0.1. Links from then still work. */
  readonly token: KeyObject;
  readonly bounce: KeyObject;
  readonly erasure: KeyObject;
  readonly timed: KeyObject;
  readonly proof: KeyObject;
  /** The password for providers that do not sign their reports: 32 letters, digits, hyphens and underscores. */
  readonly hookPassword: string;
}

/** The keys of the current secret and of earlier ones. */
export interface Keyring {
  readonly current: Key;
  /** All keys, the current one first. */
  readonly all: readonly Key[];
}

/**
 * The keys that are derived from BROADSHEET_SECRET and from earlier secrets, so that their signatures stay valid. Each
 * purpose has its own key, so that a signature for one purpose is not valid for another.
 */
export function keyringOf(secret: string, oldSecrets: readonly string[] = []): Keyring {
  const current = keyOf(secret);
  return { current, all: [current, ...oldSecrets.map(keyOf)] };
}

function keyOf(secret: string): Key {
  const derived = (purpose: string) =>
    createHmac("sha256", secret).update(`broadsheet ${purpose}`).digest();
  // From bytes, Node would make a key object for each HMAC, which takes six times as long as the HMAC itself.
  const key = (purpose: string) => createSecretKey(derived(purpose));
  return {
    id: derived("key id").readUInt16BE(),
    fingerprint: derived("fingerprint").subarray(0, 16),
    reader: key("seals of a reader"),
    token: key("unsubscribe token"),
    bounce: key("bounce token"),
    erasure: key("erased address"),
    timed: key("timed token"),
    proof: key("proof of work"),
    hookPassword: derived("password of hooks").toString("base64url").slice(0, 32),
  };
}

/** The name that a provider gives with the password. */
export const HOOK_USER = "broadsheet";

/** The fingerprints of used secrets that a keyring doesn't have. */
export function unknownSecrets(
  used: readonly Uint8Array[],
  { all }: Keyring,
): readonly Uint8Array[] {
  return used.filter((fingerprint) => !all.some((key) => key.fingerprint.equals(fingerprint)));
}

/** The error if the unsubscribe links of sent messages would no longer work. */
export function secretChanged(): BroadsheetError {
  return new BroadsheetError(
    "SECRET_CHANGED",
    "the links in sent messages are signed with another BROADSHEET_SECRET, so they would not work",
    {
      fix: "set that secret again, or set it as BROADSHEET_SECRET_OLD beside the new one; if it is lost: broadsheet subscribers accept-secret",
    },
  );
}

/**
 * A keyed hash that recognises an address without revealing it. It is stored for erased addresses, and for visitors who
 * asked for a mail.
 */
export function addressHash(address: string, { erasure }: Key): Buffer {
  return createHmac("sha256", erasure).update(addressKey(address)).digest().subarray(0, 16);
}

/** The hashes of an address or a network with each key, in hexadecimal. The current key comes first. */
export function addressHashes(address: string, { all }: Keyring): string[] {
  return all.map((key) => addressHash(address, key).toString("hex"));
}

/*
 * The token in an unsubscribe link: 32 bytes in base64url, so 43 letters, digits, hyphens and underscores.
 *
 *     1 byte: version · 2: key id · 7: subscriber · 6: list · 16: the first bytes of HMAC-SHA-512 of the others
 *
 * It contains no address, and does not expire, because the link in an old mail must still work. The MAC of version 1 was an
 * HMAC-SHA-256 with a key of its own.
 */

const VERSION = 3;
const FIRST_VERSION = 1;
const KEY_AT = 1;
const SUBSCRIBER_AT = 3;
const LIST_AT = 10;
const MAC_AT = 16;
const BYTES = 32;
const LENGTH = 43;

interface Subscription {
  readonly subscriberId: number;
  /** The list's own six bytes. */
  readonly list: Uint8Array;
}

/** The values that identify a reader in all issues. They are the same while the secret is the same. */
export interface ReaderTokens {
  readonly token: string;
  /** The token in the return path. It has at most 29 characters. */
  readonly bounceToken: string;
  /** 32 hexadecimal digits. Message-IDs are derived from them. */
  readonly messageMac: string;
}

const BOUNCE_MAC_AT = 16;
const MESSAGE_MAC_AT = 26;
const MESSAGE_MAC_END = 42;

/** Makes the tokens of a reader from one HMAC-SHA-512: its bytes 0 to 16, 16 to 26 and 26 to 42. */
export function tokensOf(subscription: Subscription, { current }: Keyring): ReaderTokens {
  const token = readerToken(subscription, current);
  const digest = readerDigest(token, current);
  token.set(digest.subarray(0, BYTES - MAC_AT), MAC_AT);
  return {
    token: token.toString("base64url"),
    get bounceToken() {
      return `${subscription.subscriberId.toString(36)}-${bounceMacIn(digest, BOUNCE_MAC_AT)}`;
    },
    get messageMac() {
      return digest.toString("hex", MESSAGE_MAC_AT, MESSAGE_MAC_END);
    },
  };
}

export function mintToken(subscription: Subscription, keyring: Keyring): string {
  return tokensOf(subscription, keyring).token;
}

/** The unsubscribe token of a reader, with zeros in the place of the MAC. */
function readerToken({ subscriberId, list }: Subscription, key: Key): Buffer {
  const token = tokenWithoutMac(VERSION, subscriberId, key);
  token.set(list, LIST_AT);
  return token;
}

function readerDigest(token: Buffer, { reader }: Key): Buffer {
  return createHmac("sha512", reader).update(token.subarray(0, MAC_AT)).digest();
}

function tokenWithoutMac(version: number, id: number, key: Key): Buffer {
  const token = Buffer.alloc(BYTES);
  token.writeUInt8(version);
  token.writeUInt16BE(key.id, KEY_AT);
  token.writeUInt8(Math.floor(id / 2 ** 48), SUBSCRIBER_AT);
  token.writeUIntBE(id % 2 ** 48, SUBSCRIBER_AT + 1, 6);
  return token;
}

/**
 * The subscriber of a token. Undefined if the token is not of this list. The duration does not reveal how close a forged
 * token was to a valid one.
 */
export function readToken(text: string, list: Uint8Array, keyring: Keyring): number | undefined {
  const token = verifiedToken(text, keyring, macOf);
  if (!token) return undefined;
  const isVersion = [VERSION, FIRST_VERSION].includes(token.readUInt8());
  return isVersion && token.subarray(LIST_AT, MAC_AT).equals(list) ? idIn(token) : undefined;
}

/** The bytes of a token whose MAC is valid under one of the keys. Undefined for any other text. */
function verifiedToken(
  text: string,
  keyring: Keyring,
  macOf: (token: Buffer, key: Key) => Buffer,
): Buffer | undefined {
  if (text.length !== LENGTH) return undefined;
  const token = Buffer.from(text, "base64url");
  // Decoding is lenient, so the text must be exactly as we would have written it.
  if (token.length !== BYTES || token.toString("base64url") !== text) return undefined;
  const isValid = keyring.all
    .filter(({ id }) => id === token.readUInt16BE(KEY_AT))
    .some((key) => timingSafeEqual(token.subarray(MAC_AT), macOf(token, key)));
  return isValid ? token : undefined;
}

function idIn(token: Buffer): number {
  return token.readUInt8(SUBSCRIBER_AT) * 2 ** 48 + token.readUIntBE(SUBSCRIBER_AT + 1, 6);
}

function macOf(token: Buffer, key: Key): Buffer {
  const digest =
    token.readUInt8() === FIRST_VERSION
      ? createHmac("sha256", key.token).update(token.subarray(0, MAC_AT)).digest()
      : readerDigest(token, key);
  return digest.subarray(0, BYTES - MAC_AT);
}

/** The last word of a subject that may be a token. Some mail programs do not decode the "%20" of a `mailto:` link. */
export function tokenIn(line: string): string | undefined {
  return line
    .replaceAll("%20", " ")
    .match(/(?<![\w-])[\w-]{43}(?![\w-])/g)
    ?.at(-1);
}

/*
 * A token that is valid for a limited time, in a form of our pages or in a mailed link. It has the same layout:
 *
 *     1 byte: version 2 · 2: key id · 7: id · 6: time in milliseconds · 16: the first bytes of HMAC-SHA-256 of the others
 *
 * The MAC covers the list and the purpose too, so that a token for one purpose is not valid for another.
 */

const TIMED_VERSION = 2;
const MINTED_AT = 10;

/** The purpose of a timed token: "confirm", "form /subscribe". */
interface TimedPurpose {
  readonly purpose: string;
  /** The list's own six bytes. */
  readonly list: Uint8Array;
}

interface TimedToken extends TimedPurpose {
  /** The id of a subscriber or a request; 0 if the purpose needs none. */
  readonly id: number;
  readonly at: Date;
}

export function mintTimedToken({ id, at, ...purpose }: TimedToken, { current }: Keyring): string {
  const token = tokenWithoutMac(TIMED_VERSION, id, current);
  token.writeUIntBE(at.getTime(), MINTED_AT, 6);
  token.set(timedMac(token, current, purpose), MAC_AT);
  return token.toString("base64url");
}

interface TimeLimits {
  readonly now: Date;
  readonly minAgeMs?: number;
  readonly maxAgeMs: number;
}

/** The id in a token for this purpose whose age is within the limits. Undefined for every other text. */
export function readTimedToken(
  text: string,
  purpose: TimedPurpose,
  { now, minAgeMs = 0, maxAgeMs }: TimeLimits,
  keyring: Keyring,
): number | undefined {
  const token = verifiedToken(text, keyring, (token, key) => timedMac(token, key, purpose));
  if (token?.readUInt8() !== TIMED_VERSION) return undefined;
  const ageMs = now.getTime() - token.readUIntBE(MINTED_AT, 6);
  return ageMs >= minAgeMs && ageMs <= maxAgeMs ? idIn(token) : undefined;
}

function timedMac(token: Buffer, { timed }: Key, { purpose, list }: TimedPurpose): Buffer {
  const mac = createHmac("sha256", timed).update(token.subarray(0, MAC_AT)).update(list);
  return mac
    .update(purpose)
    .digest()
    .subarray(0, BYTES - MAC_AT);
}

/** The ages at which a form is accepted. No reader presses its button within a second, and few come back after a day. */
const FORM_AGE = { minAgeMs: 1_000, maxAgeMs: 86_400_000 };

/** A form of our pages, by the path that it is posted to. If the path contains a token, the form belongs to one reader. */
interface Form {
  readonly form: string;
  readonly list: Uint8Array;
}

/** A token with the time at which we served a form. */
export function mintFormToken({ form, list }: Form, at: Date, keyring: Keyring): string {
  return mintTimedToken({ purpose: `form ${form}`, list, id: 0, at }, keyring);
}

/** Whether a token belongs to this form, and the form was served between one second and 24 hours ago. */
export function isFormToken(
  text: string,
  { form, list }: Form,
  now: Date,
  keyring: Keyring,
): boolean {
  const purpose = { purpose: `form ${form}`, list };
  return readTimedToken(text, purpose, { now, ...FORM_AGE }, keyring) !== undefined;
}

/*
 * The token in a return path. It identifies the reader of a bounced message by the subscriber's number and a MAC.
 *
 *     bounces+1a2b3c-k7q2xw9d5mzt4h6c@letters.example
 *
 * It has only lower-case letters and digits, because servers may change the case of an address. It can't end a subscription,
 * because every server on the way can read it.
 */

const MAC_LENGTH = 16;
const BOUNCE_TOKEN = "([0-9a-z]{1,12})-([0-9a-v]{16})";
const WHOLE_BOUNCE_TOKEN = new RegExp(`^${BOUNCE_TOKEN}$`);
/** A server on the way may have replaced the plus sign. */
const IN_ADDRESS = new RegExp(`[+=-](${BOUNCE_TOKEN})@`, "gi");

/** The possible bounce tokens in the addresses of a text: `bounces+TOKEN@domain`. */
export function bounceTokensIn(text: string): string[] {
  return [...text.matchAll(IN_ADDRESS)].map(([, token = ""]) => token);
}

/** The subscriber of a bounce token. Undefined if the token is not of this list. */
export function readBounceToken(
  text: string,
  list: Uint8Array,
  keyring: Keyring,
): number | undefined {
  const [, number = "", mac = ""] = WHOLE_BOUNCE_TOKEN.exec(text.toLowerCase()) ?? [];
  const subscriberId = Number.parseInt(number, 36);
  if (!Number.isSafeInteger(subscriberId)) return undefined;
  const isValid = keyring.all
    .flatMap((key) => bounceMacsOf({ subscriberId, list }, key))
    .some((ours) => timingSafeEqual(Buffer.from(mac), Buffer.from(ours)));
  return isValid ? subscriberId : undefined;
}

/** The current MAC, and that of version 0.1. */
function bounceMacsOf({ subscriberId, list }: Subscription, key: Key): string[] {
  const digest = readerDigest(readerToken({ subscriberId, list }, key), key);
  const old = createHmac("sha256", key.bounce).update(`${subscriberId}\0`).update(list).digest();
  return [bounceMacIn(digest, BOUNCE_MAC_AT), bounceMacIn(old, 0)];
}

/** 80 bits of a digest, with five bits in each letter. */
function bounceMacIn(digest: Buffer, at: number): string {
  return BigInt(`0x${digest.toString("hex", at, at + 10)}`)
    .toString(32)
    .padStart(MAC_LENGTH, "0");
}
