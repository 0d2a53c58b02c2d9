import { meaningOf, type Meaning } from "../../subscribers/server-reply.ts";
import type { Cause } from "../judgement.ts";
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
  /** The server has a fault or no room. It may have it for one recipient domain only. */
  | "hold"
  /** The relay takes no more messages from us for some hours. */
  | "quota"
  /** The server can't take any message now, for any reader. */
  | "slowServer"
  /** The connection failed, or there was none. If the next connections fail too, nothing can be sent now. */
  | "reconnect"
  /** Every other message would fail too. */
  | "stop";

export interface FailureClass {
  readonly fate: Fate;
  readonly cause: Cause;
  readonly consequence: Consequence;
  /** The hours over which a quota is counted; undefined for other limits. */
  readonly hours?: number | undefined;
}

/** What a failure to send means for its recipient, and for the others. */
export function classifyFailure(error: DeliveryError): FailureClass {
  const meaning = meaningIn(error.facts);
  return { cause: causeOf(error, meaning), ...consequenceOf(error, meaning) };
}

function meaningIn({ stage, reply, said }: DeliveryFacts): Meaning | undefined {
  if (!reply) return undefined;
  const { code, status = "" } = reply;
  return meaningOf({ code: String(code), status, said, isOfAddress: stage === "recipient" });
}

function consequenceOf(
  error: DeliveryError,
  meaning: Meaning | undefined,
): Omit<FailureClass, "cause"> {
  const { facts } = error;
  const { said, reply } = facts;
  if (facts.lacks === "SMTPUTF8") {
    return { fate: { state: "skipped", reason: "needs-smtputf8" }, consequence: "none" };
  }
  if (facts.lacks === "SIZE") return { fate: { state: "planned", said }, consequence: "stop" };
  if (meaning?.means === "quota") {
    return { fate: { state: "planned", said }, consequence: "quota", hours: meaning.hours };
  }
  switch (error.code) {
    case "SMTP_UNCERTAIN":
      return { fate: { state: "uncertain", said }, consequence: "reconnect" };
    case "SMTP_UNREACHABLE":
      return {
        fate: { state: "planned", said },
        consequence: facts.isCalledOff ? "none" : "reconnect",
      };
    case "SMTP_DEFERRED":
      return deferred(facts, meaning?.means);
    case "SMTP_REFUSED":
      return reply ? refused(facts, reply, meaning?.means) : unintelligible(said);
    default:
      // The login, encryption, or what else is particular to the transport.
      return { fate: { state: "planned", said }, consequence: "stop" };
  }
}

function deferred(
  { stage, said, reply }: DeliveryFacts,
  means: string | undefined,
): Omit<FailureClass, "cause"> {
  if (stage === "connection") return { fate: { state: "planned", said }, consequence: "reconnect" };
  if (means === "rate") return { fate: { state: "planned", said }, consequence: "throttle" };
  // RFC 5321 §3.8: it ends the connection, no matter what it was asked.
  if (reply?.code === 421 && stage !== "message") {
    return { fate: { state: "planned", said }, consequence: "reconnect" };
  }
  if (means === "system") return { fate: { state: "planned", said }, consequence: "hold" };
  const fate = { state: "deferred", said } as const;
  return { fate, consequence: stage === "sender" ? "slowServer" : "none" };
}

function refused(
  { stage, said, isPerhapsOurs = false }: DeliveryFacts,
  { status = "" }: Reply,
  means: string | undefined,
): Omit<FailureClass, "cause"> {
  if (stage === "connection" || stage === "sender") {
    return { fate: { state: "planned", said }, consequence: "stop" };
  }
  // Lists that only members may write to answer so, and so do servers that have blocked us.
  if (status.startsWith("5.7.") || isPerhapsOurs) {
    return { fate: { state: "rejected", said }, consequence: "pauseDomain" };
  }
  const isUnknown = means === "unknown user";
  return { fate: { state: "rejected", said, isUnknown }, consequence: "none" };
}

/** The answer isn't SMTP, so nothing of the message was taken. */
function unintelligible(said: string): Omit<FailureClass, "cause"> {
  return { fate: { state: "planned", said }, consequence: "reconnect" };
}

const CAUSE_OF_MEANING: Readonly<Record<string, Cause>> = {
  quota: "relay",
  rate: "relay",
  system: "relay",
  greylisting: "domain",
  mailbox: "reader",
};

/** RFC 3463 §3: the second number of a status says what it is about. */
const CAUSE_OF_SUBJECT: Readonly<Record<string, Cause>> = {
  1: "reader",
  2: "reader",
  3: "relay",
  4: "domain",
  5: "relay",
  6: "ourselves",
  7: "domain",
};

/** Decides by place, code and words who is at fault for one failure. The end of the run may correct it. */
function causeOf({ code, facts }: DeliveryError, meaning: Meaning | undefined): Cause {
  const { reply, stage, lacks } = facts;
  const byMeaning = CAUSE_OF_MEANING[meaning?.means ?? ""];
  if (byMeaning) return byMeaning;
  if (lacks === "SIZE" || code === "SMTP_AUTH" || code === "SMTP_TLS") return "ourselves";
  if (!reply || stage === "connection") return "relay";
  if (stage === "sender") return reply.code < 500 ? "relay" : "ourselves";
  // RFC 3463 §3.2, §3.4: the destination system's address, and a message that is too big for the system.
  if (/^[45]\.1\.(?:2|10)$/.test(reply.status ?? "")) return "domain";
  if (/^5\.3\.4$/.test(reply.status ?? "")) return "ourselves";
  const bySubject = CAUSE_OF_SUBJECT[reply.status?.split(".")[1] ?? ""];
  return bySubject ?? (stage === "recipient" && reply.code !== 451 ? "reader" : "relay");
}
