import type { RateLimit } from "../settings.ts";

/** The ceilings for one recipient domain. Absent: no ceiling. */
export interface DomainLimits {
  /** Messages in flight at a time. */
  readonly concurrency?: number | undefined;
  /** Messages a second. */
  readonly rate?: number | undefined;
}

/**
 * Limits that hold for all senders of a store in sum. A sender reserves its next start times, a window at a time. Where
 * one process sends alone there are no reservations, and it keeps the limits by itself.
 */
export interface Reservations {
  /** @throws BroadsheetError STORE_*: nothing is reserved. */
  reserve(request: Reservation): Promise<Reserved>;
}

/** What a sender would start next, and what it has learned since its last reservation. */
export interface Wish {
  /** How many messages it is about to start. 0: it only exchanges what is known. */
  readonly starts: number;
  /** The account's limit in messages a second; absent where no limit is set. */
  readonly ceiling?: number | undefined;
  /** The account's limits over a longer time. */
  readonly quotas: readonly RateLimit[];
  /** The learned rate in messages a second, as this sender knows it; absent where the relay never complained. */
  readonly rate?: number | undefined;
  /** The number of the change of the rate that this sender knows: where it isn't the last one, its rate doesn't count. */
  readonly change: number;
  /** The relay has complained since: the rate counts if it is lower, and no message starts for a while. */
  readonly complaint?: { readonly pauseMs: number } | undefined;
  /** How many messages were accepted without a start time, less the start times that came to nothing. */
  readonly counted: number;
  readonly perDomain: DomainLimits;
  readonly domains: readonly DomainWish[];
}

interface DomainWish {
  readonly domain: string;
  readonly starts: number;
  /** How many messages the sender would have in flight to it. */
  readonly places: number;
}

export interface Reservation extends Wish {
  /** The account at the relay. */
  readonly account: string;
  /** Identifies the sender. */
  readonly worker: string;
}

/** Start times, in milliseconds from now. */
export interface Window {
  readonly starts: number;
  readonly firstMs: number;
  readonly everyMs: number;
}

export interface Reserved extends Window {
  /** The time of day for all senders, in milliseconds. */
  readonly now: number;
  readonly rate?: number | undefined;
  readonly change: number;
  /** How many messages the account has sent, by the time of day at which ten minutes began. */
  readonly sent: readonly (readonly [begin: number, count: number])[];
  readonly domains: readonly (Window & { readonly domain: string; readonly places: number })[];
}

/** A start time that has passed for longer is lost: a sender that was held up must not catch up. */
const LATE_MS = 500;

/** Start times that are reserved and not used, by the sender's own clock. */
export class StartTimes {
  #times: number[] = [];

  get count(): number {
    return this.#times.length;
  }

  /** The first one; Infinity where there is none. */
  get next(): number {
    return this.#times[0] ?? Infinity;
  }

  add({ starts, firstMs, everyMs }: Window, now: number): void {
    for (let n = 0; n < starts; n++) this.#times.push(now + firstMs + n * everyMs);
  }

  use(): void {
    this.#times.shift();
  }

  /** Gives up those that passed too long ago, or `all`. Returns how many. */
  giveUp(now: number, all = false): number {
    if (!all && this.next > now - LATE_MS) return 0;
    const kept = all ? [] : this.#times.filter((at) => at > now - LATE_MS);
    const lost = this.#times.length - kept.length;
    this.#times = kept;
    return lost;
  }
}
