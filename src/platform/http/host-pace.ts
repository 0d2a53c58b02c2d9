import type { Clock, Wait } from "../clock.ts";
import type { FetchFailure } from "./fetch-outcome.ts";

/** The first requests to a host need no gap. The next ones begin this far apart, which no small site notices. */
const WITHOUT_GAP = 20;
const GAP_MS = 200;
/** For so long one run waits for a host, in all, where the host asks for patience. */
const PATIENCE_MS = 10_000;
/** "Retry-After: 0" is no reason to ask at once. */
const SHORTEST_MS = 1000;
/** How long a host that was asked too often is left alone if it doesn't say (RFC 9110 §10.2.3). */
const USUAL_SECONDS = 60;

interface Pause {
  readonly until: number;
  readonly failure: FetchFailure;
}

/**
 * When each host may be asked again: at a courteous pace, at the one that its robots.txt asks for, and
 * after the time for which it wants to be left alone.
 */
export class HostPace {
  readonly #clock: Clock;
  readonly #wait: (ms: number) => Promise<void>;
  readonly #asked = new Map<string, { readonly at: number; readonly count: number }>();
  readonly #answered = new Set<string>();
  readonly #pauses = new Map<string, Pause>();
  readonly #patience = new Map<string, number>();

  constructor(clock: Clock, wait: Wait, signal: AbortSignal) {
    this.#clock = clock;
    this.#wait = async (ms) => wait(ms, signal);
  }

  /** Whether the host has answered in this run. */
  hasAnswered({ host }: URL): boolean {
    return this.#answered.has(host);
  }

  /** Waits for the end of a short pause. */
  async patience(url: URL): Promise<void> {
    const pause = this.#pauses.get(url.host);
    if (!pause || !this.isWaitedFor(url)) return;
    const leftMs = this.#leftMs(pause);
    this.#patience.set(url.host, this.#patienceWith(url.host) - leftMs);
    this.#pauses.delete(url.host);
    await this.#wait(leftMs);
  }

  /** Waits until the next request is due. `delayMs` is the time that the host wants between two requests. */
  async turn(url: URL, delayMs?: number): Promise<void> {
    // A request that fails without being sent has nothing to wait for.
    if (this.pauseOf(url)) return;
    const { host } = url;
    const { at, count } = this.#asked.get(host) ?? { at: 0, count: 0 };
    const gapMs = delayMs ?? (count < WITHOUT_GAP ? 0 : GAP_MS);
    // A clock that was set back is no reason to wait longer.
    const leftMs = Math.min(at + gapMs - this.#clock().getTime(), gapMs);
    if (leftMs > 0) await this.#wait(leftMs);
    this.#asked.set(host, { at: this.#clock().getTime(), count: count + 1 });
  }

  /** The answer with which the host asked for patience. It is undefined if the host may be asked. */
  pauseOf(url: URL): FetchFailure | undefined {
    const pause = this.#pauses.get(url.host);
    return pause && this.#clock().getTime() < pause.until
      ? { ...pause.failure, url: url.href }
      : undefined;
  }

  /** Whether the pause of a host is so short that a request waits for its end instead of failing. */
  isWaitedFor({ host }: URL): boolean {
    const pause = this.#pauses.get(host);
    return pause !== undefined && this.#leftMs(pause) <= this.#patienceWith(host);
  }

  /** Takes note of an answer. */
  heed({ host }: URL, failure: FetchFailure | undefined): void {
    this.#answered.add(host);
    if (failure?.kind !== "later") return;
    const ms = (failure.retryAfterSeconds ?? USUAL_SECONDS) * 1000;
    const until = this.#clock().getTime() + Math.max(ms, SHORTEST_MS);
    this.#pauses.set(host, { until, failure });
  }

  #leftMs({ until }: Pause): number {
    return Math.max(until - this.#clock().getTime(), 0);
  }

  #patienceWith(host: string): number {
    return this.#patience.get(host) ?? PATIENCE_MS;
  }
}
