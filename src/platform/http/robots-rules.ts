import robots from "robots-parser";
import { BroadsheetError } from "../../errors.ts";
import { isFailure, type FetchFailure, type FetchOutcome } from "./fetch-outcome.ts";
import { shownUrl } from "./web-address.ts";

/** RFC 9309 §2.5: at least this much of the file is read; what comes after does not count. */
export const MAX_ROBOTS_BYTES = 500 * 1024;

type Rules = { readonly isAllowed: (url: string) => boolean } | FetchFailure;

/**
 * What sites let programs read (robots.txt, RFC 9309). Each site is asked once in this object's life.
 * A site without a file allows everything (§2.3.1.3); one whose file can't be had because of an
 * error allows nothing (§2.3.1.4), and 429 counts as such an error. Crawl-delay is no part of the RFC:
 * hosts are asked for one page at a time instead.
 */
export class RobotsRules {
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

/** A host that can't be reached at all is told as that, since its pages can't be either. */
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
