import { BroadsheetError } from "../errors.ts";
import type { Email, SlotName } from "../render/email.ts";
import { checkedUrl, type Mailing, unsubscribeMailto } from "./mailing.ts";
import type { Recipient } from "../audience/recipient.ts";

/** An email as one recipient gets it. */
export type FilledEmail = Pick<Email, "subject" | "html" | "text">;

/** Farther back than this no attribute value begins that a token could stand in. */
const LOOK_BACK = 400;

/**
 * The email with its merge fields filled for one recipient: escaped in the HTML, for text and for
 * attributes with quotes or without, and plain in the text part. A name that is not known is empty.
 * @throws BroadsheetError EMAIL_INVALID where the email has a slot that nothing fills;
 * CONFIG_INVALID for a link that is not a web address.
 */
export function fillSlots(
  email: Email,
  recipient: Recipient,
  mailing: Pick<Mailing, "issue" | "from" | "links">,
): FilledEmail {
  const fills = fillsByToken(email.slots, slotValues(recipient, mailing));
  if (fills.size === 0) return { subject: email.subject, html: email.html, text: email.text };
  // All at once, so that a value that looks like a token is not filled in its turn.
  const tokens = new RegExp([...fills.keys()].map(literal).join("|"), "g");
  return {
    subject: email.subject,
    html: email.html.replace(tokens, (token, at: number) =>
      escapeHtml(fills.get(token) ?? "", isBareAttribute(email.html, at)),
    ),
    text: email.text.replace(tokens, (token) => fills.get(token) ?? ""),
  };
}

function slotValues(
  { address, name }: Recipient,
  mailing: Pick<Mailing, "issue" | "from" | "links">,
): Partial<Record<SlotName, string>> {
  const { unsubscribe, web } = mailing.links ?? {};
  return {
    recipientName: name ?? "",
    recipientAddress: address,
    unsubscribeUrl:
      unsubscribe === undefined
        ? unsubscribeMailto(mailing)
        : checkedUrl(unsubscribe, "unsubscribe", ["https:"]),
    ...(web !== undefined && { webUrl: checkedUrl(web, "web", ["https:", "http:"]) }),
  };
}

function fillsByToken(
  slots: Email["slots"],
  values: Partial<Record<SlotName, string>>,
): ReadonlyMap<string, string> {
  const fills = Object.entries(slots).map(([slot, token]): [string, string] => {
    const value = new Map(Object.entries(values)).get(slot);
    if (value !== undefined) return [token, value];
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

function literal(token: string): string {
  return token.replace(/[^\w-]/g, "\\$&");
}

/** Minifiers take quotes off attributes where they can, and a token is all letters and hyphens. */
function isBareAttribute(html: string, at: number): boolean {
  return /=[^\s"'<>]*$/.test(html.slice(Math.max(0, at - LOOK_BACK), at));
}

/** Written as references is all that could end a text, a quoted value or a bare one (HTML §13.1.2.3). */
function escapeHtml(value: string, isBare: boolean): string {
  const special = isBare ? /[&<>"'`=\s]/g : /[&<>"'`]/g;
  return value.replace(special, (character) => `&#${character.codePointAt(0)};`);
}
