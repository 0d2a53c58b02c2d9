/** What a server said when it refused somebody. */
export interface Refusal {
  /** RFC 3463: `5.1.1`; empty where it gave none. */
  readonly status: string;
  /** Its own words, on one line. */
  readonly said: string;
  /** Whether it was the address that it refused: what is said of a message may hold any words. */
  readonly isOfAddress: boolean;
}

/** RFC 3463 §3.2: no such mailbox, no such domain, a domain that takes no mail. */
const NOBODY_THERE = new Set(["5.1.1", "5.1.2", "5.1.10"]);

/** What servers without enhanced codes say of a mailbox that isn't there; the last is Exim's. */
const NOBODY_WORDS =
  /\b(?:user|mailbox|recipient|address)\b.{0,40}\b(?:unknown|not found|does ?n[o']t exist)\b|\b(?:unknown|no such)\s+(?:user|mailbox|recipient|address)\b|\bunrouteable address\b/i;

/** What Postfix and Exchange say of a domain that isn't there, under a code for any trouble of routing. */
const NO_DOMAIN = /\b(?:host|domain)\b.{0,40}\b(?:not found|does not exist)\b/i;

/** Whether that address will never take a mail: the only refusal after which nothing is sent there again. */
export function isNobodyThere({ status, said, isOfAddress }: Refusal): boolean {
  if (NOBODY_THERE.has(status)) return true;
  if (!isOfAddress) return false;
  if (status.startsWith("5.4.")) return NO_DOMAIN.test(said);
  // Words count only of whoever gives no code, or one that says nothing.
  return ["", "5.0.0"].includes(status) && NOBODY_WORDS.test(said);
}
