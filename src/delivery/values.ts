import type { Recipient } from "../audience/recipient.ts";
import { mailboxText } from "./mime/header-text.ts";
import type { Mailing } from "./mailing.ts";
import type { Values } from "./pattern.ts";

/** A recipient of the list, or of a sample. */
export interface Addressee extends Recipient {
  /** Ends this reader's subscription, and nobody else's. Whoever isn't on the list has none. */
  readonly token?: string | undefined;
  /** Tells in the Return-Path whose message came back (VERP). */
  readonly bounceToken?: string | undefined;
}

/** Stands in the links of those who are not on the list, and ends no subscription. */
const SAMPLE_TOKEN = "sample";

/** What fills the holes of a message for one recipient, whose address is in normal form. */
export function valuesFor(
  { address, name = "", token }: Addressee,
  { newsletter }: Mailing["issue"],
  messageId = "",
): Values {
  return {
    to: mailboxText({ address, name }, "To: "),
    messageId,
    name,
    address,
    token: token ?? SAMPLE_TOKEN,
    farewell: encodeURIComponent(token ?? newsletter),
  };
}
