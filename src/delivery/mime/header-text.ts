import { buildHeaderValue, encodeWord, foldLines, quoteString } from "nodemailer/lib/mime-funcs";
import type { Recipient } from "../../subscribers/recipient.ts";

/** A longer word has no place to fold, and its line would pass the 78 characters of RFC 5322 §2.1.1. */
const LONGEST_PLAIN_WORD = 60;

/** RFC 2047 §2: an encoded word has at most 75 characters; 52 leaves room for the field's name. */
const ENCODED_WORD = 52;

/** A line of text as a header field takes it, folded: `Subject: …`. */
export function textField(name: string, text: string): string {
  const isPlain = /^[\x20-\x7e]*$/.test(text) && !text.includes("=?");
  const hasLongWord = text.split(" ").some((word) => word.length > LONGEST_PLAIN_WORD);
  return foldLines(`${name}: ${isPlain && !hasLongWord ? text : encoded(text)}`);
}

/** An address field, folded: `From: …`. The address is in normal form and so needs no quotes. */
export function mailboxField(name: string, mailbox: Recipient): string {
  return `${name}: ${mailboxText(mailbox, `${name}: `)}`;
}

/** What stands behind `label` in an address field, folded as if behind it (RFC 5322 §3.4). */
export function mailboxText({ address, name = "" }: Recipient, label: string): string {
  if (name === "") return address;
  return foldLines(`${label}${phrase(name)} <${address}>`).slice(label.length);
}

/** A field with a parameter (RFC 2045 §5.1, RFC 2231), folded. */
export function parameterField(
  name: string,
  value: string,
  params: Readonly<Record<string, string>>,
): string {
  return foldLines(`${name}: ${buildHeaderValue({ value, params: { ...params } })}`);
}

/** RFC 5322 §3.2.5: bare where it is letters only, in quotes where it is ASCII, else encoded. */
function phrase(name: string): string {
  if (/^[\w ]*$/.test(name)) return name;
  return /^[\x20-\x7e]*$/.test(name) ? quoteString(name) : encoded(name);
}

function encoded(text: string): string {
  return encodeWord(text, isMostlyAscii(text) ? "Q" : "B", ENCODED_WORD);
}

/** Quoted-printable triples every other byte, base64 adds a third to all. */
function isMostlyAscii(text: string): boolean {
  const others = Buffer.byteLength(text.replace(/[\x20-\x7e]/g, ""));
  return others * 3 < Buffer.byteLength(text) / 2;
}
