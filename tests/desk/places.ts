import { rename, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Locator, Page } from "playwright-core";
import { expect, onTestFinished, vi } from "vitest";
import { openBrowser } from "../browser.ts";
import { faultsInBothLights } from "../preview/faults-in.ts";
import { newFolder } from "../temporary.ts";
import type { Running } from "./server.ts";

/** Writes a file at once. A desk that read half of it would build an issue of its own, and a step to undo. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const next = path.join(await newFolder(), "next");
  await writeFile(next, text);
  await rename(next, file);
}

/** Opens a place of the desk. `faults`: what the browser's console says. */
export async function openPlace(
  { url, port }: Running,
  place: string,
): Promise<{ readonly page: Page; readonly faults: readonly string[] }> {
  const page = await (await openBrowser()).newPage({ viewport: { width: 1280, height: 900 } });
  onTestFinished(async () => page.close());
  const faults: string[] = [];
  page.on("console", (message) => {
    // A refusal is an answer with an error status, which the browser notes.
    const isRefusal = /status of 4\d\d/.test(message.text());
    if (message.type() === "error" && !isRefusal) faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("request", (request) => {
    if (new URL(request.url()).port !== String(port)) faults.push(request.url());
  });
  await page.goto(`${url}?place=${place}`);
  await page.waitForSelector("main.place h2");
  return { page, faults };
}

/** What is wrong with a place for a reader's eyes, fingers and screen reader: at 390 px too, and in the dark. */
export async function faultsOfPlace(page: Page): Promise<unknown[]> {
  const wide = page.viewportSize() ?? { width: 1280, height: 900 };
  await page.setViewportSize({ width: 390, height: 844 });
  const faults = [await faultsInBothLights(page)].flat();
  const targets = "main :is(button, input, select, a), dialog :is(button.solid, input, select)";
  const small = await smallTargets(page.locator(targets));
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  await page.setViewportSize(wide);
  return [...faults, ...small, ...(width > 390 ? [width] : [])];
}

/** The targets that a finger misses: lower or narrower than 44 px. A tick box counts with its label. */
export async function smallTargets(targets: Locator): Promise<string[]> {
  return targets.evaluateAll((all) =>
    all
      .filter((target) => {
        const { width, height } = (target.closest("label.check") ?? target).getBoundingClientRect();
        // A target of 1 px is for screen readers alone.
        return width > 1 && (width < 43.9 || height < 43.9);
      })
      .map(({ outerHTML }) => outerHTML),
  );
}

/** A field, button or link of the page by its name for tests. */
export function at(page: Page, key: string) {
  return page.locator(`[data-key="${key}"]`);
}

/** Waits until the page shows the newest state that the server has announced, waits for no answer, and its frames are loaded. */
export async function settled(page: Page): Promise<void> {
  // `waitForFunction` takes the promise of an asynchronous function for true, and would not wait.
  await vi.waitFor(async () => expect(await page.evaluate(isSettled)).toBe(true), 60_000);
}

/** Runs in the page. */
async function isSettled(): Promise<boolean> {
  const { dataset } = document.documentElement;
  const isStill = () => !("busy" in dataset) && !document.querySelector("iframe.is-loading");
  if (!isStill()) return false;
  const answer = await fetch(`${location.pathname}/state`);
  // Before there is an issue, there is no state of one.
  const changes = answer.ok ? (await answer.json()).desk.changes : dataset["changes"];
  return isStill() && dataset["changes"] === String(changes);
}
