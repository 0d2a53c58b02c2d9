import { BroadsheetError } from "../errors.ts";
import { buildHeaderValue, encodeWord, foldLines, quoteString } from "nodemailer/lib/mime-funcs";
import type { Recipient } from "../subscribers/recipient.ts";
import { encode, wrap } from "nodemailer/lib/qp";

/** The values that differ between the messages of two readers. */
export type Field = "to" | "messageId" | "name" | "address" | "token" | "farewell" | "bounceToken";

/** The kind of text around a value, which decides how it is escaped. */
export type Context = "plain" | "html" | "bareAttribute";

/** A place for a reader's value. */
export interface Hole {
  readonly field: Field;
  readonly context: Context;
}

/** A text with holes. The text is the same for every reader, and each reader's values fill the holes. */
export type Pattern = readonly (string | Hole)[];

/** One reader's own value for every field. */
export type Values = Readonly<Record<Field, string>>;

export function hole(field: Field): Hole {
  return { field, context: "plain" };
}

/** The pattern in another context. Its text is escaped now, and its values when they are filled in. */
export function inContext(pattern: Pattern, context: Context): Pattern {
  return pattern.map((part) =>
    typeof part === "string" ? written(part, context) : { ...part, context },
  );
}

/** The pattern with neighbouring texts joined, and empty ones removed. */
export function joined<Part extends object>(
  pattern: readonly (string | Part)[],
): (string | Part)[] {
  const parts: (string | Part)[] = [];
  for (const part of pattern) {
    const last = parts.at(-1);
    if (typeof part === "string" && typeof last === "string") parts[parts.length - 1] = last + part;
    else if (part !== "") parts.push(part);
  }
  return parts;
}

