import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { flatEntries, idOf } from "../../src/digest/digest.ts";
import { parseDigest } from "../../src/digest/digest-json.ts";
import { openBrowser, PHONE } from "../browser.ts";
import { broadsheet, folderWith } from "../cli/broadsheet.ts";
import { BRIDGE, EVENTS, FERRY, LAMPS } from "../digest/stories/wire.ts";
import { listening } from "../listening.ts";
import { faultsInBothLights } from "../preview/faults-in.ts";
import { replaceFile, settled, smallTargets } from "./places.ts";
import { post, type Running, startPreview } from "./server.ts";

const DAY = "2018-11-20";
// Each two of these have room in a pair, so the email has the order of the articles.
const TOLD = [BRIDGE.told, LAMPS.told, FERRY, LAMPS.other];
const TITLES = TOLD.map(([title]) => title);
const [FIRST = "", SECOND = "", THIRD = "", FOURTH = ""] = TITLES;
const PASTED = "Orchard gate is mended";
const TEXT = `The gate of the old orchard at Carrow was mended on Tuesday after eleven years, and the council paid 340 crowns for the work.

Wenna Pascoe, who keeps the orchard, says that nobody will climb over the wall any more, which had lost twelve stones.

The smith of Orrell made the hinges from the iron of a wrecked lugger, which the sea had left at Skerry Rock in the winter of 2014.

Two hundred people came to see it opened, and the baker gave each of them an apple cake. The band played until the rain came.

In spring the council wants to plant forty young trees, of kinds that grow nowhere else on the coast, and it asks for helpers.`;

let cwd: string;
let running: Running;
let web: Awaited<ReturnType<typeof listening>>;
let page: Page;
const errors: string[] = [];
let asked = Promise.withResolvers<void>();

beforeAll(async () => {
  const server = createServer(({ url = "" }, response) => {
    if (url === "/robots.txt") return response.writeHead(404).end();
    asked.resolve();
    if (url === "/never.html") return undefined;
    response.setHeader("content-type", "text/html");
    const [title, text] = EVENTS[4]?.told ?? ["", ""];
    return response.end(pageOf(title, text));
  });
  web = await listening(server);
  const content = TOLD.map(([title, text], at): [string, string] => [
    `content/${at + 1}.md`,
    `---\ntitle: ${JSON.stringify(title)}\nsite: Paper ${at + 1}\nurl: https://paper.example/${at + 1}\ndate: ${DAY}\n---\n\n${text}\n`,
  ]);
  cwd = await folderWith({
    "broadsheet.config.json": '{ "name": "The Wire" }',
    ...Object.fromEntries(content),
  });
  running = await startPreview(cwd, ["--date", DAY, "--allow-private"]);
  page = await (await openBrowser()).newPage({ viewport: { width: 1440, height: 900 } });
  page.on("console", (message) => {
    const isRefusal = message.text().includes("status of 422");
    if (message.type() === "error" && !isRefusal) errors.push(message.text());
  });
  await show(page);
});

afterAll(async () => {
  await page.close();
  expect(await running.stop()).toBe(0);
  await web.close();
});

function pageOf(title: string, text: string): string {
  const paragraphs = text.split("\n\n").map((one) => `<p>${one}</p>`);
  return `<!doctype html><html lang="en"><title>${title}</title><article><h1>${title}</h1>${paragraphs.join("")}<script>document.title = "bad"</script></article></html>`;
}

async function show(on: Page): Promise<void> {
  await on.goto(`${running.url}the-wire/${DAY}`);
  await settled(on);
}

const list = (on: Page = page) => on.locator('[aria-label="Stories"]');
const titles = async (on: Page = page) => list(on).locator(".row .title").allTextContents();
const row = (title: string, on: Page = page) => list(on).locator(".row", { hasText: title });
const dialog = (on: Page = page) => on.getByRole("dialog");
const grip = (title: string, on: Page = page) => row(title, on).locator(".row-grip button");

async function digest() {
  const file = path.join(cwd, "outbox/the-wire", DAY, "digest.json");
  return parseDigest(await readFile(file, "utf8"), file);
}

const entryOf = async (title: string) =>
  flatEntries(await digest()).find(({ article }) => article.title === title);

/** Something that is held up from `begin` until it is released. */
function newHold() {
  const { promise: begin, resolve: reached } = Promise.withResolvers<void>();
  const { promise: end, resolve: release } = Promise.withResolvers<void>();
  return { begin, reached, end, release };
}

async function undo(): Promise<void> {
  const answer = page.waitForResponse(/\/undo$/);
  await page.keyboard.press("u");
  await answer;
  await settled(page);
}

async function middleOf(locator: Locator): Promise<readonly [number, number]> {
  const box = await locator.boundingBox();
  if (!box) throw new Error("it isn't shown");
  return [box.x + box.width / 2, box.y + box.height / 2];
}

