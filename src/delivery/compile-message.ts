import { createHash, createHmac, createPublicKey, hash } from "node:crypto";
import { domainToASCII } from "node:url";
import { BroadsheetError } from "../errors.ts";
import { isOnThisMachine } from "../platform/http/web-address.ts";
import {
  hole,
  type Hole,
  type Pattern,
  type Context,
  filledPieces,
  inContext,
  joined,
  type Values,
  mailboxText,
  type InlineImage,
  messageBody,
  type Piece,
  mailboxField,
  textField,
} from "./mime.ts";
import { type DkimKey, prepareSigning, type SignaturesOf } from "./dkim.ts";
import { type Recipient, domainOf, normalRecipient } from "../subscribers/recipient.ts";
import type { Email, MergeField } from "../email/email.ts";

/** The envelope that the server is given (RFC 5321 §2.3.1): exactly one recipient. */
interface Envelope {
  readonly from: string;
  readonly to: string;
}

export interface Message {
  readonly envelope: Envelope;
  /** The Message-ID with angle brackets. It depends on issue and recipient alone, so that a retry keeps it. */
  readonly messageId: string;
  /**
   * The message by RFC 5322. It has CRLF line ends and no other CR or LF. No line begins with a dot. It is 7-bit unless
   * the address itself is internationalised. Reading `raw` copies all `parts`, so use `parts` if they are present.
   */
  readonly raw: Buffer;
  /**
   * The same bytes in pieces. All messages of an issue share most pieces, so that writing them needs no copy.
   * Absent if the bytes may break the promises of `raw`.
   */
  readonly parts?: readonly Buffer[] | undefined;
}

/** A message whose `raw` is joined from its parts when it is first read. */
class CompiledCopy implements Message {
  readonly envelope: Envelope;
  readonly messageId: string;
  readonly parts: readonly Buffer[];
  #raw: Buffer | undefined;

  constructor(envelope: Envelope, messageId: string, parts: readonly Buffer[]) {
    this.envelope = envelope;
    this.messageId = messageId;
    this.parts = parts;
  }

  get raw(): Buffer {
    this.#raw ??= Buffer.concat(this.parts);
    return this.#raw;
  }
}

export function sizeOf(message: Message): number {
  return message.parts?.reduce((sum, part) => sum + part.length, 0) ?? message.raw.length;
}

/** The links of a message. The reader's token replaces `{token}` in them. */
interface Links {
  /** An https address. One click there ends this reader's subscription (RFC 8058). */
  readonly unsubscribe?: string | undefined;
  /** The page on which a reader changes the subscription. */
  readonly preferences?: string | undefined;
  /** A mail with the reader's token to this address ends the subscription; the newsletter's own address by default. */
  readonly unsubscribeMailto?: string | undefined;
  /** This issue on the web. */
  readonly web?: string | undefined;
  /** Earlier issues on the web. */
  readonly archive?: string | undefined;
}

/** All that a message needs besides the email and its recipient. */
export interface Mailing {
  readonly issue: { readonly newsletter: string; readonly slot: string };
  readonly from: Recipient;
  readonly replyTo?: Recipient | undefined;
  readonly date: Date;
  /** The address that bounces go to (Return-Path). Each reader's token is added to it (VERP). `from` by default. */
  readonly bounce?: Recipient | undefined;
  /** The key of the Message-ID, so that no stranger can guess it. Previews that are never sent have none. */
  readonly secret?: string | undefined;
  readonly links?: Links | undefined;
  /** The providers that report bounces by the values of a message's own fields. */
  readonly echoes?: Echoes | undefined;
  readonly images?: readonly InlineImage[] | undefined;
  /** Each key signs the message. */
  readonly dkim?: readonly DkimKey[] | undefined;
  /** Whether the mail goes to one address and not to the list. It then has no fields of a list (RFC 2369, RFC 2919). */
  readonly isPersonal?: boolean | undefined;
}

/**
 * Providers replace the return path, and often the Message-ID. A report of theirs repeats the values of the provider's own
 * header fields. We put the reader's bounce token and the slot there.
 */
