import * as z from "zod";
import { checked, line, quote } from "../platform/setting.ts";
import { parseRecipient, type Recipient } from "./recipient.ts";
import { attempt } from "../platform/attempt.ts";

/** `name@domain`, or with a name before it. */
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

/** An address of a mailbox holds its password. */
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
      "The mail server that receives these mails, as it names itself in Authentication-Results and in Received. Where it reports that From passed DMARC, a mail counts for its sender too.",
    example: "mx.letter.example",
    since,
  }),
});

/** How readers leave, and what becomes of those whose mail comes back. */
export const subscriberSettings = {
  unsubscribeMailto: z
    .union([address.transform(({ address }) => ({ address, trustAuthserv: undefined })), leaving])
    .optional()
    .meta({
      description:
        "The address in the mailto: link by which readers leave; `from` by default. A mail to it counts by the token in its subject, which the link writes there.",
      example: "leave@letter.example",
    }),
  bounce: address.optional().meta({
    description:
      "The address to which undeliverable messages return; `from` by default. Each reader's copy has an address of its own there: `bounces+TOKEN@domain` for `bounces@domain`.",
    example: "bounces@letter.example",
  }),
  bounces: z
    .union([mailbox.transform((place) => [place]), z.array(mailbox)])
    .default([])
    .meta({
      description:
        "Where `run` first reads returned messages: Maildirs, folders of .eml files, mboxes. For a mailbox on a server set BOUNCES_URL.",
      example: "/var/mail/bounces",
      since,
    }),
  softBounces: softBounces.default(5).meta({
    description:
      "The number of issues in a row with a temporary bounce, such as a full mailbox, over two weeks at least, after which an address gets no more. false: no limit.",
    anyOf: [{ type: "integer", minimum: 1 }, { const: false }],
    example: 3,
  }),
};
