import { execFileSync } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { flatEntries } from "../../src/digest/digest.ts";
import { parseDigest } from "../../src/digest/digest-json.ts";
import { openBrowser } from "../browser.ts";
import { folderWith, HARBOUR, LIGHTHOUSE } from "../cli/broadsheet.ts";
import { BRIDGE, LAMPS, wireCopy } from "../digest/stories/wire.ts";
import { replaceFile, settled } from "./places.ts";
import { type Running, startPreview } from "./server.ts";

const DAY = "2018-11-20";
const SLOT = `the-wire/${DAY}`;

let cwd: string;
let running: Running;
let page: Page;

function inFile([title, text]: readonly [string, string], site: string): string {
  return `---\ntitle: ${JSON.stringify(title)}\nsite: ${site}\ndate: ${DAY}\n---\n\n${text}\n`;
}

const UNTITLED =
  "The weir at Sallow was opened on Monday, a year after the flood of 2017 had broken it.\n\nThe town paid 40,000 crowns for it, and 300 people came to see the first boat go through.\n";

beforeAll(async () => {
  cwd = await folderWith({
    "broadsheet.config.json": '{ "name": "The Wire" }',
    "content/1.md": inFile(BRIDGE.told, "The One"),
    "content/2.md": inFile(LAMPS.told, "The Third"),
    "content/3.txt": HARBOUR,
    "content/4.md": LIGHTHOUSE,
    "content/5.md": UNTITLED,
  });
  running = await startPreview(cwd, ["--date", DAY]);
  page = await open();
});

afterAll(async () => {
  await page.close();
  expect(await running.stop()).toBe(0);
});

async function open(search = ""): Promise<Page> {
  const opened = await (await openBrowser()).newPage({ viewport: { width: 1440, height: 900 } });
  await goTo(opened, search);
  return opened;
}

async function goTo(shown: Page, search = ""): Promise<void> {
  await shown.goto(`${running.url}${SLOT}${search}`);
  await settled(shown);
}

const fileOf = (name: string) => path.join(cwd, "outbox", SLOT, name);

async function entries() {
  const file = fileOf("digest.json");
  return flatEntries(parseDigest(await readFile(file, "utf8"), file));
}

const titlesInFile = async () => (await entries()).map(({ article }) => article.title);
const gists = async () => (await entries()).map(({ summary }) => summary.gist.text);

/** The key points of the third story. */
const points = async () => (await entries())[2]?.summary.keyPoints.map(({ text }) => text) ?? [];

const replace = async (name: string, text: string) => replaceFile(path.join(cwd, name), text);

async function write(shown: Page, text: string): Promise<void> {
  await shown.locator(".editor textarea").fill(text);
  await shown.keyboard.press("Enter");
}

/** Writes the gist of a story, by its number. */
async function writeGist(story: number, text: string): Promise<void> {
  await goTo(page, `?view=model&story=${story}&point=g`);
  await page.keyboard.press("e");
  await write(page, text);
  await expect.poll(gists).toContain(text);
}

test("three quick moves are three moves", async () => {
  const [first, ...others] = await titlesInFile();
  for (let press = 0; press < 3; press++) await page.keyboard.press("Shift+J");
  const moved = [...others.slice(0, 3), first, ...others.slice(3)];
  await expect.poll(titlesInFile).toEqual(moved);
  for (let press = 0; press < 3; press++) await page.keyboard.press("u");
  await expect.poll(titlesInFile).toEqual([first, ...others]);
});

test("two stories that are joined and parted have both what was written of them", async () => {
  await writeGist(1, "Mine of the first.");
  await writeGist(2, "Mine of the second.");
  const before = await titlesInFile();
  await goTo(page, "?story=1");
  await page.locator("[data-key=join-with]").selectOption({ index: 0 });
  await page.locator("[data-key=join]").click();
  await page.keyboard.press("Enter");
  await expect.poll(titlesInFile).toHaveLength(before.length - 1);
  await expect.poll(() => page.textContent(".row .notice")).toContain("Mine of the second.");
  await page.locator("[data-key=part-out-0]").click();
  await page.keyboard.press("Enter");
  await expect.poll(titlesInFile).toEqual(before);
  await settled(page);
  expect((await gists()).slice(0, 2)).toEqual(["Mine of the first.", "Mine of the second."]);
});