interface Echoes {
  /** https://docs.aws.amazon.com/ses/latest/dg/event-publishing-send-email.html */
  readonly ses?: { readonly configurationSet: string } | undefined;
  /** https://postmarkapp.com/support/article/1125-custom-metadata-faq */
  readonly postmark?: boolean | undefined;
}

/**
 * The `mailto:` that ends a subscription (RFC 6068), for readers of every mail program. Its subject ends
 * in the reader's token, which shows that the mail isn't forged in the reader's name.
 */
function unsubscribeMailto({ from, links }: Pick<Mailing, "from" | "links">): Pattern {
  return [mailto(links?.unsubscribeMailto ?? from.address, "unsubscribe "), hole("farewell")];
}

/** The `mailto:` for questions to the editors (RFC 2369 §3.1). */
function helpMailto({ issue, from, replyTo }: Mailing): string {
  return mailto((replyTo ?? from).address, `help ${listLabel(issue.newsletter)}`);
}

/** The name of a newsletter in List-Id and other headers. It is ASCII, though the slug may be in any script. */
function listLabel(newsletter: string): string {
  const ascii = /^[a-z0-9-]+$/.test(newsletter)
    ? newsletter
    : domainToASCII(newsletter.replace(/[^\p{L}\p{M}\p{N}-]/gu, ""));
  return ascii === "" ? createHash("sha256").update(newsletter).digest("hex").slice(0, 16) : ascii;
}

function mailto(address: string, subject: string): string {
  const to = encodeURIComponent(address).replaceAll("%40", "@");
  return plainEscapes(`mailto:${to}?subject=${encodeURIComponent(subject)}`);
}

/**
 * SpamAssassin takes "%BC" in a header for a merge field that was never filled (UNRESOLVED_TEMPLATE, 3 points).
 * "%bc" decodes to the same (RFC 3986 §2.1).
 */
function plainEscapes(url: string): string {
  return url.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
}

/** Replaces `{token}` while a URL is parsed. No URL parser changes this text, and no URL contains it by chance. */
const TOKEN_PLACE = "0broadsheet0token0";

/**
 * The URL as `checkedUrl` returns it, with a hole in the place of `{token}`.
 * @throws BroadsheetError CONFIG_INVALID, also if the token is in the host, whose capitals would be lost.
 */
function urlPattern(url: string, what: string): Pattern {
  const placed = url.replaceAll("{token}", TOKEN_PLACE);
  // A newsletter that is tried out on one machine needs no certificate.
  const isHere = isOnThisMachine(URL.parse(placed));
  const href = checkedUrl(placed, what, isHere ? ["https:", "http:"] : ["https:"]);
  if (URL.parse(href)?.host.includes(TOKEN_PLACE)) {
    throw new BroadsheetError("CONFIG_INVALID", `the ${what} link has {token} in its host`, {
      fix: `put it into the path of urls.${what} in the config: https://…/{token}`,
    });
  }
  return href.split(TOKEN_PLACE).flatMap((text, at) => (at === 0 ? [text] : [hole("token"), text]));
}

/** The longest URL in a header field. With field name and brackets it must fit into 998 octets (RFC 5322 §2.1.1). */
const LONGEST_URL = 900;

/**
 * The URL in a form that is safe in a header and in a link.
 * @throws BroadsheetError CONFIG_INVALID if the URL has another scheme or an unsafe character, or is too long for a header.
 */
