import * as fc from "fast-check";
import { expect, test } from "vitest";
import { pictureTypeOf } from "../../src/email/picture.ts";
import { cpuSecondsOf } from "../cpu-time.ts";
import { animation, CHART, photo } from "../pictures.ts";

const ftyp = (brands: string) => Buffer.from(`\0\0\0\x18ftyp${brands}\0\0\0\0mif1`, "latin1");

test.each<[string, Buffer, string | undefined]>([
  ["a JPEG", await photo(9, 9).jpeg().toBuffer(), "image/jpeg"],
  ["a PNG", await photo(9, 9).png().toBuffer(), "image/png"],
  ["a GIF", await animation(9, 9), "image/gif"],
  ["a WebP", await photo(9, 9).webp().toBuffer(), "image/webp"],
  ["an AVIF", await photo(64, 64).avif({ effort: 0 }).toBuffer(), "image/avif"],
  ["a TIFF", await photo(9, 9).tiff().toBuffer(), "image/tiff"],
  ["a phone's HEIC", ftyp("heic"), "image/heic"],
  ["a film", ftyp("isom").fill(0, 16), undefined],
  ["an SVG", Buffer.from(CHART), "image/svg+xml"],
  [
    "an SVG with all that may stand before it",
    Buffer.from(
      `\uFEFF<?xml version="1.0"?>\n<!-- <svg> is below -->\n<!DOCTYPE svg [<!ENTITY a "b">]>\n<s:svg xmlns:s="http://www.w3.org/2000/svg"/>`,
    ),
    "image/svg+xml",
  ],
  ["a web page with an SVG in it", Buffer.from(`<!doctype html><body>${CHART}`), undefined],
  ["a text", Buffer.from("GIF is a kind of picture"), undefined],
  ["nothing", Buffer.alloc(0), undefined],
])("%s is told by its content", (_what, content, contentType) => {
  expect(pictureTypeOf(content)?.contentType).toBe(contentType);
});

test("no bytes are too odd to be told from a picture", () => {
  const odd = fc.tuple(
    fc.constantFrom("\0\0\0\0ftyp", "\xff\xff\xff\xffftyp", "RIFF", "<!--", "<!DOCTYPE [", ""),
    fc.string({ unit: "binary", maxLength: 60 }),
  );
  fc.assert(
    fc.property(odd, ([start, rest]) => {
      expect(() => pictureTypeOf(Buffer.from(start + rest, "latin1"))).not.toThrow();
    }),
  );
});

test("a long run of marks before an SVG takes no time", () => {
  const seconds = cpuSecondsOf(() => {
    for (const mark of ["<!--", "<!-- -->", "<?x?>", "<!DOCTYPE[", " ", "<!DOCTYPE x []>"]) {
      expect(pictureTypeOf(Buffer.from(mark.repeat(100_000)))).toBeUndefined();
    }
  });
  expect(seconds).toBeLessThan(20);
});
