import { BroadsheetError } from "../errors.ts";
import type { Email, SlotName } from "../email/email.ts";
import { checkedUrl, type Mailing, unsubscribeMailto, urlPattern } from "./mailing.ts";
import { type Context, filled, hole, inContext, joined, type Pattern } from "./pattern.ts";
import { type Reader, valuesFor } from "./values.ts";

/** An email as one recipient gets it. */
export type FilledEmail = Pick<Email, "subject" | "html" | "text">;

/** An email whose merge fields are holes, all else as it is. */
export interface SlottedEmail {
  readonly subject: string;
  readonly html: Pattern;
  readonly text: Pattern;
}

type Addresses = Pick<Mailing, "issue" | "from" | "links">;

/** Farther back than this no attribute value begins that a token could stand in. */
const LOOK_BACK = 400;

/**
 * The email with its merge fields filled for one recipient: escaped in the HTML, for text and for
 * attributes with quotes or without, and plain in the text part. A name that is not known is empty.
 * @throws BroadsheetError EMAIL_INVALID where the email has a slot that nothing fills;
 * CONFIG_INVALID for a link that is not a web address.
 */
export function fillSlots(email: Email, recipient: Reader, mailing: Addresses): FilledEmail {
  const { subject, html, text } = slottedEmail(email, mailing);
  const values = valuesFor(recipient, mailing.issue);
  return { subject, html: filled(html, values), text: filled(text, values) };
}

/** The email with a hole wherever readers differ; what is the same for all of them is written already. */
export function slottedEmail(
  { subject, html, text, slots }: Email,
  mailing: Addresses,
): SlottedEmail {
  const fills = fillsByToken(slots, slotPatterns(mailing));
  const bareOrHtml = (at: number): Context =>
    isBareAttribute(html, at) ? "bareAttribute" : "html";
  return {
    subject,
    html: withFills(html, fills, bareOrHtml),
    text: withFills(text, fills, () => "plain"),
  };
}

function slotPatterns(mailing: Addresses): Readonly<Partial<Record<SlotName, Pattern>>> {
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
  patterns: Partial<Record<SlotName, Pattern>>,
): ReadonlyMap<string, Pattern> {
  const bySlot = new Map(Object.entries(patterns));
  const fills = Object.entries(slots).map(([slot, token]): [string, Pattern] => {
    const pattern = bySlot.get(slot);
    if (pattern !== undefined) return [token, pattern];
    throw new BroadsheetError(
      "EMAIL_INVALID",
      `the email has a place for ${slot}, and nothing to put there`,
      {
        fix:
          slot === "webUrl"
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
