import type { RateLimit } from "../settings.ts";

/** The ceilings for one recipient domain. An absent value is no ceiling. */
export interface DomainLimits {
  /** Messages in flight at a time. */
  readonly concurrency?: number | undefined;
  /** Messages a second. */
  readonly rate?: number | undefined;
}

/**
 * Limits for all senders of a store together. A sender reserves its next start times, one window at a time. A process that
 * sends alone needs no reservations, and keeps the limits by itself.
 */
export interface Reservations {
  /** @throws BroadsheetError STORE_*. Nothing is reserved then. */
  reserve(request: Reservation): Promise<Reserved>;
}

/** A sender's request for start times, with all that it has learned since its last reservation. */
export interface Wish {
  /** The number of start times. With 0, senders only exchange the learned pace. */
  readonly starts: number;
  /** The account's limit in messages a second. Absent without a limit. */
  readonly ceiling?: number | undefined;
  /** The account's limits over a longer time. */
  readonly quotas: readonly RateLimit[];
  /** The rate in messages a second that this sender knows. Absent if the relay never complained. */
  readonly rate?: number | undefined;
  /** The number of the last change of the rate that this sender knows. If there was a later change, its rate is ignored. */
  readonly change: number;
  /** Present if the relay has complained since. The rate counts if it is lower, and no message starts for `pauseMs`. */
  readonly complaint?: { readonly pauseMs: number } | undefined;
  /** The number of messages accepted without a start time, minus the number of unused start times. */
  readonly counted: number;
  readonly perDomain: DomainLimits;
  readonly domains: readonly DomainWish[];
}

interface DomainWish {
  readonly domain: string;
  readonly starts: number;
  /** The number of messages that the sender would have in flight to the domain. */
  readonly places: number;
}

export interface Reservation extends Wish {
  /** The account at the relay. */
  readonly account: string;
  /** The name of the sender. */
  readonly worker: string;
}

/** Start times, in milliseconds from now. */
export interface Window {
  readonly starts: number;
  readonly firstMs: number;
  readonly everyMs: number;
}

export interface Reserved extends Window {
  /** The time for all senders, in milliseconds since 1970. */
  readonly now: number;
  readonly rate?: number | undefined;
  readonly change: number;
  /** The number of the account's messages in each period of ten minutes, by the time at which the period began. */
  readonly sent: readonly (readonly [begin: number, count: number])[];
  readonly domains: readonly (Window & { readonly domain: string; readonly places: number })[];
}

/** A start time that passed longer ago is lost, so that a delayed sender does not send many messages at once. */
const LATE_MS = 500;

/** The reserved start times that are not used yet, by the sender's own clock. */
export class StartTimes {
  #times: number[] = [];

  get count(): number {
    return this.#times.length;
  }

  /** The first start time. Infinity if there is none. */
  get next(): number {
    return this.#times[0] ?? Infinity;
  }

  add({ starts, firstMs, everyMs }: Window, now: number): void {
    for (let n = 0; n < starts; n++) this.#times.push(now + firstMs + n * everyMs);
  }

  use(): void {
    this.#times.shift();
  }

  /** Removes the start times that passed too long ago, or `all`. Returns their number. */
  giveUp(now: number, all = false): number {
    if (!all && this.next > now - LATE_MS) return 0;
    const kept = all ? [] : this.#times.filter((at) => at > now - LATE_MS);
    const lost = this.#times.length - kept.length;
    this.#times = kept;
    return lost;
  }
}
