import { createHash } from "node:crypto";
import { domainToASCII } from "node:url";
import { BroadsheetError } from "../errors.ts";
import { checkedUrl, helpMailto, type Mailing, unsubscribeMailto } from "./mailing.ts";
import { domainOf, normalRecipient, type Recipient } from "../audience/recipient.ts";

interface Header {
  readonly key: string;
  readonly value:
    | Date
    | Recipient
    | { readonly prepared: true; readonly foldLines: boolean; readonly value: string };
}

interface Addressed {
  readonly to: Recipient;
  readonly subject: string;
  readonly messageId: string;
}

/** A longer word has no place to fold, and its line would pass the 78 characters of RFC 5322 §2.1.1. */
const LONGEST_PLAIN_WORD = 60;

/** RFC 2047 §2: an encoded word has at most 75 characters; 52 leaves room for the field's name. */
const ENCODED_WORD = 52;

/**
 * The header fields of a bulk message, in the order they are written.
 * @throws BroadsheetError EMAIL_INVALID for a subject that would break the header, CONFIG_INVALID
 * for a link or a reply address.
 */
export async function messageHeaders(
  mailing: Mailing,
  { to, subject, messageId }: Addressed,
): Promise<Header[]> {
  const { date, from, replyTo, links } = mailing;
  return [
    { key: "Date", value: date },
    { key: "From", value: { ...from } },
    ...(replyTo
      ? [
          {
            key: "Reply-To",
            value: normalRecipient(replyTo, "CONFIG_INVALID", "the reply address"),
          },
        ]
      : []),
    { key: "To", value: { ...to } },
    {
      key: "Subject",
      value: { prepared: true, foldLines: true, value: await encodedText(subject) },
    },
    asIs("Message-ID", messageId),
    asIs("List-Id", `<${listId(mailing)}>`),
    ...unsubscribeHeaders(mailing),
    asIs("List-Help", `<${helpMailto(mailing)}>`),
    ...(links?.archive === undefined
      ? []
      : [asIs("List-Archive", `<${checkedUrl(links.archive, "archive", ["https:", "http:"])}>`)]),
    asIs("List-Post", "NO"),
    asIs("Auto-Submitted", "auto-generated"),
    asIs("Feedback-ID", feedbackId(mailing)),
  ];
}

/** Written as it is: folding a long URL away from its field name breaks DKIM in some relays. */
function asIs(key: string, value: string): Header {
  return { key, value: { prepared: true, foldLines: false, value } };
}

/** RFC 8058 §3.1: one click only where there is an https link; `mailto:` works everywhere (RFC 2369). */
function unsubscribeHeaders(mailing: Mailing): Header[] {
  const mailto = `<${unsubscribeMailto(mailing)}>`;
  const unsubscribe = mailing.links?.unsubscribe;
  if (unsubscribe === undefined) return [asIs("List-Unsubscribe", mailto)];
  const https = `<${checkedUrl(unsubscribe, "unsubscribe", ["https:"])}>`;
  return [
    asIs("List-Unsubscribe", `${https},\r\n ${mailto}`),
    asIs("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
  ];
}

/** RFC 2919 §3: a dot-atom below a domain of the sender's, in A-labels. */
function listId({ issue, from }: Mailing): string {
  return `${asciiLabel(issue.newsletter)}.${domainOf(from.address)}`;
}

/** Four fields, of which Gmail's feedback loop reads the last as the sender: 5 to 15 characters. */
function feedbackId({ issue, from }: Mailing): string {
  const sender = createHash("sha256").update(domainOf(from.address)).digest("hex").slice(0, 10);
  return `${issue.slot.replace(/[^\w+-]/g, "")}:${asciiLabel(issue.newsletter)}:digest:${sender}`;
}

/** A slug may be in any script, a header may not. */
function asciiLabel(slug: string): string {
  const ascii = /^[a-z0-9-]+$/.test(slug)
    ? slug
    : domainToASCII(slug.replace(/[^\p{L}\p{M}\p{N}-]/gu, ""));
  return ascii === "" ? createHash("sha256").update(slug).digest("hex").slice(0, 16) : ascii;
}

async function encodedText(subject: string): Promise<string> {
  const text = checkedSubject(subject);
  const isPlain = /^[\x20-\x7e]*$/.test(text) && !text.includes("=?");
  const hasLongWord = text.split(" ").some((word) => word.length > LONGEST_PLAIN_WORD);
  if (isPlain && !hasLongWord) return text;
  const { encodeWord } = await import("nodemailer/lib/mime-funcs");
  return encodeWord(text, isMostlyAscii(text) ? "Q" : "B", ENCODED_WORD);
}

function checkedSubject(subject: string): string {
  const text = subject.toWellFormed().trim();
  if (text !== "" && !/\p{Cc}/u.test(text)) return text;
  const fault = text === "" ? "is empty" : "holds a line break or a control character";
  throw new BroadsheetError("EMAIL_INVALID", `the subject ${fault}`, {
    fix: "write the subject on one line in digest.json, and render it again",
  });
}

/** Quoted-printable triples every other byte, base64 adds a third to all. */
function isMostlyAscii(text: string): boolean {
  const others = Buffer.byteLength(text.replace(/[\x20-\x7e]/g, ""));
  return others * 3 < Buffer.byteLength(text) / 2;
}
