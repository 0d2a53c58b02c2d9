import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import sharp from "sharp";
import { afterAll, describe, expect, test } from "vitest";
import type { Picture } from "../../../../src/email/picture.ts";
import { Converter } from "../../../../src/issue/pictures/io/converter.ts";
import { fitMessage } from "../../../../src/issue/pictures/io/fit-pictures.ts";
import { readPictures } from "../../../../src/issue/pictures/io/read-pictures.ts";
import { reportOn } from "../../../review/issue.ts";
import { found } from "../../../check/mail.ts";
import { article, digestOf, summary } from "../../../fixtures.ts";
import { photo } from "../../../pictures.ts";

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
  const folder = await mkdtemp(path.join(tmpdir(), "broadsheet-"));
  try {
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
  } finally {
    await rm(folder, { recursive: true });
  }
});
