/** How fast messages may go to one recipient domain, or in all. */
export interface PaceLimits {
  /** Under way at a time. */
  readonly concurrency?: number | undefined;
  /** In a second. */
  readonly rate?: number | undefined;
}

/** What wasn't sent when it might have been may be caught up on for so long: timers are not exact. */
const CATCH_UP_MS = 100;
/** After a complaint nothing goes for twice that; after the next, with nothing accepted between, for twice as long. */
const BREATHER_MS = 250;
const LONGEST_BREATHER_MS = 8_000;
/** Slower than that nothing gets, in a second. */
const SLOWEST = 0.1;
/** What is left, after a complaint, of the rate at which messages were accepted before it. */
const DECREASE = 0.9;
/** As long as messages are accepted, the rate that a complaint has left doubles in so long: some per cent a second. */
const DOUBLING_MS = 20_000;
/** Of a longer silence between two acceptances no more counts. */
const LONGEST_STEP_MS = 1_000;
/** A rate is told from no less than that. */
const SHORTEST_MEASURE_MS = 1_000;

/**
 * Lets messages go within limits. Where the other side complains, it goes on somewhat below the rate at which that
 * has accepted, and recovers by some per cent a second while it accepts. Moments are in milliseconds.
 */
export class Pace {
  readonly #limits: Required<PaceLimits>;
  #rate: number;
  #raisedAt = Infinity;
  #underway = 0;
  #nextAt = 0;
  #slowedAt = -Infinity;
  #complaints = 0;
  #blockedSince: number | undefined;
  /** What was accepted since the run began, or since the rate was last set. */
  #measure: { since: number | undefined; accepted: number } = { since: undefined, accepted: 0 };

  constructor({ concurrency = Infinity, rate = Infinity }: PaceLimits = {}) {
    this.#limits = { concurrency, rate };
    this.#rate = rate;
  }

  /** How often in a row it was slowed down without anything having been accepted since. */
  get complaints(): number {
    return this.#complaints;
  }

  /** How long nothing has been accepted, from the first complaint of such a row on; 0 where there is none. */
  blockedMs(now: number): number {
    return this.#blockedSince === undefined ? 0 : now - this.#blockedSince;
  }

  /** How many more may be under way: where the last was a complaint, one alone finds out whether that is over. */
  get room(): number {
    const atATime = this.#complaints > 0 ? 1 : this.#limits.concurrency;
    return Math.max(0, atATime - this.#underway);
  }

  /** When the next one may go, as far as the rate is concerned. */
  get nextAt(): number {
    return this.#nextAt;
  }

  /** Whether it knows nothing that a new one wouldn't. */
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

  /** The other side complained about a message: once for all that were under way together. */
  slowDown(startedAt: number, now: number): void {
    if (startedAt < this.#slowedAt) return;
    this.#slowedAt = now;
    this.#blockedSince ??= now;
    this.#complaints++;
    // Where nothing was accepted since the last one, it isn't the rate that is too high: it has had enough for now.
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

  /** It wasn't the other side that complained: all is as it was before. */
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
