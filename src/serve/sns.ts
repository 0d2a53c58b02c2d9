import { verify } from "node:crypto";
import * as z from "zod";

/**
 * A message of Amazon SNS with a valid signature.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
 */
export interface SnsMessage {
  readonly id: string;
  readonly topic: string;
  readonly sentAt: Date;
  /** The text of a notification, or the address that confirms a subscription. */
  readonly says: { readonly notification: string } | { readonly confirmAt: string };
}

const signed = z.object({
  MessageId: z.string().min(1),
  TopicArn: z.string(),
  Message: z.string(),
  Timestamp: z.iso.datetime(),
  SignatureVersion: z.enum(["1", "2"]),
  Signature: z.base64(),
  SigningCertURL: z.url(),
});

const schema = z.discriminatedUnion("Type", [
  signed.extend({ Type: z.literal("Notification"), Subject: z.string().optional() }),
  signed.extend({
    Type: z.literal("SubscriptionConfirmation"),
    Token: z.string(),
    SubscribeURL: z.url(),
  }),
]);

/** The signed fields in their order. An absent field is left out. */
const SIGNED = {
  Notification: "Message MessageId Subject Timestamp TopicArn Type",
  SubscriptionConfirmation: "Message MessageId SubscribeURL Timestamp Token TopicArn Type",
} as const;

/**
 * Reads a message of SNS. Undefined if the body is not a message of SNS, or its signature is invalid. `certificateAt` is
 * called only with an address on a host of SNS.
 */
export async function readSnsMessage(
  body: unknown,
  certificateAt: (url: URL) => Promise<string>,
): Promise<SnsMessage | undefined> {
  const read = schema.safeParse(body);
  if (!read.success) return undefined;
  const message = read.data;
  const url = new URL(message.SigningCertURL);
  if (!isOfSns(url) || !url.pathname.endsWith(".pem")) return undefined;
  const values = new Map(Object.entries(message));
  const text = SIGNED[message.Type]
    .split(" ")
    .filter((name) => values.get(name) !== undefined)
    .map((name) => `${name}\n${values.get(name)}\n`)
    .join("");
  const hash = message.SignatureVersion === "2" ? "sha256" : "sha1";
  const key = await certificateAt(url);
  const signature = Buffer.from(message.Signature, "base64");
  if (!verify(hash, Buffer.from(text), key, signature)) return undefined;
  return {
    id: message.MessageId,
    topic: message.TopicArn,
    sentAt: new Date(message.Timestamp),
    says:
      message.Type === "Notification"
        ? { notification: message.Message }
        : { confirmAt: message.SubscribeURL },
  };
}

/** Whether an address is on a host of SNS. A forged message may contain another host. */
export function isOfSns({ protocol, hostname, port, username }: URL): boolean {
  const isHost = /^sns\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/.test(hostname);
  return protocol === "https:" && isHost && port === "" && username === "";
}
