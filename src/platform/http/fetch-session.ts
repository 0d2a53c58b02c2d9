import type { Agent } from "undici";
import { HostPace } from "./host-pace.ts";
import { type Clock, systemWait, type Wait } from "../clock.ts";
import { exchange, type Answer, type Head, nextAddress, ACCEPT_ENCODING } from "./exchange.ts";
import { Places } from "../places.ts";
import { DEFAULT_LIMITS, type FetchLimits, HostQueue, TimeBudget } from "./fetch-limits.ts";
import {
  ACCEPT,
  type FetchFailure,
  type FetchOutcome,
  type Role,
  type Wanted,
} from "./fetch-outcome.ts";
import {
  openAgent,
  systemResolve,
  type Gate,
  isHostAddress,
  isPublicAddress,
} from "./guarded-agent.ts";
import { networkFailure, SessionClosed } from "./network-failure.ts";
import type { DiskCache } from "./disk-cache.ts";
import { MAX_ROBOTS_BYTES, RobotsRules } from "./robots-rules.ts";
import { NOTHING, sameServer, type Trust, webAddress } from "./web-address.ts";
import { isKeepable, objection, outcomeOf, type Asked } from "./answer-outcome.ts";

export interface SessionOptions extends Partial<Gate> {
  /** The version of Broadsheet, for the User-Agent field. */
  readonly version: string;
  readonly clock: Clock;
  readonly wait?: Wait;
  /** Reports, in one line, how a Crawl-delay was applied. */
  readonly note?: (text: string) => void;
  /** The pages of earlier runs. If absent, every page is fetched whole. */
  readonly cache?: DiskCache;
  readonly limits?: Partial<FetchLimits>;
}

/** The connections to one class of addresses, the public ones or all, with the robots.txt rules that were read over them. */
interface Lane {
  readonly agent: Agent;
  readonly robots: RobotsRules;
}

/** How a request is sent. */
interface Way {
  readonly time: TimeBudget;
  readonly lane: Lane;
}

/** The number of hosts that get requests at the same time. */
const HOSTS_AT_ONCE = 6;

interface Reply {
  readonly kind: "answered";
  readonly given: Asked;
  readonly answer: Answer;
}

/** The fetches of one run, with their connections, queues, robots.txt rules and pauses of hosts. The caller closes it. */
export class FetchSession {
  readonly #clock: Clock;
  readonly #cache: DiskCache | undefined;
  readonly #limits: FetchLimits;
  readonly #userAgent: string;
  readonly #public: Lane;
  readonly #all: Lane;
  readonly #queue = new HostQueue();
  readonly #places = new Places(HOSTS_AT_ONCE);
  readonly #pace: HostPace;
  readonly #closing = new AbortController();

  constructor(options: SessionOptions) {
    this.#clock = options.clock;
    this.#cache = options.cache;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#userAgent = `Broadsheet/${options.version} (newsletter digest reader)`;
    const { isAllowed, resolve = systemResolve, wait = systemWait, note } = options;
    this.#pace = new HostPace({
      clock: this.#clock,
      wait: async (ms) => wait(ms, this.#closing.signal),
      mostMs: this.#limits.waitMs,
      note,
    });
    const laneTo = (allowed: Gate["isAllowed"], trustOf: (url: URL) => Trust): Lane => ({
      agent: openAgent({ isAllowed: isAllowed ?? allowed, resolve }, this.#limits),
      robots: new RobotsRules({
        userAgent: this.#userAgent,
        fetch: async (url) => this.#follow(url, "robots", trustOf(url)),
      }),
    });
    this.#public = laneTo(isPublicAddress, () => NOTHING);
    this.#all = laneTo(isHostAddress, sameServer);
  }

  /** Fetches an address. Pages must be allowed by robots.txt, and addresses inside a private network by `trust`. */
  async fetch(address: string, role: Role, trust: Trust = NOTHING): Promise<FetchOutcome> {
    const url = webAddress(address);
    return url instanceof URL ? this.#follow(url, role, trust) : url;
  }

