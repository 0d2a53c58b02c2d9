import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { faultsInBothLights } from "../preview/faults-in.ts";
import { doorBench } from "./door-bench.ts";
import { faultsFor, inBrowser, NO_FAULTS, press } from "./door-page.ts";

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

const LEAVE = ["Unsubscribe", "You’re off the list"] as const;
const MAIL = ["Mail me the link", "The link is on its way"] as const;

describe.each([
  ["with scripts", true],
  ["without scripts", false],
])("a reader in a browser %s", (_name, hasScripts) => {
  test("leaves and takes it back", async () => {
    await inBrowser(hasScripts, async (page) => {
      await page.goto(`${site}/u/${token}`);
      expect(await stateOf()).toBe("subscribed");
      await press(page, bench, LEAVE);
      expect(await stateOf()).toBe("left");
      await press(page, bench, ["Undo, I pressed by mistake", "You’re back on the list"]);
      expect(await stateOf()).toBe("subscribed");
    });
  });

  test("pauses until a day, ends the pause, sees and erases what is stored", async () => {
    await inBrowser(hasScripts, async (page) => {
      await page.goto(`${site}/u/${token}`);
      await page.getByRole("link", { name: "What I get" }).click();
      await page.getByLabel("No issue before").fill("2026-12-24");
      await press(page, bench, ["Pause", "before 24 December 2026"]);
      expect(await stateOf()).toBe("paused");
      await press(page, bench, ["End the pause", "Every issue comes to this address."]);
      expect(await stateOf()).toBe("subscribed");
      await press(page, bench, MAIL);
      const link = /http:\S+/.exec(bench.mails[0]?.text ?? "")?.[0] ?? "";
      await page.goto(link);
      expect(await page.locator("dl").textContent()).toContain("mara@harbour.example");
      await press(page, bench, ["Erase everything", "You are forgotten"]);
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
    await press(page, bench, MAIL);
    await seen();
    await page.goto(/http:\S+/.exec(bench.mails[0]?.text ?? "")?.[0] ?? "");
    await seen();
    await page.goto(`${site}/u/${token}`);
    await seen();
    await press(page, bench, LEAVE);
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
