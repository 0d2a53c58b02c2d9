import type { Page } from "playwright-core";
import { expect } from "vitest";
import { openBrowser } from "../browser.ts";
import { faultsInBothLights } from "../preview/faults-in.ts";

/** Opens a page as wide as the narrowest phone, for as long as the work takes. */
export async function inBrowser(javaScriptEnabled: boolean, work: (page: Page) => Promise<void>) {
  const browser = await openBrowser();
  const viewport = { width: 320, height: 640 };
  const context = await browser.newContext({ viewport, javaScriptEnabled });
  try {
    await work(await context.newPage());
  } finally {
    await context.close();
  }
}

const A_WHILE_MS = 5_000;

/** Presses a button of a page that has been open for a while, until the next page says this. */
export async function press(
  page: Page,
  { pass }: { readonly pass: (ms: number) => void },
  [button, says]: readonly [button: string, says: string],
): Promise<void> {
  pass(A_WHILE_MS);
  await page.getByRole("button", { name: button, exact: true }).click();
  await expect.poll(async () => page.locator("main").textContent()).toContain(says);
}

/** A page of which no reader has to complain: axe in both lights, targets below 44 px, and its width beyond the screen. */
export const NO_FAULTS = { faults: [], low: [], beyondPx: 0 };

export async function faultsFor(page: Page) {
  const faults = await faultsInBothLights(page);
  const measured = await page.evaluate(() => ({
    low: [...document.querySelectorAll("main a, button, input:not([type=hidden])")]
      .filter((target) => target.getBoundingClientRect().height < 44)
      .map((target) => target.outerHTML),
    beyondPx: document.documentElement.scrollWidth - 320,
  }));
  return { faults, ...measured };
}
