import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pictureFacts } from "../../../../src/issue/pictures/io/picture-facts.ts";
import { pictureTypeOf } from "../../../../src/email/picture.ts";
import { animation, phonePhoto, photo } from "../../../pictures.ts";

function factsOf(content: Buffer) {
  const type = pictureTypeOf(content);
  return type && pictureFacts(content, type);
}

const PLAIN = {
  widthPx: 40,
  heightPx: 30,
  isWhole: true,
  hasMetadata: false,
  isAnimated: false,
  isForPrint: false,
};

const jpeg = await photo(40, 30).jpeg().toBuffer();
const png = await photo(40, 30).png().toBuffer();
const gif = await animation(40, 30);
const progressive = await photo(40, 30).jpeg({ progressive: true }).toBuffer();
const fromPhone = await phonePhoto(40, 30);
const turnedPng = await photo(40, 30).png().withMetadata({ orientation: 3 }).toBuffer();
const cmyk = await photo(40, 30).toColourspace("cmyk").jpeg().toBuffer();

describe("the head of a picture says", () => {
  test.each<[string, Buffer, object]>([
    ["the size of a JPEG", jpeg, PLAIN],
    ["that of a progressive one", progressive, PLAIN],
    ["that of a PNG", png, PLAIN],
    ["that of a GIF that moves", gif, { ...PLAIN, isAnimated: true }],
    ["that one was taken somewhere", fromPhone, { ...PLAIN, hasMetadata: true }],
    ["the same of a PNG", turnedPng, { ...PLAIN, hasMetadata: true }],
    ["that its colours are for print", cmyk, { ...PLAIN, isForPrint: true }],
    ["that it was cut off", jpeg.subarray(0, -20), { ...PLAIN, isWhole: false }],
    ["that a PNG was", png.subarray(0, -20), { ...PLAIN, isWhole: false }],
    ["that zeros behind it mean nothing", Buffer.concat([jpeg, Buffer.alloc(9)]), PLAIN],
    [
      "that something else is behind it",
      Buffer.concat([jpeg, Buffer.from("film")]),
      { ...PLAIN, isWhole: false },
    ],
  ])("%s", (_what, content, facts) => {
    expect(factsOf(content)).toEqual(facts);
  });

  test("nothing where it is too short to", () => {
    expect([jpeg, png, gif].map((content) => factsOf(content.subarray(0, 9)))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

test("no damage to a picture makes its facts throw, or takes long", () => {
  const damaged = fc.tuple(
    fc.constantFrom(jpeg, png, gif),
    fc.nat(2000),
    fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 8 }),
  );
  fc.assert(
    fc.property(damaged, ([whole, length, changes]) => {
      const content = Buffer.from(whole.subarray(0, length));
      for (const [at, byte] of changes) if (at < content.length) content[at] = byte;
      expect(() => factsOf(content)).not.toThrow();
    }),
  );
});
