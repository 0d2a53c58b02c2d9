import robots from "robots-parser";
import { BroadsheetError } from "../../errors.ts";
import { type FetchFailure, type FetchOutcome, isFailure } from "./fetch-outcome.ts";
import { shownUrl } from "./web-address.ts";

/** RFC 9309 §2.5: at least this much of the file is read. The rest does not count. */
export const MAX_ROBOTS_BYTES = 500 * 1024;

/** The rules of a robots.txt. */
interface Rules {
  /** The failure for a page that is forbidden; undefined if it is allowed. */
  readonly objection: (url: URL) => FetchFailure | undefined;
  /** The Crawl-delay between two requests. */
  readonly delaySeconds?: number | undefined;
}

interface RobotsOptions {
  readonly userAgent: string;
  readonly fetch: (url: URL) => Promise<FetchOutcome>;
}

/**
 * The rules of sites (robots.txt, RFC 9309). Each site is asked once in this object's life. A site without a file
 * allows everything (§2.3.1.3). A site whose file can't be fetched because of an error allows nothing (§2.3.1.4), and 429
 * counts as such an error. Crawl-delay is no part of the RFC, but many sites have it.
 */
export class RobotsRules {
  readonly #options: RobotsOptions;
  readonly #sites = new Map<string, Promise<Rules>>();

  constructor(options: RobotsOptions) {
    this.#options = options;
  }

  async of({ origin }: URL): Promise<Rules> {
    const found = this.#sites.get(origin) ?? this.#read(origin);
    this.#sites.set(origin, found);
    return found;
  }

  async #read(origin: string): Promise<Rules> {
    const site = new URL("/robots.txt", origin);
    const { userAgent, fetch } = this.#options;
    const outcome = await fetch(site);
    if (isFailure(outcome)) return withoutFile(outcome, site);
    const file = parse(site, new TextDecoder().decode(outcome.bytes));
    const delay = file.getCrawlDelay(userAgent);
    return {
      objection: (url) => (file.isAllowed(url.href, userAgent) === false ? barred(url) : undefined),
      delaySeconds: delay !== undefined && delay > 0 ? delay : undefined,
    };
  }
}

function barred(url: URL): FetchFailure {
  return {
    kind: "robots",
    url: url.href,
    why: `the robots.txt of ${url.host} does not let programs read ${shownUrl(url)}`,
    fix: "open it in a browser, save the page and give that file",
    isTemporary: false,
  };
}

/** A host that can't be reached is reported as unreachable, because none of its pages can be fetched. */
function withoutFile(failure: FetchFailure, site: URL): Rules {
  switch (failure.kind) {
    case "gone":
    case "refused":
    case "redirects":
    case "wrongType":
      return { objection: () => undefined };
    case "failing":
    case "broken":
    case "notReady":
      return { objection: ({ href }) => ({ ...unreadable(failure, site), url: href }) };
    default:
      return { objection: ({ href }) => ({ ...failure, url: href }) };
  }
}

function unreadable({ why, url }: FetchFailure, site: URL): FetchFailure {
  return {
    kind: "robots",
    url,
    why: `${shownUrl(site)} can't be read, so no page of this site may be fetched: ${why}`,
    fix: "try again later",
    isTemporary: true,
  };
}

function parse(site: URL, text: string): ReturnType<typeof robots.default> {
  const module: unknown = robots;
  if (!isParser(module)) throw new BroadsheetError("INTERNAL", "robots-parser is not what it was");
  // A run of stars means one, but takes its time for each: 500 KB of them would take seconds.
  return module(site.href, text.replace(/\*{2,}/g, "*"));
}

/** The types of this CommonJS module name the function `.default`, but the module is the function itself. */
function isParser(module: unknown): module is typeof robots.default {
  return typeof module === "function";
}
