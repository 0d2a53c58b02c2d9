/** After so many failed connections in a row nothing more is sent. */
const TRIES = 3;
const FIRST_WAIT_MS = 250;

interface Failure {
  readonly startedAt: number;
  readonly now: number;
  /** Whether there was no connection yet: where there never was one, trying again is no use. */
  readonly isConnecting: boolean;
}

/**
 * A circuit breaker for the connection to the server. One message goes first, and all others when the server has
 * answered it. When a connection fails, one message goes again after a wait; after a few failures in a row the
 * server is given up. So a wrong password is tried once, a server that is down costs a few connections, and one
 * that hangs up after every message leaves few recipients in doubt.
 */
export class CircuitBreaker {
  #failures = 0;
  #hasSucceeded = false;
  #failedAt = -Infinity;
  #probeAt = 0;

  /** Whether only one message may be in flight. */
  get isProbing(): boolean {
    return this.#failures > 0 || !this.#hasSucceeded;
  }

  /** No message may go before this moment. */
  get probeAt(): number {
    return this.#probeAt;
  }

  /** The server gave an answer, whatever it said. */
  succeeded(): void {
    this.#hasSucceeded = true;
    this.#failures = 0;
    this.#probeAt = 0;
  }

  /** A connection failed, which counts once for messages that were in flight together. Returns whether to go on. */
  failed({ startedAt, now, isConnecting }: Failure): boolean {
    if (startedAt >= this.#failedAt) {
      this.#failures++;
      this.#probeAt = now + FIRST_WAIT_MS * 4 ** (this.#failures - 1);
      this.#failedAt = now;
    }
    return this.#failures < TRIES && (this.#hasSucceeded || !isConnecting);
  }
}
