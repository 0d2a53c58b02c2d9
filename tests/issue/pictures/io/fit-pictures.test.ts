import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import sharp, { type Sharp } from "sharp";
import { describe, expect, test } from "vitest";
import { type Digest, flatEntries } from "../../../../src/digest/digest.ts";
import { type Picture, pictureTypeOf } from "../../../../src/platform/picture.ts";
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

const GROUNDS = { page: [251, 250, 247], ink: [26, 26, 24] } as const;

const cropped = async (issue: { digest: Digest; pictures: readonly Picture[] }) =>
  cropPictures(issue, { grounds: GROUNDS, slots: SLOTS });

function cropsOf(digest: Digest) {
  return flatEntries(digest).map(({ article }) => article.images[0]?.crops);
}

const jpeg = async (width: number, height: number, scene = 0) =>
  photo(width, height, 3, scene).jpeg().toBuffer();

describe("the picture of a story", () => {
  test("is cut for its place at twice the size shown, and the whole one is kept", async () => {
    const whole = issueInPlaces(
      await Promise.all([1, 2, 3, 4].map(async (scene) => jpeg(1300, 975, scene))),
    );
    const { digest, pictures } = await cropped(whole);
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
      jpeg(700, 500, 1),
      jpeg(500, 400, 2),
      jpeg(490, 440, 3),
      jpeg(280, 260, 4),
    ]);
    const { digest } = await cropped(issueInPlaces(small));
    const [lead, first, second, row] = cropsOf(digest);
    expect(lead?.lead).toMatchObject({ widthPx: 700, heightPx: 394 });
    expect(first?.pair).toMatchObject({ widthPx: 500, heightPx: 313 });
    expect(second?.pair).toMatchObject({ widthPx: 490, heightPx: 306 });
    expect(row?.row).toMatchObject({ widthPx: 260, heightPx: 260 });
  });

  test("that was cut before is not cut again; in another place it is", async () => {
    const once = await cropped(issueInPlaces([await jpeg(900, 900, 1), await jpeg(900, 900, 2)]));
    expect(await cropped(once)).toEqual(once);
    const [first, second] = flatEntries(once.digest);
    if (!first || !second) throw new Error("no stories");
    const turned = [{ heading: "", entries: [{ ...second, weight: "lead" as const }, first] }];
    const { digest } = await cropped({
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
    const whole = issueInPlaces([content, content, content, content]);
    const { digest, pictures } = await cropped(whole);
    expect(cropsOf(digest)).toEqual([undefined, undefined, undefined, undefined]);
    expect(pictures).toEqual(whole.pictures);
  });
});

const fitted = async (issue: ReturnType<typeof issueInPlaces>) =>
  fitMessage(issue, { grounds: GROUNDS, slots: SLOTS });

/** Noise is heavy. */
function noisy(width: number, height: number, sigma: number): Sharp {
  const noise = { type: "gaussian", mean: 128, sigma } as const;
  return sharp({ create: { width, height, channels: 3, background: "#000000", noise } });
}

/** What moves is never made lighter. */
async function moving(width: number): Promise<Buffer> {
  const frame = noisy(width, width / 2, 60).png();
  const frames = await Promise.all([frame.toBuffer(), frame.clone().negate().toBuffer()]);
  return sharp(frames, { join: { animated: true } })
    .gif({ effort: 1 })
    .toBuffer();
}

function bytesOf(pictures: readonly Picture[]): number {
  return pictures.reduce((sum, { content }) => sum + content.length, 0);
}

/** The files that an issue shows, by their weights. */
function shownBytes({ digest, pictures }: ReturnType<typeof issueInPlaces>): number {
  const shown = new Set(
    flatEntries(digest).flatMap(({ article: { images } }) =>
      images.map(({ src, crops = {} }) => Object.values(crops)[0]?.src ?? src),
    ),
  );
  return bytesOf(pictures.filter(({ name }) => shown.has(`images/${name}`)));
}

describe("the pictures that travel in a message", () => {
  test("are cut as those of other issues where they are light", async () => {
    const whole = issueInPlaces(
      await Promise.all([1, 2, 3].map(async (scene) => jpeg(640, 480, scene))),
    );
    const { digest, pictures } = await cropped(whole);
    const fit = await fitted({ ...whole, digest });
    expect([cropsOf(fit.digest), fit.pictures]).toEqual([cropsOf(digest), pictures]);
  });

  test("are cut smaller where they are heavy together, and keep their places", async () => {
    const heavy = await Promise.all(
      [1210, 1220, 1230, 1240, 1250].map(async (width) =>
        noisy(width, 800, 40).jpeg({ quality: 80 }).toBuffer(),
      ),
    );
    const { digest, pictures } = await fitted(issueInPlaces(heavy));
    expect(cropsOf(digest)).toMatchObject([
      { lead: { widthPx: 800, heightPx: 450 } },
      { pair: { widthPx: 480, heightPx: 300 } },
      { pair: { widthPx: 480, heightPx: 300 } },
      { row: { widthPx: 200, heightPx: 200 } },
      { row: { widthPx: 200, heightPx: 200 } },
    ]);
    expect(shownBytes({ digest, pictures: [...pictures] })).toBeLessThanOrEqual(200_000);
  });

  test("are left out from the end where that isn't enough, and check says of how many", async () => {
    const heavy = await Promise.all([640, 650].map(moving));
    const { digest, pictures } = await fitted(issueInPlaces(heavy));
    const left = flatEntries(digest);
    expect(left[0]?.article.images).toHaveLength(1);
    expect(left.at(-1)?.article).toMatchObject({
      images: [],
      dropped: [{ text: "images/p1.gif" }],
    });
    expect(pictures.map(({ name }) => name)).not.toContain("p1.gif");
    expect(found(await reportOn(digest, "digest"), "pictures-left")).toMatchObject([
      { severity: "info", message: expect.stringMatching(/^One story goes without/) },
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
