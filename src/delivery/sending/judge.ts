import { domainOf } from "../../subscribers/recipient.ts";
import { BroadsheetError } from "../../errors.ts";
import type { Claim, Outcome } from "../ledger.ts";
import { DeliveryError } from "../transport.ts";
import type { Circuit } from "./circuit.ts";
import type { Pace } from "./pace.ts";
import { Quorum, type Refusal } from "./quorum.ts";
import { type Fate, type Verdict, verdictOf } from "./verdict.ts";
import { createHash } from "node:crypto";

/** What follows from one message: for its recipient and those before, for a domain, for all. */
export interface Ruling {
  readonly outcomes: readonly Outcome[];
  /** Nothing goes to this domain before then. */
  readonly pause?: Pause | undefined;
  /** Nothing goes any more. */
  readonly stop?: Error | undefined;
}

export interface Pause {
  readonly domain: string;
  readonly until: Date;
  /** The server's words. */
  readonly said: string;
  /** Whether it has a rule against us, which doesn't go away by itself. */
  readonly isRefusal: boolean;
}

/** A message that failed. */
interface Case {
  readonly claim: Claim;
  readonly error: unknown;
  readonly startedAt: number;
}

/** One whose failure the transport tells of. */
interface Told extends Case {
  readonly error: DeliveryError;
}

const MINUTE_MS = 60_000;
/** So long a domain is left alone that has a rule against us, or that alone complains whatever we do. */
const REFUSED = { forMs: 60 * MINUTE_MS, isRefusal: true };
const COMPLAINED = { forMs: 5 * MINUTE_MS, isRefusal: false };
/** So many complaints in a row, and a domain is left alone, or the server. */
const COMPLAINTS = 4;
/** A server that limits counts by the minute: one that takes nothing for longer has another reason. */
const LONGEST_BLOCK_MS = 90_000;
/** So many domains that refuse us are our reputation. */
const REFUSING_DOMAINS = 3;
/** A recipient with whom the connection was lost so often in a run is left for a later one. */
const LOST = 3;
const LOST_MS = 5 * MINUTE_MS;

/** Decides what an answer means, in the light of those before it. */
export class Judge {
  readonly #now: () => Date;
  readonly #expiresAt: Date | undefined;
  readonly #circuit: Circuit;
  readonly #total: Pace;
  readonly #quorum = new Quorum();
  readonly #refusing = new Set<string>();
  readonly #lost = new Map<number, number>();
  #accepted = 0;
  /** How many had been accepted when somebody was first told that we are too fast. */
  readonly #throttled = new Map<number, number>();
  /** The domain that all complaints of our rate were for lately. */
  #complaining: { domain: string; complaints: number; acceptedElsewhere: number } | undefined;
  #isOurFault = false;

  constructor(
    bench: { readonly circuit: Circuit; readonly total: Pace },
    { now, expiresAt }: { readonly now: () => Date; readonly expiresAt?: Date | undefined },
  ) {
    this.#circuit = bench.circuit;
    this.#total = bench.total;
    this.#now = now;
    this.#expiresAt = expiresAt;
  }

