import type { Clock, Wait } from "../clock.ts";
import type { FetchFailure } from "./fetch-outcome.ts";

/** The first requests to a host need no gap. The next ones begin this far apart, which no small site notices. */
const WITHOUT_GAP = 20;
const GAP_MS = 200;
/** A request waits so long for a host that asks for patience. It fails if the host asks for more. */
const LONGEST_PAUSE_MS = 10_000;
/** A host that refuses so many requests in a row is left alone for the rest of the run. */
const MOST_REFUSALS = 3;
/** How long a host that was asked too often is left alone if it doesn't say (RFC 9110 §10.2.3). */
const USUAL_SECONDS = 60;

interface Refusal {
  readonly failure: FetchFailure;
  /** The number of refusals in a row. */
  readonly count: number;
  readonly untilMs: number;
}

/** What one run knows about a host. */
interface Host {
  hasAnswered: boolean;
  /** When the last paced request was sent, and how many were. */
  sentMs: number;
  sent: number;
  /** The last answer, if it was a refusal. */
  refusal: Refusal | undefined;
}

interface Request<Reply> {
  readonly send: () => Promise<Reply | FetchFailure>;
  /** The time that the host wants between two requests. */
  readonly delayMs?: number | undefined;
  /** Whether the request needs no gap and does not count for the next ones. */
  readonly isUnpaced?: boolean;
}

/**
 * Sends requests when each host may be asked: at a courteous pace, or at the one that the host wants, and after the
 * time for which it wants to be left alone. The caller sends one request at a time to each host.
 */
export class HostPace {
  readonly #clock: Clock;
  readonly #wait: (ms: number) => Promise<void>;
  readonly #hosts = new Map<string, Host>();

  constructor(clock: Clock, wait: Wait, signal: AbortSignal) {
    this.#clock = clock;
    this.#wait = async (ms) => wait(ms, signal);
  }

  /** Whether the host has answered in this run. */
  hasAnswered({ host }: URL): boolean {
    return this.#hosts.get(host)?.hasAnswered === true;
  }

  /** The reply to a request, which is sent again after a short pause if the host asks for one. */
  async send<Reply extends { readonly kind: "answered" }>(
    url: URL,
    request: Request<Reply>,
  ): Promise<Reply | FetchFailure> {
    const host = this.#hostOf(url);
    for (;;) {
      if (host.refusal && this.#isLeftAlone(host.refusal))
        return { ...host.refusal.failure, url: url.href };
      await this.#waitFor(host, request);
      const reply = await request.send();
      if (reply.kind === "later") host.refusal = this.#refusalAfter(host.refusal, reply);
      if (reply.kind === "answered") host.refusal = undefined;
      host.hasAnswered ||= reply.kind === "later" || reply.kind === "answered";
      if (reply.kind !== "later") return reply;
    }
  }

  #hostOf({ host }: URL): Host {
    const fresh = { hasAnswered: false, sentMs: -Infinity, sent: 0, refusal: undefined };
    const found = this.#hosts.get(host) ?? fresh;
    this.#hosts.set(host, found);
    return found;
  }

  #isLeftAlone({ count, untilMs }: Refusal): boolean {
    return count >= MOST_REFUSALS || untilMs - this.#nowMs() > LONGEST_PAUSE_MS;
  }

  /** Waits until the request is due, and counts it. */
  async #waitFor(host: Host, { delayMs = 0, isUnpaced }: Request<unknown>): Promise<void> {
    const gapMs = isUnpaced ? 0 : Math.max(delayMs, host.sent < WITHOUT_GAP ? 0 : GAP_MS);
    // A clock that was set back is no reason to wait longer.
    const restMs = Math.min(host.sentMs + gapMs - this.#nowMs(), gapMs);
    const waitMs = Math.max(restMs, (host.refusal?.untilMs ?? 0) - this.#nowMs());
    if (waitMs > 0) await this.#wait(waitMs);
    if (isUnpaced) return;
    host.sentMs = this.#nowMs();
    host.sent++;
  }

  #refusalAfter(before: Refusal | undefined, failure: FetchFailure & { kind: "later" }): Refusal {
    const { retryAfterSeconds = USUAL_SECONDS } = failure;
    const untilMs = this.#nowMs() + retryAfterSeconds * 1000;
    return { failure, count: (before?.count ?? 0) + 1, untilMs };
  }

  #nowMs(): number {
    return this.#clock().getTime();
  }
}
