import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { flatEntries } from "../../src/digest/digest.ts";
import { parseDigest } from "../../src/digest/digest-json.ts";
import { openBrowser } from "../browser.ts";
import { broadsheet, folderWith, HARBOUR } from "../cli/broadsheet.ts";
import { edited } from "../digest/edited.ts";
import { BRIDGE, LAMPS } from "../digest/stories/wire.ts";
import { faultsInBothLights } from "../preview/faults-in.ts";
import { replaceFile, settled } from "./places.ts";
import { post, type Running, startPreview } from "./server.ts";

const DAY = "2018-11-20";
/** The latest issue of the outbox, whose notices every page shows. */
const LATER = "2018-11-27";
const [BRIDGE_TITLE, BRIDGE_TEXT] = BRIDGE.told;
const [LAMPS_TITLE] = LAMPS.told;

let cwd: string;
let running: Running;
let page: Page;

function inFile([title, text]: readonly [string, string], head = ""): string {
  return `---\ntitle: ${JSON.stringify(title)}\ndate: ${DAY}\n${head}---\n\n${text}\n`;
}

const replace = async (name: string, text: string) => replaceFile(path.join(cwd, name), text);

const fileOf = (slot: string) => path.join(cwd, "outbox/the-wire", slot, "digest.json");

async function digestOf(slot = DAY) {
  return parseDigest(await readFile(fileOf(slot), "utf8"), slot);
}

const gists = async (slot = DAY) =>
  flatEntries(await digestOf(slot)).map(({ summary }) => summary.gist.text);

async function build(): Promise<void> {
  expect(await broadsheet(["build", "--date", LATER], { cwd })).toMatchObject({ code: 0 });
}

beforeAll(async () => {
  cwd = await folderWith({
    "broadsheet.config.json": '{ "name": "The Wire" }',
    "content/1.md": inFile(BRIDGE.told, "kicker: paper.example\n"),
    "content/2.md": inFile(LAMPS.told),
    "content/3.txt": HARBOUR,
  });
  await build();
  const written = edited(await digestOf(LATER), 2, (one) => {
    return { ...one, summary: { ...one.summary, gist: { text: "Mine of the later issue." } } };
  });
  await writeFile(fileOf(LATER), JSON.stringify(written));
  await replace("content/3.txt", HARBOUR.replace("212 days", "213 days"));
  await build();
  running = await startPreview(cwd, ["--date", DAY]);
  page = await (await openBrowser()).newPage({ viewport: { width: 1440, height: 900 } });
  await show();
});

afterAll(async () => {
  await page.close();
  expect(await running.stop()).toBe(0);
});

async function show(search = ""): Promise<void> {
  await page.goto(`${running.url}the-wire/${DAY}${search}`);
  await settled(page);
}

const verdict = () => page.locator('[aria-label="Findings"]');
const storyList = () => page.locator('[aria-label="Stories"]');
const button = (within: Locator, name: string) => within.getByRole("button", { name });

/** Takes the last step back, and waits until that is done. */
async function undo(): Promise<void> {
  const answer = page.waitForResponse(/\/undo$/);
  await page.keyboard.press("u");
  await answer;
  await settled(page);
}

test("a finding is settled by the button in its row, by keys alone, until that is undone", async () => {
  const accept = button(verdict(), `Accept: ${LAMPS_TITLE}`);
  const box = await accept.boundingBox();
  expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44);
  expect(await faultsInBothLights(page)).toEqual([]);
  await accept.focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => accept.count()).toBe(0);
  await settled(page);
  expect(await page.evaluate(() => document.activeElement?.closest(".verdict") !== null)).toBe(
    true,
  );
  expect(flatEntries(await digestOf())[1]?.accepted).toBe(true);
  await undo();
  await expect.poll(() => accept.count()).toBe(1);
  // Where one looks at the model there is no verdict, and the button is at the story that is chosen.
  await show("?view=model&story=2");
  await button(storyList(), `Accept: ${LAMPS_TITLE}`).click();
  await expect.poll(async () => flatEntries(await digestOf())[1]?.accepted).toBe(true);
  await show();
});

test("a kicker that is none is taken out by a click", async () => {
  await button(verdict(), `Take it out: ${BRIDGE_TITLE}`).click();
  await expect
    .poll(async () => flatEntries(await digestOf())[0]?.article)
    .not.toHaveProperty("kicker");
  await expect.poll(() => verdict().textContent()).not.toContain("kicker");
});

