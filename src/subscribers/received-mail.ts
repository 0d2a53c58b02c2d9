import PostalMime, { type Email, type Attachment } from "postal-mime";
import { BroadsheetError } from "../errors.ts";
import { bounceTokensIn, tokenIn } from "./tokens.ts";
import { domainOf, splitMailbox } from "./recipient.ts";
import { recipientOf } from "./settings.ts";

/** What follows in a text, a report or a header isn't looked at. */
export const MOST_TEXT = 64 * 1024;

/** Fields in which a server writes the address that a mail came to, where To has another one. */
const ENVELOPE = new Set(
  "to delivered-to envelope-to original-recipient x-delivered-to x-envelope-to x-original-to".split(
    " ",
  ),
);

/** No bounce has more tokens than this. */
const MOST = 20;

/**
 * What looks like a token of the reader whose message bounced, the surest first: from the address that the bounce
 * came to, from its report, and from the header of the bounced message in it, which has the unsubscribe token too.
 * Whether a token counts is decided by its signature alone.
 */
export function tokensIn({ fields, parts }: ReceivedMail): string[] {
  const envelope = fields.filter(({ key }) => ENVELOPE.has(key)).map(({ value }) => value);
  const reports = parts
    .filter(({ type }) => REPORT.test(type))
    .map(({ text }) => text.slice(0, MOST_TEXT));
  const returned = returnedHeads(parts);
  const found = [
    ...[...envelope, ...reports, ...returned.flat().map(({ value }) => value)].flatMap(
      bounceTokensIn,
    ),
    ...returned.flatMap((fields) => tokenIn(valueOf(fields, "list-unsubscribe")) ?? []),
  ];
  return [...new Set(found)].slice(0, MOST);
}

/** The Message-IDs of the bounced messages: they identify the issue. */
export function messageIdsIn({ parts }: ReceivedMail): string[] {
  return returnedHeads(parts).flatMap(
    (fields) => /<[^<>\s]+>/.exec(valueOf(fields, "message-id"))?.[0] ?? [],
  );
}

const REPORT = /^message\/(?:(?:global-)?delivery-status|feedback-report)$/;
const RETURNED = /^(?:message\/(?:rfc822|global|global-headers)|text\/rfc822-headers)$/;

export function returnedHeads(parts: ReceivedMail["parts"]): Field[][] {
  return parts
    .filter(({ type }) => RETURNED.test(type))
    .map(({ text }) => fieldsIn(headerOf(text)));
}

/** A field of a header: its name in small letters, and its value on one line. */
export interface Field {
  readonly key: string;
  readonly value: string;
}

/** A part of a mail besides its text. */
interface MailPart {
  /** The media type in small letters: `message/delivery-status`. */
  readonly type: string;
  readonly text: string;
}

/** A received mail, parsed. */
export interface ReceivedMail {
  readonly fields: readonly Field[];
  readonly subject: string;
  readonly from?: string;
  readonly text: string;
  readonly parts: readonly MailPart[];
}

/**
 * What follows isn't read. Headers and reports come first; the end of a mail is pictures, and a
 * million empty lines keep the parser busy for half a minute.
 */
export const MOST_MAIL_BYTES = 256 * 1024;

/** Parts that are mails stay whole: what stands in them isn't said by this one. */
async function parsed(bytes: Uint8Array): Promise<Email> {
  try {
    return await PostalMime.parse(bytes, { forceRfc822Attachments: true });
  } catch (cause) {
    const what = "that mail has too many parts, or too long a header, to be read";
    throw new BroadsheetError("CONTENT_UNSUPPORTED", what, {
      fix: "nothing was changed; look at it yourself",
      cause,
    });
  }
}

/**
 * A mail, given as it came, taken apart.
 * @throws BroadsheetError CONTENT_UNSUPPORTED for what is no mail.
 */
export async function readReceivedMail(bytes: Uint8Array): Promise<ReceivedMail> {
  const email = await parsed(bytes.subarray(0, MOST_MAIL_BYTES));
  const fields = email.headers.map(({ key, value }) => ({ key, value }));
  if (!fields.some(({ key }) => EXPECTED.has(key)))
    throw new BroadsheetError("CONTENT_UNSUPPORTED", "that is no mail: it has no headers", {
      fix: "give the whole mail as it came",
    });
  return {
    fields,
    subject: email.subject ?? "",
    text: email.text ?? "",
    parts: email.attachments.map(mailPartOf),
    ...(email.from?.address && { from: email.from.address }),
  };
}

const EXPECTED = new Set(["from", "subject", "to", "date", "message-id", "received"]);

function mailPartOf({ mimeType, content }: Attachment): MailPart {
  const text = typeof content === "string" ? content : new TextDecoder().decode(content);
  return { type: mimeType.toLowerCase(), text };
}

