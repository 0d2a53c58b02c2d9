/** A server's refusal. */
export interface Refusal {
  /** RFC 3463: `5.1.1`; empty where the server gave none. */
  readonly status: string;
  /** The server's words, on one line. */
  readonly said: string;
  /** Whether the address was refused: a refusal of the message may hold any words. */
  readonly isOfAddress: boolean;
}

/** RFC 3463 §3.2: no such mailbox, no such domain, a domain that takes no mail. */
const UNKNOWN_STATUS = new Set(["5.1.1", "5.1.2", "5.1.10"]);

/** How servers without enhanced codes say that a mailbox doesn't exist; the last is Exim's. */
const UNKNOWN_WORDS =
  /\b(?:user|mailbox|recipient|address)\b.{0,40}\b(?:unknown|not found|does ?n[o']t exist)\b|\b(?:unknown|no such)\s+(?:user|mailbox|recipient|address)\b|\bunrouteable address\b/i;

/** How Postfix and Exchange say that a domain doesn't exist, under a code for any routing problem. */
const NO_DOMAIN = /\b(?:host|domain)\b.{0,40}\b(?:not found|does not exist)\b/i;

/** Whether the address doesn't exist: the only refusal after which nothing is sent there again. */
export function isUnknownRecipient({ status, said, isOfAddress }: Refusal): boolean {
  if (UNKNOWN_STATUS.has(status)) return true;
  if (!isOfAddress) return false;
  if (status.startsWith("5.4.")) return NO_DOMAIN.test(said);
  // Words count only where the server gives no code, or one that says nothing.
  return ["", "5.0.0"].includes(status) && UNKNOWN_WORDS.test(said);
}