test("words whose article has changed are kept, or give way to the new text, at their story", async () => {
  await show("?view=model&story=1&point=g");
  const [built] = await gists();
  await page.keyboard.press("e");
  await page.locator(".editor textarea").fill("Mine of the bridge.");
  await page.keyboard.press("Enter");
  await expect.poll(gists).toContain("Mine of the bridge.");
  await replace("content/1.md", inFile([BRIDGE_TITLE, `${BRIDGE_TEXT}\n\nIt was said twice.`]));
  const said = storyList().locator(".row .notice", { hasText: "since you wrote" });
  await expect.poll(() => said.textContent()).toContain("has changed since you wrote");
  await expectSteps();
  await show("?view=model&story=1&point=g");
  await button(said, `Keep mine: ${BRIDGE_TITLE}`).click();
  await expect.poll(() => said.count()).toBe(0);
  expect(await gists()).toContain("Mine of the bridge.");
  await undo();
  await expect.poll(() => said.count()).toBe(1);
  await button(said, `Take the new text: ${BRIDGE_TITLE}`).click();
  await expect.poll(() => said.count()).toBe(0);
  expect((await gists())[0]).toBe(built);
  await undo();
  await expect.poll(gists).toContain("Mine of the bridge.");
  await button(said, `Keep mine: ${BRIDGE_TITLE}`).click();
  await expect.poll(() => said.count()).toBe(0);
});

/** One key steps through all that is found, left out or doubted, in the order of the list, and marks each in its place. */
async function expectSteps(): Promise<void> {
  await show("?view=model&story=3&point=g");
  await page.keyboard.press("e");
  await page.locator(".editor textarea").fill("Zoe Quandt counted 999 of them.");
  await page.keyboard.press("Enter");
  await expect.poll(gists).toContain("Zoe Quandt counted 999 of them.");
  await show();
  const rows = verdict().locator(".findings .row > button");
  const all = (await rows.allTextContents()).join("\n");
  for (const kind of ["no link to its article", "has changed since you wrote", "Story 3: "])
    expect(all).toContain(kind);
  const keys = await rows.evaluateAll((found) => found.map((one) => one.getAttribute("data-key")));
  for (const key of keys) {
    await page.keyboard.press("n");
    const focused = async () =>
      page.evaluate(() => document.activeElement?.getAttribute("data-key"));
    // A sentence that its article does not say is looked at in the model.
    if (key?.startsWith("refusal-")) await page.locator(".point.chosen .refusal").waitFor();
    else await expect.poll(focused).toBe(key);
  }
  await page.keyboard.press("Shift+N");
  await undo();
  await expect.poll(gists).not.toContain("Zoe Quandt counted 999 of them.");
}

test("words of a story that was joined to another are had again by a click there", async () => {
  await show("?story=2");
  await page.locator("[data-key=join-with]").selectOption({ label: `1. ${BRIDGE_TITLE}` });
  await page.locator("[data-key=join]").click();
  await page.keyboard.press("Enter");
  const said = storyList().locator(".row .notice", { hasText: "Mine of the bridge." });
  await expect.poll(() => said.count()).toBe(1);
  await button(said, `Part the stories: ${BRIDGE_TITLE}`).click();
  await expect.poll(() => said.count()).toBe(0);
  expect(await gists()).toContain("Mine of the bridge.");
});

test("words whose story is gone are dropped by a click above the issue, which is undone like any edit", async () => {
  await show();
  await rm(path.join(cwd, "content/1.md"));
  const said = page.locator(".notices .notice", { hasText: "Mine of the bridge." });
  await expect.poll(() => said.count()).toBe(1);
  await button(said, `Drop it: ${BRIDGE_TITLE}`).click();
  await expect.poll(() => said.count()).toBe(0);
  // Another page may still show the button.
  const changes = [{ op: "drop", undoes: [999] }];
  expect((await post(running, `/the-wire/${DAY}/edit`, { changes })).status).toBe(409);
  await undo();
  await expect.poll(() => said.count()).toBe(1);
});

test("a notice about another issue has its button in the list of issues, and this page goes on with its own", async () => {
  const said = page.locator('[aria-label="Issues"] .notice', { hasText: "the later issue" });
  const before = await digestOf();
  await button(said, "Take the new text").click();
  await expect.poll(() => said.count()).toBe(0);
  expect(await gists(LATER)).not.toContain("Mine of the later issue.");
  expect(await digestOf()).toEqual(before);
  expect(await storyList().textContent()).toContain(LAMPS_TITLE);
  expect(page.url()).toContain(DAY);
});