/** The fields of a header as it is written (RFC 5322 §2.2.3: a line that begins with a blank goes on). */
export function fieldsIn(header: string): Field[] {
  return header
    .replace(/\r?\n[ \t]+/g, " ")
    .split(/\r?\n/)
    .flatMap((line) => {
      const [, name = "", value = ""] = /^([!-9;-~]+)[ \t]*:(.*)$/.exec(line) ?? [];
      return name === "" ? [] : [{ key: name.toLowerCase(), value: oneLine(value) }];
    });
}

/** The first value of a field; empty where there is none. */
export function valueOf(fields: readonly Field[], key: string): string {
  return fields.find((field) => field.key === key)?.value ?? "";
}

/** The header of a mail: all before the first empty line. */
function headerOf(text: string): string {
  return text.slice(0, MOST_TEXT).split(/\r?\n\r?\n/, 1)[0] ?? "";
}

/** Text from outside on one line, without control characters, which could steer a terminal. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
}

/**
 * The sender of a mail, where the server `authserv` reports that the domain in From passed DMARC (RFC 8601); otherwise
 * undefined, also where From doesn't have exactly one address. `fields` are the whole header, in its order.
 *
 * A sender can write an Authentication-Results field too, with any name in it. Servers add their fields at the top, so
 * that the first field with the server's name counts and no other. It has to stand beside the Received field of that
 * server: a field below the Received field of an earlier server was in the mail when it came. That proves nothing by
 * itself, since a sender can forge both: the server must add its results to every mail, or remove forged ones.
 */
export function authenticatedSender(
  fields: readonly Field[],
  authserv: string,
): string | undefined {
  const [from, ...others] = fields.filter(({ key }) => key === "from");
  const server = authserv.toLowerCase();
  const at = fields.findIndex(
    ({ key, value }) => key === "authentication-results" && partsOf(value)[0]?.[0] === server,
  );
  const results = fields[at];
  if (!from || others.length > 0 || !results || !isBesideReceived(fields, at, server))
    return undefined;
  const sender = recipientOf(splitMailbox(from.value).address)?.address;
  return sender !== undefined && passedDomain(results) === domainOf(sender) ? sender : undefined;
}

/** Whether the nearest Received field above is the server's, or, where it has none above, the nearest below. */
function isBesideReceived(fields: readonly Field[], at: number, server: string): boolean {
  const above = receiversIn(fields.slice(0, at));
  const below = receiversIn(fields.slice(at));
  return (above.includes(server) ? above.at(-1) : below[0]) === server;
}

/** The servers that wrote Received fields. The last "by" counts: clients choose the name that stands before it. */
function receiversIn(fields: readonly Field[]): (string | undefined)[] {
  const received = fields.filter(({ key }) => key === "received");
  const words = received.map(({ value }) => partsOf(value)[0] ?? []);
  return words.map((some) => some[some.lastIndexOf("by") + 1]);
}

/**
 * The domain that passed; undefined where the field doesn't have exactly one DMARC result, or that is another. A
 * malformed result discredits the whole field: a server may have written an address with a semicolon in it unquoted.
 */
function passedDomain({ value }: Field): string | undefined {
  const [[, version = "1", ...more] = [], ...parts] = partsOf(value);
  const results = parts.filter((words) => words.length > 0);
  const [words = [], ...others] = results.filter(([method = ""]) => /^dmarc(?:\/1)?$/.test(method));
  if (version !== "1" || more.length > 0 || others.length > 0) return undefined;
  const keys = words.filter((_, at) => at % 3 === 0);
  const isUnique = new Set(keys).size === keys.length;
  const at = keys.indexOf("header.from");
  return results.every(isWhole) && isUnique && at > 0 && words[2] === "pass"
    ? domainOf(words[at * 3 + 2] ?? "")
    : undefined;
}

/** Whether a result is made of names, equal signs and values alone. */
function isWhole(words: readonly string[]): boolean {
  return words.length % 3 === 0 && words.every((word, at) => (word === "=") === (at % 3 === 1));
}

/** A quoted string, a word, or a sign between words. */
const WORD = /"(?:\\[^]|[^"\\])*"|[^\s;="]+|[;="]/g;

/** The parts between semicolons, each as its words, in small letters: first the server, then each method (RFC 8601 §2.2). */
function partsOf(value: string): string[][] {
  const parts: string[][] = [[]];
  for (const word of withoutComments(value.toLowerCase()).match(WORD) ?? []) {
    if (word === ";") parts.push([]);
    else parts.at(-1)?.push(word.replace(/^"(.+)"$/, "$1"));
  }
  return parts;
}

/** A value with a space for each comment (RFC 5322 §3.2.2); empty where a comment or a quoted string isn't closed. */
function withoutComments(value: string): string {
  let depth = 0;
  let isQuoted = false;
  let text = "";
  for (const [sign] of value.matchAll(/\\[^]|[^]/g)) {
    if (sign === "(" && !isQuoted) depth += 1;
    if (depth === 0) text += sign;
    if (depth === 0 && sign === '"') isQuoted = !isQuoted;
    if (depth > 0 && sign === ")" && --depth === 0) text += " ";
  }
  return depth === 0 && !isQuoted ? text : "";
}
