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

const EMAILS = [
  ["brief", brief(), "brief"],
  ["digest in sections", grouped(7), "digest"],
  ["digest with everything", FIXTURES.everything("he"), "digest"],
  [
    "letter with a logo on a plate",
    { ...FIXTURES["plate and accent"]("en"), letter: LETTER.letter },
    "letter",
  ],
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
    const { findings, notRun } = await checkWith(browser, html);
    expect(notRun).toEqual([]);
    // No table has the widths of Hebrew, whose last words are left to the mail program.
    const isOurs = ({ rule }: { rule: string }) => digest.language !== "he" || rule !== "lone-word";
    expect(findings.filter(isOurs)).toEqual([]);
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

/** The box of the first element, and where its lines of text are. */
function boxOf(selector: string) {
  return page.$eval(selector, (element) => {
    const { left, right, top, bottom, width } = element.getBoundingClientRect();
    const range = document.createRange();
    range.selectNodeContents(element);
    const tops = [...range.getClientRects()].filter((line) => line.width > 1);
    const lines = new Set(tops.map((line) => Math.round(line.top / 10))).size;
    return { left, right, top, bottom, width, lines };
  });
}

async function folioLines(): Promise<number[]> {
  const [start, end] = [
    await boxOf("td.hair[align=left] p"),
    await boxOf("td.hair[align=right] p"),
  ];
  return [start.lines, end.lines];
}

describe("the page of a digest", () => {
  const TEN = FIXTURES.ten("en");

  test("has its folio in two lines on each side of a phone, and in one on a desk", async () => {
    const { html } = await render(TEN, "digest");
    await open(html, 375);
    expect(await folioLines()).toEqual([2, 2]);
    await page.setViewportSize({ width: 600, height: 900 });
    expect(await folioLines()).toEqual([1, 1]);
  });

  test("has air between a pair and the row below it", async () => {
    const { html } = await render(TEN, "digest");
    for (const width of [375, 600]) {
      await open(html, width);
      const pair = await boxOf(".two");
      const [row] = await page.$$eval(
        "td.hair:not(.half)",
        (cells, below) => {
          const tops = cells.map((cell) => cell.getBoundingClientRect().top);
          return tops.filter((top) => top >= below);
        },
        pair.bottom,
      );
      expect((row ?? 0) - pair.bottom).toBeGreaterThanOrEqual(24);
    }
  });

  test("has its lead picture in the middle where a client has dropped the styles", async () => {
    const { html } = await render(TEN, "digest");
    await open(html.replaceAll(/<style[^]*?<\/style>/g, ""), 700);
    const { left, right } = await boxOf("img");
    expect(Math.abs(left - (700 - right))).toBeLessThan(2);
  });

  test("keeps the minutes of its contents on one line where a webmail has dropped the attributes", async () => {
    const { html } = await render(TEN, "digest");
    await open(html.replaceAll(/ (?:nowrap|width="[^"]*")/g, ""), 280);
    expect((await boxOf("td.t-meta")).lines).toBe(1);
  });

  test("shows the alt text of a picture that isn't there in a hairline box, light and dark", async () => {
    const { html } = await render(TEN, "digest");
    await open(html, 375);
    const shadow = await page.$eval("img", (image) => getComputedStyle(image).boxShadow);
    expect(shadow).toMatch(/^rgba\(136, 136, 136, 0\.33\d*\) 0px 0px 0px 1px inset$/);
  });

  test("gives each answer half of a phone, and 160 px on a desk", async () => {
    const feedback = { yes: "https://mudlark.example/yes", no: "https://mudlark.example/no" };
    const { html } = await render({ ...TEN, modules: { feedback } }, "digest");
    const widths = () =>
      page.$$eval(".outlined", (cells) =>
        cells.map((cell) => Math.round(cell.getBoundingClientRect().width)),
      );
    await open(html, 375);
    expect(await widths()).toEqual([161, 160]);
    await page.setViewportSize({ width: 600, height: 900 });
    expect(await widths()).toEqual([160, 160]);
  });
});

test("the lead's headline ends on the first screen of a phone, below a picture and long contents", async () => {
  const caption = "The quay at dusk";
  const image = { src: "images/quay.jpg", alt: "The quay", caption, widthPx: 1600, heightPx: 900 };
  const long = (length: number) =>
    Array.from({ length: 24 }, (_, at) =>
      entry({
        id: `s${at}`,
        kicker: "Harbours",
        title:
          `Story ${at} of the harbour board of Orrell Sands that nobody has asked about bees on the long quay`
            .slice(0, length)
            .trim(),
        images: at === 0 ? [image] : [],
      }),
    );
  for (const [count, length, rest] of [
    [10, 70, "and five in brief 20 min"],
    [24, 70, "and two more 8 min"],
    [24, 98, "and three more 12 min"],
    [10, 30, "and five in brief 20 min"],
  ] as const) {
    await open((await render(digestOf(long(length).slice(0, count)), "digest")).html, 375);
    const bottom = await page.$eval("h2", (headline) => headline.getBoundingClientRect().bottom);
    expect(bottom).toBeLessThanOrEqual(890);
    // The lead keeps its line in the contents where it has room.
    const first = await page.textContent(".t-toc a");
    expect(first).toContain(length < 70 ? "Story 0 of" : "Story 1 of");
    expect((await page.textContent(".t-contents"))?.replaceAll("\u00A0", " ")).toBe(rest);
  }
});

test("on a desk a title in the contents keeps its last words together, beside its minutes", async () => {
  const title = "New York man pleads guilty to threatening to kill Rep. Ilhan Omar";
  const entries = ["a", "b", "c", "d"].map((id) => entry({ id, title: `${title} ${id}` }));
  await open((await render(digestOf(entries), "digest")).html, 600);
  const tops = await page.$eval(".t-toc a", ({ childNodes }) => {
    const text = [...childNodes].find(({ nodeType }) => nodeType === Node.TEXT_NODE);
    const topOf = (from: number, to: number) => {
      const range = document.createRange();
      if (text) range.setStart(text, from);
      if (text) range.setEnd(text, to);
      return range.getBoundingClientRect().top;
    };
    const { length = 0 } = text?.textContent ?? {};
    return [topOf(length - 12, length - 11), topOf(length - 4, length - 3)];
  });
  expect(tops[0]).toBe(tops[1]);
});

/** A story with one text in all of its places. */
function everywhere(text: string) {
  const sentence = { text: `${text.replace(/\.$/, "")}.` };
  const kicker = text.slice(0, 70).trim();
  return entry(
    { title: text, kicker, url: "https://paper.example/" },
    {
      gist: sentence,
      keyPoints: [sentence, sentence, sentence],
      quote: { ...sentence, speaker: "Ada Quill" },
      people: [{ name: "Ada Quill", role: text }],
      timeline: [{ when: "March 2019", sentence }],
    },
  );
}

describe("a text that no phone has room for", () => {
  const COMPOUND = "Rinderkennzeichnungsfleischetikettierungsüberwachungsaufgaben";
  const odd = {
    "a word of 60 letters": `The ${COMPOUND} of Orrell`,
    "a word of 60 letters beside an emoji": `🚢 ${COMPOUND} 🐝🐝 of Orrell`,
    "a word of 60 letters without a syllable": `The ${"xkcd".repeat(15)} of Orrell`,
    "a headline of 300 characters": "The harbour board of Orrell asks about bees. "
      .repeat(7)
      .trim(),
    "Arabic of 300 characters": "مجلس الميناء في أوريل يسأل عن النحل على الرصيف ".repeat(6).trim(),
    "Japanese of 300 characters": "河口の町の水の上を走る船と鐘と蜂の話です。".repeat(15),
    "a row of emoji": "🚢🐝🇩🇪👩‍👩‍👧‍👦".repeat(40),
  };

  const stories = Object.values(odd).map(everywhere);

  test.each([
    ["a brief", stories.slice(0, 1), "brief"],
    ["a digest", stories, "digest"],
    ["a digest the other way round", stories.toReversed(), "digest"],
  ] as const)("is torn nowhere and sticks out nowhere: %s", async (_what, entries, name) => {
    const { findings } = await checkWith(browser, (await render(digestOf(entries), name)).html);
    const rules = new Set(["word-torn", "overflow", "overflow-unstyled", "crowded"]);
    expect(findings.filter(({ rule }) => rules.has(rule))).toEqual([]);
  });
});

test("Japanese contents leave no character alone, and write minutes as the rest of the page does", async () => {
  await open((await render(FIXTURES.ten("ja"), "digest")).html, 375);
  const last = await page.$$eval(".t-toc a", (links) =>
    links.map((link) => {
      const node = link.childNodes[1];
      const length = node?.textContent?.length ?? 0;
      const range = document.createRange();
      if (node) range.setStart(node, length - 1);
      if (node) range.setEnd(node, length);
      const end = range.getBoundingClientRect();
      return end.right - link.getBoundingClientRect().left;
    }),
  );
  expect(Math.min(...last)).toBeGreaterThan(24);
  expect(await page.$eval(".minutes", ({ textContent }) => textContent)).toBe("3分");
});
