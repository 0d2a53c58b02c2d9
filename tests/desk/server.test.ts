import { once } from "node:events";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page, Request } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { openLedger } from "../../src/delivery/io/open-ledger.ts";
import { openBrowser } from "../browser.ts";
import { folderWith, HARBOUR, LIGHTHOUSE } from "../cli/broadsheet.ts";
import { claimOf } from "../delivery/ledger-requests.ts";
import { closedPort, startSmtpServer } from "../smtp-server.ts";
import { faultsIn, faultsInBothLights } from "../preview/faults-in.ts";
import { replaceFile, settled } from "./places.ts";
import { ask, type Running, startPreview } from "./server.ts";

const BELL = `The bell that rings itself

By Jenna Hosking

The bell on Carrow quay rings when the swell is over two metres, and nobody has touched its rope since 1962.

A float under the quay pulls the rope. The harbour office has counted 4,120 peals, and the inn opens at each of them.

"It is the only clerk who never asks for leave," said Jenna Hosking, who oils the float.
`;

const WINDOW = { width: 1440, height: 900 };
const SLOT = "/the-mudlark/2031-04-02";

let browser: Browser;
let cwd: string;
let running: Running;
/** The first is used again by every test: to make one takes longer than most of them. */
let pages: Page[] = [];
let isInUse = false;

beforeAll(async () => {
  browser = await openBrowser();
  cwd = await folderWith({
    "broadsheet.config.json": '{ "name": "The Mudlark" }',
    "content/1-ferry.txt": HARBOUR,
    "content/2-lamp.md": LIGHTHOUSE,
    "content/3-bell.txt": BELL,
  });
  running = await startPreview(cwd, ["--date", "2031-04-02"]);
});

afterAll(async () => {
  await Promise.all(pages.map(async (page) => page.close()));
  expect(await running.stop()).toBe(0);
});

afterEach(async () => {
  const [first, ...others] = pages;
  await Promise.all(others.map(async (page) => page.close()));
  pages = first ? [first] : [];
  isInUse = false;
});

/** Of the same size and without a past, whatever a test before did to it. */
async function freshPage(): Promise<Page> {
  const [kept] = pages;
  if (kept && !isInUse) {
    isInUse = true;
    await kept.setViewportSize(WINDOW);
    return kept;
  }
  const page = await browser.newPage({ viewport: WINDOW, colorScheme: null });
  page.on("pageerror", (error) => {
    throw error;
  });
  pages.push(page);
  isInUse = true;
  return page;
}

async function open(target = SLOT, search = ""): Promise<Page> {
  const page = await freshPage();
  await page.goto(`${running.url}${target.slice(1)}${search}`);
  await settled(page);
  return page;
}

/** By the printed address, until its issue is there. */
async function enter(page: Page, { url }: Running): Promise<void> {
  await page.goto(url);
  await settled(page);
}

