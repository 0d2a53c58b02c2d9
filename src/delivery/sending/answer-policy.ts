import { domainOf } from "../../subscribers/recipient.ts";
import { BroadsheetError } from "../../errors.ts";
import { momentText } from "../../platform/clock.ts";
import type { Claim, Outcome } from "../ledger.ts";
import { DeliveryError } from "../transport.ts";
import type { Scheduler } from "./scheduler.ts";
import { RefusalRow, type Cause } from "../judgement.ts";
import { type Fate, type FailureClass, classifyFailure } from "./failure.ts";
import { createHash } from "node:crypto";

/** The consequences of the reply to a message: for its recipient, for a domain, and for the whole run. */
export interface Decision {
  readonly outcome: Outcome;
  /** A pause of the recipient domain. */
  readonly pause?: Pause | undefined;
  /** The reason why the run stops. */
  readonly stop?: Error | undefined;
}

export interface Pause {
  readonly domain: string;
  readonly until: Date;
  /** The server's text. */
  readonly said: string;
  /** Whether the domain refuses our mail, which is not a temporary fault. */
  readonly isRefusal: boolean;
}

type Refused = Extract<Outcome, { readonly state: "refused" }>;

interface FailedMessage {
  readonly claim: Claim;
  readonly error: unknown;
  readonly startedAt: number;
}

/** A failure that the transport reported. */
interface ReportedFailure extends FailedMessage {
  readonly error: DeliveryError;
  readonly cause: Cause;
  /** The hours over which a quota is counted. Undefined for other limits. */
  readonly hours?: number | undefined;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** The pause of a domain that refuses our mail. */
const REFUSED = { forMs: 60 * MINUTE_MS, isRefusal: true };
/** The pause of a domain that alone complains about our rate or a quota. */
const COMPLAINED = { forMs: 5 * MINUTE_MS, isRefusal: false };
/** The pause of a domain that does not answer. */
const SILENT = { forMs: 15 * MINUTE_MS, isRefusal: false };
/** The complaints in a row after which a domain is paused, or the run stops. */
const COMPLAINTS = 4;
/** Servers count their limits by the minute. A server that accepts nothing for longer has another reason. */
const LONGEST_BLOCK_MS = 90_000;
/** The time limit for a server that has accepted nothing in this run. No rate limit can be the reason then. */
const FIRST_BLOCK_MS = 15_000;
/** If this many domains refuse our mail, our reputation is the cause. */
const REFUSING_DOMAINS = 3;
/** A recipient whose message lost this many connections in one run is left for a later run. */
const LOST = 3;
const LOST_MS = 5 * MINUTE_MS;

/** Decides the consequences of a reply of the server. The replies before it count too. */
export class AnswerPolicy {
  readonly #now: () => Date;
  readonly #expiresAt: Date | undefined;
  readonly #scheduler: Scheduler;
  #row: RefusalRow | undefined = new RefusalRow();
  readonly #refusing = new Set<string>();
  readonly #lost = new Map<number, number>();
  #accepted = 0;
  /** For each claim with a complaint about our rate: the number of accepted messages at the first complaint. */
  readonly #throttled = new Map<number, number>();
  /** The domain of all recent complaints about our rate. */
  #complaining: { domain: string; complaints: number; acceptedElsewhere: number } | undefined;
  #blamed: Cause | undefined;

  constructor(
    scheduler: Scheduler,
    { now, expiresAt }: { readonly now: () => Date; readonly expiresAt?: Date | undefined },
  ) {
    this.#scheduler = scheduler;
    this.#now = now;
    this.#expiresAt = expiresAt;
  }

  /** The server or the sender, if one of them is at fault. No refusal of the run counts then. */
  get blamed(): Cause | undefined {
    return this.#blamed;
  }

  /** Begins another round. Without `row`, the run does not stop after many refusals in a row. */
  begin(row: RefusalRow | undefined): void {
    this.#row = row;
  }

  accepted(claim: Claim, reply: string): Decision {
    this.#accepted++;
    this.#throttled.delete(claim.id);
    this.#scheduler.accepted(claim);
    this.#row?.accepted();
    const complaining = this.#complaining;
    if (complaining?.domain === domainOf(claim.to.address)) this.#complaining = undefined;
    else if (complaining) complaining.acceptedElsewhere++;
    return { outcome: { claim, state: "accepted", reply } };
  }

