import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { flatEntries } from "../../src/digest/digest.ts";
import { parseDigest } from "../../src/digest/digest-json.ts";
import { openBrowser } from "../browser.ts";
import { folderWith } from "../cli/broadsheet.ts";
import { BRIDGE, FERRY, LAMPS, SHOPS, unsureReport, wireCopy } from "../digest/stories/wire.ts";
import { faultsInBothLights } from "../preview/faults-in.ts";
import { replaceFile, settled } from "./places.ts";
import { type Running, startPreview } from "./server.ts";

const DAY = "2018-11-20";
const COPY_TITLE = "No way across";
const [BRIDGE_TITLE] = BRIDGE.told;
const [LAMPS_TITLE] = LAMPS.told;

let cwd: string;
let running: Running;
let page: Page;

function inFile([title, text]: readonly [string, string], site: string): string {
  return `---\ntitle: ${JSON.stringify(title)}\nsite: ${site}\ndate: ${DAY}\n---\n\n${text}\n`;
}

beforeAll(async () => {
  cwd = await folderWith({
    "broadsheet.config.json": '{ "name": "The Wire", "order": "weight" }',
    "content/1.md": inFile(BRIDGE.told, "The One"),
    "content/2.md": inFile(wireCopy(BRIDGE.told, COPY_TITLE), "The Other"),
    "content/3.md": inFile(LAMPS.told, "The Third"),
  });
  running = await startPreview(cwd, ["--date", DAY]);
  page = await (await openBrowser()).newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(running.url);
  await settled(page);
});

afterAll(async () => {
  await page.close();
  expect(await running.stop()).toBe(0);
});

const titles = async () => page.locator('[aria-label="Stories"] .row .title').allTextContents();
const whyHere = async () => page.locator(".why-here").innerText();
const merged = async () => page.locator(".merged .title").allTextContents();

async function inFiles() {
  const file = path.join(cwd, "outbox/the-wire", DAY, "digest.json");
  const digest = parseDigest(await readFile(file, "utf8"), file);
  return { stories: digest.stories, ids: flatEntries(digest).map(({ id }) => id) };
}

const replace = async (name: string, text: string) => replaceFile(path.join(cwd, name), text);

async function step(key: "u" | "Shift+U"): Promise<void> {
  const answer = page.waitForResponse(/\/(?:undo|redo)$/);
  await page.keyboard.press(key);
  await answer;
  await settled(page);
}

test("an editor sees why a story stands where it does, and why another was merged into it", async () => {
  expect(await titles()).toEqual([BRIDGE_TITLE, LAMPS_TITLE]);
  const told = await whyHere();
  expect(told).toContain("Why story 1 is here");
  expect(told).toMatch(/0\.5 days old\s+against it/);
  expect(told).toContain("2 papers have it");
  // An editor is shown no figures of the program.
  expect(told).not.toMatch(/[+−]\d/);
  expect(told).toContain("Shown from this article: it has the fullest text.");
  expect(await merged()).toEqual([COPY_TITLE]);
  expect(told).toContain("The Other, a copy of it");
  await page.keyboard.press("j");
  expect(await whyHere()).not.toContain("papers have it");
  await page.keyboard.press("k");
  expect(await faultsInBothLights(page)).toEqual([]);
});

test("by keys alone an editor parts a story in two, which a rebuild keeps and one step takes back", async () => {
  await page.keyboard.press("w");
  expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe(
    `Part ${COPY_TITLE}`,
  );
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await expect.poll(titles).toHaveLength(3);
  expect(await titles()).toContain(COPY_TITLE);
  expect(await merged()).toEqual([]);
  const { stories, ids } = await inFiles();
  expect(ids).toHaveLength(3);
  expect(stories?.apart).toHaveLength(1);
  for (const id of stories?.apart?.[0] ?? []) expect(ids).toContain(id);

  await replace("content/3.md", inFile([`${LAMPS_TITLE} again`, LAMPS.told[1]], "The Third"));
  await expect.poll(titles).toContain(`${LAMPS_TITLE} again`);
  expect(await titles()).toContain(COPY_TITLE);
  await replace("content/3.md", inFile(LAMPS.told, "The Third"));
  await expect.poll(titles).toContain(LAMPS_TITLE);
  expect(await titles()).toContain(COPY_TITLE);

  await step("u");
  await expect.poll(titles).toEqual([BRIDGE_TITLE, LAMPS_TITLE]);
  expect((await inFiles()).stories).toBeUndefined();
});

