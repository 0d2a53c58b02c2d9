import { Readable } from "node:stream";
import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readBody, UnknownCoding } from "../../../src/platform/http/exchange.ts";

const CODINGS: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  identity: (bytes) => bytes,
  gzip: gzipSync,
  "X-GZIP": gzipSync,
  deflate: deflateSync,
  "deflate ": deflateRawSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
  "gzip, br": (bytes) => brotliCompressSync(gzipSync(bytes)),
  "deflate,identity,zstd": (bytes) => zstdCompressSync(deflateSync(bytes)),
};

/** A body that comes in pieces of some bytes. */
function inPieces(bytes: Uint8Array, length: number): Readable {
  const starts = Array.from(
    { length: Math.ceil(bytes.length / length) },
    (_, index) => index * length,
  );
  return Readable.from(starts.map((start) => bytes.subarray(start, start + length)));
}

describe("a compressed body", () => {
  test.each(Object.entries(CODINGS))(
    "in %s comes out as it was, up to the limit",
    async (coding, encode) => {
      const sizes = fc.tuple(
        fc.uint8Array({ minLength: 1, maxLength: 400 }),
        fc.integer({ min: 1, max: 50 }),
        fc.nat(500),
      );
      await fc.assert(
        fc.asyncProperty(sizes, async ([bytes, length, limit]) => {
          const body = inPieces(encode(bytes), length);
          const { bytes: kept, isCut } = await readBody(body, coding, limit);
          expect([...kept]).toEqual([...bytes.subarray(0, limit)]);
          expect(isCut).toBe(bytes.length > limit);
          expect(body.destroyed).toBe(true);
        }),
        { numRuns: 40 },
      );
    },
  );

  test.each(Object.entries(CODINGS).filter(([coding]) => coding !== "identity"))(
    "in %s that is cut off is never taken for whole",
    async (coding, encode) => {
      const whole = encode(Buffer.from("The ferry leaves at six, and not before."));
      for (const length of [1, 5, whole.length >> 1, whole.length - 2]) {
        const body = inPieces(whole.subarray(0, length), 7);
        await expect(readBody(body, coding, 1000)).rejects.toHaveProperty("code");
      }
    },
  );

  test.each(["compress", "gzip, compress", "gzip, gzip, gzip", "../x"])(
    "in a coding that was not asked for is refused, and its connection let go: %s",
    async (coding) => {
      const body = inPieces(gzipSync("x"), 7);
      await expect(readBody(body, coding, 1000)).rejects.toThrow(UnknownCoding);
      expect(body.destroyed).toBe(true);
    },
  );

  test("in zstd may look back 8 MB, and not more (RFC 9659)", async () => {
    const { bytes } = await readBody(Readable.from([zstdFrame(23, "hello")]), "zstd", 100);
    expect(Buffer.from(bytes).toString()).toBe("hello");
    const greedy = readBody(Readable.from([zstdFrame(24, "hello")]), "zstd", 100);
    await expect(greedy).rejects.toHaveProperty("code");
  });
});

/** A frame of one raw block, with a window of 2 to the power of `log` bytes (RFC 8878 §3.1.1). */
function zstdFrame(log: number, text: string): Buffer {
  const block = [(text.length << 3) | 1, 0, 0, ...Buffer.from(text)];
  return Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, (log - 10) << 3, ...block]);
}
