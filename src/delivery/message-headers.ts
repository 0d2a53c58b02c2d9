import { createHash } from "node:crypto";
import { domainOf, normalRecipient } from "../subscribers/recipient.ts";
import { BroadsheetError } from "../errors.ts";
import {
  checkedUrl,
  helpMailto,
  listLabel,
  type Mailing,
  unsubscribeMailto,
  urlPattern,
} from "./mailing.ts";
import { mailboxField, textField } from "./mime.ts";
import { hole, type Pattern } from "./pattern.ts";

/**
 * The header fields of a bulk message, in the order they are written, each with its line end.
 * @throws BroadsheetError EMAIL_INVALID for a subject that would break the header, CONFIG_INVALID
 * for a link or a reply address.
 */
export function messageHeaders(mailing: Mailing, subject: string): Pattern {
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
