import { createHash, createHmac } from "node:crypto";
import { domainOf, normalRecipient, type Recipient } from "../subscribers/recipient.ts";
import type { Email } from "../email/email.ts";
import { emailPattern, type Reader, valuesFor } from "./merge-fields.ts";
import {
  type Mailing,
  type InlineImage,
  checkedUrl,
  helpMailto,
  listLabel,
  unsubscribeMailto,
  urlPattern,
} from "./mailing.ts";
import { type Message, messageOf } from "./message.ts";
import { messageBody, type Piece, quotedPrintable, mailboxField, textField } from "./mime.ts";
import { valueIn, type Values, hole, type Pattern } from "./pattern.ts";
import { BroadsheetError } from "../errors.ts";

/** The key of messages that are never sent. It is no secret: it hides nothing. */
const PREVIEW_KEY = "a preview that is never sent";

/** An issue as bytes, with holes where one reader's message differs from another's. */
export interface CompiledMessage {
  readonly mailing: Mailing;
  readonly pieces: readonly (Buffer | Exclude<Piece, string>)[];
}

/**
 * What all messages of an issue share, encoded once for all its recipients: RFC 5322, text part first, UTF-8 in
 * quoted-printable with lines of at most 76 characters, all headers a bulk message needs (RFC 2369, 2919, 3834,
 * 8058).
 * @throws BroadsheetError CONFIG_INVALID for a sender or a link, EMAIL_INVALID for a subject, a picture
 * or a merge field that nothing fills.
 */
export function compileMessage(email: Email, given: Mailing): CompiledMessage {
  const from = normalRecipient(given.from, "CONFIG_INVALID", "the sender");
  const mailing = { ...given, from };
  const { subject, html, text } = emailPattern(email, mailing);
  const body = messageBody({
    text,
    html,
    images: mailing.images ?? [],
    boundary: boundary(mailing),
  });
  return { mailing, pieces: merged([...messageHeaders(mailing, subject), ...body]) };
}

/**
 * The message for one recipient. The same issue, recipient and mailing give the same bytes: the
 * Message-ID is an HMAC of issue and recipient, and the date is the caller's.
 * @throws BroadsheetError USAGE for a recipient that cannot stand in a header.
 */
export function messageFor({ mailing, pieces }: CompiledMessage, reader: Reader): Message {
  const normal = normalRecipient(reader, "USAGE", "the recipient");
  const messageId = reader.messageId ?? messageIdFor(mailing, normal.address);
  const to = { ...reader, ...normal, messageId };
  const envelope = { from: returnPath(mailing, to), to: to.address };
  return messageOf({
    envelope,
    messageId,
    parts: filledParts(pieces, valuesFor(to, mailing.issue)),
  });
}

/** Shorter pieces are copied: a part costs more than its bytes. */
const WORTH_SHARING = 4096;

/** The pieces with their holes filled, short ones joined, long ones shared by all messages. */
function filledParts(pieces: CompiledMessage["pieces"], values: Values): Buffer[] {
  const parts: Buffer[] = [];
  let short: Buffer[] = [];
  for (const piece of pieces) {
    const isLong = Buffer.isBuffer(piece) && piece.length >= WORTH_SHARING;
    if (!isLong) short.push(Buffer.isBuffer(piece) ? piece : Buffer.from(filledIn(piece, values)));
    else {
      parts.push(Buffer.concat(short), piece);
      short = [];
    }
  }
  return [...parts, Buffer.concat(short)];
}

function filledIn(piece: Exclude<Piece, string>, values: Values): string {
  const value = valueIn(piece, values);
  if (!("after" in piece) || value === "") return value;
  return quotedPrintable(value) + piece.after;
}

/** Neighbouring texts in one buffer: the fewer there are, the faster a message is put together. */
function merged(pieces: readonly Piece[]): CompiledMessage["pieces"] {
  const result: (Buffer | Exclude<Piece, string>)[] = [];
  let text = "";
  for (const piece of pieces) {
    if (typeof piece === "string") text += piece;
    else {
      result.push(Buffer.from(text), piece);
      text = "";
    }
  }
  return [...result, Buffer.from(text)];
}

/**
 * The Message-ID of an issue for an address in normal form: an HMAC at the sender's domain, so that only a reader who
 * has the message can name it.
 */
export function messageIdFor(
  { issue, secret, from }: Pick<Mailing, "issue" | "secret" | "from">,
  address: string,
): string {
  const seal = createHmac("sha256", secret ?? PREVIEW_KEY)
    .update(["message-id", issue.newsletter, issue.slot, address].join("\0"))
    .digest("hex")
    .slice(0, 32);
  return `<${seal}@${domainOf(from.address)}>`;
}