function checkedUrl(url: string, what: string, schemes: readonly string[]): string {
  const { protocol = "", href = "" } = URL.parse(url) ?? {};
  const isSafe = schemes.includes(protocol) && !/[\s<>"\p{Cc}]/u.test(url);
  if (isSafe && href.length <= LONGEST_URL) return plainEscapes(href);
  const wanted = schemes.map((scheme) => `${scheme}//`).join(" or ");
  const fault = isSafe
    ? "is too long for a mail header"
    : `is not a URL that begins with ${wanted}`;
  throw new BroadsheetError("CONFIG_INVALID", `the ${what} link ${fault}`, {
    fix: `correct urls.${what} in the config`,
  });
}

/** An email as one recipient gets it. */
type FilledEmail = Pick<Email, "subject" | "html" | "text">;

/** An email whose merge fields are holes. */
interface EmailPattern {
  readonly subject: string;
  readonly html: Pattern;
  readonly text: Pattern;
}

type Addresses = Pick<Mailing, "issue" | "from" | "links">;

/** The number of characters before a merge field in which its attribute value must begin. */
const LOOK_BACK = 400;

/**
 * The email with its merge fields filled for one recipient. Values are escaped in the HTML, also in attributes without
 * quotes. They are plain in the text part. A missing name becomes an empty text.
 * @throws BroadsheetError EMAIL_INVALID if the email has a merge field without a value;
 * CONFIG_INVALID for a link that is not a web address.
 */
export function fillMergeFields(email: Email, recipient: Reader, mailing: Addresses): FilledEmail {
  const { subject, html, text } = emailPattern(email, mailing);
  const values = valuesFor(recipient, mailing.issue);
  return { subject, html: filledPieces(html, values), text: filledPieces(text, values) };
}

/** The email with a hole for every value that differs between readers. Values that all readers share are filled in. */
function emailPattern({ subject, html, text, slots }: Email, mailing: Addresses): EmailPattern {
  const fills = fillsByToken(slots, fieldPatterns(mailing));
  const bareOrHtml = (at: number): Context =>
    isBareAttribute(html, at) ? "bareAttribute" : "html";
  return {
    subject,
    html: withFills(html, fills, bareOrHtml),
    text: withFills(text, fills, () => "plain"),
  };
}

function fieldPatterns(mailing: Addresses): Readonly<Partial<Record<MergeField, Pattern>>> {
  const { unsubscribe, preferences, web } = mailing.links ?? {};
  return {
    recipientName: [hole("name")],
    recipientAddress: [hole("address")],
    unsubscribeUrl:
      unsubscribe === undefined
        ? unsubscribeMailto(mailing)
        : urlPattern(unsubscribe, "unsubscribe"),
    ...(preferences !== undefined && { preferencesUrl: urlPattern(preferences, "preferences") }),
    ...(web !== undefined && { webUrl: [checkedUrl(web, "web", ["https:", "http:"])] }),
  };
}

const FIXES: ReadonlyMap<string, string> = new Map([
  ["webUrl", "set urls.web in the config, or build the issue again"],
  ["preferencesUrl", "set site and serve in the config, or build the issue again"],
]);

function fillsByToken(
  slots: Email["slots"],
  patterns: Partial<Record<MergeField, Pattern>>,
): ReadonlyMap<string, Pattern> {
  const byField = new Map(Object.entries(patterns));
  const fills = Object.entries(slots).map(([field, token]): [string, Pattern] => {
    const pattern = byField.get(field);
    if (pattern !== undefined) return [token, pattern];
    throw new BroadsheetError(
      "EMAIL_INVALID",
      `the email has a place for ${field}, but there is no value for it`,
      {
        fix: FIXES.get(field) ?? "build the issue again",
      },
    );
  });
  // The longest token first: one token may be the beginning of another, and the regular expression takes the first match.
  return new Map(fills.sort(([a], [b]) => b.length - a.length));
}

/** Replaces all tokens in one pass, so that a value that looks like a token is not replaced again. */
function withFills(
  text: string,
  fills: ReadonlyMap<string, Pattern>,
  contextAt: (at: number) => Context,
): Pattern {
  if (fills.size === 0) return text === "" ? [] : [text];
  const tokens = new RegExp([...fills.keys()].map(literal).join("|"), "g");
  const parts: (string | Hole)[] = [];
  let end = 0;
  for (const { 0: token, index } of text.matchAll(tokens)) {
    parts.push(text.slice(end, index), ...inContext(fills.get(token) ?? [], contextAt(index)));
    end = index + token.length;
  }
  return joined([...parts, text.slice(end)]);
}

function literal(token: string): string {
  return token.replace(/[^\w-]/g, "\\$&");
}

/** Minifiers remove the quotes of an attribute whose value has only letters and hyphens, as a token has. */
function isBareAttribute(html: string, at: number): boolean {
  return /=[^\s"'<>]*$/.test(html.slice(Math.max(0, at - LOOK_BACK), at));
}

/** A recipient, with the values that only this recipient's message contains. */
export interface Reader extends Recipient {
  /** A token that ends only this reader's subscription. Absent for a reader who isn't on the list. */
  readonly token?: string | undefined;
  /** The part of the Return-Path that identifies the reader of a bounced message (VERP). */
  readonly bounceToken?: string | undefined;
  /** The Message-ID with angle brackets, if the ledger has one for this reader. */
  readonly messageId?: string | undefined;
}

/** The token in the links of readers who are not on the list. It ends no subscription. */
const SAMPLE_TOKEN = "sample";

/** The values for the holes of one recipient's message. The address is in normal form. */
function valuesFor(
  { address, name = "", token, bounceToken = "none", messageId = "" }: Reader,
  { newsletter }: Mailing["issue"],
): Values {
  return {
    to: mailboxText({ address, name }, "To: "),
    messageId,
    name,
    address,
    token: token ?? SAMPLE_TOKEN,
    farewell: encodeURIComponent(token ?? listLabel(newsletter)),
    bounceToken,
  };
}

/** The key of messages that are never sent. It need not be secret. */
const PREVIEW_KEY = "a preview that is never sent";

/** The messages of an issue, with holes for the values that differ between readers. */
export interface CompiledMessage {
  readonly mailing: Mailing;
  /** The header and the empty line after it. */
  readonly header: readonly Piece[];
  /** Long texts are bytes that all messages share. Shorter texts are pieces, joined with the values between them. */
  readonly body: readonly (Buffer | readonly Piece[])[];
  /** Makes the DKIM-Signature fields of a message. Absent without a key. */
  readonly signaturesOf?: SignaturesOf | undefined;
}

/**
 * Encodes all that the messages of an issue share, once for all recipients. The message follows RFC 5322: the text part
 * comes first, and UTF-8 is in quoted-printable with lines of at most 76 characters. It has all headers that a bulk message
 * needs (RFC 2369, 2919, 3834, 8058).
 * @throws BroadsheetError CONFIG_INVALID for a sender or a link, EMAIL_INVALID for a subject, a picture
 * or a merge field without a value.
 */
export function compileMessage(email: Email, given: Mailing): CompiledMessage {
  const from = normalRecipient(given.from, "CONFIG_INVALID", "the sender");
  const mailing = { ...given, from };
  const { subject, html, text } = emailPattern(email, mailing);
  const { images = [], dkim = [], date } = mailing;
  const { contentType, body } = messageBody({ text, html, images, boundary: boundary(mailing) });
  const fields = [...messageHeaders(mailing, subject), [contentType, "\r\n"]];
  const shared = shareable(body);
  return {
    mailing,
    header: [...fields.flat(), "\r\n"],
    body: shared,
    signaturesOf:
      dkim.length > 0 ? prepareSigning(fields, shared, { keys: dkim, at: date }) : undefined,
  };
}

/**
 * The message for one recipient. The same issue, recipient and mailing give the same bytes, because the Message-ID is an
 * HMAC of issue and recipient and the caller gives the date.
 * @throws BroadsheetError USAGE for a recipient that cannot stand in a header.
 */
export function messageFor(compiled: CompiledMessage, reader: Reader): Message {
  const { mailing, header, signaturesOf } = compiled;
  const normal = normalRecipient(reader, "USAGE", "the recipient");
  const messageId = reader.messageId ?? messageIdFor(mailing, normal.address);
  const to = { ...reader, ...normal, messageId };
  const values = valuesFor(to, mailing.issue);
  const body = compiled.body.map((part) =>
    Buffer.isBuffer(part) ? part : Buffer.from(filledPieces(part, values)),
  );
  const head = (signaturesOf?.(values, body) ?? "") + filledPieces(header, values);
  const envelope = { from: returnPath(mailing, to), to: to.address };
  return new CompiledCopy(envelope, messageId, [Buffer.from(head), ...body]);
}

/**
 * The length from which a text is shared. Shorter texts are copied, because a separate part costs more than copying its
 * bytes.
 */
const WORTH_SHARING = 4096;

/** Long texts become bytes. All pieces between two long texts become one part. */
function shareable(pieces: readonly Piece[]): (Buffer | Piece[])[] {
  const parts: (Buffer | Piece[])[] = [];
  for (const piece of joined(pieces)) {
    const last = parts.at(-1);
    if (typeof piece === "string" && piece.length >= WORTH_SHARING) parts.push(Buffer.from(piece));
    else if (Array.isArray(last)) last.push(piece);
    else parts.push([piece]);
  }
  return parts;
}

/**
 * The Message-ID of an issue for an address in normal form: an HMAC at the sender's domain, so that only a reader who
 * has the message can name it.
 */
export function messageIdFor(
  { issue, secret, from }: Pick<Mailing, "issue" | "secret" | "from">,
  address: string,
): string {
  const id = createHmac("sha256", secret ?? PREVIEW_KEY)
    .update(["message-id", issue.newsletter, issue.slot, address].join("\0"))
    .digest("hex")
    .slice(0, 32);
  return `<${id}@${domainOf(from.address)}>`;
}

/** The Message-ID of an issue for a subscriber: a hash of the reader's MAC, which is as hard to guess as the MAC. */
export function readerMessageId(
  { issue, from }: Pick<Mailing, "issue" | "from">,
  messageMac: string,
): string {
  const id = hash("sha256", [messageMac, issue.newsletter, issue.slot].join("\0"), "hex").slice(
    0,
    32,
  );
  return `<${id}@${domainOf(from.address)}>`;
}

/** The MIME boundary. It is the same for all readers of an issue, so that their messages can share parts. */
function boundary({ issue }: Mailing): string {
  const names = ["boundary", issue.newsletter, issue.slot].join("\0");
  return createHash("sha256").update(names).digest("hex").slice(0, 20);
}

/** The variable envelope return path (VERP): a bounce comes to an address that contains the reader's token. */
function returnPath({ bounce, from }: Mailing, { bounceToken }: Reader): string {
  const { address }: Recipient = bounce ?? from;
  if (bounce === undefined || bounceToken === undefined) return address;
  return address.replace("@", `+${bounceToken}@`);
}

/**
 * One finished message for one recipient. For many recipients, call `compileMessage` once and `messageFor` for each.
 * @throws the errors of `compileMessage` and `messageFor`.
 */
export function composeMessage(email: Email, recipient: Reader, mailing: Mailing): Message {
  return messageFor(compileMessage(email, mailing), recipient);
}

/** SHA-256, in hexadecimal, of the content that all readers of an issue share. */
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
 * A hash of all that the config adds to the messages of an issue: sender, header fields, links, DKIM keys and secret. It
 * is an HMAC with the secret as its key, so that it does not reveal the secret.
 */
export function settingsHash(mailing: Mailing): string {
  const { from, replyTo, bounce, links, echoes, secret, dkim = [] } = mailing;
  const keys = dkim.map(({ domain, selector, key }) => {
    const publicKey = createPublicKey(key).export({ type: "spki", format: "pem" });
    return [domain, selector, publicKey];
  });
  const parts = JSON.stringify([from, replyTo, bounce, links, echoes, keys]);
  return createHmac("sha256", secret ?? PREVIEW_KEY)
    .update(parts)
    .digest("hex");
}

/**
 * The header fields of a bulk message in the order of the message, each with its line end.
 * @throws BroadsheetError EMAIL_INVALID for a subject that would break the header, CONFIG_INVALID
 * for a link or a reply address.
 */
function messageHeaders(mailing: Mailing, subject: string): Pattern[] {
  const { date, from, replyTo, isPersonal = false } = mailing;
  return [
    `Date: ${date.toUTCString().replace(/GMT$/, "+0000")}`,
    mailboxField("From", from),
    ...(replyTo
      ? [mailboxField("Reply-To", normalRecipient(replyTo, "CONFIG_INVALID", "the reply address"))]
      : []),
    ["To: ", hole("to")],
    textField("Subject", checkedSubject(subject)),
    ["Message-ID: ", hole("messageId")],
    ...(isPersonal ? [] : listFields(mailing)),
    "Auto-Submitted: auto-generated",
    ...(isPersonal ? [] : [`Feedback-ID: ${feedbackId(mailing)}`, ...echoFields(mailing)]),
    "MIME-Version: 1.0",
  ].map((field) => (typeof field === "string" ? [field] : field).concat("\r\n"));
}

function listFields(mailing: Mailing): (string | Pattern)[] {
  const archive = mailing.links?.archive;
  return [
    `List-Id: <${listId(mailing)}>`,
    ...unsubscribeFields(mailing),
    `List-Help: <${helpMailto(mailing)}>`,
    ...(archive === undefined
      ? []
      : [`List-Archive: <${checkedUrl(archive, "archive", ["https:", "http:"])}>`]),
    "List-Post: NO",
  ];
}

/**
 * One-click unsubscription needs an https link (RFC 8058 §3.1). The `mailto:` works everywhere (RFC 2369). No URL is
 * folded, and the first one stays on the line of its field name, because some relays otherwise break the DKIM signature.
 */
function unsubscribeFields(mailing: Mailing): Pattern[] {
  const mailto = ["<", ...unsubscribeMailto(mailing), ">"];
  const unsubscribe = mailing.links?.unsubscribe;
  if (unsubscribe === undefined) return [["List-Unsubscribe: ", ...mailto]];
  const https = ["<", ...urlPattern(unsubscribe, "unsubscribe"), ">"];
  return [
    ["List-Unsubscribe: ", ...https, ",\r\n ", ...mailto],
    ["List-Unsubscribe-Post: List-Unsubscribe=One-Click"],
  ];
}

function echoFields({ echoes = {}, issue: { slot } }: Mailing): Pattern[] {
  const { ses, postmark } = echoes;
  const ofSes: Pattern[] = ses
    ? [
        [`X-SES-CONFIGURATION-SET: ${ses.configurationSet}`],
        ["X-SES-MESSAGE-TAGS: reader=", hole("bounceToken"), `, slot=${echoedSlot(slot)}`],
      ]
    : [];
  const ofPostmark: Pattern[] = postmark
    ? [["X-PM-Metadata-reader: ", hole("bounceToken")], [`X-PM-Metadata-slot: ${echoedSlot(slot)}`]]
    : [];
  return [...ofSes, ...ofPostmark];
}

/** A slot as a tag of SES. Tags have no plus sign, so a dot replaces it. No slot contains a dot. */
function echoedSlot(slot: string): string {
  return slot.replaceAll("+", ".");
}

/** The slot that a provider's report repeats. */
export function slotOfEcho(echo: string): string {
  return echo.replaceAll(".", "+");
}

/** A dot-atom below the sender's domain, in A-labels (RFC 2919 §3). */
function listId({ issue, from }: Mailing): string {
  return `${listLabel(issue.newsletter)}.${domainOf(from.address)}`;
}

/** Four fields. Gmail's feedback loop reads the last one as the sender, which has 5 to 15 characters. */
function feedbackId({ issue, from }: Mailing): string {
  const sender = createHash("sha256").update(domainOf(from.address)).digest("hex").slice(0, 10);
  return `${issue.slot.replace(/[^\w+-]/g, "")}:${listLabel(issue.newsletter)}:digest:${sender}`;
}

function checkedSubject(subject: string): string {
  const text = subject.toWellFormed().trim();
  if (text !== "" && !/\p{Cc}/u.test(text)) return text;
  const fault = text === "" ? "is empty" : "contains a line break or a control character";
  throw new BroadsheetError("EMAIL_INVALID", `the subject ${fault}`, {
    fix: "write the subject on one line in digest.json, then: broadsheet render",
  });
}
