/** How fast messages may go to one recipient domain, or in all. Absent: no limit. */
export interface ThrottleLimits {
  /** Messages in flight at a time. */
  readonly concurrency?: number | undefined;
  /** Messages a second. */
  readonly rate?: number | undefined;
}

/** How far a late start may be caught up on: timers are not exact. */
const CATCH_UP_MS = 100;
/** After a complaint nothing goes for twice this; after the next one, with nothing accepted between, for twice as long. */
const BREATHER_MS = 250;
const LONGEST_BREATHER_MS = 8_000;
/** The lowest rate, in messages a second. */
const SLOWEST = 0.1;
/** The new rate after a complaint, as a part of the rate at which messages were accepted before it. */
const DECREASE = 0.9;
/** In this time the rate doubles again after a complaint, while messages are accepted: some per cent a second. */
const DOUBLING_MS = 20_000;
/** The longest time between two acceptances that counts for that. */
const LONGEST_STEP_MS = 1_000;
/** A rate is measured over this time at least. */
const SHORTEST_MEASURE_MS = 1_000;

/**
 * Lets messages go within limits. When the server complains, messages go on somewhat below the rate at which it
 * accepted them, and the rate recovers by some per cent a second while it accepts. Moments are in milliseconds.
 */
export class Throttle {
  readonly #limits: Required<ThrottleLimits>;
  #rate: number;
  #raisedAt = Infinity;
  #underway = 0;
  #nextAt = 0;
  #slowedAt = -Infinity;
  #complaints = 0;
  #blockedSince: number | undefined;
  /** How many messages were accepted since the run began, or since the rate was last set. */
  #measure: { since: number | undefined; accepted: number } = { since: undefined, accepted: 0 };

  constructor({ concurrency = Infinity, rate = Infinity }: ThrottleLimits = {}) {
    this.#limits = { concurrency, rate };
    this.#rate = rate;
  }

  /** How many complaints there were since a message was last accepted. */
  get complaints(): number {
    return this.#complaints;
  }

  /** How long nothing has been accepted, from the first of these complaints on; 0 where there is none. */
  blockedMs(now: number): number {
    return this.#blockedSince === undefined ? 0 : now - this.#blockedSince;
  }

  /** How many more messages may be in flight. After a complaint one alone finds out whether the server accepts again. */
  get room(): number {
    const atATime = this.#complaints > 0 ? 1 : this.#limits.concurrency;
    return Math.max(0, atATime - this.#underway);
  }

  /** When the rate lets the next message go. */
  get nextAt(): number {
    return this.#nextAt;
  }

  /** Whether a new throttle would behave the same. */
  get isFresh(): boolean {
    return this.#underway === 0 && this.#slowedAt === -Infinity && this.#limits.rate === Infinity;
  }

  mayStart(now: number): boolean {
    return this.room > 0 && this.#nextAt <= now;
  }

  start(now: number): void {
    this.#underway++;
    this.#measure.since ??= now;
    if (this.#rate === Infinity) return;
    this.#nextAt = Math.max(this.#nextAt, now - CATCH_UP_MS) + 1000 / this.#rate;
  }

  end(): void {
    this.#underway--;
  }

  /** The server complained about a message. Complaints about messages that were in flight together count once. */
  slowDown(startedAt: number, now: number): void {
    if (startedAt < this.#slowedAt) return;
    this.#slowedAt = now;
    this.#blockedSince ??= now;
    this.#complaints++;
    // Where nothing was accepted since the last complaint, the rate says nothing: the server has had enough for now.
    if (this.#measure.accepted > 0) this.#setRate(now);
    const breather = Math.min(BREATHER_MS * 2 ** this.#complaints, LONGEST_BREATHER_MS);
    this.#nextAt = now + Math.max(1000 / this.#rate, breather);
  }

  accepted(now: number): void {
    this.#measure.accepted++;
    this.#complaints = 0;
    this.#blockedSince = undefined;
    const sinceMs = Math.min(LONGEST_STEP_MS, Math.max(0, now - this.#raisedAt));
    this.#rate = Math.min(this.#limits.rate, this.#rate * 2 ** (sinceMs / DOUBLING_MS));
    this.#raisedAt = now;
  }

  /** The complaint turned out to be about something else: the throttle is as it was before. */
  forget(): void {
    this.#rate = this.#limits.rate;
    this.#nextAt = 0;
    this.#complaints = 0;
    this.#blockedSince = undefined;
  }

  #setRate(now: number): void {
    const { since = now, accepted } = this.#measure;
    const measured = (accepted * 1000) / Math.max(SHORTEST_MEASURE_MS, now - since);
    // A few complaints close to each other tell little.
    const lowest = this.#rate === Infinity ? SLOWEST : Math.max(SLOWEST, this.#rate / 2);
    this.#rate = Math.max(lowest, DECREASE * Math.min(this.#rate, measured));
    this.#measure = { since: now, accepted: 0 };
  }
}
