/** A turn of the ledger is as slow as its disk: 0.1 ms, or 10 where others use it too. */
const LONGEST_WAIT_MS = 50;

/**
 * When to take a turn at the ledger. One for each message would leave no time to send: what happens within as
 * long as a turn takes goes into one, as long as there is something in flight meanwhile.
 */
export class TurnPace {
  #costMs = 1;
  #newsSince: number | undefined;

  /** There is something to note. */
  news(now: number): void {
    this.#newsSince ??= now;
  }

  /** When it should be noted at the latest. */
  get dueAt(): number {
    return this.#newsSince === undefined ? Infinity : this.#newsSince + this.#costMs;
  }

  taken(costMs: number): void {
    this.#newsSince = undefined;
    this.#costMs = Math.min(LONGEST_WAIT_MS, Math.max(1, (this.#costMs + costMs) / 2));
  }
}
