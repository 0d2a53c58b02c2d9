import { tokenIn } from "../token.ts";
import { type Field, fieldsIn, headerOf, type ReceivedMail, valueOf } from "./received-mail.ts";

/** Where a server writes whom a mail came to, when that isn't what stands in To. */
const ENVELOPE = new Set([
  "to",
  "delivered-to",
  "envelope-to",
  "original-recipient",
  "x-delivered-to",
  "x-envelope-to",
  "x-original-to",
]);

/** More than a mail has that was sent once. */
const MOST = 20;

/**
 * What may say whose mail came back, the surest first: the address that this mail came to, what the report
 * says, and the head of the message that is returned in it. That has the token of the unsubscribe link too.
 * What counts is only whether we have signed it.
 */
export function tokensIn({ fields, parts }: ReceivedMail): string[] {
  const envelope = fields.filter(({ key }) => ENVELOPE.has(key)).map(({ value }) => value);
  const reports = parts.filter(({ type }) => REPORT.test(type)).map(({ text }) => headersOf(text));
  const returned = returnedHeads(parts);
  const found = [
    ...[...envelope, ...reports, ...returned.flat().map(({ value }) => value)].flatMap(inAddresses),
    ...returned.flatMap((fields) => tokenIn(valueOf(fields, "list-unsubscribe")) ?? []),
  ];
  return [...new Set(found)].slice(0, MOST);
}

/** The ids of the messages that are returned: they say which issue it was. */
export function messageIdsIn({ parts }: ReceivedMail): string[] {
  return returnedHeads(parts).flatMap(
    (fields) => /<[^<>\s]+>/.exec(valueOf(fields, "message-id"))?.[0] ?? [],
  );
}

const REPORT = /^message\/(?:(?:global-)?delivery-status|feedback-report)$/;
const RETURNED = /^(?:message\/(?:rfc822|global|global-headers)|text\/rfc822-headers)$/;

function returnedHeads(parts: ReceivedMail["parts"]): Field[][] {
  return parts
    .filter(({ type }) => RETURNED.test(type))
    .map(({ text }) => fieldsIn(headerOf(text)));
}

/** A report has several groups of fields. */
function headersOf(text: string): string {
  return text.slice(0, 64 * 1024);
}

/** `bounces+TOKEN@domain`; a server on the way may write another sign for the plus. */
function inAddresses(text: string): string[] {
  return [...text.matchAll(/[+=-]([0-9a-z]{1,12}-[0-9a-v]{16})@/gi)].map(([, token = ""]) => token);
}
