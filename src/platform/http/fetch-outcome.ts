import { BroadsheetError, type ErrorCode } from "../../errors.ts";

/** What something is fetched as: it decides what is asked for, what is taken, and whose rules count. */
export type Role = "page" | "feed" | "picture";

/** What a server gave for an address. */
export interface Page {
  /** The address after all redirects, without a fragment. Links of the page are relative to it. */
  readonly url: string;
  /** The addresses that led there, in order; empty where the first one answered. */
  readonly redirects: readonly string[];
  readonly status: number;
  /** Decompressed, otherwise as they came. */
  readonly bytes: Uint8Array;
  /** The media type in lower case, without parameters; empty if the server names none. */
  readonly contentType: string;
  /** The encoding that the server declares, which may be wrong; absent if no such encoding exists. */
  readonly charset?: string;
  readonly etag?: string;
  readonly lastModified?: string;
}

/** What every failure says. */
interface Failed {
  /** What was asked for when it failed: after redirects, the last address; never with a password. */
  readonly url: string;
  /** What happened, in a sentence's words without a full stop; never with a password or a query. */
  readonly why: string;
  /** What to do now. */
  readonly fix: string;
  /** Whether the same fetch may succeed later. */
  readonly isTemporary: boolean;
}

interface Answered extends Failed {
  readonly status: number;
}

/**
 * What a fetch came to. Only the first two have a page; in `unchanged` the server said 304 and the
 * body is the one kept from last time.
 */
export type FetchOutcome =
  ({ readonly kind: "fetched" } & Page) | ({ readonly kind: "unchanged" } & Page) | FetchFailure;

export type FetchFailure =
  /** 202: it is still being made. */
  | ({ readonly kind: "notReady" } & Answered)
  /** 401, 403 and whatever else the server will not do. */
  | ({ readonly kind: "refused" } & Answered)
  /** 404, 410. */
  | ({ readonly kind: "gone" } & Answered)
  /** 429, or 503 with a time: the server asks for patience. */
  | ({ readonly kind: "later"; readonly retryAfterSeconds?: number } & Answered)
  /** 5xx, and answers that are none. */
  | ({ readonly kind: "failing" } & Answered)
  /** No name, no connection, or no certificate to trust. */
  | ({ readonly kind: "unreachable" } & Failed)
  | ({ readonly kind: "timedOut" } & Failed)
  /** It broke off, or is not what HTTP says it should be. */
  | ({ readonly kind: "broken" } & Failed)
  | ({ readonly kind: "tooLarge" } & Failed)
  /** A picture, a PDF or a video where text is wanted, or no picture where one is. */
  | ({ readonly kind: "wrongType"; readonly contentType: string } & Failed)
  /** The site's robots.txt says no, or can't be read. */
  | ({ readonly kind: "robots" } & Failed)
  /** An address inside a network, where a page of the web has no business. */
  | ({ readonly kind: "private" } & Failed)
  /** Redirects go in a circle, are too many, or lead to an address that is not of the web. */
  | ({ readonly kind: "redirects" } & Failed)
  /** Not an address of the web. */
  | ({ readonly kind: "badUrl" } & Failed)
  /** The session was closed meanwhile. */
  | ({ readonly kind: "calledOff" } & Failed);

/** Whether a fetch ended without a page. */
export function isFailure(outcome: FetchOutcome): outcome is FetchFailure {
  return outcome.kind !== "fetched" && outcome.kind !== "unchanged";
}

/** What can be asked for: a role, or a site's rules. */
export type Wanted = Role | "robots";

/** What each is asked for with (RFC 9110 §12.5.1); anything else is better than nothing. */
export const ACCEPT: Readonly<Record<Wanted, string>> = {
  page: "text/html, application/xhtml+xml, text/markdown;q=0.9, text/plain;q=0.8, */*;q=0.1",
  feed: "application/feed+json, application/atom+xml, application/rss+xml, application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, text/html;q=0.4, */*;q=0.1",
  picture:
    "image/jpeg, image/png, image/gif, image/webp;q=0.9, image/avif;q=0.8, image/*;q=0.7, */*;q=0.1",
  robots: "text/plain, */*;q=0.1",
};

/** What isn't text, or isn't a picture where one is wanted, in words: "is a PDF, not a page". */
export const NOUNS: Readonly<Record<Wanted, string>> = {
  page: "a page",
  feed: "a feed",
  picture: "a picture",
  robots: "a text",
};

/** A failure to fetch as an error, for where nothing can be done without the page. */
export function fetchError(failure: FetchFailure): BroadsheetError {
  return new BroadsheetError(codeOf(failure), failure.why, { fix: failure.fix });
}

function codeOf({ kind, isTemporary }: FetchFailure): ErrorCode {
  if (kind === "badUrl") return "USAGE";
  if (kind === "gone") return "INPUT_MISSING";
  if (kind === "tooLarge") return "CONTENT_TOO_LARGE";
  if (kind === "wrongType") return "CONTENT_UNSUPPORTED";
  return isTemporary ? "FETCH_DEFERRED" : "FETCH_REFUSED";
}
