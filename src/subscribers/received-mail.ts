import PostalMime, { type Email, type Attachment } from "postal-mime";
import { BroadsheetError } from "../errors.ts";
import { bounceTokensIn, tokenIn } from "./tokens.ts";
import { domainOf, splitMailbox } from "./recipient.ts";
import { recipientOf } from "./settings.ts";

/** The part of a text, a report or a header that is read. */
export const MOST_TEXT = 64 * 1024;

/** The fields with the address of a mail's envelope, which may differ from To. */
const ENVELOPE = new Set(
  "to delivered-to envelope-to original-recipient x-delivered-to x-envelope-to x-original-to".split(
    " ",
  ),
);

/** No bounce has more tokens. */
const MOST_TOKENS = 20;

/**
 * Possible tokens of the reader whose message bounced, the most reliable first. They are in the address of the bounce, in
 * its report, and in the header of the bounced message, which has the unsubscribe token too. Only its signature decides
 * whether a token is valid.
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
  return [...new Set(found)].slice(0, MOST_TOKENS);
}

/** The Message-IDs of the bounced messages. They identify the issue. */
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

/** A field of a header. Its name is in lower case, and its value on one line. */
export interface Field {
  readonly key: string;
  readonly value: string;
}

interface MailPart {
  /** The media type in lower case: `message/delivery-status`. */
  readonly type: string;
  readonly text: string;
}

export interface ReceivedMail {
  readonly fields: readonly Field[];
  readonly subject: string;
  readonly from?: string;
  readonly text: string;
  readonly parts: readonly MailPart[];
}

/**
 * The part of a mail that is read. Headers and reports come first, and pictures last. A million empty lines would take the
 * parser half a minute.
 */
export const MOST_MAIL_BYTES = 256 * 1024;

/** Parses a mail. A mail inside it stays unparsed, because its text does not belong to this mail. */
async function parsed(bytes: Uint8Array): Promise<Email> {
  try {
    return await PostalMime.parse(bytes, { forceRfc822Attachments: true });
  } catch (cause) {
    const what = "the mail can't be read: it has too many parts, or its header is too long";
    throw new BroadsheetError("CONTENT_UNSUPPORTED", what, {
      fix: "nothing was changed; look at it yourself",
      cause,
    });
  }
}

/**
 * Parses a received mail.
 * @throws BroadsheetError CONTENT_UNSUPPORTED for bytes that are not a mail.
 */
export async function readReceivedMail(bytes: Uint8Array): Promise<ReceivedMail> {
  const email = await parsed(bytes.subarray(0, MOST_MAIL_BYTES));
  const fields = email.headers.map(({ key, value }) => ({ key, value }));
  if (!fields.some(({ key }) => EXPECTED.has(key)))
    throw new BroadsheetError("CONTENT_UNSUPPORTED", "this is not a mail: it has no headers", {
      fix: "give the complete mail with its header",
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

/** The fields of a header. A line that begins with a blank continues a field (RFC 5322 §2.2.3). */
export function fieldsIn(header: string): Field[] {
  return header
    .replace(/\r?\n[ \t]+/g, " ")
    .split(/\r?\n/)
    .flatMap((line) => {
      const [, name = "", value = ""] = /^([!-9;-~]+)[ \t]*:(.*)$/.exec(line) ?? [];
      return name === "" ? [] : [{ key: name.toLowerCase(), value: oneLine(value) }];
    });
}

/** The first value of a field. Empty if there is none. */
export function valueOf(fields: readonly Field[], key: string): string {
  return fields.find((field) => field.key === key)?.value ?? "";
}

/** The header of a mail: all before the first empty line. */
function headerOf(text: string): string {
  return text.slice(0, MOST_TEXT).split(/\r?\n\r?\n/, 1)[0] ?? "";
}

/** Foreign text on one line, without control characters, which could control a terminal. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
}

/**
 * The sender of a mail, if the server `authserv` reports that the domain in From passed DMARC (RFC 8601). Undefined
 * otherwise, and if From does not have exactly one address. `fields` are the whole header in its order.
 *
 * A sender can write an Authentication-Results field too, with any name in it. Servers add their fields at the top, so only
 * the first field with the server's name counts. It must be next to the Received field of that server, because a field below
 * the Received field of an earlier server was already in the mail. A sender can forge both fields. This check is therefore
 * safe only if the server adds its results to every mail, or removes forged ones.
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

/** Whether the nearest Received field above is the server's. If it has none above, the nearest below must be its own. */
function isBesideReceived(fields: readonly Field[], at: number, server: string): boolean {
  const above = receiversIn(fields.slice(0, at));
  const below = receiversIn(fields.slice(at));
  return (above.includes(server) ? above.at(-1) : below[0]) === server;
}

/** The servers that wrote Received fields. The last "by" counts, because clients choose the name before it. */
function receiversIn(fields: readonly Field[]): (string | undefined)[] {
  const received = fields.filter(({ key }) => key === "received");
  const words = received.map(({ value }) => partsOf(value)[0] ?? []);
  return words.map((some) => some[some.lastIndexOf("by") + 1]);
}

/**
 * The domain that passed DMARC. Undefined if the field does not have exactly one DMARC result, or another result. One
 * malformed result makes the whole field invalid, because a server may have written an address with a semicolon unquoted.
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

/** Whether a result consists only of names, equal signs and values. */
function isWhole(words: readonly string[]): boolean {
  return words.length % 3 === 0 && words.every((word, at) => (word === "=") === (at % 3 === 1));
}

/** A quoted string, a word, or a separator. */
const WORD = /"(?:\\[^]|[^"\\])*"|[^\s;="]+|[;="]/g;

/** The words of each part between semicolons, in lower case: first the server, then each method (RFC 8601 §2.2). */
function partsOf(value: string): string[][] {
  const parts: string[][] = [[]];
  for (const word of withoutComments(value.toLowerCase()).match(WORD) ?? []) {
    if (word === ";") parts.push([]);
    else parts.at(-1)?.push(word.replace(/^"(.+)"$/, "$1"));
  }
  return parts;
}

/** A value with a space for each comment (RFC 5322 §3.2.2). Empty if a comment or a quoted string is not closed. */
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
