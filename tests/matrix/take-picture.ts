import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { openEmail } from "../../src/check/io/browser/open-email.ts";
import { invertColours } from "../../src/platform/css/invert-colours.js";
import { PICTURES } from "./fixtures.ts";
import { renderView } from "./render-matrix.ts";
import type { Seen, Shot } from "./shots.ts";
import { newFolder } from "../temporary.ts";

/** What is further down looks as what is above it. */
const TALLEST_PX = 2000;

export interface PictureOptions {
  /** See `issueFolder`. */
  readonly folder: string;
  /** Pixels of the picture to one of the page. */
  readonly scale?: number;
  readonly tallestPx?: number;
}

/** A folder with the `images/` of every issue of the matrix. The caller removes it. */
export async function issueFolder(): Promise<string> {
  const folder = await newFolder();
  await mkdir(join(folder, "images"));
  for (const name of PICTURES) {
    const file = fileURLToPath(new URL(name, import.meta.url));
    await copyFile(file, join(folder, "images", name));
  }
  return folder;
}

/** A view as a PNG. */
export async function takePicture(
  browser: Browser,
  shot: Omit<Shot, "name">,
  { folder, scale = 1, tallestPx = TALLEST_PX }: PictureOptions,
): Promise<Buffer> {
  const { email } = await renderView(shot);
  const { widthPx, seen } = shot;
  const { page } = await openEmail(browser, asSeen(email.html, seen), {
    widthPx,
    scale,
    colorScheme: seen === "dark" ? "dark" : "light",
    folder: seen === "images off" ? undefined : folder,
  });
  try {
    if (seen === "inverted")
      await page.evaluate(invertColours, await page.evaluateHandle(() => document));
    if (seen === "printed") await page.emulateMedia({ media: "print" });
    const tall = await page.evaluate(() => document.documentElement.scrollHeight);
    const clip = { x: 0, y: 0, width: widthPx, height: Math.min(tall, tallestPx) };
    return await page.screenshot({ clip, fullPage: true });
  } finally {
    await page.close();
  }
}

function asSeen(html: string, seen: Seen): string {
  return seen === "unstyled" ? html.replace(/<style[^]*?<\/style>/g, "") : html;
}