const file = (name: string) => path.join(cwd, "outbox", SLOT, name);
const read = async (name: string) => readFile(file(name), "utf8");
const digest = async () => JSON.parse(await read("digest.json"));
const byHand = async (text: string) => replaceFile(file("digest.json"), text);
const replace = async (name: string, text: string) => replaceFile(path.join(cwd, name), text);
/** Without its version a file counts as it is, and not by what was changed in it since it was opened. */
const putBack = async (before: string) => byHand(before.replace(/"version": "[^"]*",/, ""));
const points = async () =>
  (await digest()).sections[0].entries[0].summary.keyPoints.map(
    ({ text }: { text: string }) => text,
  );
const subject = (page: Page) => page.locator(".subject").textContent();
const titles = (page: Page) => page.locator('[aria-label="Stories"] .row .title').allTextContents();

async function save(page: Page, text: string): Promise<void> {
  await page.locator(".editor textarea").fill(text);
  await page.keyboard.press("Enter");
}

/** All that changes something about an issue. */
const CHANGES = ["edit", "undo", "redo", "test", "life"].map((name) => `${SLOT}/${name}`);

describe("only the browser of whoever started it is let in", () => {
  const post = { method: "POST", body: "{}" };
  const json = { "content-type": "application/json" };

  test("another account of the machine, which can connect, sees nothing and sends nothing", async () => {
    const origin = `http://127.0.0.1:${running.port}`;
    const before = await read("digest.json");
    const { key } = running;
    const wrong = ["", "x", key.slice(1), `${key}x`, `${key.slice(0, -1)}!`, `%${key}`];
    const roots = ["", ...wrong.map((given) => `/k/${given}`), `/K/${key}`, `//k/${key}`];
    const pages = ["/", SLOT, `${SLOT}/state`, "/~events", "/~issues", "/none"];
    // The key opens nothing anywhere else: not as a cookie, a header or a parameter.
    const elsewhere = {
      cookie: `broadsheet-preview-${running.port}=${key}`,
      "broadsheet-key": key,
    };
    for (const root of roots) {
      for (const target of pages) {
        const asked = `${target}?key=${key}`;
        const { status, body, headers } = await ask(running, asked, { root, headers: elsewhere });
        expect([root, target, status]).toEqual([root, target, 403]);
        expect(body).toContain('address that "broadsheet desk" printed');
        expect(body).not.toMatch(/mudlark/i);
        expect([headers["set-cookie"], headers.location]).toEqual([undefined, undefined]);
        expect(headers["referrer-policy"]).toBe("no-referrer");
      }
      for (const target of [...CHANGES, "/~rebuild"]) {
        const headers = { ...json, ...elsewhere, origin };
        const { status } = await ask(running, target, { ...post, root, headers });
        expect([root, target, status]).toEqual([root, target, 403]);
      }
    }
    expect(await read("digest.json")).toBe(before);
  });

  test("the printed address lets a browser in, which keeps no cookie and sends no referrer", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const asked: Request[] = [];
    page.on("request", (request) => asked.push(request));
    // The browser is given a file that leads to the address.
    const way = path.join(await folderWith(), "way.html");
    await writeFile(way, `<meta http-equiv="refresh" content="0;url=${running.url}">`);
    await page.goto(`file://${way}`);
    await page.waitForURL(`${running.url.slice(0, -1)}${SLOT}*`);
    await settled(page);
    expect(await subject(page)).toContain("The ferry");
    expect(await context.cookies()).toEqual([]);
    expect(await page.evaluate(() => document.referrer)).toBe("");
    const answers = await Promise.all(asked.map(async (request) => request.response()));
    const overHttp = answers.filter((answer) => answer?.url().startsWith("http"));
    expect(overHttp.length).toBeGreaterThan(2);
    for (const answer of overHttp) {
      expect(answer?.headers()["referrer-policy"]).toBe("no-referrer");
      expect(await answer?.request().headerValue("referer")).toBeNull();
    }
    const second = await context.newPage();
    await second.goto(`${running.url}${SLOT.slice(1)}?view=dark`);
    await second.reload();
    expect(await subject(second)).toContain("The ferry");
    await context.close();
  });

  test("the address without its last slash leads to the issue, and never to another server", async () => {
    const bare = await ask(running, "?view=dark");
    expect([bare.status, bare.headers.location]).toEqual([
      302,
      `/k/${running.key}${SLOT}?view=dark`,
    ]);
    const away = await ask(running, "//evil.example/x");
    expect([away.status, away.headers.location]).toEqual([404, undefined]);
  });

  test("another server of this machine gets no key when a link leads to it", async () => {
    const heard: IncomingMessage[] = [];
    const other = createServer((request, response) => {
      heard.push(request);
      response.end("<!doctype html><title>Another account</title>");
    }).listen(0, "127.0.0.1");
    await once(other, "listening");
    const context = await browser.newContext();
    const page = await context.newPage();
    await enter(page, running);
    const opened = context.waitForEvent("page");
    const address = `http://127.0.0.1:${z.object({ port: z.number() }).parse(other.address()).port}/`;
    await page.evaluate((href) => {
      for (const target of ["_blank", "_self"]) {
        const link = Object.assign(document.createElement("a"), { href, target, rel: "opener" });
        document.body.append(link);
        link.click();
      }
    }, address);
    const [second] = [await opened, await page.waitForURL(address)];
    await second.waitForURL(address);
    const seen = [second, page].map(async (one) =>
      one.evaluate(() => [document.referrer, document.cookie, String(window.opener)]),
    );
    expect(await Promise.all(seen)).toEqual([
      ["", "", "null"],
      ["", "", "null"],
    ]);
    expect(heard.length).toBeGreaterThanOrEqual(2);
    for (const { headers, url } of heard) {
      expect(JSON.stringify([headers, url])).not.toContain(running.key);
      expect([headers.cookie, headers.referer]).toEqual([undefined, undefined]);
    }
    await context.close();
    other.close();
  });

  test("a name that somebody lets resolve to this machine gets nothing", async () => {
    for (const host of [
      "evil.example",
      `evil.example:${running.port}`,
      `127.0.0.1.evil.example:${running.port}`,
      `LOCALHOST:${running.port}`,
      "127.0.0.1",
      `127.0.0.1:1`,
    ]) {
      const answer = await ask(running, SLOT, { headers: { host } });
      expect(answer.status).toBe(403);
      expect(answer.body).not.toContain("Mudlark");
    }
    const own = await ask(running, SLOT, { headers: { host: `localhost:${running.port}` } });
    expect(own.status).toBe(200);
  });

  test("a page, a form or a link of another site changes nothing, though it knows the path", async () => {
    const before = await read("digest.json");
    const own = `http://127.0.0.1:${running.port}`;
    const withKey = { ...json, "broadsheet-key": running.key };
    const tries = [
      { ...withKey, origin: "https://evil.example" },
      { ...withKey, origin: "null" },
      { ...withKey, origin: `http://127.0.0.1:${running.port + 1}` },
      withKey,
      { ...json, origin: own },
      { ...json, origin: own, "broadsheet-key": running.key.slice(1) },
    ];
    for (const target of [...CHANGES, "/~rebuild"]) {
      for (const headers of tries)
        expect((await ask(running, target, { ...post, headers })).status).toBe(403);
      expect((await ask(running, target)).status).toBe(404);
    }
    expect(await read("digest.json")).toBe(before);
    const headers = { ...withKey, origin: own };
    for (const body of ["", "{", "null", "[".repeat(50_000), '{"changes":[{"op":"rm"}]}'])
      expect((await ask(running, `${SLOT}/edit`, { method: "POST", body, headers })).status).toBe(
        400,
      );
    const large = JSON.stringify({ hash: "x".repeat(1_100_000) });
    expect((await ask(running, `${SLOT}/undo`, { ...post, headers, body: large })).status).toBe(
      413,
    );
  });

  test("no path leads out of the outbox", async () => {
    await writeFile(path.join(cwd, "secret.txt"), "hush");
    const paths = [
      "/../../secret.txt",
      "/..%2f..%2fsecret.txt/x",
      "/the-mudlark/..%2f..%2f..%2fsecret.txt",
      "/%2e%2e/%2e%2e",
      `/${encodeURIComponent(cwd)}/content`,
      "/the-mudlark/2031-04-02/digest.json",
      "/the-mudlark/.2031-04-02",
    ];
    for (const target of paths) {
      const { status, body } = await ask(running, target);
      // A path out of the root has no key; the path of the root leads to the issue.
      expect([target, [302, 403, 404].includes(status)]).toEqual([target, true]);
      expect(body).not.toContain("hush");
    }
  });
});

