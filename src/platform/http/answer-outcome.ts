import { MIMEType } from "node:util";
import { answerFailure } from "./answer-failure.ts";
import type { Answer, Head } from "./exchange.ts";
import {
  type FetchFailure,
  type FetchOutcome,
  type KeptPage,
  NOUNS,
  type Wanted,
} from "./fetch-outcome.ts";
import { shownUrl } from "./web-address.ts";
import { attempt } from "../attempt.ts";

/** The facts of a request that are needed to judge its answer. */
export interface Asked {
  readonly url: URL;
  readonly as: Wanted;
  /** The copy in the cache, whose version the request names. */
  readonly kept: KeptPage | undefined;
  readonly now: Date;
}

/** The failure that makes the body of an answer not worth reading; undefined if the body should be read. */
export function objection({ url, as, now }: Asked, head: Head): FetchFailure | undefined {
  const { name } = parseContentType(head.field("content-type"));
  return (
    answerFailure(url, head, now) ?? (isSuitable(name, as) ? undefined : wrongType(url, name, as))
  );
}

/** The outcome of an answer that is no redirect. */
export function outcomeOf(
  given: Asked,
  answer: Answer,
  redirects: readonly string[],
): FetchOutcome {
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

/** Whether a page may be cached: the server allows it, and can say later whether the page has changed. */
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

/** If a robots.txt is too long, its beginning counts (RFC 9309 §2.5). */
function isTooLarge({ as }: Asked, { isCut }: Answer): boolean {
  return isCut && as !== "robots";
}

function tooLarge({ url, as }: Asked, { length }: Uint8Array): FetchFailure {
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

/** A parsed Content-Type field (RFC 9110 §8.3). */
interface ContentType {
  /** For example `text/html`; empty if the field is missing or invalid. */
  readonly name: string;
  readonly charset?: string;
}

/** Types that are certainly not text. `application/octet-stream` is not among them, because many feeds are served as that. */
const BINARY =
  /^(?:image|audio|video|font|model)\/|^application\/(?:pdf|zip|gzip|x-gzip|x-tar|x-7z-compressed|vnd\.rar|x-rar-compressed|epub\+zip|msword|rtf|wasm|java-archive|vnd\.(?!.*(?:\+xml|\+json)$).*)$/;
const UNSAID = new Set(["", "application/octet-stream", "binary/octet-stream"]);

export function parseContentType(field: string | undefined): ContentType {
  if (!field) return { name: "" };
  const { essence, charset } = parsed(field);
  return { name: essence, ...(isEncoding(charset) && { charset: charset.toLowerCase() }) };
}

/** Whether a type can be the requested kind. A type that the server doesn't state can. */
export function isSuitable(contentType: string, as: Wanted): boolean {
  if (UNSAID.has(contentType)) return true;
  return as === "picture" ? contentType.startsWith("image/") : !BINARY.test(contentType);
}

/** Servers write `text/html; charset="utf-8` and worse. The readable parts count. */
function parsed(field: string): { essence: string; charset: string } {
  try {
    const type = new MIMEType(field);
    return { essence: type.essence.toLowerCase(), charset: type.params.get("charset") ?? "" };
  } catch {
    const essence = /^\s*([\w.+-]+\/[\w.+-]+)/.exec(field)?.[1] ?? "";
    return {
      essence: essence.toLowerCase(),
      charset: /charset\s*=\s*["']?([^"';,\s]+)/i.exec(field)?.[1] ?? "",
    };
  }
}

/** Whether the Encoding standard knows the label. */
function isEncoding(label: string): boolean {
  return label !== "" && attempt(() => new TextDecoder(label)) !== undefined;
}
