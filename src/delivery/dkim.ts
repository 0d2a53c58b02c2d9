import { createHash, type KeyObject, sign, createPublicKey } from "node:crypto";
import { promisify } from "node:util";
import { type Message, messageOf, partsOf } from "./compile-message.ts";

/**
 * What holds for a field of a header. `once`: a message has one at most. `needed`: every message has one; `ofList`:
 * every message of a newsletter. `signed`: our signatures cover it; `oversigned`: they name it once more than it is there,
 * so that nobody can add another. `vital`: what a reader goes by, or leaves by, which any signature must cover.
 */
type Mark = "once" | "needed" | "ofList" | "signed" | "oversigned" | "vital";

interface KnownField {
  readonly name: string;
  /** Who says what it is. */
  readonly source: string;
  readonly marks: ReadonlySet<Mark>;
}

function known(name: string, source: string, ...marks: readonly Mark[]): KnownField {
  return { name, source, marks: new Set(marks) };
}

/** The fields that we write, sign or check, in the order in which a signature names them. RFC 8058 §4 wants both of List-Unsubscribe in it. */
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

/** The names of the fields that something holds for. */
export function fieldsThatAre(mark: Mark): readonly string[] {
  return KNOWN_FIELDS.filter(({ marks }) => marks.has(mark)).map(({ name }) => name);
}

