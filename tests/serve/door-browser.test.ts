import type { Page } from "playwright-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { faultsInBothLights } from "../preview/faults-in.ts";
import { doorBench } from "./door-bench.ts";
import { faultsFor, inBrowser, NO_FAULTS } from "./door-page.ts";

const A_WHILE_MS = 5_000;

let bench: Awaited<ReturnType<typeof doorBench>>;
let site: string;
let token: string;

beforeEach(async () => {
  bench = await doorBench({ hasArchive: true });
  site = await bench.listen();
  token = await bench.add({ address: "mara@harbour.example", name: "Mara", tags: [] });
});
afterEach(async () => bench.close());

const stateOf = async () => (await bench.readers.find(token))?.state;

/** Presses a button of a page that has been open for a while. */
async function press(page: Page, name: string): Promise<void> {
  bench.pass(A_WHILE_MS);
  await page.getByRole("button", { name, exact: true }).click();
}

describe.each([
  ["with scripts", true],
  ["without scripts", false],
])("a reader in a browser %s", (_name, hasScripts) => {
  test("leaves and takes it back", async () => {
    await inBrowser(hasScripts, async (page) => {
      await page.goto(`${site}/u/${token}`);
      expect(await stateOf()).toBe("subscribed");
      await press(page, "Unsubscribe");
      expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe(
        "You’re off the list",
      );
      expect(await stateOf()).toBe("left");
      await press(page, "Undo, I pressed by mistake");
      expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe(
        "You’re back on the list",
      );
      expect(await stateOf()).toBe("subscribed");
    });
  });

  test("pauses until a day, ends the pause, sees and erases what is stored", async () => {
    await inBrowser(hasScripts, async (page) => {
      await page.goto(`${site}/u/${token}`);
      await page.getByRole("link", { name: "What I get" }).click();
      await page.getByLabel("No issue before").fill("2026-12-24");
      await press(page, "Pause");
      expect(await page.locator("main").textContent()).toContain("before 24 December 2026");
      expect(await stateOf()).toBe("paused");
      await press(page, "End the pause");
      expect(await stateOf()).toBe("subscribed");
      await press(page, "Mail me the link");
      const link = /http:\S+/.exec(bench.mails[0]?.text ?? "")?.[0] ?? "";
      await page.goto(link);
      expect(await page.locator("dl").textContent()).toContain("mara@harbour.example");
      await press(page, "Erase everything");
      expect(await bench.audience.statusOf("mara@harbour.example")).toBe("erased");
    });
  });
});

test("every page is free of faults in both lights, fits 320 px, and has targets of 44 px", async () => {
  await inBrowser(true, async (page) => {
    const seen = async (): Promise<void> => expect(await faultsFor(page)).toEqual(NO_FAULTS);
    await page.goto(`${site}/nothing`);
    await seen();
    await page.goto(`${site}/p/${token}`);
    await seen();
    await page.getByRole("button", { name: "Pause", exact: true }).click();
    expect(await page.getByRole("alert").textContent()).toContain("Please press once more");
    await seen();
    await press(page, "Mail me the link");
    await seen();
    await page.goto(/http:\S+/.exec(bench.mails[0]?.text ?? "")?.[0] ?? "");
    await seen();
    await page.goto(`${site}/u/${token}`);
    await seen();
    await press(page, "Unsubscribe");
    await seen();
  });
});

test("a page in a script from right to left is set from right to left", async () => {
  await bench.close();
  bench = await doorBench({ language: "ar" });
  site = await bench.listen();
  token = await bench.add({ address: "mara@harbour.example", tags: [] });
  await inBrowser(true, async (page) => {
    await page.goto(`${site}/p/${token}`);
    expect(await page.locator("html").getAttribute("dir")).toBe("rtl");
    expect(await faultsInBothLights(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  });
});
