/** Takes the pictures of the desk for the guide, of the sample newsletter in a folder of its own. */
import { appendFile, cp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import sharp from "sharp";
import { openPackagedBrowser } from "../tests/browser.ts";
import { type Running, startPreview } from "../tests/desk/server.ts";
import { listening } from "../tests/listening.ts";
import { newFolder } from "../tests/temporary.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const DOCS = path.join(ROOT, "docs/pictures");
const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 390, height: 844 };

const TITLES = [
  "The ferry that waits for the post",
  "A harbour wall grows by hand",
  "Who paints the buoys at night",
  "Six winters in a net loft",
  "The last tide table on paper",
  "What the dredger brought up",
  "A bell for the outer sands",
  "The pilot who kept bees",
  "Rope by the yard, again",
  "How the quay got its clock",
];

/** A paper with a feed of ten stories. */
const paper = createServer((request, response) => {
  const isFeed = request.url === "/feed.xml";
  response.setHeader("content-type", isFeed ? "application/rss+xml" : "text/html");
  const items = TITLES.map(
    (title, at) => `<item><title>${title}</title><link>/${at}</link></item>`,
  );
  response.end(
    isFeed
      ? `<?xml version="1.0"?><rss version="2.0"><channel><title>The Quay Courier</title><link>/</link>${items.join("")}</channel></rss>`
      : '<!doctype html><title>The Quay Courier</title><link rel="alternate" type="application/rss+xml" href="/feed.xml"><p>News</p>',
  );
});

const browser = await openPackagedBrowser();
const [sample, empty] = [await newFolder(), await newFolder()];
const { origin, close } = await listening(paper);
const desks: Running[] = [];
try {
  await takeFirstRun(await started(empty));
  await fillSample();
  await takeDesk(await started(sample));
} finally {
  for (const desk of desks) await desk.stop();
  await close();
  await browser.close();
  for (const folder of [sample, empty]) await rm(folder, { recursive: true });
}
// The processes that served the desks wait for another one.
process.exit();

async function take(page: Page, name: string): Promise<void> {
  const picture = await sharp(await page.screenshot())
    .png({ palette: true, effort: 10 })
    .toBuffer();
  await writeFile(path.join(DOCS, `desk-${name}.png`), picture);
  console.log(`${String(picture.length).padStart(7)} desk-${name}`);
}

async function open(url: string, viewport = WIDE): Promise<Page> {
  const page = await browser.newPage({ viewport, colorScheme: "light" });
  page.setDefaultTimeout(60_000);
  await page.goto(url);
  return page;
}

function at(page: Page, key: string) {
  return page.locator(`[data-key="${key}"]`);
}

function email(page: Page) {
  return page.frameLocator("iframe:visible >> nth=0").locator("body");
}

async function started(folder: string): Promise<Running> {
  const desk = await startPreview(folder);
  desks.push(desk);
  return desk;
}

async function takeFirstRun(desk: Running): Promise<void> {
  const page = await open(desk.url);
  await page.getByLabel("What is it called?").fill("The Tidewrack");
  await page.getByLabel("A line under the name").fill("What the tide leaves, weekly");
  await page.getByLabel("Which address").fill("Nell Quarrender <post@tidewrack.example>");
  await page.getByLabel("Your postal address").fill("The Tidewrack, 2 Sailcloth Row, Thornsea");
  await email(page).getByText("2 Sailcloth Row").waitFor();
  await at(page, "next").click();
  await page.getByLabel("Show me two sample stories").check();
  await email(page)
    .getByText("In this issue")
    .or(email(page).getByText("What the tide leaves"))
    .first()
    .waitFor();
  await take(page, "first-run");
  await page.close();
}

/** The sample newsletter of this repository, with a schedule. */
async function fillSample(): Promise<void> {
  for (const one of ["content", "broadsheet.yaml"])
    await cp(path.join(ROOT, one), path.join(sample, one), { recursive: true });
  await appendFile(path.join(sample, "broadsheet.yaml"), '\nschedule: { cron: "0 7 * * 2" }\n');
  await writeFile(path.join(sample, ".env"), `BROADSHEET_SECRET=${"of-the-tidewrack".repeat(2)}\n`);
}

async function takeDesk(desk: Running): Promise<void> {
  const page = await open(`${desk.url}?place=list`);
  await takePlaces(page);
  await page.goto(`${desk.url}?show=desktop`);
  const summary = email(page).locator('[data-field$=".gist"]').first();
  await summary.waitFor();
  await take(page, "steps");
  await summary.click();
  await page.locator(".edit-bar").waitFor();
  await page.getByText("The source", { exact: true }).click();
  await take(page, "edit");
  const phone = await open(desk.url, NARROW);
  await email(phone).getByText("The Tidewrack").first().waitFor();
  await take(phone, "phone");
}

async function takePlaces(page: Page): Promise<void> {
  await at(page, "reader-import").click();
  const readers = Array.from(
    { length: 40 },
    (_, n) => `reader${n + 1}@letter.example,Reader ${n + 1}`,
  );
  const list = ["email,name", ...readers, "no-address,Ostra"].join("\n");
  await at(page, "reader-file").setInputFiles({
    name: "readers.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(list),
  });
  await page.getByText("Nothing was changed yet").waitFor();
  await take(page, "import");
  await page.getByRole("button", { name: "Import 40" }).click();
  await page.getByText("40 added").waitFor();
  await page.getByRole("button", { name: "Sources", exact: true }).click();
  await page.getByLabel("The address of a paper").fill(`${origin}/`);
  await page.getByLabel("It is inside my own network").check();
  await at(page, "source-look").click();
  await page.getByText(TITLES[0] ?? "").waitFor();
  await take(page, "sources");
  await page.getByRole("button", { name: "Look", exact: true }).click();
  await email(page).getByText("The Tidewrack").first().waitFor();
  await take(page, "look");
}
