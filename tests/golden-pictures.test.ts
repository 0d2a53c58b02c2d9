import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import sharp, { type Sharp } from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { openPackagedBrowser } from "./browser.ts";
import { differingShare } from "./matrix/compare-pictures.ts";
import { SHOTS } from "./matrix/shots.ts";
import { issueFolder, takePicture } from "./matrix/take-picture.ts";

/** One browser with one set of fonts draws the same; another accent differs in 0.03 % at least. */
const MOST_DIFFERING = 0.0002;

/** Pictures that differ. The folder for temporary files is removed after the run. */
const SEEN = fileURLToPath(new URL("../node_modules/.cache/broadsheet-pictures", import.meta.url));

let browser: Browser;
let folder: string;

beforeAll(async () => {
  [browser, folder] = await Promise.all([openPackagedBrowser(), issueFolder()]);
});

/** Chromium from npm is for these machines; elsewhere its pictures would not be the same. */
const HAS_PACKAGED = process.platform === "linux" && process.arch === "x64";

describe.skipIf(!HAS_PACKAGED)("an email looks as it was last approved", () => {
  test.each(SHOTS)("$name", async (shot) => {
    const picture = await takePicture(browser, shot, { folder });
    const approved = await readFile(new URL(`golden/pictures/${shot.name}.png`, import.meta.url));
    const share = await differingShare(approved, picture);
    if (share <= MOST_DIFFERING) return;
    const seen = join(SEEN, `${shot.name}.png`);
    await mkdir(SEEN, { recursive: true });
    await writeFile(seen, picture);
    expect.fail(
      `${(share * 100).toFixed(2)} % of it differs from tests/golden/pictures/${shot.name}.png: see ${seen}. Where it is meant: npm run golden:pictures`,
    );
  });
});

/** A picture of one grey. */
function grey(width: number, level: number): Sharp {
  const background = { r: level, g: level, b: level };
  return sharp({ create: { width, height: 10, channels: 3, background } });
}

test("pictures differ by what an eye sees, and altogether where their sizes do", async () => {
  const plain = await grey(10, 250).png().toBuffer();
  const dot = { input: await grey(1, 0).resize(1, 1).png().toBuffer(), left: 3, top: 3 };
  const spotted = await sharp(plain).composite([dot]).png().toBuffer();
  expect(await differingShare(plain, await grey(10, 240).png().toBuffer())).toBe(0);
  expect(await differingShare(plain, spotted)).toBe(0.01);
  expect(await differingShare(plain, await grey(11, 250).png().toBuffer())).toBe(1);
});
