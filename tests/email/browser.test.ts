import { pathToFileURL } from "node:url";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkWith } from "../../src/check/io/browser/check-in-browser.ts";
import { openBrowser } from "../browser.ts";
import { LETTER, PUBLICATION, brief, digestOf, entry, grouped, roundUp } from "../fixtures.ts";
import { FIXTURES } from "../matrix/fixtures.ts";
import { render } from "../render.ts";
import { newFolder } from "../temporary.ts";

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
  ["digest in sections", grouped(7), "digest"],
  ["digest of long words", LONG, "digest"],
  ["digest with everything", FIXTURES.everything("he"), "digest"],
  ["letter with a logo on a plate", FIXTURES["plate and accent"]("en"), "letter"],
] as const;

let browser: Browser;
/** One serves all tests: to make one takes longer than most of them. */
let page: Page;
let folder: string;

beforeAll(async () => {
  browser = await openBrowser();
  page = await browser.newPage();
  folder = await newFolder();
});

afterAll(async () => page.close());

/** In the light, in a window of this width. */
async function open(html: string, width: number): Promise<void> {
  const file = join(folder, "email.html");
  await writeFile(file, html);
  await page.setViewportSize({ width, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto(pathToFileURL(file).href);
}

/** The width of the page, and every text smaller than 13px: what a phone would scroll or squint at. */
function measure(): Promise<{ width: number; tiny: string[] }> {
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

async function pixel(x: number, y: number): Promise<number[]> {
  const shot = await page.screenshot({ clip: { x, y, width: 1, height: 1 } });
  return [...(await sharp(shot).removeAlpha().raw().toBuffer())];
}

describe.each(EMAILS)("the %s", (_name, digest, template) => {
  test("has nothing wrong with it in any light, on any phone, with or without its styles", async () => {
    const { html } = await render(digest, template);
    expect(await checkWith(browser, html)).toEqual({ findings: [], notRun: [] });
  });

  test("fits a desk, sets nothing smaller than 13 px, and is dark up to its edges", async () => {
    const { html } = await render(digest, template);
    await open(html, 600);
    expect(await measure()).toEqual({ width: 600, tiny: [] });
    await page.setViewportSize({ width: 1024, height: 900 });
    expect(await measure()).toEqual({ width: 1024, tiny: [] });
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await pixel(2, 2)).toEqual([0x14, 0x14, 0x13]);
    expect(await pixel(1020, 890)).toEqual([0x14, 0x14, 0x13]);
    expect(await pixel(512, 3)).toEqual([0x14, 0x14, 0x13]);
  });
});

/** The words of an element that are broken, and how much wider than the screen the page is. */
function brokenWords(selector: string): Promise<{ words: string[]; beyond: number }> {
  return page.evaluate((selector) => {
    const words: string[] = [];
    for (const element of document.querySelectorAll(selector)) {
      const node = element.firstChild;
      for (const { index, 0: word } of node?.textContent?.matchAll(/\S+/g) ?? []) {
        const range = document.createRange();
        range.setStart(node ?? element, index);
        range.setEnd(node ?? element, index + word.length);
        if (new Set([...range.getClientRects()].map(({ top }) => top)).size > 1) words.push(word);
      }
    }
    return { words, beyond: document.documentElement.scrollWidth - window.innerWidth };
  }, selector);
}

describe("the letterhead", () => {
  /** Scripts of every kind, and the longest dates. */
  const LANGUAGES = "ar de el es fi he hi ja ko pt ru vi".split(" ");
  const LONG_NAMES = ["Gemeindeblatt am Fluss", "The Wetherside and Lower Estuary Mudlark"];
  const HEADS = [
    ...LANGUAGES.map((language) => ({ language, name: "The Mudlark" })),
    ...LONG_NAMES.map((name) => ({ language: "el", name })),
  ];

  test("breaks no word of a name or a date on any phone, in any script", async () => {
    const template = "letter";
    await open("", 320);
    const broken: unknown[] = [];
    for (const { language, name } of HEADS) {
      const publication = { ...PUBLICATION, name };
      const digest = { ...LETTER, language, date: "2030-09-25", publication };
      await page.setContent((await render(digest, template)).html);
      for (const width of [280, 320, 375]) {
        await page.setViewportSize({ width, height: 600 });
        const { words, beyond } = await brokenWords("h1, td > .t-meta");
        if (words.length > 0 || beyond > 0) broken.push([language, name, width, words, beyond]);
      }
    }
    expect(broken).toEqual([]);
  });

  test("has the date beside the name where both have room, and else below it", async () => {
    const template = "letter";
    const below = async (name: string, width: number) => {
      const digest = { ...LETTER, date: "2030-09-25", publication: { ...PUBLICATION, name } };
      await open((await render(digest, template)).html, width);
      const [title, date] = await page.$$eval("h1, td > .t-meta", (elements) =>
        elements.map((element) => element.getBoundingClientRect()),
      );
      return (date?.top ?? 0) >= (title?.bottom ?? 0);
    };
    expect(await below("The Mudlark", 375)).toBe(false);
    expect(await below("The Mudlark", 320)).toBe(false);
    expect(await below("Gemeindeblatt am Fluss", 375)).toBe(true);
    expect(await below("Gemeindeblatt am Fluss", 600)).toBe(false);
  });
});

test("stacks on a phone and stands in two columns on a desktop", async () => {
  const { html } = await render(roundUp(5), "digest");
  const tops = async (width: number) => {
    await open(html, width);
    const boxes = await page.$$eval(".half", (cells) =>
      cells.slice(0, 2).map((cell) => cell.getBoundingClientRect()),
    );
    return boxes;
  };
  const [phoneFirst, phoneSecond] = await tops(375);
  const [first, second] = await tops(600);
  expect(phoneSecond?.top).toBeGreaterThanOrEqual(phoneFirst?.bottom ?? Infinity);
  expect([first?.width, second?.width]).toEqual([260, 260]);
  expect(first?.top).toBe(second?.top);
});
