import { type Duplex, Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from "node:zlib";
import { errors, type Agent, type Dispatcher } from "undici";
import type { FetchFailure } from "./fetch-outcome.ts";
import { shownUrl, webAddress } from "./web-address.ts";

/** A request to one address. */
interface Ask {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** GET by default. HEAD only asks whether the page exists, and gets no body. */
  readonly method?: "GET" | "HEAD";
  /** The maximum number of bytes that are kept of the body. */
  readonly maxBytes: number;
  /** Whether the body should be read. The status and the header fields decide. */
  readonly isWanted: (head: Head) => boolean;
}

/** An answer up to its body. */
export interface Head {
  readonly status: number;
  /** The value of a header field by its name in lower case. Of several fields, the first. */
  readonly field: (name: string) => string | undefined;
}

/** An answer with its body, which is empty if it was not wanted. */
export interface Answer extends Head, Body {}

/** An unwanted body is read if it is short and fast, because the connection can then be used again. */
const DISCARD_BYTES = 16 * 1024;
const DISCARD_MS = 500;

/**
 * Sends one request, over a new or a kept connection, and reads its answer.
 * @throws AddressRefused, UnknownCoding, the reason of the signal, and errors of undici, zlib and the system.
 */
export async function exchange(agent: Agent, ask: Ask, signal: AbortSignal): Promise<Answer> {
  const response = await requestTwice(agent, ask, signal);
  const head: Head = {
    status: response.statusCode,
    field: (name) => [response.headers[name]].flat()[0],
  };
  if (!ask.isWanted(head)) {
    await discard(response.body);
    return { ...head, bytes: new Uint8Array(), isCut: false };
  }
  const coding = [response.headers["content-encoding"]].flat().join(",");
  return { ...head, ...(await readBody(response.body, coding, ask.maxBytes)) };
}

/** A kept connection may close just as it is used again (RFC 9112 §9.3.1). The GET is then sent again. */
async function requestTwice(
  agent: Agent,
  { url, headers, method = "GET" }: Ask,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  const path = url.pathname + url.search;
  const request = { origin: url.origin, path, method, headers, signal };
  try {
    return await agent.request(request);
  } catch (error) {
    if (!(error instanceof errors.SocketError) || !error.socket?.bytesRead) throw error;
    return agent.request(request);
  }
}

async function discard(body: Dispatcher.ResponseData["body"]): Promise<void> {
  const timer = setTimeout(() => body.destroy(), DISCARD_MS);
  await body.dump({ limit: DISCARD_BYTES }).catch(() => undefined);
  clearTimeout(timer);
}

const MOST_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * The target of a redirect (RFC 9110 §15.4), checked like an address from the user. A failure if it must not be
 * followed; undefined if the answer is no redirect. `redirects` are the addresses that led to this one.
 */
export function nextAddress(
  head: Head,
  at: URL,
  redirects: readonly string[],
): URL | FetchFailure | undefined {
  const location = head.field("location");
  if (location === undefined || !REDIRECTS.has(head.status)) return undefined;
  const next = webAddress(location, at);
  if (!(next instanceof URL)) return astray(at, `redirects, but ${next.why}`);
  if (next.href === at.href || redirects.includes(next.href)) {
    return astray(at, "redirects in a circle, like a page that requires a cookie");
  }
  if (redirects.length >= MOST_REDIRECTS) {
    return astray(at, `redirects once more, after ${MOST_REDIRECTS} times`);
  }
  return next;
}

function astray(at: URL, why: string): FetchFailure {
  return {
    kind: "redirects",
    url: at.href,
    why: `${shownUrl(at)} ${why}`,
    fix: "open it in a browser and give the address that it ends at",
    isTemporary: false,
  };
}

/** A body decompressed, whole or up to the limit. */
interface Body {
  readonly bytes: Uint8Array;
  readonly isCut: boolean;
}

/** The codings that `readBody` decodes, as an Accept-Encoding field. */
export const ACCEPT_ENCODING = "gzip, deflate, br, zstd";

/**
 * The maximum number of compressions of a body. No server compresses twice on purpose, and each layer of a decompression bomb
 * multiplies the size.
 */
const MOST_LAYERS = 2;
/** zstd on the web needs a window of 8 MB at most (RFC 9659). */
const ZSTD_WINDOW_LOG = 23;

/** Thrown for a coding that was not requested. */
export class UnknownCoding extends Error {}

class LimitReached extends Error {}

/**
 * Reads a body and decodes its content codings (RFC 9110 §8.4). It keeps at most `maxBytes` and decompresses at most one
 * chunk more, because a few kilobytes can unpack to gigabytes.
 */
export async function readBody(body: Readable, coding: string, maxBytes: number): Promise<Body> {
  const chunks: Uint8Array[] = [];
  let left = maxBytes;
  const keep = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      const isTooMuch = chunk.length > left;
      chunks.push(isTooMuch ? chunk.subarray(0, left) : chunk);
      left -= Math.min(left, chunk.length);
      done(isTooMuch ? new LimitReached() : null);
    },
  });
  try {
    await pipeline([...(await decoded(body, coding)), keep]);
    return { bytes: Buffer.concat(chunks), isCut: false };
  } catch (error) {
    if (error instanceof LimitReached) return { bytes: Buffer.concat(chunks), isCut: true };
    throw error;
  } finally {
    // Nothing else ends the connection if no pipeline was built, or only around a part.
    body.on("error", () => undefined).destroy();
  }
}

/** The body and the decoders of its codings, the last coding first (RFC 9110 §8.4). */
async function decoded(body: Readable, field: string): Promise<[Readable, ...Duplex[]]> {
  const codings = field
    .toLowerCase()
    .split(",")
    .map((coding) => coding.trim())
    .filter((coding) => coding !== "" && coding !== "identity")
    .toReversed();
  if (codings.length === 0) return [body];
  if (codings.length > MOST_LAYERS) throw new UnknownCoding(codings.join(", "));
  const chunks: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]();
  const first = await chunks.next();
  // Some servers name a coding for an answer that has no body.
  if (first.done) return [body];
  const whole = Readable.from(rejoined(first.value, chunks));
  return [whole, ...codings.map((coding) => decoder(coding, first.value[0] ?? 0))];
}

async function* rejoined(
  first: Uint8Array,
  others: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield first;
  for (let next = await others.next(); !next.done; next = await others.next()) yield next.value;
}

function decoder(coding: string, first: number): Duplex {
  switch (coding) {
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "deflate":
      return isZlib(first) ? createInflate() : createInflateRaw();
    case "br":
      return createBrotliDecompress();
    case "zstd":
      return createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG } });
    default:
      throw new UnknownCoding(coding);
  }
}

/** RFC 9110 §8.4.1.2: `deflate` is the zlib format, but some servers send it bare. RFC 1950 §2.2 says how to recognise it. */
function isZlib(first: number): boolean {
  return (first & 0x0f) === 8;
}
