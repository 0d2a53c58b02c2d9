/** How fast messages may go to one recipient domain, or in all. */
export interface PaceLimits {
  /** Under way at a time. */
  readonly concurrency?: number | undefined;
  /** In a second. */
  readonly rate?: number | undefined;
}

/** What wasn't sent when it might have been may be caught up on for so long: timers are not exact. */
const CATCH_UP_MS = 100;
/** After a complaint nothing goes for twice that, then for twice as long, and so on up to the longest. */
const BREATHER_MS = 250;
const LONGEST_BREATHER_MS = 8_000;
/** Slower than that nothing gets, in a second. */
const SLOWEST = 0.1;
/** So many acceptances bring back what complaints took. */
const RECOVERY = 50;
/** From fewer starts no rate is told. */
const MEASURED = 20;

/**
 * Lets messages go within limits, which it halves when the other side complains and recovers step by step
 * when it accepts (additive increase, multiplicative decrease). Moments are in milliseconds.
 */
export class Pace {
  readonly #limits: PaceLimits;
  #concurrency: number;
  #rate: number;
  /** What there was before the first complaint; absent where there was none, or all is as it was. */
  #goal: { readonly concurrency: number; readonly rate: number } | undefined;
  #underway = 0;
  #nextAt = 0;
  #slowedAt = -Infinity;
  #complaints = 0;
  #measure = { since: 0, starts: 0 };

  constructor(limits: PaceLimits = {}) {
    this.#limits = limits;
    this.#concurrency = limits.concurrency ?? Infinity;
    this.#rate = limits.rate ?? Infinity;
  }

  /** How often in a row it was slowed down without anything having been accepted since. */
  get complaints(): number {
    return this.#complaints;
  }

  /** How many more may be under way. */
  get room(): number {
    return Math.max(0, Math.floor(this.#concurrency) - this.#underway);
  }

  /** When the next one may go, as far as the rate is concerned. */
  get nextAt(): number {
    return this.#nextAt;
  }

  /** Whether it knows nothing that a new one wouldn't. */
  get isFresh(): boolean {
    return this.#underway === 0 && !this.#goal && this.#limits.rate === undefined;
  }

  mayStart(now: number): boolean {
    return this.room > 0 && this.#nextAt <= now;
  }

  start(now: number): void {
    this.#underway++;
    if (now - this.#measure.since > 1000) this.#measure = { since: now, starts: 0 };
    this.#measure.starts++;
    if (this.#rate === Infinity) return;
    this.#nextAt = Math.max(this.#nextAt, now - CATCH_UP_MS) + 1000 / this.#rate;
  }

  end(): void {
    this.#underway--;
  }

  /** The other side complained about a message: once for all that were under way together. */
  slowDown(startedAt: number, now: number): void {
    if (startedAt < this.#slowedAt) return;
    const concurrency = Math.min(this.#concurrency, this.#underway);
    const rate = Math.min(this.#rate, this.#measured(now));
    this.#goal ??= { concurrency, rate };
    this.#concurrency = Math.max(1, concurrency / 2);
    this.#rate = Math.max(SLOWEST, rate / 2);
    this.#slowedAt = now;
    this.#complaints++;
    const breather = Math.min(BREATHER_MS * 2 ** this.#complaints, LONGEST_BREATHER_MS);
    this.#nextAt = now + Math.max(1000 / this.#rate, breather);
  }

  accepted(): void {
    this.#complaints = 0;
    if (!this.#goal) return;
    const { concurrency, rate } = this.#goal;
    this.#concurrency += concurrency / RECOVERY;
    if (rate < Infinity) this.#rate += rate / RECOVERY;
    if (this.#concurrency < concurrency || this.#rate < rate) return;
    this.#goal = undefined;
    this.#concurrency = this.#limits.concurrency ?? Infinity;
    this.#rate = this.#limits.rate ?? Infinity;
  }

  #measured(now: number): number {
    const { since, starts } = this.#measure;
    return starts < MEASURED ? Infinity : (starts * 1000) / Math.max(1000, now - since);
  }
}
