import { meaningOf, type Meaning } from "../../subscribers/server-reply.ts";
import type { Cause } from "../judgement.ts";
import type { DeliveryError, DeliveryFacts, Reply } from "../transport.ts";

/** The consequence of a failure for its recipient. */
export type Fate =
  | { readonly state: "planned" | "deferred" | "uncertain"; readonly said: string }
  | { readonly state: "skipped"; readonly reason: string }
  | {
      readonly state: "rejected";
      readonly said: string;
      /** Whether the server replied that the address doesn't exist. */
      readonly isUnknown?: boolean | undefined;
    };

/** The consequence of a failure for other recipients. */
type Consequence =
  | "none"
  /** The recipient domain refuses our mail, because of a rule or of our reputation. */
  | "pauseDomain"
  /** The server asks for a lower rate, and for this message a moment later. */
  | "throttle"
  /** The server has a fault or no disk space, perhaps only for one recipient domain. */
  | "hold"
  /** The relay accepts no more messages from us for some hours. */
  | "quota"
  /** The server can't accept any message now, for any reader. */
  | "slowServer"
  /** The connection failed, or could not be opened. If the next connections fail too, the run stops. */
  | "reconnect"
  /** Every other message would fail too. */
  | "stop";

export interface FailureClass {
  readonly fate: Fate;
  readonly cause: Cause;
  readonly consequence: Consequence;
  /** The hours over which a quota is counted. Undefined for other limits. */
  readonly hours?: number | undefined;
}

/** Classifies a failure: its cause, and its consequences for the recipient and for others. */
export function classifyFailure(error: DeliveryError): FailureClass {
  const meaning = meaningIn(error.facts);
  return { cause: causeOf(error, meaning), ...consequenceOf(error, meaning) };
}

function meaningIn({ stage, reply, said }: DeliveryFacts): Meaning | undefined {
  if (!reply) return undefined;
  const { code, status = "" } = reply;
  return meaningOf({ code: String(code), status, said, isOfAddress: stage === "recipient" });
}

type Classed = Omit<FailureClass, "cause">;

function consequenceOf({ code, facts }: DeliveryError, meaning: Meaning | undefined): Classed {
  const { said, reply, lacks, isCalledOff } = facts;
  const fate = { state: "planned", said } as const;
  if (lacks === "SMTPUTF8") {
    return { fate: { state: "skipped", reason: "needs-smtputf8" }, consequence: "none" };
  }
  if (lacks === "SIZE") return { fate, consequence: "stop" };
  if (meaning?.means === "quota") return { fate, consequence: "quota", hours: meaning.hours };
  switch (code) {
    case "SMTP_UNCERTAIN":
      return { fate: { state: "uncertain", said }, consequence: "reconnect" };
    case "SMTP_UNREACHABLE":
      return { fate, consequence: isCalledOff ? "none" : "reconnect" };
    case "SMTP_DEFERRED":
      return deferred(facts, meaning?.means);
    case "SMTP_REFUSED":
      // Without a reply code, the reply is not SMTP, and the server did not accept the message.
      return reply ? refused(facts, reply, meaning?.means) : { fate, consequence: "reconnect" };
    default:
      // A failure of the login, the encryption, or the setup of the transport.
      return { fate, consequence: "stop" };
  }
}

function deferred({ stage, said, reply }: DeliveryFacts, means: string | undefined): Classed {
  const fate = { state: "planned", said } as const;
  if (stage === "connection") return { fate, consequence: "reconnect" };
  if (means === "rate") return { fate, consequence: "throttle" };
  // 421 ends the connection, whatever the command was (RFC 5321 §3.8).
  if (reply?.code === 421 && stage !== "message") return { fate, consequence: "reconnect" };
  if (means === "system") return { fate, consequence: "hold" };
  const consequence = stage === "sender" ? "slowServer" : "none";
  return { fate: { state: "deferred", said }, consequence };
}

function refused(
  { stage, said, isPerhapsOurs = false }: DeliveryFacts,
  { status = "" }: Reply,
  means: string | undefined,
): Classed {
  if (stage === "connection" || stage === "sender") {
    return { fate: { state: "planned", said }, consequence: "stop" };
  }
  // Servers that have blocked us reply so. Mailing lists that accept only members do too.
  if (status.startsWith("5.7.") || isPerhapsOurs) {
    return { fate: { state: "rejected", said }, consequence: "pauseDomain" };
  }
  const isUnknown = means === "unknown user";
  return { fate: { state: "rejected", said, isUnknown }, consequence: "none" };
}

const CAUSE_OF_MEANING: Readonly<Record<string, Cause>> = {
  quota: "relay",
  rate: "relay",
  system: "relay",
  greylisting: "domain",
  mailbox: "reader",
};

/** The causes by the second number of a status, which is its subject (RFC 3463 §3). */
const CAUSE_OF_SUBJECT: Readonly<Record<string, Cause>> = {
  1: "reader",
  2: "reader",
  3: "relay",
  4: "domain",
  5: "relay",
  6: "ourselves",
  7: "domain",
};

/** Decides by stage, code and text which party is at fault. The judgement at the end of the run may correct it. */
function causeOf({ code, facts }: DeliveryError, meaning: Meaning | undefined): Cause {
  const { reply, stage, lacks } = facts;
  const byMeaning = CAUSE_OF_MEANING[meaning?.means ?? ""];
  if (byMeaning) return byMeaning;
  if (lacks === "SIZE" || code === "SMTP_AUTH" || code === "SMTP_TLS") return "ourselves";
  if (!reply || stage === "connection") return "relay";
  if (stage === "sender") return reply.code < 500 ? "relay" : "ourselves";
  // X.1.2 and X.1.10 are about the destination system, and 5.3.4 about the size of the message (RFC 3463 §3.2, §3.4).
  if (/^[45]\.1\.(?:2|10)$/.test(reply.status ?? "")) return "domain";
  if (/^5\.3\.4$/.test(reply.status ?? "")) return "ourselves";
  const bySubject = CAUSE_OF_SUBJECT[reply.status?.split(".")[1] ?? ""];
  return bySubject ?? (stage === "recipient" && reply.code !== 451 ? "reader" : "relay");
}
