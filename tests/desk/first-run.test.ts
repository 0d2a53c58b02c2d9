import { createServer } from "node:http";
import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import type { Page } from "playwright-core";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { openBrowser } from "../browser.ts";
import { broadsheet, folderWith, HARBOUR } from "../cli/broadsheet.ts";
import { BRIDGE, LAMPS } from "../digest/stories/wire.ts";
import { listening } from "../listening.ts";
import { faultsInBothLights } from "../preview/faults-in.ts";
import { closedPort, startSmtpServer } from "../smtp-server.ts";
import { smallTargets } from "./places.ts";
import { type Running, startPreview } from "./server.ts";

const STORIES = [BRIDGE.told, LAMPS.told];
/** Without dates, as what is dated is old one day. */
const FEED = `<?xml version="1.0"?><rss version="2.0"><channel><title>The Quay Courier</title><link>/</link>${STORIES.map(
  ([title], at) => `<item><title>${title}</title><link>/${at}</link></item>`,
).join("")}</channel></rss>`;
const PAGE = `<!doctype html><title>The Quay Courier</title><link rel="alternate" type="application/rss+xml" href="/feed.xml"><p>News</p>`;

function articlePage([title = "", text = ""]: readonly string[] = []): string {
  const words = text.split("\n\n").map((one) => `<p>${one}</p>`);
  return `<!doctype html><title>${title}</title><article><h1>${title}</h1>${words.join("")}</article>`;
}

let site: string;
const server = createServer((request, response) => {
  // An address that never answers.
  if (request.url === "/silent") return;
  const isFeed = request.url === "/feed.xml";
  response.setHeader("content-type", isFeed ? "application/rss+xml" : "text/html");
  const [, at] = /^\/(\d)$/.exec(request.url ?? "") ?? [];
  response.end(isFeed ? FEED : at ? articlePage(STORIES[Number(at)]) : PAGE);
});
const errors: string[] = [];
const asked: string[] = [];

beforeAll(async () => {
  const { origin, close } = await listening(server);
  site = origin;
  return close;
});

/** How many clicks and fields it took. */
let done = 0;

async function open(running: Running, viewport = { width: 1440, height: 900 }): Promise<Page> {
  const page = await (await openBrowser()).newPage({ viewport });
  onTestFinished(async () => page.close());
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("request", (request) => asked.push(new URL(request.url()).hostname));
  await page.goto(running.url);
  await page.getByRole("heading", { name: "Name and sender" }).waitFor();
  return page;
}

async function start(cwd: string): Promise<Running> {
  const running = await startPreview(cwd, ["--date", "2031-04-02"]);
  onTestFinished(async () => void (await running.stop()));
  return running;
}

const emailIn = (page: Page) => page.frameLocator("iframe:visible >> nth=0").locator("body");

async function fill(page: Page, label: string, value: string): Promise<void> {
  done += 1;
  await page.getByLabel(label, { exact: true }).fill(value);
}

async function press(page: Page, key: string): Promise<void> {
  done += 1;
  await page.locator(`[data-key="${key}"]`).click();
}

const screen = async (page: Page, title: string) =>
  page.getByRole("heading", { name: title }).waitFor();

