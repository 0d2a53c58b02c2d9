import { domainOf } from "../../subscribers/recipient.ts";
import { BroadsheetError } from "../../errors.ts";
import type { Claim, Outcome } from "../ledger.ts";
import { DeliveryError } from "../transport.ts";
import type { Circuit } from "./circuit.ts";
import { outcomeOf } from "./outcome-of.ts";
import type { Pace } from "./pace.ts";
import { Quorum, type Refusal } from "./quorum.ts";
import { type Fate, type Verdict, verdictOf } from "./verdict.ts";

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
