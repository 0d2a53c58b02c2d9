import { createServer } from "node:http";
import sharp, { type Metadata, type Sharp } from "sharp";
import { describe, expect, test } from "vitest";
import {
  convertPicture,
  type Converted,
} from "../../../../src/issue/pictures/io/convert-picture.ts";
import { pictureTypeOf } from "../../../../src/email/picture.ts";
import { animation, CHART, phonePhoto, photo, pixelBomb } from "../../../pictures.ts";

async function convert(content: Buffer | string) {
  const bytes = Buffer.from(content);
  return convertPicture(bytes, pictureTypeOf(bytes)?.name ?? "jpeg");
}

/** A conversion that succeeds, and what a reader of its bytes finds. */
async function converted(content: Buffer | string): Promise<Converted & { found: Metadata }> {
  const result = await convert(content);
  if (result.kind !== "converted") throw new Error(`it was ${result.kind}`);
  const found = await sharp(result.content).metadata();
  expect([found.format, found.width, found.height]).toEqual([
    result.type,
    result.widthPx,
    result.heightPx,
  ]);
  return { ...result, found };
}

const sized = { widthPx: 1200, heightPx: 900 };

describe("a photograph", () => {
  test.each<[string, (taken: Sharp) => Sharp]>([
    ["JPEG", (taken) => taken.jpeg()],
    ["WebP", (taken) => taken.webp()],
    ["AVIF", (taken) => taken.avif({ effort: 0 })],
    ["TIFF", (taken) => taken.tiff()],
    ["PNG", (taken) => taken.png()],
  ])("in %s becomes a progressive JPEG, 1200 px wide", async (_name, encode) => {
    const { found, ...picture } = await converted(await encode(photo(1300, 975)).toBuffer());
    expect(picture).toMatchObject({ type: "jpeg", ...sized, isFirstFrame: false });
    expect([found.isProgressive, found.space, found.channels]).toEqual([true, "srgb", 3]);
    expect(picture.content.length).toBeLessThan(200_000);
  });

  test("stands upright, and says neither where it was taken nor with what", async () => {
    const { found, content } = await converted(await phonePhoto(400, 300));
    expect([found.width, found.height]).toEqual([300, 400]);
    expect([found.orientation, found.exif, found.xmp, found.iptc, found.icc]).toEqual(
      Array.from({ length: 5 }),
    );
    expect(content.includes("Lanthorn")).toBe(false);
  });

  test("is never enlarged", async () => {
    expect(await converted(await photo(300, 200).webp().toBuffer())).toMatchObject({
      widthPx: 300,
      heightPx: 200,
    });
  });

  test("as tall as a page is made to fit", async () => {
    expect(await converted(await photo(600, 4800).jpeg().toBuffer())).toMatchObject({
      widthPx: 300,
      heightPx: 2400,
    });
  });

  test.each(["p3", "cmyk"])("in %s colours comes out in those of screens", async (profile) => {
    const red = sharp({ create: { width: 60, height: 60, channels: 3, background: "#c02020" } });
    const content = await red.withIccProfile(profile).jpeg({ quality: 100 }).toBuffer();
    const { content: jpeg } = await converted(content);
    const [r = 0, g = 0, b = 0] = await sharp(jpeg).raw().toBuffer();
    expect(Math.hypot(r - 0xc0, g - 0x20, b - 0x20)).toBeLessThan(24);
  });
});

describe("what is see-through", () => {
  test("stays so, in a PNG", async () => {
    const { found } = await converted(await photo(300, 200, 4).webp().toBuffer());
    expect([found.format, found.hasAlpha]).toEqual(["png", true]);
  });

  test("is reduced to 256 colours where it would be too heavy for a mail", async () => {
    const { found, content } = await converted(await photo(1300, 900, 4).webp().toBuffer());
    expect([found.format, found.hasAlpha, found.isPalette]).toEqual(["png", true, true]);
    expect(content.length).toBeLessThan(1_000_000);
  });

  test("and only says that it is becomes a JPEG", async () => {
    const opaque = await photo(300, 200).ensureAlpha().png().toBuffer();
    expect((await converted(opaque)).type).toBe("jpeg");
  });
});

describe("a drawing", () => {
  test("is drawn twice as wide as a mail, whatever its units are, and becomes a PNG", async () => {
    expect(await converted(CHART)).toMatchObject({ type: "png", widthPx: 1200, heightPx: 800 });
  });

  test("reaches neither files nor servers", async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const base = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
    const file = new URL("../../../../content/images/garrant-head.png", import.meta.url).href;
    const drawing = (inside: string) =>
      `<?xml-stylesheet href="${base}/a.css"?><svg xmlns="http://www.w3.org/2000/svg" width="60" height="60"><style>@import url("${base}/b.css");</style><rect width="60" height="60" fill="#ffffff"/>${inside}</svg>`;
    const images = [`${base}/c.png`, file]
      .map((href) => `<image href="${href}" width="60" height="60"/>`)
      .join("");
    const { content } = await converted(drawing(images));
    expect(content.equals((await converted(drawing(""))).content)).toBe(true);
    expect(asked).toEqual([]);
    server.close();
  });

  test.each([
    ["an external entity", `<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>`, "&x;"],
    [
      "a billion laughs",
      `<!DOCTYPE svg [<!ENTITY a "ha">${Array.from({ length: 12 }, (_, at) => `<!ENTITY ${"a".repeat(at + 2)} "${`&${"a".repeat(at + 1)};`.repeat(10)}">`).join("")}]>`,
      `&${"a".repeat(13)};`,
    ],
    ["20,000 groups in each other", "", `${"<g>".repeat(20_000)}${"</g>".repeat(20_000)}`],
  ])("with %s is refused", async (_what, before, inside) => {
    const svg = `${before}<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60"><text y="20">${inside}</text></svg>`;
    expect(await convert(svg)).toEqual({ kind: "unreadable" });
  });
});

test("of an animation the first frame remains, and that is said", async () => {
  const { content, isFirstFrame } = await converted(await animation(60, 40));
  expect([...(await sharp(content).raw().toBuffer())].slice(0, 3)).toEqual([255, 0, 0]);
  expect(isFirstFrame).toBe(true);
});

test.each<[string, () => Promise<Buffer>, string]>([
  [
    "a JPEG cut in the middle",
    async () => {
      const whole = await photo(600, 400).jpeg().toBuffer();
      return whole.subarray(0, whole.length / 2);
    },
    "unreadable",
  ],
  [
    "a PNG that is only a head",
    async () => (await photo(60, 40).png().toBuffer()).subarray(0, 60),
    "unreadable",
  ],
  ["a PNG of 2,500 million pixels", pixelBomb, "tooLarge"],
  ["a HEIC", async () => Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic", "latin1"), "unreadable"],
])("%s comes to nothing", async (_what, make, kind) => {
  expect(await convert(await make())).toEqual({ kind });
});
