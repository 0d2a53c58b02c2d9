import { answerFailure } from "./answer-failure.ts";
import { isSuitable, parseContentType } from "./content-type.ts";
import type { Answer, Head } from "./exchange.ts";
import type { FetchFailure, FetchOutcome } from "./fetch-outcome.ts";
import type { KeptPage } from "./page-cache.ts";
import { NOUNS, type Wanted } from "./wanted.ts";
import { shownUrl } from "./web-address.ts";

/** What an answer is judged by. */
export interface Case {
  readonly url: URL;
  readonly as: Wanted;
  /** What was kept from last time, and the server told of. */
  readonly kept: KeptPage | undefined;
  readonly now: Date;
}

/** Why there is no use in reading an answer's body; undefined where there is. */
export function objection({ url, as, now }: Case, head: Head): FetchFailure | undefined {
  const { name } = parseContentType(head.field("content-type"));
  return (
    answerFailure(url, head, now) ?? (isSuitable(name, as) ? undefined : wrongType(url, name, as))
  );
}

/** What an answer that is no redirect comes to. */
export function verdict(given: Case, answer: Answer, redirects: readonly string[]): FetchOutcome {
  const { url, kept } = given;
  const { status, field, bytes } = answer;
  if (status === 304 && kept)
    return { kind: "unchanged", ...kept, ...validators(answer), redirects, status };
  const failure =
    objection(given, answer) ?? (isTooLarge(given, answer) ? tooLarge(given, bytes) : undefined);
  if (failure) return failure;
  const { name, charset } = parseContentType(field("content-type"));
  return {
    kind: "fetched",
    url: url.href,
    redirects,
    status,
    bytes,
    contentType: name,
    ...(charset !== undefined && { charset }),
    ...validators(answer),
  };
}

/** Whether a page is worth keeping: the server can tell later whether it changed, and lets us. */
export function isKeepable({ status, field }: Answer): boolean {
  const hasValidator = field("etag") !== undefined || field("last-modified") !== undefined;
  return status === 200 && hasValidator && !/\bno-store\b/i.test(field("cache-control") ?? "");
}

function validators({ field }: Head): { etag?: string; lastModified?: string } {
  const etag = field("etag");
  const lastModified = field("last-modified");
  return {
    ...(etag !== undefined && { etag }),
    ...(lastModified !== undefined && { lastModified }),
  };
}

/** Of a site's rules the beginning counts, however long they are (RFC 9309 §2.5). */
function isTooLarge({ as }: Case, { isCut }: Answer): boolean {
  return isCut && as !== "robots";
}

function tooLarge({ url, as }: Case, { length }: Uint8Array): FetchFailure {
  const size =
    length < 1e6 ? `${Math.round(length / 1024)} KB` : `${Math.round(length / 1024 / 1024)} MB`;
  return {
    kind: "tooLarge",
    url: url.href,
    why: `${shownUrl(url)} is larger than the ${size} that ${NOUNS[as]} may have`,
    fix:
      as === "feed"
        ? "look for a feed of the newest entries only"
        : "save the part you need to a file",
    isTemporary: false,
  };
}

function wrongType(url: URL, contentType: string, as: Wanted): FetchFailure {
  return {
    kind: "wrongType",
    url: url.href,
    why: `${shownUrl(url)} is ${contentType}, not ${NOUNS[as]}`,
    fix: `give the address of ${NOUNS[as]}`,
    isTemporary: false,
    contentType,
  };
}
