import type { Clock } from "../clock.ts";
import { shownWait } from "./answer-failure.ts";
import type { FetchFailure } from "./fetch-outcome.ts";

/** The first requests to a host need no gap. The next ones begin this far apart, which no small site notices. */
const WITHOUT_GAP = 20;
const GAP_MS = 200;
/** The longest wait before one request. A longer gap is shortened, and a longer pause makes the request fail. */
const LONGEST_MS = 10_000;
/** The number of refusals in a row after which a host gets no more requests in this run. */
const MOST_REFUSALS = 3;
/** The pause after a 429 or 503 without Retry-After (RFC 9110 §10.2.3). */
const USUAL_SECONDS = 60;

interface Refusal {
  readonly failure: FetchFailure;
  /** The number of refusals in a row. */
  readonly count: number;
  readonly untilMs: number;
}

/** The state of a host in one run. */
interface Host {
  readonly name: string;
  /** When the last paced request was sent, and how many were answered. */
  sentMs: number;
  answered: number;
  /** The sum of the times that requests have waited. */
  waitedMs: number;
  /** The last answer, if it was a refusal. */
  refusal: Refusal | undefined;
}

interface Request<Reply> {
  readonly send: () => Promise<Reply | FetchFailure>;
  /** The time that the host wants between two requests. */
  readonly delaySeconds?: number | undefined;
  /** Whether the request needs no gap and does not count for the next ones. */
  readonly isUnpaced?: boolean;
}

interface PaceOptions {
  readonly clock: Clock;
  readonly wait: (ms: number) => Promise<void>;
  /** The longest time that all requests to one host may wait, together. */
  readonly mostMs: number;
  readonly note: ((text: string) => void) | undefined;
}

/**
 * Sends requests to each host at a moderate rate, or at the rate that its robots.txt asks for, and waits for its
 * Retry-After. The caller sends one request at a time to each host.
 */
export class HostPace {
  readonly #options: PaceOptions;
  readonly #hosts = new Map<string, Host>();

  constructor(options: PaceOptions) {
    this.#options = options;
  }

  /** Whether the host has answered in this run. */
  hasAnswered({ host }: URL): boolean {
    return (this.#hosts.get(host)?.answered ?? 0) > 0;
  }

  /** The reply to a request, which is sent again after a short pause if the host asks for one. */
  async send<Reply extends { readonly kind: "answered" }>(
    url: URL,
    request: Request<Reply>,
  ): Promise<Reply | FetchFailure> {
    const host = this.#hostOf(url);
    for (;;) {
      const waitMs = this.#waitMs(host, request);
      const failure = this.#objection(host, url, waitMs);
      if (failure) return failure;
      if (waitMs > 0) await this.#wait(host, waitMs, request.delaySeconds);
      if (!request.isUnpaced) host.sentMs = this.#nowMs();
      const reply = await request.send();
      if (reply.kind !== "later" && reply.kind !== "answered") return reply;
      if (!request.isUnpaced) host.answered++;
      host.refusal = reply.kind === "later" ? this.#refusalAfter(host.refusal, reply) : undefined;
      if (reply.kind === "answered") return reply;
    }
  }

  #hostOf({ host: name }: URL): Host {
    const fresh = { name, sentMs: -Infinity, answered: 0, waitedMs: 0, refusal: undefined };
    const found = this.#hosts.get(name) ?? fresh;
    this.#hosts.set(name, found);
    return found;
  }

  /** The time until a request is due: the rest of the gap, or of the pause. */
  #waitMs(
    { answered, sentMs, refusal }: Host,
    { delaySeconds = 0, isUnpaced }: Request<unknown>,
  ): number {
    const ownMs = answered < WITHOUT_GAP ? 0 : GAP_MS;
    const gapMs = isUnpaced ? 0 : Math.max(ownMs, Math.min(delaySeconds * 1000, LONGEST_MS));
    // A clock that was set back is no reason to wait longer.
    const restMs = Math.min(sentMs + gapMs - this.#nowMs(), gapMs);
    return Math.max(0, restMs, (refusal?.untilMs ?? 0) - this.#nowMs());
  }

  /** The failure if no request may be sent to a host now. */
  #objection(
    { name, waitedMs, refusal }: Host,
    url: URL,
    waitMs: number,
  ): FetchFailure | undefined {
    if (refusal && (refusal.count >= MOST_REFUSALS || waitMs > LONGEST_MS))
      return { ...refusal.failure, url: url.href };
    const { mostMs } = this.#options;
    if (waitedMs + waitMs <= mostMs) return undefined;
    return {
      kind: "timedOut",
      url: url.href,
      why: `the requests to ${name} have waited for ${shownWait(mostMs / 1000)} in this run, the maximum for one host`,
      fix: "try again later",
      isTemporary: true,
    };
  }

  /** Waits. Reports the first long wait that a Crawl-delay causes. */
  async #wait(host: Host, waitMs: number, delaySeconds: number | undefined): Promise<void> {
    const { note, wait, mostMs } = this.#options;
    const wasLong = host.waitedMs >= LONGEST_MS;
    host.waitedMs += waitMs;
    if (delaySeconds !== undefined && !wasLong && host.waitedMs >= LONGEST_MS) {
      const [wish, longest, most] = [delaySeconds, LONGEST_MS / 1000, mostMs / 1000].map(shownWait);
      const gets = delaySeconds * 1000 > LONGEST_MS ? ` and gets ${longest}` : "";
      note?.(
        `Waiting for ${host.name}, which wants ${wish} between two requests${gets}: after ${most} nothing more is fetched from it`,
      );
    }
    await wait(waitMs);
  }

  #refusalAfter(before: Refusal | undefined, failure: FetchFailure & { kind: "later" }): Refusal {
    const { retryAfterSeconds = USUAL_SECONDS } = failure;
    const untilMs = this.#nowMs() + retryAfterSeconds * 1000;
    return { failure, count: (before?.count ?? 0) + 1, untilMs };
  }

  #nowMs(): number {
    return this.#options.clock().getTime();
  }
}