test("a damaged issue is told, and keeps no other from being shown", async () => {
  const other = path.join(cwd, "outbox/the-mudlark/2030-01-01");
  await cp(path.dirname(file("digest.json")), other, { recursive: true });
  const shown = async () => {
    const { status, body } = await ask(running, "/the-mudlark/2030-01-01/state");
    const { issue, desk } = JSON.parse(body);
    return { status, code: desk.trouble?.code, report: issue?.report };
  };
  const text = (await read("digest.json")).replace('"2031-04-02"', '"2030-01-01"');
  await writeFile(path.join(other, "digest.json"), text);
  await writeFile(path.join(other, "report.json"), '{"verdict":1,"findings":[null]}');
  expect(await shown()).toMatchObject({ code: undefined, report: { verdict: "pass" } });
  await truncate(path.join(other, "digest.json"), 11 * 1024 * 1024);
  expect(await shown()).toMatchObject({ code: "CONTENT_TOO_LARGE", report: { verdict: "pass" } });
  await writeFile(path.join(other, "digest.json"), "[]");
  expect(await shown()).toMatchObject({ code: "DIGEST_INVALID" });
  await rm(other, { recursive: true });
  expect(await shown()).toMatchObject({ code: "ISSUE_MISSING", report: { verdict: "pass" } });
  expect((await ask(running, SLOT)).status).toBe(200);
});

test("a tab hears at once of what happened between its making and its listening", async () => {
  const page = await freshPage();
  const { promise: held, resolve: listen } = Promise.withResolvers<void>();
  await page.route(/~events/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`${running.url}${SLOT.slice(1)}`);
  const told = async () => JSON.parse((await ask(running, `${SLOT}/state`)).body).desk.changes;
  const before = await told();
  await replace("content/3-bell.txt", BELL);
  await expect.poll(told).not.toBe(before);
  const asked = page.waitForResponse(/\/state$/);
  listen();
  expect((await asked).status()).toBe(200);
  await page.unroute(/~events/);
});

test("a tab that nobody sees holds no connection, and is up to date once it is seen", async () => {
  const page = await open();
  const see = async (isHidden: boolean) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, "hidden", { configurable: true, value: hidden });
      document.dispatchEvent(new Event("visibilitychange"));
    }, isHidden);
  const ended = page.waitForEvent("requestfailed", (request) => request.url().includes("~events"));
  await see(true);
  await ended;
  const asked = page.waitForResponse(/\/state$/);
  await see(false);
  expect((await asked).status()).toBe(200);
});

