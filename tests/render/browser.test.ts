import { pathToFileURL } from "node:url";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadTemplate } from "../../src/io/load-template.ts";
import { renderEmail } from "../../src/render/render-email.ts";
import { launchBrowser } from "../browser.ts";
import { ARABIC, LETTER, brief, digestOf, entry, grouped, roundUp } from "../fixtures.ts";

const LONG = digestOf([
  entry({
    title:
      "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft wird neu besetzt",
  }),
  entry({
    title: "https://paper.example/a/very/long/address/without/a/single/space/in/it/that/never/ends",
  }),
]);

const EMAILS = [
  ["brief", brief(), "brief"],
  ["digest", roundUp(), "digest"],
  ["letter", LETTER, "letter"],
  ["digest in sections", grouped(7), "digest"],
  ["arabic brief", ARABIC, "brief"],
  ["arabic letter", ARABIC, "letter"],
  ["digest of long words", LONG, "digest"],
] as const;

let browser: Browser;
let folder: string;

beforeAll(async () => {
  browser = await launchBrowser();
  folder = await mkdtemp(join(tmpdir(), "broadsheet-browser-"));
});

afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

async function open(html: string, width: number, colorScheme: "light" | "dark"): Promise<Page> {
  const file = join(folder, "email.html");
  await writeFile(file, html);
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  await page.goto(pathToFileURL(file).href);
  return page;
}

/** The width of the page, and every text smaller than 13px: what a phone would scroll or squint at. */
function measure(page: Page): Promise<{ width: number; tiny: string[] }> {
  return page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const tiny: string[] = [];
    while (walker.nextNode()) {
      const { parentElement: element, textContent } = walker.currentNode;
      if (!element || !textContent?.trim() || element.getClientRects().length === 0) continue;
      if (Number.parseFloat(getComputedStyle(element).fontSize) < 13) tiny.push(textContent);
    }
    return { width: document.documentElement.scrollWidth, tiny };
  });
}

async function pixel(page: Page, x: number, y: number): Promise<number[]> {
  const shot = await page.screenshot({ clip: { x, y, width: 1, height: 1 } });
  return [...(await sharp(shot).removeAlpha().raw().toBuffer())];
}

describe.each(EMAILS)("the %s", (_name, digest, template) => {
  test.each([280, 320, 375, 600, 1024])(
    "fits a screen of %i px in light and dark",
    async (width) => {
      const { html } = await renderEmail(digest, await loadTemplate(template));
      for (const scheme of ["light", "dark"] as const) {
        const page = await open(html, width, scheme);
        expect(await measure(page)).toEqual({ width, tiny: [] });
        await page.close();
      }
    },
  );

  test("fits a phone where a client has dropped its styles", async () => {
    const { html } = await renderEmail(digest, await loadTemplate(template));
    const page = await open(html.replace(/<style[\s\S]*?<\/style>/g, ""), 320, "light");
    expect(await measure(page)).toEqual({ width: 320, tiny: [] });
    await page.close();
  });

  test("turns the whole page dark, the part outside the sheet too", async () => {
    const { html } = await renderEmail(digest, await loadTemplate(template));
    const page = await open(html, 1024, "dark");
    expect(await pixel(page, 2, 2)).toEqual([0x14, 0x14, 0x13]);
    expect(await pixel(page, 1020, 890)).toEqual([0x14, 0x14, 0x13]);
    expect(await pixel(page, 512, 3)).toEqual([0x14, 0x14, 0x13]);
    await page.close();
  });

  test("gives every link a target 44 px high, those within a sentence apart", async () => {
    const { html } = await renderEmail(digest, await loadTemplate(template));
    const page = await open(html, 375, "light");
    const heights = await page.$$eval("a", (links) =>
      links
        // WCAG 2.2 §2.5.8 excepts links that a line of text constrains.
        .filter((link) => getComputedStyle(link).display !== "inline")
        .map((link) => link.getBoundingClientRect().height),
    );
    expect(heights.length).toBeGreaterThan(1);
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(44);
    await page.close();
  });
});

test("stacks on a phone and stands in two columns on a desktop", async () => {
  const { html } = await renderEmail(brief(), await loadTemplate("brief"));
  const tops = async (width: number) => {
    const page = await open(html, width, "light");
    const boxes = await page.$$eval(".lab, .con", (cells) =>
      cells.slice(0, 2).map((cell) => cell.getBoundingClientRect()),
    );
    await page.close();
    return boxes;
  };
  const [phoneLabel, phoneText] = await tops(375);
  const [label, text] = await tops(600);
  expect(phoneText?.top).toBeGreaterThanOrEqual(phoneLabel?.bottom ?? Infinity);
  expect([label?.width, text?.width]).toEqual([136, 384]);
  expect(label?.top).toBe(text?.top);
});
