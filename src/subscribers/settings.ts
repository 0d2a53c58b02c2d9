import * as z from "zod";
import { checked, line, quote } from "../platform/setting.ts";
import { parseRecipient, type Recipient } from "./recipient.ts";
import { attempt } from "../platform/attempt.ts";

/** An address: `name@domain`, or `Name <name@domain>`. */
export const address = checked(recipientOf, (value) => [
  `is ${quote(value)}, which is not an email address`,
  'write "name@domain" or "Name <name@domain>"',
]);

export function recipientOf(value: string): Recipient | undefined {
  return attempt(() => parseRecipient(value));
}

const softBounces = z.custom<number | false>(
  (value) => value === false || (typeof value === "number" && /^[1-9]\d*$/.test(String(value))),
  {
    error: "is neither a number of issues nor false",
    params: { fix: "write a whole number from 1, or false to keep them on the list" },
  },
);

const since = "the next version";

/** The URL of a mailbox contains its password, so it belongs in the environment. */
const mailbox = line.refine((value) => !value.includes("://"), {
  error: "is a URL",
  params: { fix: "set BOUNCES_URL to it, in the environment or in .env beside the config" },
});

const leaving = z.strictObject({
  address: address
    .transform(({ address }) => address)
    .meta({ description: "The address.", example: "leave@letter.example", since }),
  trustAuthserv: line.optional().meta({
    description:
      "The name of the mail server that receives these mails, as it writes it in Authentication-Results and Received. If it reports that From passed DMARC, a mail unsubscribes its sender too.",
    example: "mx.letter.example",
    since,
  }),
});

/** The settings for unsubscribing and for bounces. */
export const subscriberSettings = {
  unsubscribeMailto: z
    .union([address.transform(({ address }) => ({ address, trustAuthserv: undefined })), leaving])
    .optional()
    .meta({
      description:
        "The address in the mailto: link for unsubscribing. `from` by default. The link writes a token into the subject, and a mail with this token unsubscribes the reader.",
      example: "leave@letter.example",
    }),
  bounce: address.optional().meta({
    description:
      "The address for bounces. `from` by default. The return path of each reader's message has a token in it: `bounces+TOKEN@domain` for `bounces@domain`.",
    example: "bounces@letter.example",
  }),
  bounces: z
    .union([mailbox.transform((place) => [place]), z.array(mailbox)])
    .default([])
    .meta({
      description:
        "The mailboxes whose bounces `run` reads before it sends: Maildirs, folders of .eml files, mboxes. For a mailbox on a server, set BOUNCES_URL.",
      example: "/var/mail/bounces",
      since,
    }),
  softBounces: softBounces.default(5).meta({
    description:
      "After this number of issues in a row with a temporary bounce, such as a full mailbox, over at least two weeks, the reader is taken off the list. false: no limit.",
    anyOf: [{ type: "integer", minimum: 1 }, { const: false }],
    example: 3,
  }),
};