test("a click counts although the page is drawn anew while its button is pressed", async () => {
  const page = await open();
  const before = await read("digest.json");
  await page.getByRole("button", { name: "Keys" }).hover();
  await page.mouse.down();
  const asked = page.waitForResponse(/\/state$/);
  await putBack(before.replace(/"subject": "[^"]*"/, '"subject": "Another one"'));
  await (await asked).finished();
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(drawn)));
  await page.mouse.up();
  await page.locator("dialog").waitFor();
  await page.keyboard.press("Escape");
  await expect.poll(() => subject(page)).toBe("Another one");
  await putBack(before);
  await expect.poll(() => subject(page)).not.toBe("Another one");
});

describe("editing", () => {
  test("the subject is saved to digest.json, rendered, and can be taken back", async () => {
    const page = await open();
    const before = await subject(page);
    await page.keyboard.press("e");
    await save(page, "Mine <b>alone</b>");
    await expect.poll(() => subject(page)).toBe("Mine <b>alone</b>");
    expect(await digest()).toMatchObject({ subject: "Mine <b>alone</b>" });
    expect(await read("email.html")).toContain("Mine &lt;b&gt;alone&lt;/b&gt;");
    expect(await read("email.eml")).toContain("Mine <b>alone</b>");
    expect(await read("preview.html")).toContain("Mine \\u003cb>alone");
    await page.keyboard.press("u");
    await expect.poll(() => subject(page)).toBe(before);
    expect(await digest()).toMatchObject({ subject: before });
    await page.keyboard.press("Shift+U");
    await expect.poll(() => subject(page)).toBe("Mine <b>alone</b>");
    await page.keyboard.press("u");
    await expect.poll(() => subject(page)).toBe(before);
  });

  test("a subject without words is refused, and what was written stays", async () => {
    const page = await open();
    const opener = page.locator('[data-key="edit-the-subject"]');
    await opener.press("Enter");
    await save(page, " ");
    await expect
      .poll(() => page.locator(".editor [role=alert]").textContent())
      .toContain("without a subject");
    await page.keyboard.press("Escape");
    expect(await page.locator(".editor").count()).toBe(0);
    expect(await opener.evaluate((button) => button === document.activeElement)).toBe(true);
  });

  test("a key point in words that the article has not is marked, with the reason", async () => {
    const page = await open(SLOT, "?view=model&point=k1");
    const point = page.locator(".keyPoints .point").first();
    await page.keyboard.press("e");
    await save(page, "The ferry was sold for 9,000,000 crowns.");
    await expect.poll(() => point.locator(".refusal").textContent()).toContain("9,000,000");
    expect(await page.textContent(".right h2")).not.toBe("All from the source");
    const [first] = (await digest()).sections[0].entries[0].summary.keyPoints;
    expect(first).toEqual({ text: "The ferry was sold for 9,000,000 crowns." });
    await page.keyboard.press("Escape");
    await page.keyboard.press("1");
    expect(await page.textContent(".verdict h2")).toMatch(/^\d to look at first$/);
    expect(await faultsInBothLights(page)).toEqual([]);
    expect(await page.locator('[data-key="story-1"]').textContent()).toContain("Look");
    await page.locator('.verdict [data-key="refusal-0-k1"]').click();
    expect(await point.getAttribute("class")).toContain("chosen");
    await page.keyboard.press("u");
    await expect.poll(() => point.locator(".refusal").count()).toBe(0);
  });

  test("a sentence that was left out is put in for a key point, and taken back", async () => {
    const page = await open(SLOT, "?view=model");
    const before: string[] = await points();
    await page.locator('[data-key="point-k2"]').click();
    await page.keyboard.press("e");
    const other = page.locator('[data-key="say-0"]');
    const wanted = (await other.textContent()) ?? "";
    await other.click();
    await page.locator(".editor .solid").click();
    await expect.poll(points).toContain(wanted);
    const after = await points();
    expect(after).toHaveLength(before.length);
    expect(after).not.toContain(before[1]);
    await expect.poll(() => page.locator(".right").textContent()).toContain("All from the source");
    await page.keyboard.press("u");
    await expect.poll(points).toEqual(before);
  });

  test("stories are moved and hidden, and come back", async () => {
    const page = await open();
    const [one = "", two = "", three = ""] = await titles(page);
    await page.keyboard.press("Shift+J");
    await expect.poll(() => titles(page)).toEqual([two, one, three]);
    expect(await page.locator('[aria-label="Stories"] .chosen .title').textContent()).toBe(one);
    expect((await read("email.txt")).indexOf(two)).toBeLessThan(
      (await read("email.txt")).lastIndexOf(one),
    );
    await page.keyboard.press("h");
    await expect.poll(() => titles(page)).toEqual([two, three]);
    expect(
      (await digest()).sections.flatMap(({ entries }: { entries: object[] }) => entries),
    ).toHaveLength(3);
    await page.locator(".hidden-list button").click();
    await expect.poll(() => titles(page)).toEqual([two, one, three]);
    await page.keyboard.press("1");
    for (let left = 3; left > 0; left--) {
      const answer = page.waitForResponse(/\/undo$/);
      await page.keyboard.press("u");
      await answer;
    }
    await expect.poll(() => titles(page)).toEqual([one, two, three]);
  });

  test("the button that moves a story keeps the focus, so that it can be pressed again", async () => {
    const page = await open();
    const [one = "", two = "", three = ""] = await titles(page);
    await page.locator("[data-key=tool-Down]").press("Enter");
    await expect.poll(() => titles(page)).toEqual([two, one, three]);
    await page.keyboard.press("Enter");
    await expect.poll(() => titles(page)).toEqual([two, three, one]);
    for (const left of [1, 2]) {
      const answer = page.waitForResponse(/\/undo$/);
      await page.keyboard.press("u");
      expect((await answer).ok(), `step ${left}`).toBe(true);
    }
    await expect.poll(() => titles(page)).toEqual([one, two, three]);
  });

  test("what was read with doubt is accepted by a click, and is nothing to look at then", async () => {
    const page = await open();
    const before = await read("digest.json");
    const accept = page.locator(".left .row.chosen").getByRole("button", { name: /^Accept: / });
    const linked = JSON.parse(before);
    linked.sections[0].entries[0].article.url = "https://slipway.example/ferry";
    await byHand(JSON.stringify(linked));
    await page.keyboard.press("1");
    await expect.poll(() => accept.count()).toBe(0);
    const doubted = structuredClone(linked);
    doubted.sections[0].entries[0].article.reading = {
      confidence: 0.6,
      partial: "stub",
      doubts: [],
    };
    await byHand(JSON.stringify(doubted));
    await accept.click();
    await expect.poll(async () => (await digest()).sections[0].entries[0].accepted).toBe(true);
    await expect.poll(() => accept.count()).toBe(0);
    expect(await read("report.json")).not.toContain("reading-doubted");
    // The text from before is of an older version by now, and would change nothing.
    const now = await digest();
    now.sections[0].entries[0] = JSON.parse(before).sections[0].entries[0];
    await byHand(JSON.stringify(now));
    // The desk renders it, and writes it as it writes all digests.
    await expect.poll(() => read("digest.json")).not.toBe(JSON.stringify(now));
    expect((await digest()).sections[0].entries[0].accepted).toBe(undefined);
    await expect.poll(() => titles(page)).toHaveLength(3);
  });

  test("by hand shows up at once, and a comma too many says where, until it is mended", async () => {
    const page = await open();
    const before = await read("digest.json");
    const changed = before.replace(
      /"preheader": "[^"]*"/,
      '"preheader": "Written in another program."',
    );
    const link = page.frameLocator("iframe").first().locator("a[href]").first();
    // The page listens once the frame has loaded.
    const clicked = async () => link.dispatchEvent("click").then(() => page.textContent(".status"));
    await expect.poll(clicked).toContain("That link goes to");
    await byHand(changed);
    await expect.poll(() => page.locator(".preheader").textContent()).toContain("another program");
    await expect.poll(() => read("email.html")).toContain("another program");
    expect(await page.textContent(".status")).toContain("Saved");
    await byHand(changed.replace('"subject":', '"subject":,'));
    await expect.poll(() => page.locator(".trouble .at").textContent()).toMatch(/digest\.json:\d+/);
    expect(await page.locator(".trouble .code-line.chosen").textContent()).toContain('"subject":,');
    expect(await page.locator(".preheader").textContent()).toContain("another program");
    await byHand(before.replace('"slot": "2031', '"slot": "2032'));
    await expect
      .poll(() => page.locator(".trouble").textContent())
      .toMatch(/is in the folder.*digest\.json/);
    const verdict = async () => page.locator(".verdict").textContent();
    const none = JSON.parse(before, (key, value) =>
      key === "entries" ? value.map((entry: object) => ({ ...entry, hidden: true })) : value,
    );
    await byHand(JSON.stringify(none));
    await expect
      .poll(verdict)
      .toMatch(/^Can’t be sentAll stories are hidden, so there is nothing to send\./);
    expect(await page.locator('[aria-label="Issues"] .chosen').textContent()).not.toContain("pass");
    expect(await faultsInBothLights(page)).toEqual([]);
    await putBack(before);
    await expect.poll(() => page.locator(".trouble").count()).toBe(0);
    await putBack(before);
    // The sender is an example, and neither story has an address to read on.
    await expect.poll(verdict).toMatch(/^3 to look at first/);
    await expect
      .poll(() => page.locator(".preheader").textContent())
      .not.toContain("another program");
  });

  test("in two tabs: the second is told, and nothing that was written is lost", async () => {
    const [one, two] = [await open(), await open()];
    await two.route(/\/state$/, (route) => route.abort());
    await one.keyboard.press("e");
    await save(one, "From the first");
    await expect.poll(() => subject(one)).toBe("From the first");
    await two.keyboard.press("e");
    await save(two, "From the second");
    await expect
      .poll(() => two.locator(".editor [role=alert]").textContent())
      .toContain("This line of the issue was changed");
    expect(await two.locator(".editor textarea").inputValue()).toBe("From the second");
    expect(await digest()).toMatchObject({ subject: "From the first" });
    await two.locator(".editor .solid").click();
    await expect.poll(() => subject(one)).toBe("From the second");
    for (const wanted of ["From the first", "The ferry that waits for the post"]) {
      await one.keyboard.press("u");
      await expect.poll(() => subject(one)).toBe(wanted);
    }
  });

  test("in a tab that follows what another does: its line is not taken back unsaid", async () => {
    const [one, two] = [await open(), await open()];
    await two.keyboard.press("e");
    await two.locator(".editor textarea").fill("From the second");
    await one.keyboard.press("e");
    await save(one, "From the first");
    await expect
      .poll(() => two.locator(".editor [role=alert]").textContent())
      .toContain("This line of the issue was changed");
    expect(await two.locator(".editor textarea").inputValue()).toBe("From the second");
    expect(await faultsInBothLights(two)).toEqual([]);
    expect(await digest()).toMatchObject({ subject: "From the first" });
    await two.keyboard.press("Escape");
    await one.keyboard.press("u");
    await expect.poll(() => subject(one)).toBe("The ferry that waits for the post");
  });
});