test("by keys alone an editor joins two stories, which a rebuild keeps", async () => {
  await page.keyboard.press("w");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Join");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await expect.poll(titles).toEqual([BRIDGE_TITLE]);
  expect(await merged()).toEqual([COPY_TITLE, LAMPS_TITLE]);
  expect(await whyHere()).toContain("The Third, joined by you");
  expect((await inFiles()).stories?.together).toHaveLength(1);

  const config = '{ "name": "The Wire", "order": "weight", "reason": "At low tide" }';
  await replace("broadsheet.config.json", config);
  const shown = page.frameLocator("iframe").first().locator("body");
  await expect.poll(() => shown.textContent()).toContain("At low tide");
  expect(await titles()).toEqual([BRIDGE_TITLE]);
  expect(await merged()).toContain(LAMPS_TITLE);

  await page.locator(`[aria-label="Part ${LAMPS_TITLE}"]`).click();
  await page.keyboard.press("Enter");
  await expect.poll(titles).toEqual([BRIDGE_TITLE, LAMPS_TITLE]);
});

test("two stories that may be one are parted by one key and joined by another", async () => {
  const report = await unsureReport();
  const both = [BRIDGE_TITLE, report[0]];
  await replace("content/2.md", inFile(report, "The Other"));
  await expect.poll(titles).toContain(report[0]);
  const said = page.locator('[aria-label="Findings"]', { hasText: "may be the same story" });
  await expect.poll(() => said.count()).toBe(1);
  await page.locator("body").press("-");
  await expect.poll(() => said.count()).toBe(0);
  const parted = (await inFiles()).stories?.apart?.at(-1) ?? [];
  expect((await inFiles()).ids).toEqual(expect.arrayContaining([...parted]));
  expect(parted).toHaveLength(2);
  expect(await titles()).toEqual(expect.arrayContaining(both));
  await step("u");
  await expect.poll(() => said.count()).toBe(1);
  await page.locator("body").press("+");
  await expect.poll(async () => (await titles()).length).toBe(2);
  expect(await merged()).toHaveLength(1);
  expect(await said.count()).toBe(0);
  await step("u");
  await expect.poll(titles).toEqual(expect.arrayContaining(both));
});

test("the stories are listed in the order of the email, and a move that leaves it as it is says so", async () => {
  const long =
    "The council of Orrell asks all boats of the harbour for a report about the old bridge, and about the new one";
  const [, text] = LAMPS.told;
  const folder = await folderWith({
    "broadsheet.config.json": '{ "name": "The Wire" }',
    "content/1.md": inFile(BRIDGE.told, "The One"),
    "content/2.md": inFile(["Lamps for Carrow", text], "The Two"),
    "content/3.md": inFile([long, SHOPS[1]], "The Three"),
    "content/4.md": inFile(FERRY, "The Four"),
    "content/5.md": inFile(LAMPS.other, "The Five"),
  });
  const other = await startPreview(folder, ["--date", DAY]);
  const second = await (await openBrowser()).newPage({ viewport: { width: 1440, height: 900 } });
  await second.goto(other.url);
  await settled(second);
  const inList = second.locator('[aria-label="Stories"] .row .title');
  const order = ["Lamps for Carrow", FERRY[0], long, LAMPS.other[0]];
  expect((await inList.allTextContents()).slice(1)).toEqual(order);
  const sizes = second.locator(".parts-sizes button");
  expect((await sizes.locator(".name").allTextContents()).slice(1)).toEqual(order);
  expect(await sizes.locator(".number").allTextContents()).toEqual(["1", "2", "3", "4", "5"]);
  await inList.nth(3).click();
  const answer = second.waitForResponse(/\/edit$/);
  await second.keyboard.press("Shift+K");
  await answer;
  await settled(second);
  expect(await second.locator(".top").innerText()).toContain("the same order");
  expect((await inList.allTextContents()).slice(1)).toEqual(order);

  // The second story passes the one that the email shows below it, not the one below it in digest.json.
  await inList.nth(1).click();
  const moved = second.waitForResponse(/\/edit$/);
  await second.keyboard.press("Shift+J");
  await moved;
  await settled(second);
  const passed = [FERRY[0], "Lamps for Carrow", long, LAMPS.other[0]];
  expect((await inList.allTextContents()).slice(1)).toEqual(passed);

  // Three stories have more text than the email, and no link. An editor counts that as one thing to look at.
  const verdict = second.locator(".verdict");
  const looks = verdict.locator(".findings > .row .word.warning");
  expect(await verdict.locator("h2").innerText()).toBe(`${await looks.count()} to look at first`);
  expect(await verdict.locator(".others p").allInnerTexts()).toEqual(["2 more like it"]);
  expect(await verdict.getByRole("button", { name: "Add the link" }).count()).toBe(3);
  expect(await faultsInBothLights(second)).toEqual([]);
  await second.close();
  expect(await other.stop()).toBe(0);
});