  failed(one: FailedMessage): Decision {
    const { claim, error } = one;
    if (!(error instanceof DeliveryError)) return this.#unknown(one);
    const { fate, consequence, cause, hours } = classifyFailure(error);
    const isAnswer = error.facts.reply !== undefined && consequence !== "reconnect";
    if (isAnswer) this.#scheduler.answered();
    const reported = { ...one, error, cause, hours };
    if (consequence === "throttle" || consequence === "hold")
      return this.#throttle(reported, consequence);
    const decision = this.#consequence(consequence, reported);
    if (decision.stop && error.code === "SMTP_REFUSED" && consequence !== "quota")
      this.#blamed = "ourselves";
    if (fate.state === "rejected") {
      const { said: reply, isUnknown } = fate;
      return this.#refused({ claim, state: "refused", reply, isUnknown, cause }, decision);
    }
    const notBefore =
      fate.state === "planned" ? (decision.pause?.until ?? this.#leaveFor(claim)) : undefined;
    return { ...decision, outcome: { ...this.#outcome(claim, fate, notBefore), cause } };
  }

  /** An error in Broadsheet after the message was handed to the transport. */
  #unknown({ claim, error }: FailedMessage): Decision {
    const stop = error instanceof Error ? error : new Error(String(error));
    const reply = "an error in Broadsheet";
    return { outcome: { claim, state: "uncertain", reply, cause: "ourselves" }, stop };
  }

  /** The outcome that the ledger records. A recipient who was deferred for too long is rejected. */
  #outcome(claim: Claim, fate: Fate, notBefore?: Date): Outcome {
    if (fate.state === "skipped") return { claim, ...fate };
    const { state, said: reply } = fate;
    if (state === "planned") return { claim, state, reply, ...(notBefore && { notBefore }) };
    if (state !== "deferred") return { claim, state, reply };
    const now = this.#now();
    const { id, attempt, firstTriedAt = now } = claim;
    const at = nextTry({ id, attempt, firstTriedAt, now, expiresAt: this.#expiresAt });
    if (at) return { claim, state, reply, nextTry: at };
    return { claim, state: "rejected", reply: `given up: ${reply}` };
  }

  /** A refusal is only recorded. It is judged at the end of the run. */
  #refused(outcome: Refused, decision: Omit<Decision, "outcome">): Decision {
    const ofAll = this.#row?.refused(domainOf(outcome.claim.to.address), outcome.reply);
    if (ofAll) this.#blamed ??= "relay";
    return { ...decision, stop: decision.stop ?? ofAll, outcome };
  }

  /**
   * Called when the server accepts no message now, because we are too fast or because it has a fault. If only one domain
   * complains while others accept, only that domain waits. Otherwise the message is sent again in this run, at a lower rate.
   * "hold": the reply is never about the reader, so no attempt counts.
   */
  #throttle(
    { claim, error, startedAt, cause }: ReportedFailure,
    consequence: "throttle" | "hold",
  ): Decision {
    const { said } = error.facts;
    const { pace, clock } = this.#scheduler;
    const domain = domainOf(claim.to.address);
    const since = this.#throttled.get(claim.id) ?? this.#accepted;
    this.#throttled.set(claim.id, since);
    const isFault = consequence === "hold";
    const putOff = isFault ? "planned" : "deferred";
    const isAlone = this.#isAlone(domain);
    // If other messages were accepted between two faults of this message, the fault may be its domain's.
    if (isAlone || (isFault && since < this.#accepted)) {
      pace.forget();
      const pause = this.#pause(domain, error, COMPLAINED);
      const outcome = this.#outcome(claim, { state: putOff, said }, pause.until);
      return { outcome: { ...outcome, cause: "domain" }, pause: isAlone ? pause : undefined };
    }
    pace.slowDown(startedAt, clock(), isFault ? "fault" : "rate");
    const longest = this.#accepted > 0 && !isFault ? LONGEST_BLOCK_MS : FIRST_BLOCK_MS;
    if (pace.blockedMs(clock()) < longest) {
      return { outcome: { ...this.#outcome(claim, { state: "planned", said }), cause } };
    }
    // If other messages were accepted since the first complaint, the complaint may be about this message.
    const state = since < this.#accepted ? putOff : "planned";
    const later = new Date(this.#now().getTime() + COMPLAINED.forMs);
    const notBefore = isFault ? undefined : later;
    return {
      outcome: { ...this.#outcome(claim, { state, said }, notBefore), cause },
      stop: takesNothing(said, longest, isFault),
    };
  }

  /** Notes a complaint, and returns whether its domain is the only one that complains. */
  #isAlone(domain: string): boolean {
    if (this.#complaining?.domain !== domain) {
      this.#complaining = { domain, complaints: 0, acceptedElsewhere: 0 };
    }
    const { complaints, acceptedElsewhere } = this.#complaining;
    this.#complaining.complaints++;
    return complaints + 1 >= COMPLAINTS && acceptedElsewhere >= COMPLAINTS;
  }

  #consequence(
    consequence: FailureClass["consequence"],
    { claim, error, startedAt, hours = 1 }: ReportedFailure,
  ): Omit<Decision, "outcome"> {
    const domain = domainOf(claim.to.address);
    const { pace, clock } = this.#scheduler;
    switch (consequence) {
      case "none":
        return {};
      case "pauseDomain":
        this.#refusing.add(domain);
        if (this.#refusing.size >= REFUSING_DOMAINS) return { stop: refusedByMany(error) };
        return { pause: this.#pause(domain, error, REFUSED) };
      case "quota": {
        // If only this domain replies so, the next run sends to the others.
        const stop = usedUp(error, new Date(pace.freeAt(hours * HOUR_MS, clock())));
        return { stop, pause: this.#pause(domain, error, COMPLAINED) };
      }
      case "slowServer":
        pace.slowDown(startedAt, clock());
        return pace.complaints < COMPLAINTS ? {} : { stop: error };
      case "reconnect": {
        const { stage, reply, isTimeout = false } = error.facts;
        const isConnecting = stage === "connection";
        const isAnswer = reply !== undefined;
        const next = this.#scheduler.lost({ claim, startedAt, isConnecting, isTimeout, isAnswer });
        if (next === "stop") return { stop: error };
        return next === "cut off" ? { pause: this.#pause(domain, error, SILENT) } : {};
      }
      default:
        return { stop: error };
    }
  }

  #pause(
    domain: string,
    { facts: { said } }: DeliveryError,
    { forMs, isRefusal }: typeof REFUSED,
  ): Pause {
    return { domain, until: new Date(this.#now().getTime() + forMs), said, isRefusal };
  }

  /** Postpones a recipient whose message lost several connections, because this recipient may be the reason. */
  #leaveFor({ id }: Claim): Date | undefined {
    const lost = (this.#lost.get(id) ?? 0) + 1;
    this.#lost.set(id, lost);
    return lost < LOST ? undefined : new Date(this.#now().getTime() + LOST_MS);
  }
}

function refusedByMany({ facts }: DeliveryError): BroadsheetError {
  return new BroadsheetError(
    "SMTP_REFUSED",
    `${REFUSING_DOMAINS} recipient domains refuse your mail, the last one with: ${facts.said}`,
    {
      fix: "find out why before you continue: your address or your domain may be on a block list. No reader was unsubscribed",
    },
  );
}

function takesNothing(said: string, blockMs: number, isFault: boolean): BroadsheetError {
  const again = "send again in five minutes: the remaining readers still get it";
  return new BroadsheetError(
    "SMTP_DEFERRED",
    `the server accepts nothing: for ${blockMs / 1000} seconds it has deferred every message, the last one with: ${said}`,
    {
      fix: isFault
        ? `${again}. If the reply is the same then, ask the server's operator`
        : `${again}. If you know the server's limit, put it into the config, as in smtp.rate: "14/s"`,
    },
  );
}

/** The relay counts messages over some hours, but does not say when it began to count. */
function usedUp({ facts }: DeliveryError, until: Date): BroadsheetError {
  return new BroadsheetError(
    "SMTP_DEFERRED",
    `the server accepts no more messages from you for now: ${facts.said}`,
    {
      fix: `send again from ${momentText(until)}, or earlier if the server's operator says so: the remaining readers still get it`,
    },
  );
}

/** The waits after the first attempt, the second, and so on. The last one is for all later attempts. */
const DELAYS_MINUTES = [5, 10, 20, 45, 90, 180];
const JITTER = 0.2;
/** RFC 5321 §4.5.4.1 recommends four to five days. A newsletter that late is of no use to its reader. */
const LONGEST_MS = 48 * 60 * MINUTE_MS;

interface Deferral {
  /** The id of the delivery. Id and attempt give the jitter, so that recipients deferred together are not due together. */
  readonly id: number;
  /** The number of attempts so far. */
  readonly attempt: number;
  readonly firstTriedAt: Date;
  readonly now: Date;
  /** The issue is sent to no reader after this time. */
  readonly expiresAt?: Date | undefined;
}

/**
 * The time at which a deferred recipient is tried again: after 5, 10, 20, 45 and 90 minutes, then every three hours, with a
 * jitter of a fifth. Undefined if that is later than 48 hours after the first attempt, or after the issue expires.
 */
export function nextTry(deferral: Deferral): Date | undefined {
  const { attempt, firstTriedAt, now, expiresAt } = deferral;
  const minutes = DELAYS_MINUTES[attempt - 1] ?? DELAYS_MINUTES.at(-1) ?? 0;
  const at = now.getTime() + Math.round(minutes * MINUTE_MS * (1 + JITTER * spread(deferral)));
  const end = Math.min(firstTriedAt.getTime() + LONGEST_MS, expiresAt?.getTime() ?? Infinity);
  return at <= end ? new Date(at) : undefined;
}

/** A number from -1 to 1. The same row and attempt give the same number. */
function spread({ id, attempt }: Deferral): number {
  const hash = createHash("sha256").update(`${id}/${attempt}`).digest();
  return (hash.readUInt32BE() / 0xffff_ffff) * 2 - 1;
}