describe("what it is made of changes", () => {
  test("an article: the page follows where it is, and an editor's changes stay", async () => {
    const page = await open(SLOT, "?view=dark&story=2&show=phone");
    await page.keyboard.press("e");
    await save(page, "My subject");
    await expect.poll(() => subject(page)).toBe("My subject");
    await settled(page);
    const scrolled = () => page.frames()[1]?.evaluate(() => scrollY);
    const before = await scrolled();
    expect(before).toBeGreaterThan(200);
    await replace("content/3-bell.txt", BELL.replace("rings itself", "rings for two"));
    await expect.poll(() => titles(page)).toContain("The bell that rings for two");
    await settled(page);
    expect(await subject(page)).toBe("My subject");
    expect(page.url()).toContain("view=dark");
    expect(Math.abs(((await scrolled()) ?? 0) - (before ?? 0))).toBeLessThan(40);
    await replace("content/3-bell.txt", BELL);
    await expect.poll(() => titles(page)).toContain("The bell that rings itself");
    // Undo takes an editor's steps back, and no change of an article.
    await page.keyboard.press("u");
    await expect.poll(() => subject(page)).not.toBe("My subject");
  });

  test("a template: a fault is shown where it stands, and goes when it is mended", async () => {
    const own = path.join(cwd, "templates/digest");
    await cp("templates/digest", own, { recursive: true });
    const page = await open();
    const source = await readFile(path.join(own, "html.mjml.hbs"), "utf8");
    await writeFile(
      path.join(own, "html.mjml.hbs"),
      source.replace("{{> contents}}", "{{contens}}"),
    );
    await expect
      .poll(() => page.locator(".trouble .at").textContent())
      .toMatch(/^templates\/digest\/html\.mjml\.hbs:\d+:\d+$/);
    expect(await page.locator(".trouble .code-line.chosen").textContent()).toContain("{{contens}}");
    expect(await page.locator(".trouble").textContent()).toContain("Use contents");
    expect(await page.locator("iframe").first().isVisible()).toBe(true);
    await writeFile(
      path.join(own, "html.mjml.hbs"),
      source.replace("{{> footer}}", "<mj-text>Mended</mj-text>{{> footer}}"),
    );
    await expect.poll(() => page.locator(".trouble").count()).toBe(0);
    await expect.poll(() => page.frames()[1]?.locator("body").textContent()).toContain("Mended");
    await rm(path.join(cwd, "templates"), { recursive: true });
    await expect
      .poll(() => page.frames()[1]?.locator("body").textContent())
      .not.toContain("Mended");
  });
});

