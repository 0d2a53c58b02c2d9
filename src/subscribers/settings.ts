import * as z from "zod";
import { checked, quote } from "../platform/setting.ts";
import { parseRecipient, type Recipient } from "./recipient.ts";

/** `name@domain`, or with a name before it. */
export const address = checked(recipientOf, (value) => [
  `is ${quote(value)}, which is not an email address`,
  'write "name@domain" or "Name <name@domain>"',
]);

export function recipientOf(value: string): Recipient | undefined {
  try {
    return parseRecipient(value);
  } catch {
    return undefined;
  }
}

const softBounces = z.custom<number | false>(
  (value) => value === false || (typeof value === "number" && /^[1-9]\d*$/.test(String(value))),
  {
    error: "is neither a number of issues nor false",
    params: { fix: "write a whole number from 1, or false to keep them on the list" },
  },
);

/** How readers leave, and what becomes of those whose mail comes back. */
export const subscriberSettings = {
  unsubscribeMailto: address.optional().meta({
    description: "An address that ends the subscription of each reader who writes to it.",
    example: "leave@letter.example",
  }),
  bounce: address.optional().meta({
    description:
      "Where what can't be delivered comes back to; `from` by default. Each reader's copy has an address of its own there: `bounces+TOKEN@domain` for `bounces@domain`.",
    example: "bounces@letter.example",
  }),
  softBounces: softBounces.default(5).meta({
    description:
      "After so many issues in a row that came back for now, as of a full mailbox, over two weeks at least, nothing more is sent to an address. false: however many they are.",
    anyOf: [{ type: "integer", minimum: 1 }, { const: false }],
    example: 3,
  }),
};
