import { isUnknownRecipient } from "../../subscribers/server-reply.ts";
import type { DeliveryError, DeliveryFacts, Reply } from "../transport.ts";

/** What becomes of the recipient that a failure is about. */
export type Fate =
  | { readonly state: "planned" | "deferred" | "uncertain"; readonly said: string }
  | { readonly state: "skipped"; readonly reason: string }
  | {
      readonly state: "rejected";
      readonly said: string;
      /** Whether the server says that the address doesn't exist. */
      readonly isUnknown?: boolean | undefined;
    };

/** What follows for other recipients. */
type Consequence =
  /** Nothing. */
  | "none"
  /** The recipient's domain refuses our mail: by a rule, or for our reputation. */
  | "pauseDomain"
  /** The server wants messages at a lower rate, and this one a moment later. */
  | "throttle"
  /** The server can't take any message now, for any reader. */
  | "slowServer"
  /** The connection failed, or there was none. If the next connections fail too, nothing can be sent now. */
  | "reconnect"
  /** Every other message would fail too. */
  | "stop";

export interface FailureClass {
  readonly fate: Fate;
  readonly consequence: Consequence;
}

const RATE_WORDS = /\brate\b|\btoo (?:many|fast|much)\b|throttl|slow down|\bquota of messages\b/i;

/** What a failure to send means for its recipient, and for the others. */
export function classifyFailure(error: DeliveryError): FailureClass {
  const { facts } = error;
  const { said, reply } = facts;
  if (facts.lacks === "SMTPUTF8") {
    return { fate: { state: "skipped", reason: "needs-smtputf8" }, consequence: "none" };
  }
  if (facts.lacks === "SIZE") return { fate: { state: "planned", said }, consequence: "stop" };
  switch (error.code) {
    case "SMTP_UNCERTAIN":
      return { fate: { state: "uncertain", said }, consequence: "reconnect" };
    case "SMTP_UNREACHABLE":
      return {
        fate: { state: "planned", said },
        consequence: facts.isCalledOff ? "none" : "reconnect",
      };
    case "SMTP_DEFERRED":
      return deferred(error, reply);
    case "SMTP_REFUSED":
      return reply ? refused(error, reply) : unintelligible(said);
    default:
      // The login, encryption, or what else is particular to the transport.
      return { fate: { state: "planned", said }, consequence: "stop" };
  }
}

function deferred({ facts }: DeliveryError, reply: Reply | undefined): FailureClass {
  const { stage, said } = facts;
  if (stage === "connection") return { fate: { state: "planned", said }, consequence: "reconnect" };
  if (isThrottling(facts)) return { fate: { state: "planned", said }, consequence: "throttle" };
  // RFC 5321 §3.8: it ends the connection, whatever it was asked and of whom.
  if (reply?.code === 421 && stage !== "message") {
    return { fate: { state: "planned", said }, consequence: "reconnect" };
  }
  const fate = { state: "deferred", said } as const;
  return { fate, consequence: stage === "sender" ? "slowServer" : "none" };
}

/**
 * Whether a server that says "later" means that we are too fast (RFC 3463 §3.8: 4.7.x, as servers use it). A status
 * about a mailbox (4.1.x, 4.2.x) counts what other senders send there too.
 */
function isThrottling({ said, reply: { status = "" } = { code: 0 } }: DeliveryFacts): boolean {
  if (/^4\.[12]\./.test(status) || /\bgr[ea]y-?list/i.test(said)) return false;
  return RATE_WORDS.test(said) || (status.startsWith("4.7.") && !/\brejected\b/i.test(said));
}

function refused(
  { facts: { stage, said, isPerhapsOurs = false } }: DeliveryError,
  { status = "" }: Reply,
): FailureClass {
  if (stage === "connection" || stage === "sender") {
    return { fate: { state: "planned", said }, consequence: "stop" };
  }
  // Lists that only members may write to answer so, and so do servers that have blocked us.
  if (status.startsWith("5.7.") || isPerhapsOurs) {
    return { fate: { state: "rejected", said }, consequence: "pauseDomain" };
  }
  const isUnknown = isUnknownRecipient({ status, said, isOfAddress: stage === "recipient" });
  return { fate: { state: "rejected", said, isUnknown }, consequence: "none" };
}

/** The answer isn't SMTP, so nothing of the message was taken. */
function unintelligible(said: string): FailureClass {
  return { fate: { state: "planned", said }, consequence: "reconnect" };
}