/** The MIME boundary: the same for all readers of an issue, so that parts can be shared. */
function boundary({ issue }: Mailing): string {
  const names = ["boundary", issue.newsletter, issue.slot].join("\0");
  return createHash("sha256").update(names).digest("hex").slice(0, 20);
}

/** The variable envelope return path (VERP): a bounce comes to an address that holds the reader's token. */
function returnPath({ bounce, from }: Mailing, { bounceToken }: Reader): string {
  const { address }: Recipient = bounce ?? from;
  if (bounce === undefined || bounceToken === undefined) return address;
  return address.replace("@", `+${bounceToken}@`);
}

/**
 * One finished message for one recipient; for many, compile it once.
 * @throws what `compileMessage` and `messageFor` throw.
 */
export function composeMessage(email: Email, recipient: Reader, mailing: Mailing): Message {
  return messageFor(compileMessage(email, mailing), recipient);
}

/** SHA-256, in hexadecimal, of all that is the same in every reader's copy of an issue. */
export function contentHash(email: Email, images: readonly InlineImage[] = []): string {
  const { subject, html, text, slots } = email;
  const fields = Object.entries(slots).sort(([a], [b]) => (a < b ? -1 : 1));
  const pictures = images.map(({ cid, contentType, content }) => [
    cid,
    contentType,
    createHash("sha256").update(content).digest("hex"),
  ]);
  const parts = JSON.stringify([subject, html, text, fields, pictures]);
  return createHash("sha256").update(parts).digest("hex");
}

/**
 * The header fields of a bulk message, in the order they are written, each with its line end.
 * @throws BroadsheetError EMAIL_INVALID for a subject that would break the header, CONFIG_INVALID
 * for a link or a reply address.
 */
function messageHeaders(mailing: Mailing, subject: string): Pattern {
  const { date, from, replyTo, links } = mailing;
  return [
    `Date: ${date.toUTCString().replace(/GMT$/, "+0000")}`,
    mailboxField("From", from),
    ...(replyTo
      ? [mailboxField("Reply-To", normalRecipient(replyTo, "CONFIG_INVALID", "the reply address"))]
      : []),
    ["To: ", hole("to")],
    textField("Subject", checkedSubject(subject)),
    ["Message-ID: ", hole("messageId")],
    `List-Id: <${listId(mailing)}>`,
    ...unsubscribeFields(mailing),
    `List-Help: <${helpMailto(mailing)}>`,
    ...(links?.archive === undefined
      ? []
      : [`List-Archive: <${checkedUrl(links.archive, "archive", ["https:", "http:"])}>`]),
    "List-Post: NO",
    "Auto-Submitted: auto-generated",
    `Feedback-ID: ${feedbackId(mailing)}`,
    "MIME-Version: 1.0",
  ].flatMap((field): Pattern =>
    typeof field === "string" ? [`${field}\r\n`] : field.concat("\r\n"),
  );
}

/**
 * RFC 8058 §3.1: one click only where there is an https link; `mailto:` works everywhere (RFC 2369).
 * Not folded within a URL: away from its field name it breaks DKIM in some relays.
 */
function unsubscribeFields(mailing: Mailing): Pattern[] {
  const mailto = ["<", ...unsubscribeMailto(mailing), ">"];
  const unsubscribe = mailing.links?.unsubscribe;
  if (unsubscribe === undefined) return [["List-Unsubscribe: ", ...mailto]];
  const https = ["<", ...urlPattern(unsubscribe, "unsubscribe", ["https:"]), ">"];
  return [
    ["List-Unsubscribe: ", ...https, ",\r\n ", ...mailto],
    ["List-Unsubscribe-Post: List-Unsubscribe=One-Click"],
  ];
}

/** RFC 2919 §3: a dot-atom below a domain of the sender's, in A-labels. */
function listId({ issue, from }: Mailing): string {
  return `${listLabel(issue.newsletter)}.${domainOf(from.address)}`;
}

/** Four fields, of which Gmail's feedback loop reads the last as the sender: 5 to 15 characters. */
function feedbackId({ issue, from }: Mailing): string {
  const sender = createHash("sha256").update(domainOf(from.address)).digest("hex").slice(0, 10);
  return `${issue.slot.replace(/[^\w+-]/g, "")}:${listLabel(issue.newsletter)}:digest:${sender}`;
}

function checkedSubject(subject: string): string {
  const text = subject.toWellFormed().trim();
  if (text !== "" && !/\p{Cc}/u.test(text)) return text;
  const fault = text === "" ? "is empty" : "holds a line break or a control character";
  throw new BroadsheetError("EMAIL_INVALID", `the subject ${fault}`, {
    fix: "write the subject on one line in digest.json, and render it again",
  });
}