test("a test goes out through the mail server, and without one it says how", async () => {
  const smtp = await startSmtpServer();
  const page = await open();
  await page.keyboard.press("m");
  await page.locator(".test-form input").fill("wenna@carrow.example");
  await page.keyboard.press("Enter");
  await expect.poll(() => page.locator(".test-said").textContent()).toContain("set SMTP_URL");
  await writeFile(path.join(cwd, ".env"), `SMTP_URL=smtp://127.0.0.1:${smtp.port}\n`);
  await expect
    .poll(async () => {
      await page.locator(".test-form .solid").click();
      await page.waitForFunction(
        () => document.querySelector(".test-form .solid:disabled") === null,
      );
      return page.locator(".test-said").textContent();
    })
    .toContain("Accepted");
  expect(smtp.received[0]?.to).toEqual(["wenna@carrow.example"]);
  await page.locator(".test-form input").fill("no address");
  await page.keyboard.press("Enter");
  await expect.poll(() => page.locator(".test-said").textContent()).toContain("no @");
});

test("what only a server has is for everybody too", async () => {
  const page = await open(SLOT, "?view=model&point=k1");
  await page.keyboard.press("e");
  expect(await faultsIn(page)).toEqual([]);
  await page.setViewportSize({ width: 320, height: 800 });
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  await page.keyboard.press("Escape");
  await page.keyboard.press("1");
  await page.keyboard.press("e");
  // The page is laid out anew for its width meanwhile, and goes to the form then.
  const top = async () => (await page.locator(".editor .solid").boundingBox())?.y ?? 0;
  await expect.poll(async () => (await top()) > 0 && (await top()) < 800).toBe(true);
  await page.keyboard.press("Escape");
  await page.getByText("Send me a test").click();
  expect(await faultsIn(page)).toEqual([]);
});