test("a story is moved by drag, and by Alt and an arrow key", async () => {
  await expect.poll(titles).toEqual(TITLES);
  const [x, y] = await middleOf(grip(FOURTH));
  const [, top] = await middleOf(row(FIRST));
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x, top - 15, { steps: 5 });
  await page.mouse.up();
  await expect.poll(titles).toEqual([FOURTH, FIRST, SECOND, THIRD]);
  await row(FOURTH).locator("[data-key^=story-]").click();
  await page.keyboard.press("Alt+ArrowDown");
  await expect.poll(titles).toEqual([FIRST, FOURTH, SECOND, THIRD]);
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain(FOURTH);
  await undo();
  await undo();
  await expect.poll(titles).toEqual(TITLES);
});

test("an answer that was overtaken shows nothing old, and the chosen story stays chosen", async () => {
  const [first, second] = [newHold(), newHold()];
  const holds = [first, second];
  await page.route(/\/state$/, async (route) => {
    const hold = holds.shift();
    const response = await route.fetch();
    hold?.reached();
    await hold?.end;
    await route.fulfill({ response });
  });
  await row(THIRD).locator("[data-key^=story-]").click();
  const entry = await entryOf(FIRST);
  const changes = [{ op: "hide", id: entry && idOf(entry), value: true }];
  // What another page sends.
  expect(await post(running, `/the-wire/${DAY}/edit`, { changes })).toMatchObject({ status: 200 });
  await first.begin;
  await page.keyboard.press("Alt+ArrowUp");
  await expect.poll(titles).toEqual([THIRD, SECOND, FOURTH]);
  first.release();
  // The page asks again once it has the first answer.
  await second.begin;
  expect(await titles()).toEqual([THIRD, SECOND, FOURTH]);
  second.release();
  await page.unrouteAll({ behavior: "wait" });
  for (const shown of [[SECOND, THIRD, FOURTH], TITLES]) {
    await undo();
    await expect.poll(titles).toEqual(shown);
    expect(await row(THIRD).getAttribute("class")).toContain("chosen");
  }
});

test("a story is given a weight, and a section of its own", async () => {
  await row(THIRD).locator("[data-key^=story-]").click();
  await row(THIRD).locator("[data-key=weight]").selectOption("lead");
  await expect.poll(async () => (await entryOf(THIRD))?.weight).toBe("lead");
  await row(THIRD).locator("[data-key=weight]").selectOption("");
  await expect.poll(async () => (await entryOf(THIRD))?.weight).toBeUndefined();
  await row(THIRD).locator("[data-key=section]").selectOption("new");
  await dialog().locator("[data-key=answer]").fill("By the water");
  await page.keyboard.press("Enter");
  await expect
    .poll(
      async () =>
        (await digest()).sections.find(({ heading }) => heading === "By the water")?.entries.length,
    )
    .toBe(1);
  await row(SECOND).locator("[data-key^=story-]").click();
  await row(SECOND).locator("[data-key=section]").selectOption({ label: "By the water" });
  await expect
    .poll(
      async () =>
        (await digest()).sections.find(({ heading }) => heading === "By the water")?.entries.length,
    )
    .toBe(2);
  expect(await faultsInBothLights(page)).toEqual([]);
  for (let steps = 4; steps > 0; steps--) await undo();
  await expect.poll(titles).toEqual(TITLES);
});

test("two stories are joined and parted after a question that names both", async () => {
  await row(FIRST).locator("[data-key^=story-]").click();
  await page.locator("[data-key=join-with]").selectOption({ label: `2. ${SECOND}` });
  await page.locator("[data-key=join]").click();
  expect(await dialog().textContent()).toContain(`“${SECOND}” becomes a part of “${FIRST}”`);
  await page.keyboard.press("Escape");
  expect(await titles()).toHaveLength(4);
  await page.locator("[data-key=join]").click();
  await page.keyboard.press("Enter");
  await expect.poll(titles).toEqual([FIRST, THIRD, FOURTH]);
  await page.locator(`[aria-label="Part ${SECOND}"]`).click();
  expect(await dialog().textContent()).toContain(
    `“${SECOND}” becomes a story of its own, apart from “${FIRST}”`,
  );
  await dialog().locator("[data-key=confirm]").click();
  await expect.poll(async () => (await titles()).length).toBe(4);
});

test("a story is read from its address; one that never answers is given up", async () => {
  await page.keyboard.press("a");
  const address = dialog().locator("[name=address]");
  asked = Promise.withResolvers();
  await address.fill(`${web.origin}/never.html`);
  await page.keyboard.press("Enter");
  await asked.promise;
  await dialog().locator("[data-key=give-up]").click();
  await expect.poll(async () => dialog().getByRole("status").textContent()).toContain("Cancelled");
  const [title = ""] = EVENTS[4]?.told ?? [];
  await address.fill(`${web.origin}/story.html`);
  await page.keyboard.press("Enter");
  await expect.poll(titles).toContain(title);
  await expect.poll(() => dialog().count()).toBe(0);
  // The same address again is refused.
  await page.keyboard.press("a");
  await dialog().locator("[name=address]").fill(`${web.origin}/story.html`);
  await page.keyboard.press("Enter");
  await expect
    .poll(async () => dialog().getByRole("status").textContent())
    .toContain("in the issue already");
  await page.keyboard.press("Escape");
});