test("an empty folder becomes a newsletter in four screens, with its email beside them, and its first issue is sent", async () => {
  const cwd = await folderWith({});
  const smtp = await startSmtpServer({
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: ({ password }, _session, callback) =>
      password === "p@ss/w#rd"
        ? callback(null, { user: "wren" })
        : callback(new Error("Invalid login")),
  });
  const running = await start(cwd);
  const page = await open(running);
  const email = emailIn(page);

  await expect.poll(() => email.textContent()).toContain("Your first story");
  await press(page, "next");
  expect(await page.locator('.form [role="alert"]').allTextContents()).toEqual(
    expect.arrayContaining(["It needs a name.", "It needs a sender’s address."]),
  );
  expect(await page.evaluate(() => document.activeElement?.getAttribute("data-key"))).toBe("name");
  await page.getByLabel("Which address does it come from?").fill("wren at slipway");
  await expect.poll(() => page.locator("#said-from").textContent()).toContain("It is");
  expect(await faultsInBothLights(page)).toEqual([]);
  done = 0;

  await fill(page, "What is it called?", "Ebb: # & Flow 🗞️ مد");
  await expect.poll(() => email.textContent()).toContain("Ebb: # & Flow 🗞️ مد");
  await fill(page, "Which address does it come from?", "Wren Aldous <wren@slipway.example>");
  await fill(page, "Your postal address", "2 Sailcloth Row, Thornsea");
  await expect.poll(() => email.textContent()).toContain("2 Sailcloth Row");
  await press(page, "next");

  await screen(page, "Stories");
  await fill(page, "The address of a paper or a feed", `${site}/`);
  done += 1;
  await page.getByLabel("It is inside my own network").check();
  await press(page, "next");
  await screen(page, "Look");
  await expect.poll(() => email.textContent()).toContain("Police have arrested a man");
  await press(page, "back");
  done -= 1;
  await screen(page, "Stories");
  expect(await page.locator(".form").textContent()).toContain(`${site}/feed.xml`);
  expect(await page.locator(".form").textContent()).toContain("The latest: ");
  expect(await faultsInBothLights(page)).toEqual([]);
  await page.locator('[data-key="next"]').click();

  await screen(page, "Look");
  await press(page, "colour-Blue");
  await expect
    .poll(() => page.locator("#said-accent").textContent())
    .toMatch(/Contrast \d\.\d in light/);
  expect(await faultsInBothLights(page)).toEqual([]);
  await press(page, "next");

  await screen(page, "Sending");
  await fill(page, "Mail server", `127.0.0.1:${smtp.port}`);
  await fill(page, "User", "wren");
  await page.getByLabel("Password", { exact: true }).fill("wrong");
  await page.locator('[data-key="next"]').click();
  await expect.poll(() => page.locator("#said-host").textContent()).toMatch(/password|login/i);
  expect(await readdir(cwd)).toEqual([".broadsheet"]);
  await fill(page, "Password", "p@ss/w#rd");
  expect(await faultsInBothLights(page)).toEqual([]);
  await press(page, "next");

  await screen(page, "Your newsletter is ready");
  const said = await page.locator(".form pre").textContent();
  const text = await readFile(path.join(cwd, "broadsheet.yaml"), "utf8");
  for (const line of said?.split("\n").filter((one) => /^\w+: /.test(one)) ?? [])
    expect(text).toContain(line);
  expect(said).toContain("SMTP_URL=…");
  expect(said).not.toContain("p@ss");
  expect(parse(text)).toMatchObject({
    name: "Ebb: # & Flow 🗞️ مد",
    from: "Wren Aldous <wren@slipway.example>",
    postalAddress: "2 Sailcloth Row, Thornsea",
    accent: "#1B4F8A",
    sources: [{ from: `${site}/feed.xml`, allowPrivate: true }],
  });
  expect(text).toContain("# When an issue goes out");
  expect((await stat(path.join(cwd, ".env"))).mode & 0o777).toBe(0o600);
  expect(await readdir(path.join(cwd, ".broadsheet"))).not.toContain("first-run.json");
  expect(await faultsInBothLights(page)).toEqual([]);
  await press(page, "open");

  await page.getByRole("button", { name: "Send me a test" }).waitFor();
  await expect.poll(() => email.textContent()).toContain("Police have arrested a man");
  await press(page, "life-Send me a test");
  await fill(page, "One copy of this issue, to", "me@slipway.example");
  done += 1;
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect.poll(() => smtp.received.length).toBe(1);
  // From the empty folder to an issue in a mailbox.
  expect(done).toBeLessThanOrEqual(20);
  expect(new Set(asked)).toEqual(new Set(["127.0.0.1"]));
  expect(errors.filter((one) => !one.includes("422"))).toEqual([]);
});

