import { createHash, type KeyObject, sign, createPublicKey, hash } from "node:crypto";
import { filledPieces, joined, type Pattern, type Piece, type Values } from "./mime.ts";

/**
 * A property of a header field.
 * - `once`: a message has the field at most once.
 * - `needed`: every message has the field.
 * - `ofList`: every message of a newsletter has the field.
 * - `signed`: our signatures cover the field.
 * - `oversigned`: our signatures name the field once more than it occurs, so that a second one can't be added.
 * - `vital`: readers or unsubscription depend on the field, so every signature must cover it.
 */
type Mark = "once" | "needed" | "ofList" | "signed" | "oversigned" | "vital";

interface KnownField {
  readonly name: string;
  /** The standard that defines the field. */
  readonly source: string;
  readonly marks: ReadonlySet<Mark>;
}

function known(name: string, source: string, ...marks: readonly Mark[]): KnownField {
  return { name, source, marks: new Set(marks) };
}

/**
 * The fields that we write, sign or check, in the order in which a signature names them. RFC 8058 §4 requires that
 * List-Unsubscribe and List-Unsubscribe-Post are signed.
 */
const KNOWN_FIELDS: readonly KnownField[] = [
  known("From", "RFC 5322 §3.6.2", "once", "needed", "vital", "signed", "oversigned"),
  known("Sender", "RFC 5322 §3.6.2", "once"),
  known("Reply-To", "RFC 5322 §3.6.2", "once", "signed", "oversigned"),
  known("To", "RFC 5322 §3.6.3", "once", "needed", "vital", "signed", "oversigned"),
  known("Cc", "RFC 5322 §3.6.3", "once", "signed"),
  known("Bcc", "RFC 5322 §3.6.3", "once"),
  known("Subject", "RFC 5322 §3.6.5", "once", "needed", "vital", "signed", "oversigned"),
  known("Date", "RFC 5322 §3.6.1", "once", "needed", "vital", "signed", "oversigned"),
  known("Message-ID", "RFC 5322 §3.6.4", "once", "needed", "vital", "signed"),
  known("In-Reply-To", "RFC 5322 §3.6.4", "once"),
  known("References", "RFC 5322 §3.6.4", "once"),
  known("List-Id", "RFC 2919 §3", "once", "ofList", "vital", "signed"),
  known("List-Unsubscribe", "RFC 2369 §3.2", "once", "ofList", "vital", "signed"),
  known("List-Unsubscribe-Post", "RFC 8058 §3.1", "once", "vital", "signed"),
  known("List-Help", "RFC 2369 §3.1", "once", "ofList", "signed"),
  known("List-Archive", "RFC 2369 §3.6", "once", "signed"),
  known("List-Post", "RFC 2369 §3.4", "once", "ofList", "signed"),
  known("Auto-Submitted", "RFC 3834 §5", "once", "ofList", "signed"),
  known("Feedback-ID", "Gmail, Feedback Loop", "ofList", "vital", "signed"),
  known("MIME-Version", "RFC 2045 §4", "once", "needed", "vital", "signed"),
  known("Content-Type", "RFC 2045 §5", "once", "needed", "vital", "signed", "oversigned"),
  known("Content-Transfer-Encoding", "RFC 2045 §6", "once", "signed"),
];

/** The names of the fields with a property. */
export function fieldsThatAre(mark: Mark): readonly string[] {
  return KNOWN_FIELDS.filter(({ marks }) => marks.has(mark)).map(({ name }) => name);
}

/** A signing key. Verifiers find its public key in DNS at `<selector>._domainkey.<domain>`. */
export interface DkimKey {
  /** The domain in A-labels (RFC 5890). */
  readonly domain: string;
  readonly selector: string;
  /** A private key, RSA or Ed25519. */
  readonly key: KeyObject;
}

const OVERSIGNED = new Set(fieldsThatAre("oversigned"));
/** The header fields that a signature covers, as `h=` names them. */
const SIGNED = fieldsThatAre("signed").flatMap((name) =>
  OVERSIGNED.has(name) ? [name, name] : [name],
);
/** The signed fields by name. Each of our fields occurs once. */
const SIGNED_NAMES = fieldsThatAre("signed").map((name) => name.toLowerCase());
/** Within `h=` a line may end after any colon (RFC 6376 §3.5). */
const SIGNED_WORDS = `h=${SIGNED.join(":")};`.split(/(?<=:)/);

/** RFC 5322 §2.1.1 */
const LINE_CHARACTERS = 76;

/** Makes the DKIM-Signature fields of one message. They stand before its header. */
export type SignaturesOf = (values: Values, body: readonly Buffer[]) => string;

/**
 * Prepares the signatures of all messages of an issue (RFC 6376, RFC 8463). Each key makes one signature, with the
 * canonicalisation relaxed/relaxed. Text that all readers share is canonicalised and hashed once. `fields` are in the order
 * of the header. `body` must already be in canonical form.
 */
export function prepareSigning(
  fields: readonly Pattern[],
  body: readonly (Buffer | readonly Piece[])[],
  { keys, at }: { readonly keys: readonly DkimKey[]; readonly at: Date },
): SignaturesOf {
  const headerOf = canonicalHeader(fields);
  const bodyHashOf = hasherOf(body);
  const signers = keys.map((key) => signerOf(key, at));
  return (values, parts) => {
    const header = headerOf(values);
    const bodyHash = bodyHashOf(parts);
    return signers.map((signatureOf) => signatureOf(header, bodyHash)).join("");
  };
}