/** A key to sign with. Verifiers find its public half at `<selector>._domainkey.<domain>`. */
export interface DkimKey {
  /** In A-labels. */
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
const SIGNED_NAMES = SIGNED.map((name) => name.toLowerCase());
/** Within `h=` a line may end after any colon (RFC 6376 §3.5). */
const SIGNED_WORDS = `h=${SIGNED.join(":")};`.split(/(?<=:)/);

/** RFC 5322 §2.1.1 */
const LINE = 76;

const signAsync = promisify(sign);

/**
 * The message with one DKIM-Signature for each key before its header (RFC 6376, RFC 8463): relaxed on both
 * sides. The signing is done on other threads, so several messages can be signed at a time.
 */
export async function signMessage(
  message: Message,
  keys: readonly DkimKey[],
  signedAt: Date,
): Promise<Message> {
  if (keys.length === 0) return message;
  const parts = partsOf(message);
  const { header, body } = splitAtBody(parts);
  const bodyHash = hashOf(body);
  const signed = canonicalHeader(header);
  const fields = await Promise.all(
    keys.map(async (key) => signatureField(key, signed, { bodyHash, signedAt })),
  );
  const { envelope, messageId } = message;
  return messageOf({ envelope, messageId, parts: [Buffer.from(fields.join("")), ...parts] });
}

const END_OF_HEADER = "\r\n\r\n";

/**
 * The header without its last line end, and the body. Where a part is shared by many messages, what of it belongs to
 * the body is the same buffer for all of them, so that it is canonicalised once.
 */
function splitAtBody(parts: readonly Buffer[]): { header: string; body: readonly Buffer[] } {
  const at = parts.findIndex((part) => restOf(part) !== undefined);
  const last = parts[at];
  const rest = last && restOf(last);
  const upTo = last?.subarray(0, last.length - (rest?.length ?? 0));
  const header = Buffer.concat([...parts.slice(0, Math.max(0, at)), upTo ?? Buffer.alloc(0)]);
  const end = header.indexOf(END_OF_HEADER);
  // Where the end of the header lies across two parts, the match was an empty line of the body.
  if (rest && end + END_OF_HEADER.length === header.length) {
    return { header: header.toString("latin1", 0, end), body: [rest, ...parts.slice(at + 1)] };
  }
  if (parts.length > 1) return splitAtBody([Buffer.concat(parts)]);
  return { header: Buffer.concat(parts).toString("latin1"), body: [] };
}

/** The rest of a part after the end of the header; undefined where the header doesn't end in it. */
const restOf = ofShared((part) => {
  const end = part.indexOf(END_OF_HEADER);
  return end < 0 ? undefined : part.subarray(end + END_OF_HEADER.length);
});

function hashOf(body: readonly Buffer[]): string {
  const hash = createHash("sha256");
  for (const part of relaxedBody(body)) hash.update(part);
  return hash.digest("base64");
}

interface Signing {
  readonly bodyHash: string;
  readonly signedAt: Date;
}

async function signatureField(key: DkimKey, header: string, signing: Signing): Promise<string> {
  const field = folded(unsignedField(key, signing));
  const input = Buffer.from(header + relaxedField(field), "latin1");
  const signature = await signatureOf(input, key.key);
  return `${field}${chunked(signature)}\r\n`;
}

function unsignedField(
  { domain, selector, key }: DkimKey,
  { bodyHash, signedAt }: Signing,
): string[] {
  return [
    "DKIM-Signature: v=1;",
    `a=${key.asymmetricKeyType === "ed25519" ? "ed25519" : "rsa"}-sha256;`,
    "c=relaxed/relaxed;",
    `d=${domain};`,
    `s=${selector};`,
    `t=${Math.floor(signedAt.getTime() / 1000)};`,
    ...SIGNED_WORDS,
    `bh=${bodyHash};`,
    "b=",
  ];
}

/** RFC 8463 §3: Ed25519 signs the hash. */
async function signatureOf(input: Buffer, key: KeyObject): Promise<string> {
  const isEd25519 = key.asymmetricKeyType === "ed25519";
  const signature = isEd25519
    ? await signAsync(undefined, createHash("sha256").update(input).digest(), key)
    : await signAsync("RSA-SHA256", input, key);
  return signature.toString("base64");
}

/** The fields that are signed, each with its line end: of one name the lowest first (RFC 6376 §5.4.2). */
function canonicalHeader(header: string): string {
  const byName = new Map<string, string[]>();
  for (const field of header.split(/\r\n(?![ \t])/).map(relaxedField)) {
    const name = field.slice(0, field.indexOf(":"));
    byName.set(name, [...(byName.get(name) ?? []), field]);
  }
  return SIGNED_NAMES.map((name) => byName.get(name)?.pop())
    .filter((field) => field !== undefined)
    .map((field) => `${field}\r\n`)
    .join("");
}

/** Words in lines. The signature begins one. */
function folded(words: readonly string[]): string {
  let [field = ""] = words;
  let width = field.length;
  for (const word of words.slice(1)) {
    const gap = field.endsWith(":") ? "" : " ";
    const fits = word !== "b=" && width + gap.length + word.length <= LINE;
    field += `${fits ? gap : "\r\n "}${word}`;
    width = fits ? width + gap.length + word.length : word.length + 1;
  }
  return field;
}

/** The lines of a signature, the first one where the field ends. */
function chunked(signature: string): string {
  return signature.match(/.{1,72}/g)?.join("\r\n ") ?? "";
}

/** A header field as DKIM's "relaxed" has it (RFC 6376 §3.4.2), without its line end. */
function relaxedField(field: string): string {
  const colon = field.indexOf(":");
  const value = field.slice(colon + 1).replace(/[\r\n\t ]+/g, " ");
  return `${field.slice(0, colon).trim().toLowerCase()}:${value.trim()}`;
}

/**
 * A body as DKIM's "relaxed" has it (RFC 6376 §3.4.4), in parts as it came. What we compile has that form
 * already, which a search for what it must not hold shows without reading it line by line.
 */
function relaxedBody(body: readonly Buffer[]): readonly Buffer[] {
  if (isRelaxed(body)) return body;
  const text = Buffer.concat(body)
    .toString("latin1")
    .replace(/[\t ]+/g, " ")
    .replace(/ (?=\r\n|$)/g, "")
    .replace(/(?:\r\n)*$/, "\r\n");
  return [Buffer.from(text === "\r\n" ? "" : text, "latin1")];
}

const SPACE = 0x20;

function isRelaxed(body: readonly Buffer[]): boolean {
  const last = body.at(-1) ?? Buffer.alloc(0);
  const end = last.toString("latin1", Math.max(0, last.length - 4));
  // No white space may run from one part into the next.
  return /[^\r\n]\r\n$/.test(end) && body.every((part) => part.at(-1) !== SPACE && isTidy(part));
}

const isTidy = ofShared(
  (part) => !["  ", " \r\n", "\t"].some((space) => part.includes(space, 0, "latin1")),
);

/** Shorter parts are computed faster than looked up. */
const LONG = 4096;

/**
 * A function of a buffer that is computed once for each long buffer: all messages of an issue share those, and no
 * code writes into them.
 */
function ofShared<Found>(look: (part: Buffer) => Found): (part: Buffer) => Found {
  const cached = new WeakMap<Buffer, { readonly found: Found }>();
  return (part) => {
    if (part.length < LONG) return look(part);
    const before = cached.get(part);
    if (before) return before.found;
    const found = look(part);
    cached.set(part, { found });
    return found;
  };
}

/** The DNS record of a key, public or private (RFC 6376 §3.6.1, RFC 8463 §4), as one text. */
export function dkimRecord(key: KeyObject): string {
  const publicKey = key.type === "private" ? createPublicKey(key) : key;
  const spki = publicKey.export({ format: "der", type: "spki" });
  const isRsa = key.asymmetricKeyType === "rsa";
  return `v=DKIM1; k=${isRsa ? "rsa" : "ed25519"}; p=${(isRsa ? spki : spki.subarray(-32)).toString("base64")}`;
}
