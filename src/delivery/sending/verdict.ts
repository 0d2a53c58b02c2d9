import { isNobodyThere } from "../../audience/nobody-there.ts";
import type { SuppressionReason } from "../../audience/suppression.ts";
import type { DeliveryError, Reply } from "../transport.ts";

/** What becomes of the recipient that a failure is about. */
export type Fate =
  | { readonly state: "planned" | "deferred" | "uncertain"; readonly said: string }
  | { readonly state: "skipped"; readonly reason: string }
  | {
      readonly state: "rejected";
      readonly said: string;
      readonly suppress?: SuppressionReason | undefined;
    };

/** What becomes of the others. */
type Consequence =
  /** Nothing. */
  | "none"
  /** Their domain wants fewer of us at a time, and slower. */
  | "slowDomain"
  /** Their domain wants none of us: it has a rule, or we have a reputation. */
  | "pauseDomain"
  /** The server itself wants fewer of us. */
  | "slowServer"
  /** The connection failed, or there was none. If the next ones fail too, nothing can be sent now. */
  | "reconnect"
  /** Whoever comes next would fare no better. */
  | "stop";

export interface Verdict {
  readonly fate: Fate;
  readonly consequence: Consequence;
}

const RATE_WORDS = /\brate\b|\btoo (?:many|fast|much)\b|throttl|slow down|\bquota of messages\b/i;

/** What a failure to send means for its recipient, and for those who come after. */
export function verdictOf(error: DeliveryError): Verdict {
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
      return { fate: { state: "planned", said }, consequence: "reconnect" };
    case "SMTP_DEFERRED":
      return putOff(error, reply);
    case "SMTP_REFUSED":
      return reply ? refused(error, reply) : unintelligible(said);
    default:
      // The login, encryption, or whatever the transport has that others haven't.
      return { fate: { state: "planned", said }, consequence: "stop" };
  }
}

function putOff({ facts: { stage, said } }: DeliveryError, reply: Reply | undefined): Verdict {
  if (stage === "connection") return { fate: { state: "planned", said }, consequence: "reconnect" };
  const fate = { state: "deferred", said } as const;
  if (stage === "sender") return { fate, consequence: "slowServer" };
  const isRate = reply?.status?.startsWith("4.7.") === true || RATE_WORDS.test(said);
  return { fate, consequence: isRate ? "slowDomain" : "none" };
}

function refused(
  { facts: { stage, said, isPerhapsOurs = false } }: DeliveryError,
  { status = "" }: Reply,
): Verdict {
  if (stage === "connection" || stage === "sender") {
    return { fate: { state: "planned", said }, consequence: "stop" };
  }
  // Lists that only members may write to answer so, and so does whoever has blocked us.
  if (status.startsWith("5.7.") || isPerhapsOurs) {
    return { fate: { state: "rejected", said }, consequence: "pauseDomain" };
  }
  const isNobody = isNobodyThere({ status, said, isOfAddress: stage === "recipient" });
  const suppress = isNobody ? "bounced" : undefined;
  return { fate: { state: "rejected", said, suppress }, consequence: "none" };
}

/** It is no SMTP, so nothing of the message was taken. */
function unintelligible(said: string): Verdict {
  return { fate: { state: "planned", said }, consequence: "reconnect" };
}