  /** The server has a message: what is known by that of those before it, too. */
  accepted(claim: Claim, reply: string, startedAt: number): Ruling {
    this.#accepted++;
    this.#throttled.delete(claim.id);
    this.#circuit.held();
    this.#total.accepted(this.#now().getTime());
    const complaining = this.#complaining;
    if (complaining?.domain === domainOf(claim.to.address)) this.#complaining = undefined;
    else if (complaining) complaining.acceptedElsewhere++;
    return {
      outcomes: [{ claim, state: "accepted", reply }, ...this.#quorum.accepted(claim, startedAt)],
    };
  }

  failed(one: Case): Ruling {
    const { claim, error } = one;
    if (!(error instanceof DeliveryError)) return this.#unknown(one);
    const { fate, consequence } = verdictOf(error);
    const isAnswer = error.facts.reply !== undefined && consequence !== "reconnect";
    if (isAnswer) this.#circuit.held();
    const told = { ...one, error };
    if (consequence === "throttle") return this.#throttle(told);
    const ruling = this.#consequence(consequence, told);
    if (ruling.stop && error.code === "SMTP_REFUSED") this.#isOurFault = true;
    if (fate.state === "rejected")
      return this.#refused({ claim, fate, at: this.#now().getTime() }, ruling);
    const notBefore = fate.state === "planned" ? this.#leaveFor(claim) : undefined;
    return { ...ruling, outcomes: [this.#outcome(claim, fate, notBefore)] };
  }

  /** The end of a run: what becomes of those whose refusal is open. */
  close(isListDone: boolean): Ruling {
    return this.#quorum.close({ now: this.#now(), isListDone, isOurFault: this.#isOurFault });
  }

  /** A mistake of our own, anywhere after the message was handed over. */
  #unknown({ claim, error }: Case): Ruling {
    const stop = error instanceof Error ? error : new Error(String(error));
    return { outcomes: [{ claim, state: "uncertain", reply: "an error in Broadsheet" }], stop };
  }

  #outcome(claim: Claim, fate: Fate, notBefore?: Date): Outcome {
    return outcomeOf(claim, fate, { now: this.#now(), expiresAt: this.#expiresAt, notBefore });
  }

  #refused(refusal: Refusal, ruling: Omit<Ruling, "outcomes">): Ruling {
    const { claim, fate } = refusal;
    const ofAll = this.#quorum.refused(refusal);
    if (ofAll) this.#isOurFault = true;
    const outcomes: Outcome[] = [{ claim, state: "refused", reply: fate.said }];
    return { ...ruling, stop: ruling.stop ?? ofAll, outcomes };
  }

  /**
   * We are too fast: for the server, unless one domain alone complains while others are accepted. The message goes
   * again in this run, when that has become slower.
   */
  #throttle({ claim, error, startedAt }: Told): Ruling {
    const { said } = error.facts;
    const now = this.#now().getTime();
    const domain = domainOf(claim.to.address);
    const since = this.#throttled.get(claim.id) ?? this.#accepted;
    this.#throttled.set(claim.id, since);
    if (this.#isAlone(domain)) {
      this.#total.forget();
      const pause = this.#pause(domain, error, COMPLAINED);
      return { outcomes: [this.#outcome(claim, { state: "deferred", said })], pause };
    }
    this.#total.slowDown(startedAt, now);
    if (this.#total.blockedMs(now) < LONGEST_BLOCK_MS) {
      return { outcomes: [this.#outcome(claim, { state: "planned", said })] };
    }
    // Where others were accepted since it first was, it may be about this one after all.
    const state = since < this.#accepted ? "deferred" : "planned";
    const notBefore = new Date(now + COMPLAINED.forMs);
    return {
      outcomes: [this.#outcome(claim, { state, said }, notBefore)],
      stop: takesNothing(said),
    };
  }

  /** Notes a complaint, and whether it is of a domain that complains alone. */
  #isAlone(domain: string): boolean {
    if (this.#complaining?.domain !== domain) {
      this.#complaining = { domain, complaints: 0, acceptedElsewhere: 0 };
    }
    const { complaints, acceptedElsewhere } = this.#complaining;
    this.#complaining.complaints++;
    return complaints + 1 >= COMPLAINTS && acceptedElsewhere >= COMPLAINTS;
  }

  #consequence(
    consequence: Verdict["consequence"],
    { claim, error, startedAt }: Told,
  ): Omit<Ruling, "outcomes"> {
    const now = this.#now().getTime();
    const domain = domainOf(claim.to.address);
    switch (consequence) {
      case "none":
        return {};
      case "pauseDomain":
        this.#refusing.add(domain);
        if (this.#refusing.size >= REFUSING_DOMAINS) return { stop: refusedByMany(error) };
        return { pause: this.#pause(domain, error, REFUSED) };
      case "slowServer":
        this.#total.slowDown(startedAt, now);
        return this.#total.complaints < COMPLAINTS ? {} : { stop: error };
      case "reconnect": {
        const isConnecting = error.facts.stage === "connection";
        return this.#circuit.failed({ startedAt, now, isConnecting }) ? {} : { stop: error };
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

  /** One recipient may be what makes the server hang up. */
  #leaveFor({ id }: Claim): Date | undefined {
    const lost = (this.#lost.get(id) ?? 0) + 1;
    this.#lost.set(id, lost);
    return lost < LOST ? undefined : new Date(this.#now().getTime() + LOST_MS);
  }
}

function refusedByMany({ facts }: DeliveryError): BroadsheetError {
  return new BroadsheetError(
    "SMTP_REFUSED",
    `${REFUSING_DOMAINS} recipient domains refuse us, the last one with: ${facts.said}`,
    {
      fix: "find out why before you send on: your address or your domain may be on a block list. Nobody was unsubscribed",
    },
  );
}

function takesNothing(said: string): BroadsheetError {
  const seconds = LONGEST_BLOCK_MS / 1000;
  return new BroadsheetError(
    "SMTP_DEFERRED",
    `the server takes nothing: for ${seconds} seconds it has said that we are too fast, the last time with: ${said}`,
    {
      fix: "send again in five minutes: who is left still gets it. Where you know the server's limit, put it into the config (smtp.rate: messages a second)",
    },
  );
}

interface Circumstances {
  readonly now: Date;
  /** After this nobody wants the issue any more. */
  readonly expiresAt?: Date | undefined;
  /** Where the recipient can't be sent to now: when to look again. */
  readonly notBefore?: Date | undefined;
}

/** What the ledger notes of a claim: whoever was put off too often is rejected. */
function outcomeOf(claim: Claim, fate: Fate, circumstances: Circumstances): Outcome {
  if (fate.state === "skipped") return { claim, ...fate };
  const { state, said: reply } = fate;
  if (state === "deferred") return putOff(claim, reply, circumstances);
  if (state === "rejected") return { claim, state, reply, suppress: fate.suppress };
  return state === "planned"
    ? { claim, state, reply, ...notBefore(circumstances) }
    : { claim, state, reply };
}

function notBefore({ notBefore: at }: Circumstances): { notBefore?: Date } {
  return at === undefined ? {} : { notBefore: at };
}

function putOff(claim: Claim, reply: string, { now, expiresAt }: Circumstances): Outcome {
  const { id, attempt, firstTriedAt = now } = claim;
  const at = nextTry({ id, attempt, firstTriedAt, now, expiresAt });
  if (at) return { claim, state: "deferred", reply, nextTry: at };
  return { claim, state: "rejected", reply: `given up: ${reply}` };
}

/** After the first attempt, the second and so on; the last for all that follow. */
const DELAYS_MINUTES = [5, 10, 20, 45, 90, 180];
const JITTER = 0.2;
/** RFC 5321 §4.5.4.1 gives a message four to five days; a newsletter of the day before yesterday is none. */
const LONGEST_MS = 48 * 60 * MINUTE_MS;

interface Deferral {
  /** Of the row, and how often it was tried: those who were put off together don't come back together. */
  readonly id: number;
  readonly attempt: number;
  readonly firstTriedAt: Date;
  readonly now: Date;
  /** After this nobody wants the issue any more. */
  readonly expiresAt?: Date | undefined;
}

/**
 * When to try a recipient again whom the server put off: after 5, 10, 20, 45 and 90 minutes, then every
 * three hours, a fifth more or less. Undefined where that would be later than 48 hours after the first
 * attempt, or than the issue is worth.
 */
export function nextTry(deferral: Deferral): Date | undefined {
  const { attempt, firstTriedAt, now, expiresAt } = deferral;
  const minutes = DELAYS_MINUTES[attempt - 1] ?? DELAYS_MINUTES.at(-1) ?? 0;
  const at = now.getTime() + Math.round(minutes * MINUTE_MS * (1 + JITTER * spread(deferral)));
  const end = Math.min(firstTriedAt.getTime() + LONGEST_MS, expiresAt?.getTime() ?? Infinity);
  return at <= end ? new Date(at) : undefined;
}

/** From -1 to 1, the same for the same row and attempt. */
function spread({ id, attempt }: Deferral): number {
  const hash = createHash("sha256").update(`${id}/${attempt}`).digest();
  return (hash.readUInt32BE() / 0xffff_ffff) * 2 - 1;
}