test("a mended word in the article, and a fuller copy of another paper, leave an editor's words", async () => {
  const [title, text] = BRIDGE.told;
  await replace(
    "content/1.md",
    inFile([title, text.replace(/\.\s*$/u, ", it is said.")], "The One"),
  );
  await expect
    .poll(() => page.textContent(".row .notice"))
    .toContain("has changed since you wrote “Mine of the first.”");
  const fuller = wireCopy(
    [title, `${text}\n\nThe engineers will look at it again on Friday.`],
    "No way across",
  );
  await replace("content/6.md", inFile(fuller, "The Other"));
  await expect.poll(async () => (await entries()).some(({ alsoIn }) => alsoIn)).toBe(true);
  expect(await gists()).toContain("Mine of the first.");
  await rm(path.join(cwd, "content/6.md"));
  await expect.poll(async () => (await entries()).some(({ alsoIn }) => alsoIn)).toBe(false);
  expect(await gists()).toContain("Mine of the first.");
});

test("of an article without a title the words stay when the article is mended", async () => {
  const at = (await titlesInFile()).indexOf("");
  await writeGist(at + 1, "Mine of the weir.");
  await replace("content/5.md", UNTITLED.replace("300 people", "310 people"));
  await expect.poll(async () => (await entries())[at]?.article.text).toContain("310 people");
  expect(await gists()).toContain("Mine of the weir.");
});

test("a point is taken out, and the next one is written at once", async () => {
  await goTo(page, "?view=model&story=3&point=k1");
  const [first = "", second = "", ...others] = await points();
  await page.keyboard.press("e");
  // The answer to the first edit comes while the second is being written.
  const { promise: isWriting, resolve: letGo } = Promise.withResolvers<void>();
  await page.route(/\/edit$/, async (route) => {
    await isWriting;
    await route.continue();
  });
  await write(page, "");
  await page.locator("[data-key=point-k2]").click();
  await page.keyboard.press("e");
  await page.locator(".editor textarea").fill("Mine of the second point.");
  letGo();
  await expect.poll(points).not.toContain(first);
  // The answer redraws the page and the editor in it. A press of the button at that moment would be lost.
  await settled(page);
  await page.locator(".editor .solid").click();
  await expect.poll(points).toEqual(["Mine of the second point.", ...others]);
  expect(await points()).not.toContain(second);
  await page.unroute(/\/edit$/);
});

test("two pages that change two fields at once both count", async () => {
  const other = await open("?view=model&story=4&point=g");
  await other.route(/\/state$/, (route) => route.abort());
  await goTo(page);
  await page.keyboard.press("e");
  await write(page, "A subject of mine");
  await expect.poll(() => page.locator(".subject").textContent()).toBe("A subject of mine");
  await other.keyboard.press("e");
  await write(other, "Mine from the other page.");
  await expect.poll(gists).toContain("Mine from the other page.");
  const digest = JSON.parse(await readFile(fileOf("digest.json"), "utf8"));
  expect(digest.subject).toBe("A subject of mine");
  await other.close();
});

test("after a restart, and without digest.built.json, all is there, and undo goes on", async () => {
  const before = await gists();
  expect(await running.stop()).toBe(0);
  await rm(fileOf("digest.built.json"));
  running = await startPreview(cwd, ["--date", DAY]);
  expect(await gists()).toEqual(before);
  await goTo(page);
  await page.keyboard.press("u");
  await expect.poll(gists).not.toContain("Mine from the other page.");
  await page.keyboard.press("u");
  await expect.poll(() => page.locator(".subject").textContent()).not.toBe("A subject of mine");
  expect(await gists()).toContain("Mine of the first.");
});

/** No file of the desk may grow larger from now on, as on a full disk. */
function limit(bytes: string): void {
  execFileSync("prlimit", [`--pid=${running.pid}`, `--fsize=${bytes}:unlimited`]);
}

test("on a full disk the issue stays as it was, and the words stay in the page until they can be saved", async () => {
  await goTo(page);
  const subject = await page.locator(".subject").textContent();
  limit("4096");
  await page.keyboard.press("e");
  await write(page, "Written on a full disk");
  const editor = page.locator(".editor");
  await expect.poll(async () => editor.textContent()).toMatch(/cannot be written/);
  expect(await editor.locator("textarea").inputValue()).toBe("Written on a full disk");
  expect(await readFile(fileOf("digest.json"), "utf8")).toContain(JSON.stringify(subject));
  limit("unlimited");
  await write(page, "Written on a full disk");
  await expect
    .poll(async () => page.locator(".subject").textContent())
    .toBe("Written on a full disk");
});