  /** Ends running fetches, with the outcome `calledOff`. */
  async close(): Promise<void> {
    this.#closing.abort(new SessionClosed());
    await Promise.all([this.#public, this.#all].map(async ({ agent }) => agent.destroy()));
    // If tidying fails, the cache only takes more space.
    await this.#cache?.tidy().catch(() => undefined);
  }

  async #follow(start: URL, as: Wanted, trust: Trust): Promise<FetchOutcome> {
    const time = new TimeBudget(this.#limits.totalMs);
    const redirects: string[] = [];
    for (let url = start; ;) {
      const reply = await this.#ask(url, as, { time, lane: trust(url) ? this.#all : this.#public });
      if (reply.kind !== "answered") return withTrust(reply, trust);
      const next = nextAddress(reply.answer, url, redirects);
      if (!next) return this.#conclude(reply, redirects);
      if (!(next instanceof URL)) return next;
      redirects.push(url.href);
      url = next;
    }
  }

  /** Sends one request, if robots.txt allows it, as soon as the pace of its host allows it. */
  async #ask(url: URL, as: Wanted, { time, lane }: Way): Promise<Reply | FetchFailure> {
    // For a single picture the rules are not requested, because only their delay between requests applies to pictures.
    const isRuled = as === "page" || (as === "picture" && this.#pace.hasAnswered(url));
    const rules = isRuled ? await lane.robots.of(url) : undefined;
    const ban = as === "page" ? rules?.objection(url) : undefined;
    if (ban) return ban;
    const send = async () => this.#send(url, as, { time, lane });
    const request = {
      // A request that waits for its host takes no place from others.
      send: async () => this.#places.run(send),
      delaySeconds: rules?.delaySeconds,
      // Requests for robots.txt are not delayed by Crawl-delay.
      isUnpaced: as === "robots",
    };
    return this.#queue.run(url.hostname, async () => this.#pace.send(url, request));
  }

  async #send(url: URL, as: Wanted, { time, lane }: Way): Promise<Reply | FetchFailure> {
    const kept = await this.#cache?.load(url.href, as);
    const given: Asked = { url, as, kept, now: this.#clock() };
    const limits = as === "robots" ? { ...this.#limits, maxBytes: MAX_ROBOTS_BYTES } : this.#limits;
    const request = {
      url,
      headers: {
        "user-agent": this.#userAgent,
        accept: ACCEPT[as],
        "accept-encoding": ACCEPT_ENCODING,
        // These ask for a page only if it has changed (RFC 9110 §13.1.2–3).
        ...(kept?.etag !== undefined && { "if-none-match": kept.etag }),
        ...(kept?.lastModified !== undefined && { "if-modified-since": kept.lastModified }),
      },
      maxBytes: limits.maxBytes,
      isWanted: (head: Head) => !objection(given, head),
    };
    try {
      const answer = await time.spend(this.#closing.signal, async (signal) =>
        exchange(lane.agent, request, signal),
      );
      const failure = objection(given, answer);
      return failure?.kind === "later" ? failure : { kind: "answered", given, answer };
    } catch (error) {
      return networkFailure(url, error, limits);
    }
  }

  async #conclude({ given, answer }: Reply, redirects: readonly string[]): Promise<FetchOutcome> {
    const outcome = outcomeOf(given, answer, redirects);
    if (outcome.kind !== "fetched" || !isKeepable(answer)) return outcome;
    const { kind: _, redirects: __, ...page } = outcome;
    // If a page can't be cached, the next run fetches it whole.
    await this.#cache?.save(given.as, page).catch(() => undefined);
    return outcome;
  }
}

/** Adds to the fix how far private addresses are allowed, if they are. */
function withTrust(failure: FetchFailure, trust: Trust): FetchFailure {
  if (failure.kind !== "private" || trust === NOTHING) return failure;
  return {
    ...failure,
    fix: "if the server is your own, name this address itself: --allow-private does not apply to links and redirects",
  };
}
