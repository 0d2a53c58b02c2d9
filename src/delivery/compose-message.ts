import { createHmac } from "node:crypto";
import { BroadsheetError } from "../errors.ts";
import type { Email } from "../render/email.ts";
import { fillSlots } from "./fill-slots.ts";
import type { InlineImage, Mailing } from "./mailing.ts";
import type { Message } from "./message.ts";
import { messageHeaders } from "./message-headers.ts";
import { domainOf, normalRecipient, type Recipient } from "../audience/recipient.ts";

/** Keys what nobody will receive. Anyone may know it: it hides nothing. */
const PREVIEW_KEY = "a preview that is never sent";

/**
 * One finished message for one recipient (RFC 5322): slots filled, text part first, UTF-8 in
 * quoted-printable with lines of at most 76 characters, all headers a bulk message needs (RFC 2369,
 * 2919, 3834, 8058). The same email, recipient and mailing give the same bytes: Message-ID and
 * MIME boundary are HMACs of issue and recipient, and the date is the caller's.
 * @throws BroadsheetError USAGE or CONFIG_INVALID for a recipient or sender that cannot stand in a
 * header, CONFIG_INVALID for a link, EMAIL_INVALID for a subject, a picture or a slot nobody fills.
 */
export async function composeMessage(
  email: Email,
  recipient: Recipient,
  mailing: Mailing,
): Promise<Message> {
  const to = normalRecipient(recipient, "USAGE", "the recipient");
  const from = normalRecipient(mailing.from, "CONFIG_INVALID", "the sender");
  const seal = sealFor(mailing, to.address);
  const messageId = `<${seal("message-id")}@${domainOf(from.address)}>`;
  const { subject, html, text } = fillSlots(email, to, { ...mailing, from });
  const { default: MailComposer } = await import("nodemailer/lib/mail-composer");
  const composer = new MailComposer({
    headers: await messageHeaders({ ...mailing, from }, { to, subject, messageId }),
    text: withCrlf(text),
    html: withCrlf(html),
    attachments: (mailing.images ?? []).map(attachmentOf),
    encoding: "quoted-printable",
    // "=_" can stand in neither quoted-printable nor base64 (RFC 2045 §6.7), so no part can hold it.
    boundaryPrefix: "=_",
    baseBoundary: seal("boundary").slice(0, 20),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const raw = await composer.compile().build();
  return { envelope: { from: from.address, to: to.address }, messageId, raw };
}

/** HMAC-SHA256 of issue and recipient, in 32 hexadecimal digits, a different one for each purpose. */
function sealFor({ issue, secret }: Mailing, address: string): (purpose: string) => string {
  return (purpose) =>
    createHmac("sha256", secret ?? PREVIEW_KEY)
      .update([purpose, issue.newsletter, issue.slot, address].join("\0"))
      .digest("hex")
      .slice(0, 32);
}

/** RFC 5322 §2.3: CR and LF only together. */
function withCrlf(text: string): string {
  return text.toWellFormed().replace(/\r\n?|\n/g, "\r\n");
}

function attachmentOf({ cid, filename, contentType, content }: InlineImage): object {
  const isSafe =
    /^[\w.@+-]+$/.test(cid) && /^image\/[\w.+-]+$/.test(contentType) && !/\p{Cc}/u.test(filename);
  if (isSafe) return { cid, filename, contentType, content, contentDisposition: "inline" };
  throw new BroadsheetError(
    "EMAIL_INVALID",
    `the picture "${filename}" cannot travel in a message`,
    {
      fix: "rename its file with plain letters, digits and hyphens, and build again",
    },
  );
}