test("the list says which issue was sent, and to how many, as it happens", async () => {
  const page = await open();
  const row = page.locator('[aria-label="Issues"] .row').first();
  await expect.poll(() => row.textContent()).toContain("draft");
  expect(await row.textContent()).toMatch(/\d+ of \d+ checks pass/);
  const store = path.join(cwd, ".broadsheet/broadsheet.db");
  // Looking makes no store.
  expect(existsSync(store)).toBe(false);
  const issue = { newsletter: "the-mudlark", slot: SLOT.slice(-10) };
  const env = { XDG_STATE_HOME: path.join(cwd, ".state") };
  const ledger = await openLedger({ file: store }, { clock: () => new Date(), env });
  const names = ["mara", "jory", "wenna"];
  const recipients = names.map((name) => ({ address: `${name}@carrow.example` }));
  await ledger.plan({ issue, contentHash: "x", recipients });
  await expect.poll(() => row.textContent()).toMatch(/being sent.*To 0 of 3/);
  const [mara, jory, wenna] = await ledger.claim({ ...claimOf(), issue });
  if (!mara || !jory || !wenna) throw new Error("three were planned");
  await ledger.turn({ outcomes: [], start: [mara, jory, wenna] });
  await ledger.turn({
    outcomes: [
      { claim: mara, state: "accepted", reply: "250" },
      { claim: jory, state: "rejected", reply: "550" },
      { claim: wenna, state: "uncertain", reply: "" },
    ],
    start: [],
  });
  await expect.poll(() => row.textContent()).toMatch(/sentTo 1 of 3, 1 refused, 1 in doubt$/);
  await ledger.close();
  await writeFile(store, "no database");
  await rm(`${store}-wal`, { force: true });
  await expect
    .poll(() => page.locator('[aria-label="Issues"] > .word').textContent())
    .toContain("The list of sent issues is unknown: the store broadsheet.db is");
  // At once: the desk may look into the folder meanwhile.
  await rename(path.dirname(store), path.join(cwd, ".gone"));
  await expect.poll(() => row.textContent()).toContain("draft");
});

test("sixty issues are listed, found and walked through", async () => {
  const model = await digest();
  for (let day = 1; day <= 60; day++) {
    const slot = new Date(Date.UTC(2029, 0, day)).toISOString().slice(0, 10);
    const dir = path.join(cwd, "outbox/the-mudlark", slot);
    await mkdir(dir, { recursive: true });
    const issue = { newsletter: "the-mudlark", slot, number: day };
    await writeFile(
      path.join(dir, "digest.json"),
      JSON.stringify({ ...model, issue, title: `Issue ${day}` }, undefined, 2),
    );
  }
  const page = await open();
  expect(await page.locator("[data-key=all-issues]").textContent()).toBe("4 of 61");
  await page.keyboard.press("/");
  await page.keyboard.type("issue 47");
  await expect
    .poll(() => page.locator('[aria-label="Issues"] .title').allTextContents())
    .toEqual(["Issue 47"]);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.keyboard.press("]");
  await expect.poll(() => page.url()).toContain("/the-mudlark/2029-03-01");
  expect(await page.locator(".trouble").textContent()).toContain("email.json");
});

