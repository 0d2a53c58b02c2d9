import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";

const AXE = readFile(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");

/** The same in light and in the dark, where the colours alone are others. */
export async function faultsInBothLights(page: Page): Promise<unknown> {
  const faults = [];
  for (const [colorScheme, rules] of [["light"], ["dark", ["color-contrast"]]] as const) {
    await page.emulateMedia({ colorScheme });
    faults.push(await faultsIn(page, rules));
  }
  await page.emulateMedia({ colorScheme: null });
  return faults.flat();
}

/** What axe finds wrong with a page as it is now, its frames apart; with some rules only, where they are named. */
export async function faultsIn(page: Page, rules?: readonly string[]): Promise<unknown[]> {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(await AXE);
  const options = { iframes: false, resultTypes: ["violations"], ...(rules && { runOnly: rules }) };
  return page.evaluate(`axe.run(document, ${JSON.stringify(options)}).then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html.slice(0, 120)).join(" | ")))`);
}
