import { createServer } from "node:http";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { flatEntries } from "../../src/digest/digest.ts";
import { parseDigest } from "../../src/digest/digest-json.ts";
import { openProject } from "../../src/config/io/load-config.ts";
import { buildIssue } from "../../src/issue/build.ts";
import { SILENT } from "../../src/platform/reporter.ts";
import { openBrowser, PHONE } from "../browser.ts";
import { broadsheet, folderWith } from "../cli/broadsheet.ts";
import { BRIDGE, LAMPS } from "../digest/stories/wire.ts";
import { listening } from "../listening.ts";
import { photo } from "../pictures.ts";
import { faultsInBothLights } from "../preview/faults-in.ts";
import { settled, smallTargets } from "./places.ts";
import { type Running, startPreview } from "./server.ts";

const DAY = "2018-11-20";
const [TITLE, TEXT] = BRIDGE.told;

let cwd: string;
let running: Running;
let web: Awaited<ReturnType<typeof listening>>;
let page: Page;
const errors: string[] = [];

beforeAll(async () => {
  const pictures = new Map<string, Buffer>();
  for (const [at, name] of ["a", "b", "c"].entries())
    pictures.set(
      `/${name}.jpg`,
      await photo(600 + at * 40, 500)
        .jpeg()
        .toBuffer(),
    );
  const server = createServer(({ url = "" }, response) => {
    const picture = pictures.get(url);
    if (url === "/robots.txt") return response.writeHead(404).end();
    response.setHeader("content-type", picture ? "image/jpeg" : "text/html");
    return response.end(picture ?? storyPage());
  });
  web = await listening(server);
  const from = `http://127.0.0.1:${web.port}/bridge.html`;
  cwd = await folderWith({
    "broadsheet.config.json": JSON.stringify({
      name: "The Wire",
      sources: [{ from, allowPrivate: true }, "content"],
    }),
    "content/2.md": `---\ntitle: ${LAMPS.told[0]}\ndate: ${DAY}\n---\n\n${LAMPS.told[1]}\n`,
  });
  running = await startPreview(cwd, ["--date", DAY]);
  page = await (await openBrowser()).newPage({ viewport: { width: 1440, height: 900 } });
  // A browser notes each refusal of the server, too.
  page.on("console", (message) => {
    const isRefusal = message.text().includes("status of 422");
    if (message.type() === "error" && !isRefusal) errors.push(message.text());
  });
  await show();
});

afterAll(async () => {
  await page.close();
  expect(await running.stop()).toBe(0);
  await web.close();
});

function figure(name: string, alt: string): string {
  return `<p><img src="/${name}.jpg" alt="${alt}" width="900" height="700"></p>`;
}

function storyPage(): string {
  const [first = "", ...others] = TEXT.split("\n\n");
  return `<!doctype html><html lang="en"><title>${TITLE}</title><article><h1>${TITLE}</h1><p>${first}</p>${figure("a", "The bridge at dawn")}
    ${others.map((text) => `<p>${text}</p>`).join("")}${figure("b", "The lamps on the bridge")}${figure("c", "")}</article></html>`;
}

async function show(search = ""): Promise<void> {
  await page.goto(`${running.url}the-wire/${DAY}${search}`);
  await settled(page);
}

const fileOf = (name: string) => path.join(cwd, "outbox/the-wire", DAY, name);

async function imagesOf() {
  const digest = parseDigest(await readFile(fileOf("digest.json"), "utf8"), DAY);
  const found = flatEntries(digest).find(({ article }) => article.title === TITLE);
  return found?.article.images ?? [];
}

const panel = () => page.getByRole("dialog");
const said = () => panel().getByRole("alert").textContent();
const choices = () => panel().locator(".choices button");

async function step(key: "u" | "Shift+U"): Promise<void> {
  const answer = page.waitForResponse(/\/(?:undo|redo)$/);
  await page.keyboard.press(key);
  await answer;
  await settled(page);
}

async function upload(name: string, content: Buffer): Promise<void> {
  await panel()
    .locator("[data-key=upload]")
    .setInputFiles({ name, mimeType: "image/png", buffer: content });
}

test("a click on the picture in the mail opens its panel, and another of its article is chosen", async () => {
  const [before] = await imagesOf();
  expect(before?.alt).toBe("The bridge at dawn");
  await page.frameLocator("iframe").last().locator("img").first().click();
  await expect.poll(() => choices().count()).toBe(3);
  expect(await panel().locator("h2").textContent()).toContain(TITLE);
  expect(await faultsInBothLights(page)).toEqual([]);
  await choices().nth(1).click();
  await expect.poll(async () => (await imagesOf())[0]?.alt).toBe("The lamps on the bridge");
  await expect.poll(() => choices().nth(1).getAttribute("aria-current")).toBe("true");
  const [after] = await imagesOf();
  expect(after?.src).not.toBe(before?.src);
  expect(await readFile(fileOf(after?.src ?? ""))).toBeInstanceOf(Buffer);
});

test("the crop keeps the point in view that is dragged to, or moved to by arrow keys", async () => {
  // A picture has its height when it is decoded.
  await panel()
    .locator(".focus-on img")
    .evaluate(async (img: HTMLImageElement) => img.decode());
  const box = await panel().locator(".focus-on").boundingBox();
  if (!box) throw new Error("no picture is shown");
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.8, box.y + box.height * 0.25, { steps: 4 });
  await page.mouse.up();
  await expect.poll(async () => (await imagesOf())[0]?.focus).toEqual([0.8, 0.25]);
  await panel().locator("[data-key=focus]").focus();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowDown");
  await expect.poll(async () => (await imagesOf())[0]?.focus).toEqual([0.75, 0.3]);
  const [image] = await imagesOf();
  const crop = Object.values(image?.crops ?? {})[0]?.src ?? "";
  expect(crop).toContain("-75-30.");
  expect((await sharp(await readFile(fileOf(crop))).metadata()).width).toBeGreaterThan(0);
});

