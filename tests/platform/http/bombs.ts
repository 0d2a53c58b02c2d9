import { Readable, type Transform } from "node:stream";
import { buffer } from "node:stream/consumers";
import {
  constants,
  createBrotliCompress,
  createDeflate,
  createDeflateRaw,
  createGzip,
  createZstdCompress,
} from "node:zlib";

const FASTEST = { level: 1 };
const FAST_BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } };

/** What compresses in each way that a page may be, the outermost last. */
export const COMPRESSORS: Readonly<Record<string, () => readonly Transform[]>> = {
  gzip: () => [createGzip(FASTEST)],
  "gzip, gzip": () => [createGzip(FASTEST), createGzip()],
  "deflate with a header": () => [createDeflate(FASTEST)],
  "deflate without": () => [createDeflateRaw(FASTEST)],
  br: () => [createBrotliCompress(FAST_BROTLI)],
  zstd: () => [createZstdCompress()],
};

/** So many megabytes of zeros, compressed, without ever being in memory whole. */
export async function bomb(megabytes: number, compressors: readonly Transform[]): Promise<Buffer> {
  const zeros = Buffer.alloc(1024 * 1024);
  const source: Readable = Readable.from(Array.from({ length: megabytes }, () => zeros));
  return buffer(compressors.reduce<Readable>((stream, next) => stream.pipe(next), source));
}
