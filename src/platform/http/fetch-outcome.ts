import { BroadsheetError, type ErrorCode } from "../../errors.ts";

/** The use of a fetched address. It decides the Accept field, the accepted types, and whether robots.txt counts. */
export type Role = "page" | "feed" | "picture";

/** The answer of a server for an address. */
export interface Page {
  /** The address after all redirects, without a fragment. Links of the page are relative to it. */
  readonly url: string;
  /** The redirected addresses, in order; empty if the first one answered. */
  readonly redirects: readonly string[];
  readonly status: number;
  /** Decompressed, otherwise unchanged. */
  readonly bytes: Uint8Array;
  /** The media type in lower case, without parameters; empty if the server names none. */
  readonly contentType: string;
  /** The encoding that the server declares, which may be wrong; absent if no such encoding exists. */
  readonly charset?: string;
  readonly etag?: string;
  readonly lastModified?: string;
}

/** A cached page, with the validators by which the server recognises its version. */
export type KeptPage = Omit<Page, "redirects">;

/** The facts of every failure. */
interface Failed {
  /** The address that failed; after redirects, the last one. Never with a password. */
  readonly url: string;
  /** The cause as a sentence without a full stop, and never with a password or a query. */
  readonly why: string;
  /** The remedy. */
  readonly fix: string;
  /** Whether the same fetch may succeed later. */
  readonly isTemporary: boolean;
}

interface Answered extends Failed {
  readonly status: number;
}

/** The outcome of a fetch. Only the first two have a page. `unchanged`: the server answered 304, and the body is from the cache. */
export type FetchOutcome =
  ({ readonly kind: "fetched" } & Page) | ({ readonly kind: "unchanged" } & Page) | FetchFailure;

export type FetchFailure =
  /** 202: the server is still making the page. */
  | ({ readonly kind: "notReady" } & Answered)
  /** 401, 403 and other refusals. */
  | ({ readonly kind: "refused" } & Answered)
  /** 404, 410. */
  | ({ readonly kind: "gone" } & Answered)
  /** 429, or 503 with a time: the server asks for patience. */
  | ({ readonly kind: "later"; readonly retryAfterSeconds?: number } & Answered)
  /** 5xx, and answers without a page. */
  | ({ readonly kind: "failing" } & Answered)
  /** An unknown host, no connection, or a certificate that is not trusted. */
  | ({ readonly kind: "unreachable" } & Failed)
  | ({ readonly kind: "timedOut" } & Failed)
  /** The connection was cut, or the answer is not valid HTTP. */
  | ({ readonly kind: "broken" } & Failed)
  | ({ readonly kind: "tooLarge" } & Failed)
  /** A picture, a PDF or a video instead of a text, or another file instead of a picture. */
  | ({ readonly kind: "wrongType"; readonly contentType: string } & Failed)
  /** The robots.txt of the site forbids the request, or can't be read. */
  | ({ readonly kind: "robots" } & Failed)
  /** An address inside a private network. */
  | ({ readonly kind: "private" } & Failed)
  /** The redirects are circular or too many, or lead to an address that is not on the web. */
  | ({ readonly kind: "redirects" } & Failed)
  /** Not an address on the web. */
  | ({ readonly kind: "badUrl" } & Failed)
  /** The session was closed meanwhile. */
  | ({ readonly kind: "calledOff" } & Failed);

/** Whether a fetch ended without a page. */
export function isFailure(outcome: FetchOutcome): outcome is FetchFailure {
  return outcome.kind !== "fetched" && outcome.kind !== "unchanged";
}

/** The kinds of requests: a role, or the robots.txt of a site. */
export type Wanted = Role | "robots";

/** The Accept field of each kind (RFC 9110 §12.5.1). Any other type is better than none. */
export const ACCEPT: Readonly<Record<Wanted, string>> = {
  page: "text/html, application/xhtml+xml, text/markdown;q=0.9, text/plain;q=0.8, */*;q=0.1",
  feed: "application/feed+json, application/atom+xml, application/rss+xml, application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, text/html;q=0.4, */*;q=0.1",
  picture:
    "image/jpeg, image/png, image/gif, image/webp;q=0.9, image/avif;q=0.8, image/*;q=0.7, */*;q=0.1",
  robots: "text/plain, */*;q=0.1",
};

/** The nouns in the message about a wrong type: "is application/pdf, not a page". */
export const NOUNS: Readonly<Record<Wanted, string>> = {
  page: "a page",
  feed: "a feed",
  picture: "a picture",
  robots: "a text",
};

/** Converts a failed fetch to an error, if the caller needs the page. */
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