test("words for it are counted, and 10,000 characters are refused with the reason", async () => {
  const field = panel().locator("[data-key=alt]");
  await field.fill("x".repeat(10_000));
  expect(await panel().textContent()).toContain("10,000 of 500 characters");
  await panel().locator("[data-key=save-alt]").click();
  await expect.poll(said).toContain("the limit is 500 characters");
  await field.fill("Lamps 💡 و جسر");
  await panel().locator("[data-key=save-alt]").click();
  await expect.poll(async () => (await imagesOf())[0]?.alt).toBe("Lamps 💡 و جسر");
});

test("words that are saved while the crop is on its way do not take the crop back", async () => {
  const held = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  await page.route(/\/edit$/, async (route) => {
    asked.resolve();
    await held.promise;
    await route.continue();
  });
  await panel().locator("[data-key=focus]").focus();
  await page.keyboard.press("ArrowLeft");
  await asked.promise;
  await panel().locator("[data-key=alt]").fill("Lamps by night");
  await panel().locator("[data-key=save-alt]").click();
  held.resolve();
  await expect.poll(async () => (await imagesOf())[0]?.alt).toBe("Lamps by night");
  expect((await imagesOf())[0]?.focus).toEqual([0.7, 0.3]);
  await page.unroute(/\/edit$/);
});

test("an upload that is no picture, SVG, or too large is refused, and the page says why", async () => {
  await upload("letter.png", Buffer.from("Dear editor"));
  await expect.poll(said).toContain("letter.png is no picture");
  await upload(
    "drawing.png",
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'),
  );
  await expect.poll(said).toContain("drawing.png is an SVG");
  // Nothing is decoded of a picture whose head is enough to refuse it.
  const huge = await photo(100, 60).png().toBuffer();
  huge.writeUInt32BE(10_000, 16);
  huge.writeUInt32BE(6_000, 20);
  await upload("huge.png", huge);
  await expect.poll(said).toContain("huge.png has 60 million pixels, and 50 million are the most");
  const heavy = path.join(cwd, "heavy.png");
  await writeFile(heavy, Buffer.alloc(26_000_000));
  await panel().locator("[data-key=upload]").setInputFiles(heavy);
  await expect.poll(said).toContain("heavy.png has more than 25 MB");
});

test("an upload is shown, and survives undo, redo and a build by the command", async () => {
  await upload("mine.png", await photo(1280, 720).png().toBuffer());
  await expect.poll(async () => (await imagesOf())[0]?.widthPx).toBe(1200);
  const [mine] = await imagesOf();
  await expect.poll(() => choices().first().getAttribute("aria-current")).toBe("true");
  await panel().locator("[data-key=alt]").fill("My own");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await imagesOf())[0]?.alt).toBe("My own");
  await settled(page);
  await page.keyboard.press("Escape");
  await step("u");
  await step("u");
  expect((await imagesOf())[0]?.alt).toBe("Lamps by night");
  // A rebuild while it is undone leaves nothing of it in the issue.
  expect(await broadsheet(["build", "--date", DAY], { cwd })).toMatchObject({ code: 0 });
  await step("Shift+U");
  await step("Shift+U");
  await expect.poll(async () => (await imagesOf())[0]?.src).toBe(mine?.src);
  expect(await broadsheet(["build", "--date", DAY], { cwd })).toMatchObject({ code: 0 });
  const [built] = await imagesOf();
  expect(built).toMatchObject({ src: mine?.src, alt: "My own" });
  expect(await readFile(fileOf("email.html"), "utf8")).toContain(mine?.src.replace(/\.\w+$/, ""));
});

test("the picture goes with the edits of a draft into an issue of the schedule", async () => {
  const config = await openProject({}, { cwd });
  const next = "2018-11-27";
  const { digest, files } = await buildIssue([], config, {
    flags: { date: next },
    target: { slot: next, editsOf: DAY },
    cwd,
    reporter: SILENT,
  });
  const told = flatEntries(digest).find(({ article }) => article.title === TITLE);
  const [image] = told?.article.images ?? [];
  expect(image).toMatchObject({ alt: "My own" });
  expect([...files.keys()]).toContain(image?.src);
});

test("by touch at 390 px the picture is opened from its story, taken out, and put back", async () => {
  const context = await (await openBrowser()).newContext(PHONE);
  const phone = await context.newPage();
  await phone.goto(`${running.url}the-wire/${DAY}`);
  await settled(phone);
  await phone.locator("[data-key=tool-Picture]").tap();
  const dialog = phone.getByRole("dialog");
  expect(
    await dialog
      .getByRole("button", { name: "Close" })
      .evaluate((button) => button.scrollWidth - button.clientWidth),
  ).toBeLessThanOrEqual(0);
  await dialog.locator("[data-key=no-picture]").tap();
  await expect.poll(imagesOf).toEqual([]);
  await dialog.locator(".choices button").last().tap();
  await expect.poll(async () => (await imagesOf()).length).toBe(1);
  expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  expect(await smallTargets(dialog.locator("button:visible, select:visible"))).toEqual([]);
  await context.close();
  expect(errors).toEqual([]);
});
