import { encode, wrap } from "nodemailer/lib/qp";

/** RFC 2045 §6.7 allows 76, and what `sheltered` writes longer must still fit. */
const LINE = 73;

/** Ends a line in quoted-printable that is none in the text. */
export const SOFT_BREAK = "=\r\n";

/**
 * Text as quoted-printable in lines of at most 76 characters, for a place at the start of a line. No
 * line begins with a dot, which SMTP would double (RFC 5321 §4.5.2), or with the "From " that mailboxes
 * escape; and no line holds two spaces or a tab, so that it is its own canonical form for DKIM's
 * "relaxed" (RFC 6376 §3.4.4) and survives a relay that tidies white space.
 */
export function quotedPrintable(text: string): string {
  if (/^[\w-]{0,70}$/.test(text)) return text;
  return sheltered(wrap(singleSpaced(encode(withCrlf(text))), LINE));
}

/** RFC 5322 §2.3: CR and LF only together. */
function withCrlf(text: string): string {
  return text.toWellFormed().replace(/\r\n?|\n/g, "\r\n");
}

function singleSpaced(encoded: string): string {
  return encoded.replace(/\t| (?=[ \t])/g, (space) => (space === " " ? "=20" : "=09"));
}

function sheltered(lines: string): string {
  return lines.replace(/^(?:\.|F(?=rom ))/gm, (first) => (first === "." ? "=2E" : "=46"));
}