/** The hash of a body. The bytes before the first value of a reader are hashed once. */
function hasherOf(
  body: readonly (Buffer | readonly Piece[])[],
): (parts: readonly Buffer[]) => string {
  const firstOwn = body.findIndex((part) => !Buffer.isBuffer(part));
  const shared = firstOwn < 0 ? body.length : firstOwn;
  const begun = createHash("sha256");
  for (const part of body.slice(0, shared)) if (Buffer.isBuffer(part)) begun.update(part);
  const [first] = body[shared] ?? [];
  const before = Buffer.from(typeof first === "string" ? first : "");
  begun.update(before);
  return (parts) => {
    const hashed = begun.copy();
    const [own, ...others] = parts.slice(shared);
    if (own) hashed.update(own.subarray(before.length));
    for (const part of others) hashed.update(part);
    return hashed.digest("base64");
  };
}

/** Replaces the hash of the body until it is known. It has the same length. */
const HASH_PLACE = "#".repeat(44);

function signerOf(key: DkimKey, at: Date): (header: string, bodyHash: string) => string {
  const field = folded(unsignedField(key, at));
  const [before = "", after = ""] = field.split(HASH_PLACE);
  const [signedBefore = "", signedAfter = ""] = relaxedField(field).split(HASH_PLACE);
  return (header, bodyHash) => {
    const input = header + signedBefore + bodyHash + signedAfter;
    return `${before}${bodyHash}${after}${chunked(signatureOf(input, key.key))}\r\n`;
  };
}

function unsignedField({ domain, selector, key }: DkimKey, at: Date): string[] {
  return [
    "DKIM-Signature: v=1;",
    `a=${key.asymmetricKeyType === "ed25519" ? "ed25519" : "rsa"}-sha256;`,
    "c=relaxed/relaxed;",
    `d=${domain};`,
    `s=${selector};`,
    `t=${Math.floor(at.getTime() / 1000)};`,
    ...SIGNED_WORDS,
    `bh=${HASH_PLACE};`,
    "b=",
  ];
}

/**
 * Ed25519 signs the hash (RFC 8463 §3). We sign on this thread. On another thread, a signature costs a seventh more with RSA
 * and a third more with Ed25519.
 */
function signatureOf(input: string, key: KeyObject): string {
  const isEd25519 = key.asymmetricKeyType === "ed25519";
  return isEd25519
    ? sign(undefined, hash("sha256", input, "buffer"), key).toString("base64")
    : sign("RSA-SHA256", Buffer.from(input), key).toString("base64");
}

/**
 * The signed fields in canonical form, each with its line end, in the order of `h=`. Fields without a reader's value are
 * made once.
 */
function canonicalHeader(fields: readonly Pattern[]): (values: Values) => string {
  const byName = new Map(fields.map((field) => [nameOf(field), field]));
  const parts = joined(
    SIGNED_NAMES.flatMap((name): (string | { readonly field: Pattern })[] => {
      const field = byName.get(name);
      if (!field) return [];
      const isShared = field.every((part) => typeof part === "string");
      return [isShared ? relaxedLine(field.join("")) : { field }];
    }),
  );
  return (values) =>
    parts
      .map((part) =>
        typeof part === "string" ? part : relaxedLine(filledPieces(part.field, values)),
      )
      .join("");
}

function nameOf([first = ""]: Pattern): string {
  return typeof first === "string" ? first.slice(0, first.indexOf(":")).toLowerCase() : "";
}

function relaxedLine(field: string): string {
  return `${relaxedField(field)}\r\n`;
}

/** Folds words into lines. `b=` begins a line. */
function folded(words: readonly string[]): string {
  let [field = ""] = words;
  let width = field.length;
  for (const word of words.slice(1)) {
    const gap = field.endsWith(":") ? "" : " ";
    const fits = word !== "b=" && width + gap.length + word.length <= LINE_CHARACTERS;
    field += `${fits ? gap : "\r\n "}${word}`;
    width = fits ? width + gap.length + word.length : word.length + 1;
  }
  return field;
}

/** A signature in lines. The first line continues the line of `b=`. */
function chunked(signature: string): string {
  return signature.match(/.{1,72}/g)?.join("\r\n ") ?? "";
}

/** A header field in the canonical form "relaxed" (RFC 6376 §3.4.2), without its line end. */
function relaxedField(field: string): string {
  const colon = field.indexOf(":");
  // A single space stays, and needs no replacement.
  const value = field.slice(colon + 1).replace(/[\r\n\t][\r\n\t ]*| [\r\n\t ]+/g, " ");
  return `${field.slice(0, colon).trim().toLowerCase()}:${value.trim()}`;
}

/** The DNS record of a key, public or private (RFC 6376 §3.6.1, RFC 8463 §4), as one text. */
export function dkimRecord(key: KeyObject): string {
  const publicKey = key.type === "private" ? createPublicKey(key) : key;
  const spki = publicKey.export({ format: "der", type: "spki" });
  const isRsa = key.asymmetricKeyType === "rsa";
  return `v=DKIM1; k=${isRsa ? "rsa" : "ed25519"}; p=${(isRsa ? spki : spki.subarray(-32)).toString("base64")}`;
}
