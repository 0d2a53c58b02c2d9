import type { Agent } from "undici";
import robots from "robots-parser";
import type { Clock } from "../clock.ts";
import { exchange, type Answer, type Head, nextAddress, ACCEPT_ENCODING } from "./exchange.ts";
import { DEFAULT_LIMITS, type FetchLimits, HostQueue, TimeBudget } from "./fetch-limits.ts";
import {
  type FetchFailure,
  type FetchOutcome,
  type Role,
  isFailure,
  ACCEPT,
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
import { conditions, noCache, type PageCache } from "./page-cache.ts";
import { NOTHING, sameServer, type Trust } from "./trust.ts";
import { isKeepable, objection, outcomeOf, type Asked } from "./answer-outcome.ts";
import { webAddress, shownUrl } from "./web-address.ts";
import { BroadsheetError } from "../../errors.ts";

export interface SessionOptions extends Partial<Gate> {
  /** Broadsheet's own, which it names itself with. */
  readonly version: string;
  readonly clock: Clock;
  /** Where pages are kept between runs; without one every page is fetched whole. */
  readonly cache?: PageCache;
  readonly limits?: Partial<FetchLimits>;
}

/** What reaches one kind of address: the public ones, or all. What a site allows is asked by the same way. */
interface Lane {
  readonly agent: Agent;
  readonly robots: RobotsRules;
}

/** How many hosts are asked at a time. */
const HOSTS_AT_ONCE = 6;

interface Reply {
  readonly given: Asked;
  readonly answer: Answer;
}

/**
 * One run's fetching: its connections, each host's queue, what sites allow and which hosts asked for
 * patience. The caller closes it.
 */
export class FetchSession {
  readonly #clock: Clock;
  readonly #cache: PageCache;
  readonly #limits: FetchLimits;
  readonly #userAgent: string;
  readonly #public: Lane;
  readonly #all: Lane;
  readonly #queue = new HostQueue(HOSTS_AT_ONCE);
  readonly #pauses: HostPauses;
  readonly #closing = new AbortController();

  constructor(options: SessionOptions) {
    this.#clock = options.clock;
    this.#cache = options.cache ?? noCache;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#userAgent = `Broadsheet/${options.version} (newsletter digest reader)`;
    this.#pauses = new HostPauses(this.#clock);
    const { isAllowed, resolve = systemResolve } = options;
    const laneTo = (allowed: Gate["isAllowed"], trustOf: (url: URL) => Trust): Lane => ({
      agent: openAgent({ isAllowed: isAllowed ?? allowed, resolve }, this.#limits),
      robots: new RobotsRules(this.#userAgent, async (url) =>
        this.#follow(url, "robots", trustOf(url)),
      ),
    });
    this.#public = laneTo(isPublicAddress, () => NOTHING);
    this.#all = laneTo(isHostAddress, sameServer);
  }

  /**
   * What an address gives. Pages are fetched only where the site lets programs read them, and what is inside a network
   * only where it is trusted.
   */
  async fetch(address: string, role: Role, trust: Trust = NOTHING): Promise<FetchOutcome> {
    const url = webAddress(address);
    return url instanceof URL ? this.#follow(url, role, trust) : url;
  }

  /** Ends what is under way, as `calledOff`. */
  async close(): Promise<void> {
    this.#closing.abort(new SessionClosed());
    await Promise.all([this.#public, this.#all].map(async ({ agent }) => agent.destroy()));
    // A cache that can't be tidied costs room, not pages.
    await this.#cache.tidy().catch(() => undefined);
  }

  async #follow(start: URL, as: Wanted, trust: Trust): Promise<FetchOutcome> {
    const time = new TimeBudget(this.#limits.totalMs);
    const redirects: string[] = [];
    for (let url = start; ;) {
      const lane = trust(url) ? this.#all : this.#public;
      const ban = as === "page" ? await lane.robots.objection(url) : undefined;
      if (ban) return withTrust(ban, trust);
      const reply = await this.#queue.run(url.hostname, async () =>
        this.#ask(url, as, { time, agent: lane.agent }),
      );
      if ("kind" in reply) return withTrust(reply, trust);
      const next = nextAddress(reply.answer, url, redirects);
      if (!next) return this.#conclude(reply, redirects);
      if (!(next instanceof URL)) return next;
      redirects.push(url.href);
      url = next;
    }
  }

  async #ask(
    url: URL,
    as: Wanted,
    { time, agent }: { readonly time: TimeBudget; readonly agent: Agent },
  ): Promise<Reply | FetchFailure> {
    const pause = this.#pauses.of(url);
    if (pause) return pause;
    const kept = await this.#cache.load(url.href, as);
    const given: Asked = { url, as, kept, now: this.#clock() };
    const limits = as === "robots" ? { ...this.#limits, maxBytes: MAX_ROBOTS_BYTES } : this.#limits;
    const request = {
      url,
      headers: {
        "user-agent": this.#userAgent,
        accept: ACCEPT[as],
        "accept-encoding": ACCEPT_ENCODING,
        ...(kept && conditions(kept)),
      },
      maxBytes: limits.maxBytes,
      isWanted: (head: Head) => !objection(given, head),
    };
    try {
      const answer = await time.spend(this.#closing.signal, async (signal) =>
        exchange(agent, request, signal),
      );
      this.#pauses.heed(url, objection(given, answer));
      return { given, answer };
    } catch (error) {
      return networkFailure(url, error, limits);
    }
  }

  async #conclude({ given, answer }: Reply, redirects: readonly string[]): Promise<FetchOutcome> {
    const outcome = outcomeOf(given, answer, redirects);
    if (outcome.kind !== "fetched" || !isKeepable(answer)) return outcome;
    const { kind: _, redirects: __, ...page } = outcome;
    // A page that can't be kept is a page all the same; the next run fetches it whole.
    await this.#cache.save(given.as, page).catch(() => undefined);
    return outcome;
  }
}

/** Where private addresses are allowed already, the fix says how far that goes. */
function withTrust(failure: FetchFailure, trust: Trust): FetchFailure {
  if (failure.kind !== "private" || trust === NOTHING) return failure;
  return {
    ...failure,
    fix: "if it is your own, name it itself: --allow-private is for what you name, and not for what that leads to",
  };
}

/** How long a host that was asked too often is let alone when it doesn't say. */
const USUAL_SECONDS = 60;

/** Hosts that asked for patience. Until their time is over they aren't asked again in this run. */
class HostPauses {
  readonly #clock: Clock;
  readonly #pauses = new Map<string, { readonly until: number; readonly failure: FetchFailure }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What the host said when it asked for patience; undefined where it may be asked. */
  of(url: URL): FetchFailure | undefined {
    const pause = this.#pauses.get(url.host);
    return pause && this.#clock().getTime() < pause.until
      ? { ...pause.failure, url: url.href }
      : undefined;
  }

  /** Takes note of an answer. */
  heed(url: URL, failure: FetchFailure | undefined): void {
    if (failure?.kind !== "later") return;
    const until = this.#clock().getTime() + (failure.retryAfterSeconds ?? USUAL_SECONDS) * 1000;
    this.#pauses.set(url.host, { until, failure });
  }
}

/** RFC 9309 §2.5: at least this much of the file is read; what comes after does not count. */
const MAX_ROBOTS_BYTES = 500 * 1024;

type Rules = { readonly isAllowed: (url: string) => boolean } | FetchFailure;

/**
 * What sites let programs read (robots.txt, RFC 9309). Each site is asked once in this object's life.
 * A site without a file allows everything (§2.3.1.3); one whose file can't be had because of an
 * error allows nothing (§2.3.1.4), and 429 counts as such an error. Crawl-delay is no part of the RFC:
 * hosts are asked for one page at a time instead.
 */
class RobotsRules {
  readonly #userAgent: string;
  readonly #fetch: (url: URL) => Promise<FetchOutcome>;
  readonly #sites = new Map<string, Promise<Rules>>();

  constructor(userAgent: string, fetch: (url: URL) => Promise<FetchOutcome>) {
    this.#userAgent = userAgent;
    this.#fetch = fetch;
  }

  /** Why a page may not be read; undefined where it may. */
  async objection(url: URL): Promise<FetchFailure | undefined> {
    const found = this.#sites.get(url.origin) ?? this.#read(url.origin);
    this.#sites.set(url.origin, found);
    const rules = await found;
    if ("kind" in rules) return { ...rules, url: url.href };
    if (rules.isAllowed(url.href)) return undefined;
    return {
      kind: "robots",
      url: url.href,
      why: `${shownUrl(url)} may not be read by programs: ${url.host} says so in its robots.txt`,
      fix: "open it in a browser, save the page and give that file",
      isTemporary: false,
    };
  }

  async #read(origin: string): Promise<Rules> {
    const url = new URL("/robots.txt", origin);
    const outcome = await this.#fetch(url);
    if (isFailure(outcome)) return withoutFile(outcome, url);
    const file = parse(url, new TextDecoder().decode(outcome.bytes));
    return { isAllowed: (page) => file.isAllowed(page, this.#userAgent) !== false };
  }
}

/** A host that can't be reached at all is reported as such, since none of its pages can be. */
function withoutFile(failure: FetchFailure, url: URL): Rules {
  switch (failure.kind) {
    case "gone":
    case "refused":
    case "redirects":
    case "wrongType":
      return { isAllowed: () => true };
    case "failing":
    case "broken":
    case "notReady":
      return unreadable(failure, url);
    default:
      return failure;
  }
}

function unreadable({ why }: FetchFailure, url: URL): FetchFailure {
  return {
    kind: "robots",
    url: url.href,
    why: `${shownUrl(url)} can't be read, and until it can nothing there may be: ${why}`,
    fix: "try again later",
    isTemporary: true,
  };
}

function parse(url: URL, text: string): ReturnType<typeof robots.default> {
  const module: unknown = robots;
  if (!isParser(module)) throw new BroadsheetError("INTERNAL", "robots-parser is not what it was");
  // A run of stars means one, but takes its time for each: 500 KB of them would take seconds.
  return module(url.href, text.replace(/\*{2,}/g, "*"));
}

/** Its types put the function at `.default`; a CommonJS module, it is the function itself. */
function isParser(module: unknown): module is typeof robots.default {
  return typeof module === "function";
}