describe("a newsletter of its own", () => {
  const article = path.join("content", "a.txt");
  const config = "broadsheet.config.ts";
  let folder: string;
  let own: Running;
  let args: readonly string[];

  beforeAll(async () => {
    folder = await folderWith({
      [config]: 'export default { name: "New" };\n',
      [article]: "",
      // What xdg-open takes for the browser where there is no desktop. It notes what any account sees of all programs.
      "browser.sh":
        'cat /proc/[0-9]*/cmdline > seen 2> /dev/null; echo "$1" > page.new; mv page.new page\n',
    });
    const opens = { BROWSER: `sh ${path.join(folder, "browser.sh")}`, HOME: folder };
    args = ["--date", "2031-04-02", "--port", String(await closedPort())];
    own = await startPreview(folder, args, { opens });
  });

  afterAll(async () => {
    expect(await own.stop()).toBe(0);
    await rm(folder, { recursive: true });
  });

  test("opens in a browser whose command line tells nobody the key; the page that does is gone then", async () => {
    await expect.poll(() => existsSync(path.join(folder, "page"))).toBe(true);
    const way = (await readFile(path.join(folder, "page"), "utf8")).trim();
    const seen = await readFile(path.join(folder, "seen"), "utf8");
    expect(seen).toContain(way);
    expect(seen).not.toContain(own.key);
    const modes = await Promise.all([way, path.dirname(way)].map(async (name) => stat(name)));
    expect(modes.map(({ mode }) => mode & 0o777)).toEqual([0o600, 0o700]);
    const page = await freshPage();
    await page.goto(pathToFileURL(way).href);
    await page.waitForURL(own.url);
    await expect.poll(() => existsSync(path.dirname(way))).toBe(false);
  });

  test("that can't be built yet shows why, and its issue once it can", async () => {
    const page = await freshPage();
    await enter(page, own);
    expect(await page.locator(".trouble").textContent()).toContain("a.txt");
    await writeFile(path.join(folder, article), HARBOUR);
    await expect.poll(() => page.locator(".left .title").first().textContent()).toContain("ferry");
  });

  test("goes without an article that can't be read, and says so until it is mended", async () => {
    const page = await freshPage();
    await page.goto(own.url);
    const empty = path.join(folder, "content", "b.txt");
    const notice = async () => (await page.locator(".notice").allTextContents()).join("\n");
    await writeFile(empty, "");
    await expect
      .poll(notice)
      .toContain("Look content/b.txt has no text in it; write something in it, or leave it out");
    expect(await page.locator(".left .title").first().textContent()).toContain("ferry");
    await rm(empty);
    await expect.poll(notice).not.toContain("no text");
  });

  test("follows its config, and says what is wrong in it until it is mended", async () => {
    const page = await freshPage();
    await enter(page, own);
    const said = async () => (await page.locator(".trouble").allTextContents()).join(" ");
    await writeFile(path.join(folder, config), "\nexport default { nam: 1 };\n");
    await expect.poll(said).toContain(`${config}:2`);
    const mended =
      'import tagline from "./tagline.ts";\nexport default { name: "New", reason: tagline };\n';
    await writeFile(path.join(folder, config), mended);
    await expect.poll(said).toContain("tagline.ts");
    const tagline = path.join(folder, "tagline.ts");
    await writeFile(tagline, 'export default "Read at low tide";\n');
    await expect.poll(said).toBe("");
    const shown = page.frameLocator("iframe").first().locator("body");
    await expect.poll(() => shown.textContent()).toContain("Read at low tide");
    await writeFile(tagline, 'export default "Read at high tide";\n');
    await expect.poll(() => shown.textContent()).toContain("Read at high tide");
  });

  test("keeps an editor's changes beyond the preview, and they can be taken back", async () => {
    const page = await freshPage();
    await enter(page, own);
    await page.keyboard.press("e");
    await save(page, "Kept overnight");
    await expect.poll(() => subject(page)).toBe("Kept overnight");
    const { key } = own;
    expect(await own.stop()).toBe(0);
    await expect.poll(() => page.textContent(".status")).toContain("desk has stopped");
    await writeFile(path.join(folder, article), HARBOUR.replace("212 days", "213 days"));
    // It finds no key that was kept.
    own = await startPreview(folder, args, { env: { XDG_STATE_HOME: await folderWith() } });
    expect(own.key).not.toBe(key);
    // A tab that is still open has the key of the run before.
    const anew = "was restarted: open the address that it has printed in its terminal";
    await expect.poll(() => page.textContent(".status")).toContain(anew);
    await page.keyboard.press("r");
    await expect.poll(() => page.textContent(".status")).toContain(`${anew}. What you wrote`);
    await enter(page, own);
    const text = page.frameLocator("iframe").first().locator("body");
    await expect.poll(() => text.textContent()).toContain("213 days");
    expect(await subject(page)).toBe("Kept overnight");
    await page.keyboard.press("r");
    await expect.poll(() => page.textContent(".status")).toContain("Saved");
    expect(await subject(page)).toBe("Kept overnight");
    await page.goto("about:blank");
  });
});