test("by keyboard alone at 390 px, with one pasted article and sending later; what was typed outlives kill -9", async () => {
  const cwd = await folderWith({});
  let running = await start(cwd);
  let page = await open(running, { width: 390, height: 844 });
  await page.waitForFunction(() => document.activeElement?.getAttribute("data-key") === "name");
  await page.keyboard.type("By Hand");
  for (let at = 0; at < 2; at++) await page.keyboard.press("Tab");
  await page.keyboard.type("me@slipway.example");
  await expect.poll(() => emailIn(page).textContent()).toContain("By Hand");
  await page.keyboard.press("Enter");
  await screen(page, "Stories");
  for (let at = 0; at < 3; at++) await page.keyboard.press("Tab");
  await page.keyboard.insertText(HARBOUR);
  await expect.poll(() => emailIn(page).textContent()).toContain("ferry");
  const targets = page.locator(
    ".form :is(button, input:not([type=checkbox]), textarea, select, .check)",
  );
  expect(await smallTargets(targets)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  expect(await faultsInBothLights(page)).toEqual([]);
  await running.stop("SIGKILL");

  running = await start(cwd);
  page = await open(running, { width: 390, height: 844 });
  await expect.poll(() => page.getByLabel("What is it called?").inputValue()).toBe("By Hand");
  for (const title of ["Stories", "Look", "Sending"]) {
    await page.locator('.form [data-key="next"]').focus();
    await page.keyboard.press("Enter");
    await screen(page, title);
  }
  await page.getByRole("button", { name: "Make my newsletter, sending later" }).focus();
  await page.keyboard.press("Enter");
  await screen(page, "Your newsletter is ready");
  expect((await readdir(cwd)).sort()).toEqual([
    ".broadsheet",
    ".env",
    ".gitignore",
    "broadsheet.yaml",
    "content",
    "outbox",
  ]);
  expect(await readFile(path.join(cwd, ".env"), "utf8")).toMatch(/^BROADSHEET_SECRET=[\w-]{43}\n$/);
  expect(await broadsheet(["build"], { cwd })).toMatchObject({ code: 0 });
});

test("a folder with articles needs no source, and has one issue with its name", async () => {
  const cwd = await folderWith({
    "content/bridge.txt": BRIDGE.told.join("\n\n"),
    "content/bridge.png": "",
    "content/later/ferry.txt": "",
  });
  const running = await start(cwd);
  const page = await open(running);
  await page.getByLabel("What is it called?").fill("The Slipway");
  await page.getByLabel("Which address does it come from?").fill("me@slipway.example");
  await page.locator('[data-key="next"]').click();
  await screen(page, "Stories");
  expect(await page.locator(".form").innerText()).toContain("One file in the folder “content”");
  for (const title of ["Look", "Sending"]) {
    await page.locator('[data-key="next"]').click();
    await screen(page, title);
  }
  await page.locator('[data-key="next"]').click();
  await page.locator('[data-key="open"]').click();
  await expect.poll(() => emailIn(page).textContent()).toContain(BRIDGE.told[0]);
  expect(await readdir(path.join(cwd, "outbox"))).toEqual(["the-slipway"]);
});

test("bad sources and servers are said at their field, and nothing is written", async () => {
  const cwd = await folderWith({});
  const page = await open(await start(cwd));
  await page.getByLabel("What is it called?").fill("x");
  await page.getByLabel("Which address does it come from?").fill("me@slipway.example");
  await page.locator('[data-key="next"]').click();
  await screen(page, "Stories");
  await page.locator('[data-key="next"]').click();
  await expect.poll(() => page.locator("#said-address").textContent()).toContain("Add a source");
  await page.getByLabel("It is inside my own network").check();
  for (const [address, says] of [
    [`${site}/silent`, /no answer|answer|time/i],
    [`http://127.0.0.1:${await closedPort()}/`, /connect|refused|reach/i],
    ["not an address", /address|host|reach/i],
  ] as const) {
    await page.getByLabel("The address of a paper or a feed").fill(address);
    await page.locator('[data-key="next"]').click();
    await expect.poll(() => page.locator("#said-address").textContent()).toMatch(says);
    await page.getByLabel("The address of a paper or a feed").fill("");
  }
  await page.getByLabel("Show me two sample stories, which can’t be sent").check();
  await expect.poll(() => emailIn(page).textContent()).toContain("piano");
  for (const title of ["Look", "Sending"]) {
    await page.locator('[data-key="next"]').click();
    await screen(page, title);
  }
  await page.getByLabel("Mail server").fill(`127.0.0.1:${await closedPort()}`);
  await page.locator('[data-key="try"]').click();
  await expect
    .poll(() => page.locator("#said-host").textContent())
    .toMatch(/connect|refused|reach/i);
  expect(await readdir(cwd)).toEqual([".broadsheet"]);
});

test("a folder that can't be written in is said on the first screen", async () => {
  const page = await open(await start(await folderWith({ ".broadsheet/first-run.json/file": "" })));
  await expect
    .poll(() => page.locator('.form [role="alert"]').allTextContents())
    .toContainEqual(
      expect.stringMatching(/Nothing can be written in this folder: .*start the desk in a folder/),
    );
});
