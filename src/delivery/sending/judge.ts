import { domainOf } from "../../audience/recipient.ts";
import { BroadsheetError } from "../../errors.ts";
import type { Claim, Outcome } from "../ledger.ts";
import { DeliveryError } from "../transport.ts";
import type { Circuit } from "./circuit.ts";
import { outcomeOf } from "./outcome-of.ts";
import type { Pace } from "./pace.ts";
import { type Verdict, verdictOf } from "./verdict.ts";

/** What follows from one message: for its recipient, for a domain, for all. */
export interface Ruling {
  readonly outcome: Outcome;
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
  /** That of the recipient's domain. */
  readonly pace: Pace;
}

const MINUTE_MS = 60_000;
/** So long a domain is left alone that has a rule against us, or that complains whatever we do. */
const REFUSED = { forMs: 60 * MINUTE_MS, isRefusal: true };
const COMPLAINED = { forMs: 5 * MINUTE_MS, isRefusal: false };
/** So many complaints in a row, and a domain is left alone, or the server. */
const COMPLAINTS = 4;
/** So many domains that refuse us are our reputation. */
const REFUSING_DOMAINS = 3;
/** A recipient with whom the connection was lost so often in a run is left for a later one. */
const LOST = 3;
const LOST_MS = 5 * MINUTE_MS;

/** Decides what a failure means, in the light of those before it. */
export class Judge {
  readonly #now: () => Date;
  readonly #expiresAt: Date | undefined;
  readonly #circuit: Circuit;
  readonly #total: Pace;
  readonly #refusing = new Set<string>();
  readonly #lost = new Map<number, number>();

  constructor(
    bench: { readonly circuit: Circuit; readonly total: Pace },
    { now, expiresAt }: { readonly now: () => Date; readonly expiresAt?: Date | undefined },
  ) {
    this.#circuit = bench.circuit;
    this.#total = bench.total;
    this.#now = now;
    this.#expiresAt = expiresAt;
  }

  failed(one: Case): Ruling {
    const { claim, error } = one;
    if (!(error instanceof DeliveryError)) return this.#unknown(one);
    const verdict = verdictOf(error);
    if (error.facts.reply && error.facts.stage !== "connection") this.#circuit.held();
    const notBefore = verdict.fate.state === "planned" ? this.#leaveFor(claim) : undefined;
    const now = this.#now();
    const outcome = outcomeOf(claim, verdict.fate, { now, expiresAt: this.#expiresAt, notBefore });
    return { outcome, ...this.#consequence(verdict, error, one) };
  }

  /** A mistake of our own, anywhere after the message was handed over. */
  #unknown({ claim, error }: Case): Ruling {
    const stop = error instanceof Error ? error : new Error(String(error));
    return { outcome: { claim, state: "uncertain", reply: "an error in Broadsheet" }, stop };
  }

  #consequence(
    { consequence }: Verdict,
    error: DeliveryError,
    { claim, startedAt, pace }: Case,
  ): Omit<Ruling, "outcome"> {
    const now = this.#now().getTime();
    const domain = domainOf(claim.to.address);
    switch (consequence) {
      case "none":
        return {};
      case "slowDomain":
        pace.slowDown(startedAt, now);
        return pace.complaints < COMPLAINTS
          ? {}
          : { pause: this.#pause(domain, error, COMPLAINED) };
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
