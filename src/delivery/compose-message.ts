import type { Email } from "../email/email.ts";
import { compileMessage, messageFor } from "./compile-message.ts";
import type { Mailing } from "./mailing.ts";
import type { Message } from "./message.ts";
import type { Reader } from "./values.ts";

/**
 * One finished message for one recipient; for many, compile it once.
 * @throws what `compileMessage` and `messageFor` throw.
 */
export function composeMessage(email: Email, recipient: Reader, mailing: Mailing): Message {
  return messageFor(compileMessage(email, mailing), recipient);
}
