import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import sharp from "sharp";
import { afterAll, describe, expect, test } from "vitest";
import { type Digest, flatEntries } from "../../../../src/digest/digest.ts";
import { type Picture, pictureTypeOf } from "../../../../src/platform/picture.ts";
import { Converter } from "../../../../src/issue/pictures/io/converter.ts";
import { slotsOf } from "../../../../src/email/theme.ts";
import { template } from "../../../render.ts";
import { cropPictures, fitMessage } from "../../../../src/issue/pictures/io/fit-pictures.ts";
import { pictureFacts } from "../../../../src/issue/pictures/io/picture-facts.ts";
import { readPictures } from "../../../../src/issue/pictures/io/read-pictures.ts";
import { found } from "../../../check/mail.ts";
import { article, digestOf, entry, summary } from "../../../fixtures.ts";
import { animation, photo } from "../../../pictures.ts";
import { reportOn } from "../../../review/issue.ts";
import { newFolder } from "../../../temporary.ts";

/** An issue of stories with a picture each, by their order: the first leads, two are a pair, the fourth is a row. */
const SLOTS = slotsOf((await template("digest")).theme);

function issueInPlaces(contents: readonly Buffer[]): { digest: Digest; pictures: Picture[] } {
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
    const whole = issueInPlaces(Array<Buffer>(4).fill(await jpeg(1300, 975)));
    const { digest, pictures } = await cropPictures(whole, SLOTS);
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
    const { digest } = await cropPictures(issueInPlaces(small), SLOTS);
    const [lead, first, , row] = cropsOf(digest);
    expect(lead?.lead).toMatchObject({ widthPx: 700, heightPx: 394 });
    expect(first?.pair?.widthPx).toBeLessThanOrEqual(300);
    expect(row?.row).toMatchObject({ widthPx: 140, heightPx: 140 });
  });

  test("that was cut before is not cut again; in another place it is", async () => {
    const once = await cropPictures(
      issueInPlaces([await jpeg(900, 900), await jpeg(900, 900)]),
      SLOTS,
    );
    expect(await cropPictures(once, SLOTS)).toEqual(once);
    const [first, second] = flatEntries(once.digest);
    if (!first || !second) throw new Error("no stories");
    const turned = [{ heading: "", entries: [{ ...second, weight: "lead" as const }, first] }];
    const { digest } = await cropPictures(
      {
        ...once,
        digest: { ...once.digest, sections: turned },
      },
      SLOTS,
    );
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
    const whole = issueInPlaces([content, content, content, content]);
    const { digest, pictures } = await cropPictures(whole, SLOTS);
    expect(cropsOf(digest)).toEqual([undefined, undefined, undefined, undefined]);
    expect(pictures).toEqual(whole.pictures);
  });
});

const converter = new Converter();
afterAll(() => converter.close());

async function issueWith(count: number, width: number, quality: number) {
  return issueOf(
    count,
    width,
    await photo(width, width / 2)
      .jpeg({ quality })
      .toBuffer(),
  );
}

/** Noise is heavy, and as a GIF it stays as it is. */
async function noise(width: number): Promise<Buffer> {
  const grain = { type: "gaussian", mean: 128, sigma: 60 } as const;
  const background = { r: 0, g: 0, b: 0 };
  const create = { width, height: width / 2, channels: 3 as const, background, noise: grain };
  return sharp({ create }).gif().toBuffer();
}

function issueOf(count: number, width: number, content: Buffer) {
  const names = Array.from({ length: count }, (_, at) => `p${at}.jpg`);
  return {
    articles: names.map((name) =>
      article({ id: name, images: [{ src: `images/${name}`, alt: "A quay", widthPx: width }] }),
    ),
    pictures: names.map((name): Picture => ({ name, contentType: "image/jpeg", content })),
  };
}

function bytesOf(pictures: readonly Picture[]): number {
  return pictures.reduce((sum, { content }) => sum + content.length, 0);
}

describe("the pictures that travel in a message", () => {
  test("stay as they are where they are light", async () => {
    const issue = await issueWith(3, 400, 50);
    expect(await fitMessage(issue, converter)).toEqual(issue);
  });

  test("are made smaller where they are heavy together, the first the least", async () => {
    const issue = await issueWith(3, 1200, 80);
    const { articles, pictures } = await fitMessage(issue, converter);
    expect(bytesOf(pictures)).toBeLessThanOrEqual(200_000);
    const widths = articles.map(({ images }) => images[0]?.widthPx);
    expect(widths[0]).toBeGreaterThanOrEqual(800);
    expect(widths[2]).toBeLessThanOrEqual(480);
    expect(articles.map(({ images }) => images[0]?.src)).toEqual(
      pictures.map(({ name }) => `images/${name}`),
    );
  });

  test("are left out from the end where that isn't enough, and check says of how many", async () => {
    const issue = issueOf(16, 400, await noise(400));
    const { articles, pictures } = await fitMessage(issue, converter);
    expect(bytesOf(pictures)).toBeLessThanOrEqual(200_000);
    expect(articles[0]?.images).toHaveLength(1);
    expect(articles.at(-1)?.images).toEqual([]);
    expect(articles.at(-1)?.dropped).toMatchObject([{ text: "images/p15.jpg" }]);
    const told = articles.slice(-2).map((left) => ({ article: left, summary: summary() }));
    expect(found(await reportOn(digestOf(told), "digest"), "pictures-left")).toMatchObject([
      { severity: "info", message: expect.stringMatching(/^2 stories go without/) },
    ]);
  });
});

test("a picture that shows nothing gets one remark, and check says that its story goes without", async () => {
  const folder = await newFolder();
  const dot = await photo(1, 1).png().toBuffer();
  await writeFile(path.join(folder, "dot.png"), dot);
  const source = path.join(folder, "a.md");
  const story = article({ source, images: [{ src: "dot.png", alt: "" }] });
  const { articles, remarks } = await readPictures([story], folder);
  expect(remarks).toMatchObject([{ became: "leftOut" }]);
  const told = articles.map((one) => ({ article: one, summary: summary() }));
  expect(found(await reportOn(digestOf(told), "digest"), "pictures-left")).toMatchObject([
    { severity: "info", message: expect.stringMatching(/^One story goes without .* shown$/) },
  ]);
});
