import type { Recipient } from "../subscribers/recipient.ts";
import { mailboxText } from "./mime/header-text.ts";
import { listLabel, type Mailing } from "./mailing.ts";
import type { Values } from "./pattern.ts";

/** A recipient with what stands in their message alone. */
export interface Reader extends Recipient {
  /** Ends this reader's subscription, and nobody else's. Whoever isn't on the list has none. */
  readonly token?: string | undefined;
  /** Tells in the Return-Path whose message came back (VERP). */
  readonly bounceToken?: string | undefined;
  /** With its angle brackets, where one was given out before. */
  readonly messageId?: string | undefined;
}

/** Stands in the links of those who are not on the list, and ends no subscription. */
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
