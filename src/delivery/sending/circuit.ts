/** So often in a row it is tried again before nothing more is sent. */
const TRIES = 3;
const FIRST_WAIT_MS = 250;

interface Failure {
  readonly startedAt: number;
  readonly now: number;
  /** Whether there was no connection yet: where there never was one, there will be none now. */
  readonly isConnecting: boolean;
}

/**
 * Whether the way to the server holds. One message goes first, and all others when the server has answered
 * it. When a connection fails, one goes again, after a while; when that fails too, and the next, the way is
 * given up. So a wrong password is tried once, a server that has gone costs a few connections, and one that
 * hangs up after every message leaves few in doubt.
 */
export class Circuit {
  #failures = 0;
  #hasHeld = false;
  #failedAt = -Infinity;
  #probeAt = 0;

  /** Whether only one message may be under way. */
  get isProbing(): boolean {
    return this.#failures > 0 || !this.#hasHeld;
  }

  /** Nothing may go before. */
  get probeAt(): number {
    return this.#probeAt;
  }

  /** The server answered, whatever it said. */
  held(): void {
    this.#hasHeld = true;
    this.#failures = 0;
    this.#probeAt = 0;
  }

  /** A connection failed: it counts once for all that were under way together. Whether to go on. */
  failed({ startedAt, now, isConnecting }: Failure): boolean {
    if (startedAt >= this.#failedAt) {
      this.#failures++;
      this.#probeAt = now + FIRST_WAIT_MS * 4 ** (this.#failures - 1);
      this.#failedAt = now;
    }
    return this.#failures < TRIES && (this.#hasHeld || !isConnecting);
  }
}
