import { randomBytes } from "node:crypto";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { type Digest, flatEntries } from "../../../../src/digest/digest.ts";
import { type Picture, pictureTypeOf } from "../../../../src/email/picture.ts";
import { cropPictures } from "../../../../src/issue/pictures/io/fit-pictures.ts";
import { pictureFacts } from "../../../../src/issue/pictures/io/picture-facts.ts";
import { digestOf, entry } from "../../../fixtures.ts";
import { animation, photo } from "../../../pictures.ts";

/** An issue of stories with a picture each, by their order: the first leads, two are a pair, the fourth is a row. */
function issueOf(contents: readonly Buffer[]): { digest: Digest; pictures: Picture[] } {
  const pictures = contents.map((content, at): Picture => {
    const type = pictureTypeOf(content);
    return { name: `p${at}${type?.ending ?? ".jpg"}`, contentType: "image/jpeg", content };
  });
  const entries = pictures.map(({ name, content }, at) => {
    const type = pictureTypeOf(content);
    const { widthPx, heightPx } = (type && pictureFacts(content, type)) ?? {};
    const size = widthPx && heightPx ? { widthPx, heightPx } : {};
    return entry({
      title: `Story ${at}`,
      images: [{ src: `images/${name}`, alt: "A quay", ...size }],
    });
  });
  return { digest: digestOf(entries), pictures };
}

function cropsOf(digest: Digest) {
  return flatEntries(digest).map(({ article }) => article.images[0]?.crops);
}

const jpeg = async (width: number, height: number) => photo(width, height).jpeg().toBuffer();

describe("the picture of a story", () => {
  test("is cut for its place at twice the size shown, and the whole one is kept", async () => {
    const whole = issueOf(Array<Buffer>(4).fill(await jpeg(1300, 975)));
    const { digest, pictures } = await cropPictures(whole);
    expect(cropsOf(digest)).toEqual([
      { lead: { src: "images/p0-lead.jpg", widthPx: 1200, heightPx: 675 } },
      { pair: { src: "images/p1-pair.jpg", widthPx: 670, heightPx: 419 } },
      { pair: { src: "images/p2-pair.jpg", widthPx: 670, heightPx: 419 } },
      { row: { src: "images/p3-row.jpg", widthPx: 272, heightPx: 272 } },
    ]);
    expect(pictures.slice(0, 4)).toEqual(whole.pictures);
    const cut = pictures.find(({ name }) => name === "p3-row.jpg");
    const { width, height, exif } = await sharp(cut?.content).metadata();
    expect([width, height, exif]).toEqual([272, 272, undefined]);
  });

  test("is never made larger than it was", async () => {
    const small = await Promise.all([
      jpeg(700, 500),
      jpeg(300, 240),
      jpeg(260, 240),
      jpeg(150, 140),
    ]);
    const { digest } = await cropPictures(issueOf(small));
    const [lead, first, , row] = cropsOf(digest);
    expect(lead?.lead).toMatchObject({ widthPx: 700, heightPx: 394 });
    expect(first?.pair?.widthPx).toBeLessThanOrEqual(300);
    expect(row?.row).toMatchObject({ widthPx: 140, heightPx: 140 });
  });

  test("that was cut before is not cut again; in another place it is", async () => {
    const once = await cropPictures(issueOf([await jpeg(900, 900), await jpeg(900, 900)]));
    expect(await cropPictures(once)).toEqual(once);
    const [first, second] = flatEntries(once.digest);
    if (!first || !second) throw new Error("no stories");
    const turned = [{ heading: "", entries: [{ ...second, weight: "lead" as const }, first] }];
    const { digest } = await cropPictures({
      ...once,
      digest: { ...once.digest, sections: turned },
    });
    expect(cropsOf(digest).map((crops) => Object.keys(crops ?? {}))).toEqual([
      ["lead", "row"],
      ["lead", "row"],
    ]);
  });

  test.each([
    ["of one pixel", async () => photo(1, 1).png().toBuffer()],
    ["of 20,000 × 10", async () => photo(20_000, 10).png().toBuffer()],
    ["broken", async () => Buffer.concat([Buffer.from("\xff\xd8\xff", "latin1"), randomBytes(40)])],
    ["that is cut off", async () => (await jpeg(900, 900)).subarray(0, 2000)],
    ["that moves", async () => animation(900, 900)],
  ])("%s is shown whole, wherever it stands", async (_what, make) => {
    const content = await make();
    const whole = issueOf([content, content, content, content]);
    const { digest, pictures } = await cropPictures(whole);
    expect(cropsOf(digest)).toEqual([undefined, undefined, undefined, undefined]);
    expect(pictures).toEqual(whole.pictures);
  });
});