test("only addresses of the web are read, and no file of this machine", async () => {
  const address = path.join(cwd, "content/1.md");
  const { status, body } = await post(running, `/the-wire/${DAY}/story`, { address });
  expect([status, body]).toEqual([422, expect.stringContaining("not a web address")]);
});

test("a story is pasted as text or as the source of a page, or comes as a file, and the next build has it", async () => {
  await page.keyboard.press("a");
  expect(await faultsInBothLights(page)).toEqual([]);
  await dialog().locator("[name=title]").fill(PASTED);
  await dialog().locator("[name=text]").fill(TEXT);
  await dialog().getByRole("button", { name: "Add it" }).click();
  await expect.poll(titles).toContain(PASTED);
  const source = pageOf("Mill wheel turns again", TEXT.replaceAll("orchard", "mill"));
  await page.keyboard.press("a");
  await dialog().locator("[name=text]").fill(source);
  await dialog().getByRole("button", { name: "Add it" }).click();
  await expect.poll(titles).toContain("Mill wheel turns again");
  await page.keyboard.press("a");
  await dialog()
    .locator("[data-key=story-file]")
    .setInputFiles({
      name: "../chapel.md",
      mimeType: "text/markdown",
      buffer: Buffer.from(`# The chapel bell rings\n\n${TEXT.replaceAll("orchard", "chapel")}`),
    });
  await expect.poll(titles).toContain("The chapel bell rings");
  const before = await titles();
  await replaceFile(
    path.join(cwd, "content/5.md"),
    `---\ntitle: A later file\nurl: https://paper.example/5\ndate: ${DAY}\n---\n\n${EVENTS[0]?.other[1]}\n`,
  );
  await expect.poll(titles).toContain("A later file");
  expect((await broadsheet(["build", "--date", DAY], { cwd })).code).toBe(0);
  const built = flatEntries(await digest()).map(({ article }) => article.title);
  expect(built).toEqual(expect.arrayContaining(before));
  expect(
    await readFile(path.join(cwd, "outbox/the-wire", DAY, "email.html"), "utf8"),
  ).not.toContain("document.title");
  expect(new Set(flatEntries(await digest()).map(idOf)).size).toBe(built.length);
});

test("a finding is flagged in the mail and mended in its place: the link is added", async () => {
  const flag = page
    .locator(".flag:visible", { hasText: "Look" })
    .and(page.locator(`[aria-label="Look: ${PASTED}"]`));
  await row(PASTED).locator("[data-key^=story-]").click();
  await flag.first().click();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain(PASTED);
  await row(PASTED)
    .getByRole("button", { name: `Add the link: ${PASTED}` })
    .click();
  await dialog().locator("[data-key=answer]").fill("nowhere");
  await page.keyboard.press("Enter");
  await expect
    .poll(async () => dialog().getByRole("alert").textContent())
    .toContain("not a web address");
  await dialog().locator("[data-key=answer]").fill("https://orchard.example/gate");
  await page.keyboard.press("Enter");
  await expect
    .poll(async () => (await entryOf(PASTED))?.article.url)
    .toBe("https://orchard.example/gate");
  await expect
    .poll(async () =>
      row(PASTED)
        .getByRole("button", { name: /Add the link/ })
        .count(),
    )
    .toBe(0);
});

test("by touch at 390 px all targets are 44 px, and a story is moved, hidden and shown", async () => {
  const context = await (await openBrowser()).newContext(PHONE);
  const phone = await context.newPage();
  await show(phone);
  const button = (title: string) => row(title, phone).locator("[data-key^=story-]");
  const isChosen = async (title: string) =>
    (await button(title).getAttribute("aria-current")) === "true";
  const choose = async (title: string) => {
    await button(title).tap();
    await expect.poll(async () => isChosen(title)).toBe(true);
  };
  await choose(SECOND);
  const targets = phone.locator(":is(button, select, summary, input, a):visible");
  expect(await smallTargets(targets)).toEqual([]);
  await grip(SECOND, phone).scrollIntoViewIfNeeded();
  const [x, y] = await middleOf(grip(SECOND, phone));
  const [, to] = await middleOf(row(FIRST, phone));
  const session = await context.newCDPSession(phone);
  const touch = async (type: "touchStart" | "touchMove" | "touchEnd", at?: number) =>
    session.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: at === undefined ? [] : [{ x, y: at }],
    });
  await touch("touchStart", y);
  for (const share of [0.3, 0.7, 1]) await touch("touchMove", y + (to - 30 - y) * share);
  await touch("touchEnd");
  // A browser that makes a fling of the drag ignores this tap.
  await choose(THIRD);
  await expect.poll(async () => (await titles(phone))[0]).toBe(SECOND);
  await settled(phone);
  expect(await isChosen(THIRD)).toBe(true);
  await choose(SECOND);
  await phone.locator("[data-key=tool-Hide]").tap();
  await expect.poll(async () => titles(phone)).not.toContain(SECOND);
  await settled(phone);
  await phone.locator(".hidden-list button").tap();
  await expect.poll(async () => titles(phone)).toContain(SECOND);
  expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await context.close();
  expect(errors).toEqual([]);
});
