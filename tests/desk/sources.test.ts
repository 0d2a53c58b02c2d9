import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { folderWith, HARBOUR } from "../cli/broadsheet.ts";
import { listening } from "../listening.ts";
import { feedOf, Paper, told } from "../sources/collect/paper.ts";
import { at, faultsOfPlace, openPlace } from "./places.ts";
import { startPreview } from "./server.ts";

const CONFIG = `name: "The Quay"
# Where stories come from.
sources:
  - content # what I write
  - from: "https://paper.example/feed.xml" # the paper
    paused: true # until spring
accent: "#1B4F8A" # blue
`;

/** A server that takes connections and never says a word. */
async function startSilent(): Promise<string> {
  const { port, close } = await listening(createServer(() => undefined));
  onTestFinished(close);
  return `http://127.0.0.1:${port}/feed.xml`;
}

test("an editor finds a feed by its paper's address, sees its stories, adds, weighs, pauses and removes it", async () => {
  const cwd = await folderWith({ "broadsheet.yaml": CONFIG, "content/1.txt": HARBOUR });
  const config = async () => readFile(path.join(cwd, "broadsheet.yaml"), "utf8");
  const paper = new Paper();
  const origin = await paper.open();
  onTestFinished(paper.close);
  const days = Array.from({ length: 12 }, (_, n) =>
    told(n, { date: new Date(Date.UTC(2026, 0, n + 1)).toISOString() }),
  );
  paper.pages.set("/feed.xml", feedOf(days));
  const link = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">';
  paper.pages.set("/", `<html><head>${link}</head><body><a href="/1">News</a></body></html>`);
  const running = await startPreview(cwd);
  onTestFinished(async () => void (await running.stop()));

  const { page: other } = await openPlace(running, "sources");
  await at(other, "source-address").fill(await startSilent());
  await at(other, "source-private").check();
  await at(other, "source-look").click();

  const { page, faults } = await openPlace(running, "sources");
  const said = () => page.locator("main [role=alert]").first().textContent();
  await at(page, "source-address").focus();
  await page.keyboard.type(origin);
  await page.keyboard.press("Enter");
  await expect.poll(said).toContain("tick “It is inside my own network”");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForSelector("ol.stories");
  const titles = await page.locator("ol.stories li").allTextContents();
  expect(titles).toHaveLength(10);
  expect(titles[0]).toBe(`${told(11).title} 2026-01-12`);
  expect(await config()).toBe(CONFIG);
  expect(await faultsOfPlace(page)).toEqual([]);

  await at(page, "source-add").press("Enter");
  await at(page, "weight-2").waitFor();
  const added = `  - from: "${origin}/feed.xml"\n    allowPrivate: true\n`;
  expect(await config()).toBe(CONFIG.replace("accent:", `${added}accent:`));
  await at(page, "weight-2").selectOption("2");
  await expect.poll(config).toContain("weight: 2");
  await at(page, "pause-2").click();
  await expect.poll(config).toContain(`allowPrivate: true\n    weight: 2\n    paused: true\n`);
  await page.getByRole("button", { name: `Collect ${origin}/feed.xml` }).waitFor();
  await at(page, "pause-1").click();
  await expect.poll(config).not.toContain("until spring");
  expect(await config()).toContain("# the paper");
  await at(page, "remove-2").click();
  await expect.poll(config).not.toContain(origin);
  await at(page, "sources-undo").click();
  await expect.poll(config).toContain(origin);
  await at(page, "remove-2").waitFor();
  // The second is removed before the page knows that the first is gone.
  const held = Promise.withResolvers<void>();
  await page.route(/~config$/, async (route) => {
    await held.promise;
    await route.continue();
  });
  await at(page, "remove-1").click();
  await at(page, "remove-2").click();
  held.resolve();
  await expect.poll(config).not.toContain("  - from");
  expect(await config()).toContain("  - content # what I write\n");
  expect(await config()).toContain('accent: "#1B4F8A" # blue');

  const silent = other.locator("main [role=alert]").first();
  // Of the time without a word and the time for all, the second may be over first on a busy machine.
  await expect.poll(async () => silent.textContent()).toMatch(/(?:5|10) seconds/);
  expect(await other.locator(".entry").count()).toBe(2);
  expect(faults).toEqual([]);
  expect(running.said()).not.toContain("127.0.0.1:");
}, 180_000);
