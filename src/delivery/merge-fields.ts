import { BroadsheetError } from "../errors.ts";
import type { Email, MergeField } from "../email/email.ts";
import { checkedUrl, type Mailing, unsubscribeMailto, urlPattern, listLabel } from "./mailing.ts";
import {
  type Context,
  filled,
  hole,
  inContext,
  joined,
  type Pattern,
  type Values,
} from "./pattern.ts";
import type { Recipient } from "../subscribers/recipient.ts";
import { mailboxText } from "./mime.ts";

/** An email as one recipient gets it. */
type FilledEmail = Pick<Email, "subject" | "html" | "text">;

/** An email whose merge fields are holes. */
interface EmailPattern {
  readonly subject: string;
  readonly html: Pattern;
  readonly text: Pattern;
}

type Addresses = Pick<Mailing, "issue" | "from" | "links">;

/** No attribute value with a merge field begins farther back than this. */
const LOOK_BACK = 400;

/**
 * The email with its merge fields filled for one recipient: escaped in the HTML, for text and for
 * attributes with quotes or without, and plain in the text part. A name that is missing is empty.
 * @throws BroadsheetError EMAIL_INVALID where the email has a merge field that nothing fills;
 * CONFIG_INVALID for a link that is not a web address.
 */
export function fillMergeFields(email: Email, recipient: Reader, mailing: Addresses): FilledEmail {
  const { subject, html, text } = emailPattern(email, mailing);
  const values = valuesFor(recipient, mailing.issue);
  return { subject, html: filled(html, values), text: filled(text, values) };
}

/** The email with a hole for every value that differs between readers; what is the same for all is filled in. */
export function emailPattern(
  { subject, html, text, slots }: Email,
  mailing: Addresses,
): EmailPattern {
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
  const { unsubscribe, web } = mailing.links ?? {};
  return {
    recipientName: [hole("name")],
    recipientAddress: [hole("address")],
    unsubscribeUrl:
      unsubscribe === undefined
        ? unsubscribeMailto(mailing)
        : urlPattern(unsubscribe, "unsubscribe", ["https:"]),
    ...(web !== undefined && { webUrl: [checkedUrl(web, "web", ["https:", "http:"])] }),
  };
}

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
      `the email has a place for ${field}, and nothing to put there`,
      {
        fix:
          field === "webUrl"
            ? "set urls.web in the config, or build the issue again"
            : "build the issue again",
      },
    );
  });
  // Longest first: where one token begins another, the alternation must not stop at the shorter.
  return new Map(fills.sort(([a], [b]) => b.length - a.length));
}

/** All tokens in one pass, so that a value that looks like a token is not filled in its turn. */
function withFills(
  text: string,
  fills: ReadonlyMap<string, Pattern>,
  contextAt: (at: number) => Context,
): Pattern {
  if (fills.size === 0) return joined([text]);
  const tokens = new RegExp([...fills.keys()].map(literal).join("|"), "g");
  const parts: Pattern[number][] = [];
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

/** Minifiers take quotes off attributes where they can, and a token is all letters and hyphens. */
function isBareAttribute(html: string, at: number): boolean {
  return /=[^\s"'<>]*$/.test(html.slice(Math.max(0, at - LOOK_BACK), at));
}

/** A recipient with what stands in their message and no other. */
export interface Reader extends Recipient {
  /** Ends this reader's subscription, and no other. Absent for a reader who isn't on the list. */
  readonly token?: string | undefined;
  /** In the Return-Path, identifies the reader whose message bounced (VERP). */
  readonly bounceToken?: string | undefined;
  /** With its angle brackets, where the ledger has one for this reader. */
  readonly messageId?: string | undefined;
}

/** Stands in the links of readers who are not on the list, and ends no subscription. */
const SAMPLE_TOKEN = "sample";

/** What fills the holes of a message for one recipient, whose address is in normal form. */
export function valuesFor(
  { address, name = "", token, messageId = "" }: Reader,
  { newsletter }: Mailing["issue"],
): Values {
  return {
    to: mailboxText({ address, name }, "To: "),
    messageId,
    name,
    address,
    token: token ?? SAMPLE_TOKEN,
    farewell: encodeURIComponent(token ?? listLabel(newsletter)),
  };
}
