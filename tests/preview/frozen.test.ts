import { readFile, rm, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { SqliteLedger } from "../../src/delivery/io/ledger/sqlite-ledger.ts";
import { openDatabase } from "../../src/platform/sqlite/open-store.ts";
import { SqliteStore } from "../../src/platform/sqlite/sqlite-store.ts";
import { openBrowser } from "../browser.ts";
import { broadsheet, contentsOf, folderWith, HARBOUR, LIGHTHOUSE } from "../cli/broadsheet.ts";
import { faultsInBothLights } from "./faults-in.ts";
import { startPreview } from "../desk/server.ts";

const SLOT = "2031-04-02";
const TITLE = "The ferry that waits for the post";

let browser: Browser;
let cwd: string;

beforeAll(async () => {
  browser = await openBrowser();
});

async function newsletter(): Promise<void> {
  cwd = await folderWith({
    "broadsheet.config.json": '{ "name": "The Mudlark" }',
    "content/1-ferry.txt": HARBOUR,
    "content/2-lamp.md": LIGHTHOUSE,
  });
  onTestFinished(async () => rm(cwd, { recursive: true }));
}

const store = () => path.join(cwd, ".broadsheet/broadsheet.db");
const folder = () => path.join(cwd, "outbox/the-mudlark", SLOT);

/** Its list is settled on, as `send` does it, and nobody has it yet. */
async function beginSending(): Promise<void> {
  const ledger = new SqliteLedger(new SqliteStore(await openDatabase(store())), {
    clock: () => new Date(),
  });
  const issue = { newsletter: "the-mudlark", slot: SLOT };
  await ledger.plan({ issue, contentHash: "x", recipients: [{ address: "mara@carrow.example" }] });
  await ledger.close();
}

async function preview(): Promise<Page> {
  const running = await startPreview(cwd, ["--date", SLOT]);
  onTestFinished(async () => void (await running.stop()));
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  onTestFinished(async () => page.close());
  await page.goto(running.url);
  // The address with the key leads on to that of the issue.
  await page.waitForURL(`**/the-mudlark/${SLOT}`);
  await page.locator(".subject").waitFor();
  return page;
}

const panel = (page: Page) => page.locator(".frozen");
const subject = (page: Page) => page.locator(".subject");

test("opening the preview overwrites no issue that is being sent, and shows it to look at", async () => {
  await newsletter();
  await broadsheet(["build", "--date", SLOT, "--quiet"], { cwd });
  await beginSending();
  await writeFile(path.join(cwd, "content/1-ferry.txt"), HARBOUR.replace(TITLE, "Another story"));
  const before = await contentsOf(folder());
  const page = await preview();
  expect(await panel(page).textContent()).toMatch(
    /this issue is being sent.*broadsheet send 2031-04-02 --revise/,
  );
  expect(await subject(page).textContent()).toBe(TITLE);
  await page.keyboard.press("e");
  expect(await page.locator(".editor, [data-key='tool-Hide']").count()).toBe(0);
  await page.keyboard.press("r");
  await expect.poll(() => page.locator(".status").textContent()).toContain("can't be built again");
  await writeFile(path.join(cwd, "content/3-bell.txt"), "A third story\n\nIt is a short one.\n");
  expect(await contentsOf(folder())).toEqual(before);
  expect(await faultsInBothLights(page)).toEqual([]);
});

test("an edit that is made when sending has begun is refused, with what to do, and isn't lost", async () => {
  await newsletter();
  const page = await preview();
  await page.keyboard.press("e");
  const field = page.locator(".editor textarea");
  await field.fill("Too late");
  await beginSending();
  const before = await readFile(path.join(folder(), "digest.json"), "utf8");
  await page.keyboard.press("Enter");
  await expect
    .poll(() => page.locator(".editor [role=alert], .frozen").first().textContent())
    .toContain("2031-04-02");
  await expect.poll(() => panel(page).count()).toBe(1);
  expect(await readFile(path.join(folder(), "digest.json"), "utf8")).toBe(before);
});

test("a store that is lost keeps the preview from writing, and it says the two ways out", async () => {
  await newsletter();
  await broadsheet(["build", "--date", SLOT, "--quiet"], { cwd });
  await beginSending();
  await truncate(store());
  const before = await contentsOf(folder());
  const page = await preview();
  expect(await page.locator(".trouble").textContent()).toMatch(
    /the store broadsheet\.db is empty, 0 bytes.*latest backup back\. Only if .*reconcile --accept-store/i,
  );
  expect(await contentsOf(folder())).toEqual(before);
});
