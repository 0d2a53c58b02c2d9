/** Takes the pictures of the emails anew: those that tests compare with, the contact sheet, the README's. */
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import sharp, { type OverlayOptions } from "sharp";
import { openPackagedBrowser } from "../tests/browser.ts";
import { SHOTS, type Shot } from "../tests/matrix/shots.ts";
import { issueFolder, takePicture } from "../tests/matrix/take-picture.ts";

const GOLDEN = fileURLToPath(new URL("../tests/golden/pictures/", import.meta.url));
const DOCS = fileURLToPath(new URL("../docs/pictures/", import.meta.url));
/** The ground behind the sheets. */
const DESK = "#E4E0D6";

const [browser, folder] = await Promise.all([openPackagedBrowser(), issueFolder()]);
try {
  await mkdir(GOLDEN, { recursive: true });
  await mkdir(DOCS, { recursive: true });
  for (const name of await readdir(GOLDEN)) await rm(GOLDEN + name);
  const pictures: Buffer[] = [];
  for (const shot of SHOTS) {
    const taken = sharp(await takePicture(browser, shot, { folder }));
    // It hardly has more colours, and takes a third of the room.
    const picture = await taken.png({ palette: true, colours: 48, effort: 10 }).toBuffer();
    await writeFile(`${GOLDEN}${shot.name}.png`, picture);
    pictures.push(picture);
    console.log(`${String(picture.length).padStart(7)} ${shot.name}`);
  }
  await writeFile(`${DOCS}contact-sheet.webp`, await contactSheet(pictures));
  for (const seen of ["light", "dark"] as const) {
    await writeFile(`${DOCS}phone-${seen}.webp`, await phone(seen));
  }
} finally {
  await browser.close();
  await rm(folder, { recursive: true });
}

/** All views side by side, the tall ones cut off. */
async function contactSheet(pictures: readonly Buffer[]): Promise<Buffer> {
  const [columns, width, height, gap] = [9, 190, 420, 14];
  const tiles = await Promise.all(
    pictures.map(async (picture, index): Promise<OverlayOptions> => {
      const small = sharp(picture).resize({ width });
      const tile = await small.toBuffer({ resolveWithObject: true });
      const cut = { left: 0, top: 0, width, height: Math.min(height, tile.info.height) };
      return {
        input: await sharp(tile.data).extract(cut).toBuffer(),
        left: gap + (index % columns) * (width + gap),
        top: gap + Math.floor(index / columns) * (height + gap),
      };
    }),
  );
  const rows = Math.ceil(pictures.length / columns);
  const size = { width: gap + columns * (width + gap), height: gap + rows * (height + gap) };
  return sharp({ create: { ...size, channels: 3, background: DESK } })
    .composite(tiles)
    .webp({ quality: 78, effort: 6 })
    .toBuffer();
}

/** The first screens of a digest, sharp enough for a page of documentation. */
async function phone(seen: Shot["seen"]): Promise<Buffer> {
  const shot = {
    fixture: "also in",
    template: "digest",
    language: "en",
    widthPx: 375,
    seen,
  } as const;
  const picture = await takePicture(browser, shot, { folder, scale: 2, tallestPx: 900 });
  return sharp(picture).webp({ quality: 82, effort: 6 }).toBuffer();
}
