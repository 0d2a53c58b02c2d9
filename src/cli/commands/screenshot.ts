import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { launchBrowser } from "../../platform/launch-browser.ts";
import { makeFolders, USERS_OWN_FOLDER } from "../../platform/files/make-folders.ts";
import { type IssueData, ISSUE_FILES } from "../../preview/page-data.ts";
import { previewPage, issueData } from "../../preview/preview-page.ts";
import { type Configure, type ConfigFlags, configFlags } from "../flags.ts";
import type { Terminal } from "../terminal.ts";
import { readStored } from "../../issue/io/outbox.ts";
import { issueInOutbox } from "../../issue/io/sending/load-issue.ts";
import { issueFiles } from "../../issue/io/publish.ts";
import { issueInFolder } from "../../issue/io/render-again.ts";
import { openOutbox } from "../open-outbox.ts";
import { reporterOn } from "../reporter.ts";
import { existsSync } from "node:fs";

interface ScreenshotFlags extends ConfigFlags {
  readonly out?: string;
}

const screenshot: Configure = (command, terminal) => {
  configFlags(command)
    .argument("<ISSUE>", "its slot, its folder (here or elsewhere), or: latest")
    .option("--out <DIR>", "where the pictures go (default: screenshots/<date> here)")
    .addHelpText(
      "after",
      `
A PNG of each view, on a phone and on a desktop where the email itself is shown, for a pull request or
an archive. It needs Chromium or Chrome. Set CHROMIUM_PATH if it isn't at /usr/bin/chromium.

Example:
  broadsheet screenshot latest --out shots`,
    )
    .action(async (name: string, flags: ScreenshotFlags) => {
      const { digest, files } = await issueNamed(name, flags, terminal);
      const { slot } = digest.issue;
      const folder = path.resolve(terminal.cwd, flags.out ?? path.join("screenshots", slot));
      const names = await takeScreenshots(issueData(digest, files), folder);
      if (flags.json) terminal.printJson({ issue: digest.issue, dir: folder, files: names });
      else
        terminal.print(
          `${names.length} pictures of ${slot} in ${terminal.paint("bold", terminal.shown(folder))}`,
        );
    });
};

/** Finds an issue in the outbox or in another folder. In the outbox it is rendered again if its digest was edited. */
async function issueNamed(name: string, flags: ScreenshotFlags, terminal: Terminal) {
  const config = await openOutbox({ ...(flags.config && { config: flags.config }) }, terminal);
  const folder = path.resolve(terminal.cwd, name);
  const isOutside = path.relative(config.outbox, folder).startsWith("..");
  if (isOutside && existsSync(path.join(folder, ISSUE_FILES.digest))) {
    return issueInFolder(folder, config);
  }
  const { digest, unwritten } = await issueInOutbox(name, config, reporterOn(terminal));
  if (unwritten) return { digest, files: issueFiles(unwritten) };
  const { newsletter, slot } = digest.issue;
  const { files } = await readStored(config.outbox, `${newsletter}/${slot}`);
  return { digest, files };
}

/** The views that show the email, each on a phone and on a desktop. */
const FRAMED = ["light", "dark", "inverted", "images-off", "no-style", "webmail"];
const FRAMES = [
  { name: "phone", widthPx: 375 },
  { name: "desktop", widthPx: 640 },
] as const;
const SHEETS = ["text", "source", "headers", "model"];

/** Chromium draws at most 16,384 pixels per picture, which are half as many CSS pixels. */
const HIGHEST_PX = 8_000;
const WINDOW = { width: 1440, height: 900 };

/**
 * Takes pictures of an issue in every view, as PNG files named after the views, and one of the preview page. Returns their
 * names in order. Nothing is fetched.
 * @throws BroadsheetError BROWSER_MISSING, OUTBOX_UNWRITABLE.
 */
async function takeScreenshots(issue: IssueData, folder: string): Promise<string[]> {
  const browser = await launchBrowser();
  const temporary = await mkdtemp(path.join(tmpdir(), "broadsheet-screenshot-"));
  try {
    await makeFolders(folder, USERS_OWN_FOLDER);
    const file = path.join(temporary, "preview.html");
    await writeFile(file, previewPage({ mode: "file", issue, desk: null }));
    const page = await browser.newPage({
      viewport: WINDOW,
      deviceScaleFactor: 2,
      // With this setting the browser passes the colour scheme of a frame to its content.
      colorScheme: null,
    });
    const taker = { page, address: pathToFileURL(file).href, folder };
    const names: string[] = [];
    for (const view of FRAMED)
      for (const frame of FRAMES) names.push(await takeFrame(taker, view, frame));
    for (const view of SHEETS) names.push(await takeSheet(taker, view));
    names.push(await takePage(taker));
    return names;
  } finally {
    await browser.close();
    await rm(temporary, { recursive: true });
  }
}

interface Taker {
  readonly page: Page;
  readonly address: string;
  readonly folder: string;
}

async function takeFrame(
  { page, address, folder }: Taker,
  view: string,
  { name, widthPx }: (typeof FRAMES)[number],
): Promise<string> {
  await show(
    page,
    `${address}?view=${view}&show=${name}&${name}=${widthPx}&alone=1&theme=light&story=9999`,
  );
  const frame = page.locator("figure:visible iframe");
  const heightPx = await frame.evaluate((element) =>
    element instanceof HTMLIFrameElement
      ? (element.contentDocument?.documentElement.scrollHeight ?? 0)
      : 0,
  );
  await page.setViewportSize({ ...WINDOW, height: Math.min(HIGHEST_PX, heightPx + 200) });
  const file = `${view}-${widthPx}.png`;
  const { x, y } = await placeOf(frame);
  const height = Math.min(HIGHEST_PX - y, heightPx);
  await page.screenshot({ path: path.join(folder, file), clip: { x, y, width: widthPx, height } });
  return file;
}

async function takeSheet({ page, address, folder }: Taker, view: string): Promise<string> {
  await show(page, `${address}?view=${view}&alone=1&theme=light`);
  const sheet = page.locator(".view");
  const heightPx = await sheet.evaluate((element) => element.scrollHeight);
  await page.setViewportSize({ ...WINDOW, height: Math.min(HIGHEST_PX, heightPx + 120) });
  const file = `${view}.png`;
  await sheet.screenshot({ path: path.join(folder, file) });
  return file;
}

async function takePage({ page, address, folder }: Taker): Promise<string> {
  await show(page, `${address}?theme=light`);
  await page.screenshot({ path: path.join(folder, "page.png") });
  return "page.png";
}

async function show(page: Page, address: string): Promise<void> {
  await page.setViewportSize(WINDOW);
  await page.goto(address);
  await page.waitForFunction(() => document.querySelector("iframe.is-loading") === null);
}

async function placeOf(element: ReturnType<Page["locator"]>): Promise<{ x: number; y: number }> {
  const box = await element.boundingBox();
  if (!box) throw new Error("the preview page shows no frame");
  return { x: Math.round(box.x), y: Math.round(box.y) };
}

export const commands = { screenshot };
