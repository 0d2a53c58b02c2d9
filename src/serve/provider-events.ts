import * as z from "zod";
import { slotOfEcho } from "../delivery/compile-message.ts";
import type { ProviderReport } from "./ports.ts";

/*
 * The reports of providers. They have many more fields than are read here. An event without the token of the message is
 * ignored.
 */

/** https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html */
const sesSchema = z.object({
  eventType: z.string(),
  mail: z.object({
    tags: z.object({ reader: z.array(z.string()), slot: z.array(z.string()).optional() }),
    commonHeaders: z.object({ messageId: z.string() }).partial().optional(),
  }),
  bounce: z
    .object({
      bounceType: z.string(),
      bounceSubType: z.string().default(""),
      bouncedRecipients: z
        .array(z.object({ status: z.string(), diagnosticCode: z.string() }).partial())
        .default([]),
    })
    .optional(),
  complaint: z
    .object({ complaintFeedbackType: z.string().nullable(), userAgent: z.string() })
    .partial()
    .optional(),
  delivery: z.object({ smtpResponse: z.string() }).partial().optional(),
});

/** The report in an event of SES. Undefined for an event without consequences. */
export function sesReport(body: unknown): ProviderReport | undefined {
  const read = sesSchema.safeParse(body);
  if (!read.success) return undefined;
  const { eventType, mail, bounce, complaint, delivery } = read.data;
  const [token = ""] = mail.tags.reader;
  const whose = { token, slot: mail.tags.slot?.[0] && slotOfEcho(mail.tags.slot[0]) };
  if (eventType === "Complaint")
    return { ...whose, what: "complained", said: complaint?.complaintFeedbackType ?? "abuse" };
  if (eventType === "Delivery")
    return { ...whose, what: "delivered", said: delivery?.smtpResponse ?? "" };
  if (eventType !== "Bounce" || !bounce) return undefined;
  const [recipient = {}] = bounce.bouncedRecipients;
  const { bounceType, bounceSubType } = bounce;
  const said = recipient.diagnosticCode ?? `${bounceType} ${bounceSubType}`.trim();
  // OnAccountSuppressionList is the list of our own account, so the address may exist. The other types are our fault.
  if (
    /^(?:OnAccountSuppressionList|ContentRejected|MessageTooLarge|AttachmentRejected)$/.test(
      bounceSubType,
    )
  )
    return { ...whose, what: "blocked", said };
  return { ...whose, what: bounceType === "Permanent" ? "bounced" : "bounced for now", said };
}

/** https://postmarkapp.com/developer/webhooks/bounce-webhook. Spam complaints and deliveries have the same fields. */
const postmarkSchema = z.object({
  RecordType: z.string(),
  Type: z.string().default(""),
  Description: z.string().default(""),
  Details: z.string().nullish(),
  Metadata: z.object({ reader: z.string(), slot: z.string().optional() }),
});

const POSTMARK_KINDS: ReadonlyMap<string, ProviderReport["what"]> = new Map([
  ["HardBounce", "bounced"],
  ["BadEmailAddress", "bounced"],
  ["SpamComplaint", "complained"],
  ["SoftBounce", "bounced for now"],
  ["Transient", "bounced for now"],
  ["DnsError", "bounced for now"],
  ["SMTPApiError", "blocked"],
  ["SpamNotification", "blocked"],
  ["Blocked", "blocked"],
  ["DMARCPolicy", "blocked"],
  ["TemplateRenderingFailed", "blocked"],
]);

/** The report in an event of Postmark. Undefined for an event without consequences, such as an out-of-office reply. */
export function postmarkReport(body: unknown): ProviderReport | undefined {
  const read = postmarkSchema.safeParse(body);
  if (!read.success) return undefined;
  const { RecordType, Type, Description, Details, Metadata } = read.data;
  const whose = { token: Metadata.reader, slot: Metadata.slot && slotOfEcho(Metadata.slot) };
  const said = Details || Description || Type;
  if (RecordType === "Delivery") return { ...whose, what: "delivered", said };
  if (RecordType === "SpamComplaint") return { ...whose, what: "complained", said };
  const what = RecordType === "Bounce" ? POSTMARK_KINDS.get(Type) : undefined;
  return what && { ...whose, what, said };
}
