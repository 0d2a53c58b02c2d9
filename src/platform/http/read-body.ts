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

/** A body decompressed, whole or up to the limit. */
export interface Body {
  readonly bytes: Uint8Array;
  readonly isCut: boolean;
}

/** The codings that `readBody` undoes, as an Accept-Encoding field. */
export const ACCEPT_ENCODING = "gzip, deflate, br, zstd";

/** Nobody compresses twice on purpose; each layer of a bomb multiplies the last. */
const MOST_LAYERS = 2;
/** RFC 9659: what is sent as zstd needs no larger window than 8 MB, so none larger is made. */
const ZSTD_WINDOW_LOG = 23;

/** Thrown for a coding that was not asked for. */
export class UnknownCoding extends Error {}

class LimitReached extends Error {}

/**
 * The bytes of a body with its content codings (RFC 9110 §8.4) undone. At most `maxBytes` are kept
 * and no more than a chunk beyond is decompressed: what a few kilobytes unpack to is not bounded by
 * what they weigh.
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
    // Where no pipeline was built, or only around a part, nothing else ends the connection.
    body.on("error", () => undefined).destroy();
  }
}

/** The body and what undoes its codings, the last one first (RFC 9110 §8.4). */
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

/** RFC 9110 §8.4.1.2: `deflate` is the zlib format, but some servers send it bare. RFC 1950 §2.2 tells. */
function isZlib(first: number): boolean {
  return (first & 0x0f) === 8;
}
