import type { Browser, Page } from "playwright-core";
import { browserFinding } from "../../outside-rules.ts";
import type { Finding } from "../../finding.ts";

/** So much of a page changes at least where an email has colours of its own for the dark. */
const DARK_SHARE = 0.05;

/** Wider than any sheet, so that what is outside it is seen. */
const DESKTOP = { width: 1024, height: 900 };

/**
 * Whether the page outside the sheet turns dark with it: pixels are asked, since a tool that reads styles
 * cannot see what is painted where nothing says how. An email without dark colours is left alone.
 */
export async function darkPageFindings(browser: Browser, page: Page): Promise<Finding[]> {
  await page.setViewportSize(DESKTOP);
  await page.emulateMedia({ colorScheme: "light" });
  const light = await page.screenshot();
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await page.screenshot();
  const { changed, lit } = await compare(browser, light, dark);
  if (changed < DARK_SHARE || lit === null) return [];
  const message = `in the dark the sheet is dark, and the page around it stays ${lit}`;
  return [browserFinding("dark-page", { message, where: { selector: "body" } })];
}

/**
 * The share of pixels that are dark only in the second picture, and the colour of a corner that is not
 * dark there. The browser itself reads its pictures, in a page of its own.
 */
async function compare(
  browser: Browser,
  light: Buffer,
  dark: Buffer,
): Promise<{ changed: number; lit: string | null }> {
  const page = await browser.newPage();
  try {
    return await page.evaluate(
      async (pictures) => {
        const pixelsOf = async (base64: string) => {
          const image = new Image();
          image.src = `data:image/png;base64,${base64}`;
          await image.decode();
          const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
          context?.drawImage(image, 0, 0);
          return context?.getImageData(0, 0, image.width, image.height);
        };
        const [before, after] = await Promise.all(pictures.map(pixelsOf));
        if (!before || !after) return { changed: 0, lit: null };
        const { width, height } = after;
        const at = ({ data }: ImageData, index: number) =>
          [0, 1, 2].map((channel) => data[index * 4 + channel] ?? 0);
        const isDark = (colour: readonly number[]) => Math.max(...colour) < 100;
        let changed = 0;
        for (let index = 0; index < width * height; index++) {
          if (isDark(at(after, index)) && !isDark(at(before, index))) changed++;
        }
        const corners = [
          [2, 2],
          [width - 3, 2],
          [2, height - 3],
          [width - 3, height - 3],
        ].map(([x = 0, y = 0]) => at(after, y * width + x));
        const lit = corners.find((colour) => !isDark(colour));
        const hex = lit?.map((value) => value.toString(16).padStart(2, "0")).join("");
        return { changed: changed / (width * height), lit: hex ? `#${hex.toUpperCase()}` : null };
      },
      [light.toString("base64"), dark.toString("base64")],
    );
  } finally {
    await page.close();
  }
}