/** Escapes every character that could end a text, a quoted value or an unquoted one (HTML §13.1.2.3). */
function written(value: string, context: Context): string {
  if (context === "plain") return value;
  const special = context === "bareAttribute" ? /[&<>"'`=\s]/g : /[&<>"'`]/g;
  return value.replace(special, (character) => `&#${character.codePointAt(0)};`);
}

/** A picture that travels in the message and is shown by `<img src="cid:…">` (RFC 2392). */
export interface InlineImage {
  /** The content id, without angle brackets and without `cid:`. */
  readonly cid: string;
  readonly filename: string;
  readonly contentType: string;
  readonly content: Buffer;
}

/** A longer word cannot be folded, and its line would exceed 78 characters (RFC 5322 §2.1.1). */
const LONGEST_PLAIN_WORD = 60;

/** An encoded word has at most 75 characters (RFC 2047 §2). 52 leaves room for the field's name. */
const ENCODED_WORD = 52;

/** A header field with a text, folded: `Subject: …`. */
export function textField(name: string, text: string): string {
  const isPlain = /^[\x20-\x7e]*$/.test(text) && !text.includes("=?");
  const hasLongWord = text.split(" ").some((word) => word.length > LONGEST_PLAIN_WORD);
  return foldLines(`${name}: ${isPlain && !hasLongWord ? text : encoded(text)}`);
}

/** An address field, folded: `From: …`. The address is in normal form, so it needs no quotes. */
export function mailboxField(name: string, mailbox: Recipient): string {
  return `${name}: ${mailboxText(mailbox, `${name}: `)}`;
}

/** The value of an address field, folded as if it followed `label` (RFC 5322 §3.4). */
export function mailboxText({ address, name = "" }: Recipient, label: string): string {
  if (name === "") return address;
  return foldLines(`${label}${phrase(name)} <${address}>`).slice(label.length);
}

/** A field with a parameter (RFC 2045 §5.1, RFC 2231), folded. */
function parameterField(
  name: string,
  value: string,
  params: Readonly<Record<string, string>>,
): string {
  return foldLines(`${name}: ${buildHeaderValue({ value, params: { ...params } })}`);
}

/** A display name (RFC 5322 §3.2.5). Letters alone stay, other ASCII is quoted, and all else is encoded. */
function phrase(name: string): string {
  if (/^[\w ]*$/.test(name)) return name;
  return /^[\x20-\x7e]*$/.test(name) ? quoteString(name) : encoded(name);
}

function encoded(text: string): string {
  return encodeWord(text, isMostlyAscii(text) ? "Q" : "B", ENCODED_WORD);
}

/** Q encoding triples the other bytes. Base64 adds a third to all bytes. */
function isMostlyAscii(text: string): boolean {
  const others = Buffer.byteLength(text.replace(/[\x20-\x7e]/g, ""));
  return others * 3 < Buffer.byteLength(text) / 2;
}

/** RFC 2045 §6.7 allows 76 characters. `sheltered` can add some. */
const LINE_CHARACTERS = 73;

/** A line break in quoted-printable that is not in the text. */
const SOFT_BREAK = "=\r\n";

/**
 * Text as quoted-printable in lines of at most 76 characters. It must begin at the start of a line. No line begins with a
 * dot, which SMTP would double (RFC 5321 §4.5.2), or with "From ", which mailboxes escape. No line contains two spaces in a
 * row or a tab. The text is therefore its own canonical form for DKIM's "relaxed" (RFC 6376 §3.4.4), and a relay that
 * changes white space does not break it.
 */
function quotedPrintable(text: string): string {
  if (/^[\w-]{0,70}$/.test(text)) return text;
  return sheltered(wrap(singleSpaced(encode(withCrlf(text))), LINE_CHARACTERS));
}

/** CR and LF occur only together (RFC 5322 §2.3). */
function withCrlf(text: string): string {
  return text.toWellFormed().replace(/\r\n?|\n/g, "\r\n");
}

function singleSpaced(encoded: string): string {
  return encoded.replace(/\t| (?=[ \t])/g, (space) => (space === " " ? "=20" : "=09"));
}

function sheltered(lines: string): string {
  return lines.replace(/^(?:\.|F(?=rom ))/gm, (first) => (first === "." ? "=2E" : "=46"));
}

/** A hole in a part that is written as quoted-printable. */
interface EncodedHole extends Hole {
  /** The text after the value. It is left out if the value is empty. */
  readonly after: string;
}

/** Finished text, a hole in a header, or a hole in a part. */
export type Piece = string | Hole | EncodedHole;

/** The pieces as one text, with each reader's values in their holes. */
export function filledPieces(pieces: readonly Piece[], values: Values): string {
  let text = "";
  for (const piece of pieces) text += typeof piece === "string" ? piece : filledHole(piece, values);
  return text;
}

function filledHole(piece: Hole | EncodedHole, values: Values): string {
  const value = written(values[piece.field], piece.context);
  if (!("after" in piece) || value === "") return value;
  return quotedPrintable(value) + piece.after;
}

interface Content {
  readonly text: Pattern;
  readonly html: Pattern;
  readonly images: readonly InlineImage[];
  /** The boundary without its prefix. */
  readonly boundary: string;
}

/**
 * The Content-Type of a message and its body. The text comes first, then the HTML, in one part with its pictures if it has
 * any (RFC 2046 §5.1.4, RFC 2387). The body is its own canonical form for DKIM's "relaxed".
 */
export function messageBody({ text, html, images, boundary }: Content): {
  readonly contentType: string;
  readonly body: Piece[];
} {
  const [outer, inner] = [`=_${boundary}_1`, `=_${boundary}_2`];
  const htmlPart = textPart("html", html);
  return {
    contentType: `Content-Type: multipart/alternative; boundary="${outer}"`,
    body: multipart(outer, [
      textPart("plain", text),
      images.length === 0
        ? htmlPart
        : [
            `Content-Type: multipart/related; type="text/html";\r\n boundary="${inner}"\r\n\r\n`,
            ...multipart(inner, [htmlPart, ...images.map((image) => [imagePart(image)])]),
          ],
    ]),
  };
}

/** "=_" cannot occur in quoted-printable or base64 (RFC 2045 §6.7), so no part can contain a boundary. */
function multipart(boundary: string, parts: readonly Piece[][]): Piece[] {
  return [
    ...parts.flatMap((part) => [`--${boundary}\r\n`, ...part, "\r\n"]),
    `--${boundary}--\r\n`,
  ];
}

function textPart(subtype: string, pattern: Pattern): Piece[] {
  return [
    `Content-Type: text/${subtype}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`,
    ...pattern.map((part, index) => {
      const after = index === pattern.length - 1 ? "" : SOFT_BREAK;
      if (typeof part !== "string") return { ...part, after };
      const encoded = quotedPrintable(part);
      return encoded.endsWith("\r\n") ? encoded : encoded + after;
    }),
  ];
}

function imagePart({ cid, filename, contentType, content }: InlineImage): string {
  assertSafe({ cid, filename, contentType });
  return [
    parameterField("Content-Type", contentType, { name: filename }),
    "Content-Transfer-Encoding: base64",
    parameterField("Content-Disposition", "inline", { filename }),
    `Content-ID: <${cid}>`,
    "",
    ...(content.toString("base64").match(/.{1,76}/g) ?? []),
  ].join("\r\n");
}

function assertSafe({ cid, filename, contentType }: Omit<InlineImage, "content">): void {
  const isSafe =
    /^[\w.@+-]+$/.test(cid) && /^image\/[\w.+-]+$/.test(contentType) && !/\p{Cc}/u.test(filename);
  if (isSafe) return;
  throw new BroadsheetError(
    "EMAIL_INVALID",
    `the picture "${filename}" can't be part of a message`,
    {
      fix: "rename its file with plain letters, digits and hyphens, and build again",
    },
  );
}
