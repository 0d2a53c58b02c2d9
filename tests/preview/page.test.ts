import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Browser, BrowserContextOptions, Frame, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { clientCode } from "../../src/preview/io/client-code.ts";
import { explanationOf } from "../../src/preview/preview-page.ts";
import type { IssueData } from "../../src/preview/page-data.ts";
import { splitSentences } from "../../src/summary/language/segments.ts";
import { openBrowser } from "../browser.ts";
import { faultsIn, faultsInBothLights } from "./faults-in.ts";
import { type Built, builtIssue, dataOf, writePage } from "./issue.ts";

let browser: Browser;
let built: Built;
let issue: IssueData;
let address: string;
/** One page is used again as long as its window is to be the same: to make one takes longer than most tests. */
let page: Page;
let windowOf = "";
/** Everything that any page of these tests asked for, files and data apart. */
const asked: string[] = [];

beforeAll(async () => {
  browser = await openBrowser();
  built = await builtIssue();
  issue = await dataOf(built);
  address = await writePage(issue);
});

afterAll(async () => page.close());

afterEach(() => expect(asked.splice(0)).toEqual([]));

interface Opening {
  readonly at?: string;
  readonly search?: string;
  readonly width?: number;
  readonly height?: number;
  /** Null leaves it to the browser, which then hands the scheme of a frame on to it. */
  readonly scheme?: "light" | "dark" | null;
}

async function open(opening: Opening = {}): Promise<void> {
  const { at = address, search = "", width = 1440, height = 900, scheme = null } = opening;
  const wanted = { viewport: { width, height }, colorScheme: scheme };
  if (windowOf !== JSON.stringify(wanted)) page = await newPage(wanted);
  windowOf = JSON.stringify(wanted);
  await page.goto(at + search);
  await settled();
}

async function newPage(wanted: BrowserContextOptions): Promise<Page> {
  if (windowOf !== "") await page.close();
  page = await browser.newPage(wanted);
  page.on("request", (request) => {
    if (!/^(?:file|data|blob|about):/.test(request.url())) asked.push(request.url());
  });
  page.on("requestfailed", (request) => {
    // It was never made.
    if (request.failure()?.errorText === "csp") asked.splice(asked.indexOf(request.url()), 1);
  });
  page.on("pageerror", (error) => asked.push(error.message));
  return page;
}

/** Waits until the frames that are shown hold the email. */
async function settled(): Promise<void> {
  await page.waitForFunction(() =>
    [...document.querySelectorAll("iframe")].every(
      (frame) => frame.clientWidth === 0 || !frame.classList.contains("is-loading"),
    ),
  );
}

function frame(name: "phone" | "desktop"): Frame {
  const found = page.frames().slice(1)[name === "phone" ? 0 : 1];
  if (!found) throw new Error(`there is no frame ${name}`);
  return found;
}

async function press(key: string): Promise<void> {
  await page.keyboard.press(key);
  await settled();
}

/** What is marked in the article as what is chosen is from, without the signs. */
const chosenMarks = async () =>
  page.locator("mark.chosen").evaluateAll((marks) =>
    marks
      .map((mark) => {
        const copy = mark.cloneNode(true);
        if (copy instanceof Element) for (const sup of copy.querySelectorAll("sup")) sup.remove();
        return copy.textContent;
      })
      .join(""),
  );

/** Clicks where an element of a frame is seen: Playwright does not reckon with a frame that is scaled. */
async function clickIn(name: "phone" | "desktop", selector: string): Promise<void> {
  const { x, y } = await placeIn(name, selector);
  await page.mouse.click(x + 2, y + 2);
}

/** Where an element of a frame is seen, brought into sight. */
async function placeIn(name: "phone" | "desktop", selector: string) {
  return page.evaluate(
    ([title, wanted]) => {
      const outer = document.querySelector(`iframe[title$=${title}]`);
      if (!(outer instanceof HTMLIFrameElement)) throw new Error("no such frame");
      const inner = outer.contentDocument?.querySelector(String(wanted));
      inner?.scrollIntoView({ block: "center", behavior: "instant" });
      const [frame, element] = [outer.getBoundingClientRect(), inner?.getBoundingClientRect()];
      const scale = frame.width / outer.clientWidth;
      return {
        x: frame.x + (element?.x ?? 0) * scale,
        y: frame.y + (element?.y ?? 0) * scale,
        height: (element?.height ?? 0) * scale,
      };
    },
    [name, selector],
  );
}

const ground = (name: "phone" | "desktop") =>
  frame(name).evaluate(() => getComputedStyle(document.body).backgroundColor);

const pictureWidth = () =>
  frame("phone").evaluate(() => document.querySelector("img")?.naturalWidth);

const styles = () =>
  frame("phone").evaluate(() =>
    [...document.querySelectorAll("style")].map((style) => style.textContent).join(""),
  );

const shownOfSubject = () =>
  page.locator(".subject").evaluate((row) => row.firstChild?.textContent?.length ?? 0);

const scrollPhone = (y: number) => frame("phone").evaluate((top) => window.scrollTo({ top }), y);

const scrolled = (name: "phone" | "desktop") => frame(name).evaluate(() => scrollY);

const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

const why = () => page.locator('[aria-label="Why this sentence"]');
const near = () => page.locator(".near-misses li");
const dotted = () => page.locator("mark.near").count();

describe("every view has a key, and shows what its name says", () => {
  test("1 to 5 and 0: the email in two frames", async () => {
    await open();
    expect(await frame("phone").evaluate(() => innerWidth)).toBe(375);
    expect(await frame("desktop").evaluate(() => innerWidth)).toBe(640);
    expect(await ground("phone")).toBe("rgb(251, 250, 247)");
    await press("2");
    expect(await ground("phone")).toBe("rgb(20, 20, 19)");
    expect(await ground("desktop")).toBe("rgb(20, 20, 19)");
    await press("3");
    // As `contrast-inverted` judges it: never darker than #333, whatever was white.
    expect(await ground("phone")).toBe("rgb(55, 54, 52)");
    expect(await page.textContent(".caption")).toContain("A simulation");
    await press("4");
    expect(await pictureWidth()).toBe(0);
    await press("1");
    expect(await pictureWidth()).toBe(924);
    await press("5");
    expect(await styles()).not.toContain("@media");
    await press("0");
    expect(await styles()).toContain("@media");
    expect(await frame("phone").locator("[class^=m_]").count()).toBeGreaterThan(5);
    expect(await page.locator('.tab[aria-pressed="true"]').textContent()).toBe("5 No style");
  });

  test("6, 7 and 8: the text part, the source, and the header fields", async () => {
    await open();
    await press("6");
    expect(await page.textContent(".text-part")).toBe(issue.text);
    await press("7");
    expect(await page.textContent(".source")).toBe(`${issue.html.trimEnd()}\n`);
    await press("8");
    const fields = await page.locator("dt").allTextContents();
    expect(fields).toEqual(expect.arrayContaining(["From", "Subject", "List-Unsubscribe"]));
    expect(await page.locator(".message-parts li").allTextContents()).toEqual(
      expect.arrayContaining([expect.stringContaining("image/jpeg")]),
    );
    const download = page.waitForEvent("download");
    await page.getByText("Download .eml").click();
    const file = await (await download).path();
    expect(await readFile(file)).toEqual(built.files.get("email.eml"));
  });

  test("9: the digest beside the article, each point with its sentence", async () => {
    await open({ search: "?view=model" });
    const points = page.locator(".keyPoints button");
    expect(await points.count()).toBeGreaterThan(1);
    await points.nth(1).click();
    const said = await points.nth(1).locator(".words").textContent();
    expect(await chosenMarks()).toBe(said);
    expect(await page.locator(".wire").isVisible()).toBe(true);
    expect(await page.textContent(".right h2")).toBe("All from the source");
    await page.locator("mark", { hasText: "leaves when the post van has come" }).click();
    expect(await page.locator(".gist .point.chosen").count()).toBe(1);
  });
});

test("a frame that is given another view while it loads is not taken for loaded before it has that", async () => {
  await open();
  const isLoading = await page.evaluate(async () => {
    const [first] = document.querySelectorAll("iframe");
    const { body } = document;
    const press = (key: string) =>
      body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    const { promise, resolve } = Promise.withResolvers<boolean | undefined>();
    // Before the page itself hears of it.
    document.addEventListener("load", () => press("3"), { capture: true, once: true });
    const look = () => resolve(first?.classList.contains("is-loading"));
    first?.addEventListener("load", look, { once: true });
    press("2");
    return promise;
  });
  expect(isLoading).toBe(true);
  await settled();
  expect(await ground("phone")).toBe("rgb(55, 54, 52)");
});

describe("why a sentence was chosen", () => {
  test("is told in words, by keys too, and what was left out where one asks for it", async () => {
    await open({ search: "?view=model" });
    await page.locator(".gist button").focus();
    await page.keyboard.press("Tab");
    expect(page.url()).not.toContain("k2");
    expect(await page.locator(".keyPoints .chosen .sign").textContent()).toBe("1");
    expect(await page.locator("mark.chosen").count()).toBeGreaterThan(0);
    expect(await why().locator("h2").textContent()).toBe("Why point 1");
    expect(await why().locator(".head .muted").textContent()).toMatch(/^\d+\w\w of \d+ sentences$/);
    const reasons = await why().locator("li span").allTextContents();
    expect(reasons.length).toBeGreaterThan(1);
    const known = issue.explanations[0]?.chosen.find(({ sign }) => sign === "1")?.reasons;
    expect(reasons.map((reason) => reason.toLowerCase())).toEqual(
      known?.map(({ text }) => text.toLowerCase()),
    );
    expect(await near().count()).toBe(0);
    expect(await dotted()).toBe(0);
    await press("x");
    expect(await near().count()).toBe(issue.explanations[0]?.nearMisses.length);
    expect(await dotted()).toBeGreaterThan(0);
    await near().first().locator("button").click();
    const { sentence, why: reason } = issue.explanations[0]?.nearMisses[0] ?? {};
    expect(await page.locator("mark.chosen").first().textContent()).toBe(sentence?.text);
    expect(await near().first().textContent()).toContain(`Not chosen: ${reason}`);
    await press("x");
    expect(await near().count()).toBe(0);
  });

  test.each([
    ["model", "A model’s words"],
    ["author", "The author’s own description"],
    ["extract", "An editor’s words"],
  ] as const)("is not made up where the words are not ranked: %s", async (origin, said) => {
    const [section, ...sections] = issue.digest.sections;
    const [first, ...others] = section?.entries ?? [];
    if (!section || !first) throw new Error("the issue has stories");
    const summary = { ...first.summary, origin, gist: { text: "In other words." } };
    const entries = [{ ...first, summary }, ...others];
    const digest = { ...issue.digest, sections: [{ ...section, entries }, ...sections] };
    const explanations = digest.sections
      .flatMap((one) => one.entries)
      .map((entry) => explanationOf(entry));
    const at = await writePage({ ...issue, digest, explanations });
    await open({ at, search: "?view=model&point=g" });
    expect(await why().textContent()).toContain(said);
    expect(await why().locator("li").count()).toBe(0);
  });
});

/** The issue with the first story's gist in a model's words, which follow its first and third sentences. */
async function withModelsGist(more: Partial<IssueData["digest"]> = {}) {
  const [section, ...sections] = issue.digest.sections;
  const [first, ...others] = section?.entries ?? [];
  if (!section || !first) throw new Error("the issue has stories");
  const { text, language } = first.article;
  const [one, , three] = splitSentences(text, language);
  if (!one || !three) throw new Error("the story has three sentences");
  const sources = [one, three].map(({ start, end }) => ({ start, end }));
  const gist = { text: "The ferry waits for a van that its skipper can see.", sources };
  const summary = { ...first.summary, origin: "model" as const, gist };
  const entries = [{ ...first, summary }, ...others];
  const digest = { ...issue.digest, ...more, sections: [{ ...section, entries }, ...sections] };
  const explanations = digest.sections
    .flatMap((one) => one.entries)
    .map((entry) => explanationOf(entry));
  const at = await writePage({ ...issue, digest, explanations });
  return { at, said: sources.map(({ start, end }) => text.slice(start, end)) };
}

describe("what a model wrote", () => {
  test("is shown with the sentences of the article that it follows, by keys and to screen readers too", async () => {
    const { at, said } = await withModelsGist();
    await open({ at, search: "?view=model" });
    await press(".");
    const gist = page.locator(".gist .point.chosen");
    expect(await gist.locator("button > span").last().textContent()).toMatch(/^¶ 1, 2$/);
    const followed = page.getByRole("region", { name: "Source sentences" });
    const list = await followed.getByRole("listitem").allTextContents();
    expect(list.map((text) => text.replace(/ ¶ \d+$/, ""))).toEqual(said);
    expect(await chosenMarks()).toBe(said.join(""));
    expect(await why().textContent()).toContain("checked against their source sentences");
    expect(await page.locator(".checks").textContent()).toContain(
      "A model’s sentences, with their sources1 of 1",
    );
    expect(await page.textContent(".right h2")).toBe("All from the source");
    expect(await faultsInBothLights(page)).toEqual([]);
    await press(".");
    expect(await followed.count()).toBe(0);
  });

  test("of the whole issue is shown with what was made of it", async () => {
    const [first, second, third] = issue.digest.sections
      .flatMap(({ entries }) => entries)
      .map(({ article: { id, title } }) => ({ id, title }));
    if (!first || !second || !third) throw new Error("the issue has three stories");
    const ids = [second, first, third].map(({ id }) => id);
    const advice = {
      same: [{ stories: [first.id, second.id], used: false, why: "they are of different days" }],
      order: { stories: ids, used: true },
      subject: { text: issue.digest.subject, about: [first.id], used: true },
      preheader: {
        text: "900 moths",
        about: [second.id],
        used: false,
        why: "the number 900 is not in the article",
      },
    };
    const { at } = await withModelsGist({ advice });
    await open({ at });
    const region = page.getByRole("region", { name: "The model’s advice" });
    const rows = await region.getByRole("listitem").allInnerTexts();
    expect(rows.map((text) => text.replace(/\n+/g, "\n"))).toEqual([
      `Subject\nused\n“${issue.digest.subject}”`,
      "Preheader\nnot used\n“900 moths”\nThe number 900 is not in the article.",
      "Order\nused",
    ]);
    // A file can't be edited.
    expect(await region.getByRole("button").count()).toBe(0);
    expect(await page.locator(".findings .row").last().textContent()).toContain(
      `“${second.title}” and “${first.title}” one story. They stay apart: they are of different days.`,
    );
    expect(await faultsInBothLights(page)).toEqual([]);
    await open();
    expect(await region.count()).toBe(0);
  });
});

test("how many checks pass is told, and which were not made", async () => {
  await open();
  const { passed, ran } = issue.tally ?? {};
  expect(ran).toBeGreaterThan(20);
  expect(await page.textContent(".verdict > .muted")).toContain(`${passed} of ${ran} checks pass`);
  expect(await page.textContent(".not-run summary")).toBe("3 checks not run");
  await page.locator(".not-run summary").click();
  expect(await page.locator(".not-run li").allTextContents()).toEqual([
    "axe, overflow: it takes a browser",
    "links-answer: nothing is fetched",
  ]);
  // It stays open whatever else changes.
  await press("j");
  expect(await page.locator(".not-run li").first().isVisible()).toBe(true);
});

describe("dark mode, where the browser does not hand a frame's scheme on", () => {
  test("is noticed, brought about by rewriting the media queries, and said", async () => {
    await open({ scheme: "light", search: "?view=dark" });
    await expect.poll(() => ground("phone")).toBe("rgb(20, 20, 19)");
    expect(await page.textContent(".caption")).toContain("Dark mode is simulated");
  });

  test("leaves the light view light on a dark system", async () => {
    await open({ scheme: "dark" });
    await expect.poll(() => ground("desktop")).toBe("rgb(251, 250, 247)");
  });

  test("can be asked for", async () => {
    await open({ search: "?view=dark&fallback=1" });
    expect(await ground("phone")).toBe("rgb(20, 20, 19)");
    expect(await page.textContent(".caption")).toContain("Dark mode is simulated");
  });
});

test("an email that would do things does nothing", async () => {
  const hits: string[] = [];
  const server = createServer(({ url = "" }, response) => {
    hits.push(url);
    response.end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const bound = server.address();
  const evil = `http://127.0.0.1:${typeof bound === "object" ? bound?.port : ""}`;
  const hostile = `<!doctype html><html><head><meta http-equiv="refresh" content="0;url=${evil}/r">
    <link rel="stylesheet" href="${evil}/s.css"></head><body onload="parent.hit = 1">
    <script>parent.hit = 2; top.location = "${evil}/t"</script>
    <form action="${evil}/f" target="_top"><button id="go">Go</button></form>
    <a id="out" href="${evil}/a" target="_top">out</a> <a id="self" href="${evil}/b">here</a>
    <img src="${evil}/i.png" onerror="parent.hit = 3"><iframe src="${evil}/n"></iframe>
    <div style="background:url(${evil}/b.png)">ground</div></body></html>`;
  await open({ at: await writePage({ ...issue, html: hostile }) });
  for (const id of ["go", "out", "self"]) {
    await clickIn("phone", `#${id}`);
    await frame("phone").evaluate((name) => document.getElementById(name)?.click(), id);
  }
  expect(page.url()).toMatch(/^file:/);
  expect(await page.evaluate(() => "hit" in globalThis)).toBe(false);
  expect(await frame("phone").textContent("#go")).toBe("Go");
  // What the email had asked for would be there before this.
  await page.goto(`${evil}/last`);
  server.close();
  expect(hits).toEqual(["/last"]);
  expect(asked.splice(0)).toEqual([`${evil}/last`]);
});

test("what is in the model is text, whatever it looks like", async () => {
  const nasty = `</script><script>hit = 1</script><img src=x onerror="hit = 2">`;
  const digest = { ...issue.digest, subject: nasty, preheader: nasty };
  await open({ at: await writePage({ ...issue, digest }) });
  expect(await page.textContent(".subject")).toBe(nasty);
  expect(await page.evaluate(() => "hit" in globalThis)).toBe(false);
});

describe("the page remembers where one is", () => {
  test("in its address, and how far one had scrolled through a reload", async () => {
    await open();
    await press("2");
    await press("p");
    await press("j");
    await expect.poll(() => page.url()).toContain("?view=dark&show=phone&story=2");
    const before = await frame("phone").evaluate(() => scrollY);
    expect(before).toBeGreaterThan(300);
    await expect.poll(() => page.evaluate(() => history.state?.scroll)).toBeDefined();
    await page.reload();
    await settled();
    expect(await page.locator(".left .chosen .title").textContent()).toBe(
      "A lamp that counts moths",
    );
    const after = await frame("phone").evaluate(() => scrollY);
    expect(Math.abs(after - before)).toBeLessThan(3);
  });

  test("and shows a file that was written again by itself, over file://", async () => {
    const own = await writePage(issue);
    await open({ at: own, search: "?view=images-off&story=2" });
    const digest = { ...issue.digest, subject: "Something else altogether" };
    await writePage({ ...issue, digest }, path.dirname(fileURLToPath(own)));
    await expect.poll(() => page.textContent(".subject")).toContain("Something else");
    await settled();
    expect(page.url()).toContain("?view=images-off&story=2");
    expect(await page.locator(".left .chosen .title").textContent()).toContain("moths");
  });
});

test("findings lead to what they are about", async () => {
  await open({ search: "?view=text" });
  expect(await page.textContent(".verdict h2")).toBe("1 to fix");
  await press("n");
  expect(page.frames().length).toBe(3);
  await expect.poll(() => page.locator(".pane:visible .finding-box:visible").count()).toBe(2);
  const { y } = await placeIn("phone", "img");
  const boxTop = async () => (await page.locator(".finding-box").first().boundingBox())?.y ?? 0;
  await expect.poll(async () => Math.abs((await boxTop()) + 3 - y)).toBeLessThan(2);
  await press("n");
  expect(await page.locator(".left .chosen .title").textContent()).toBe("A lamp that counts moths");
  await press("Shift+N");
  expect(await page.locator(".findings .chosen").textContent()).toContain("say what it shows");
  await press("Escape");
  expect(await page.locator(".finding-box:visible").count()).toBe(0);
});

test("a story is marked wherever it is shown, and a click in a frame chooses it", async () => {
  await open();
  await clickIn("desktop", ".one h2");
  expect(await page.locator(".left .chosen .title").textContent()).toBe("A lamp that counts moths");
  const bar = await page.locator(".pane").nth(1).locator(".story-bar").boundingBox();
  const headline = await placeIn("desktop", ".one h2");
  await expect.poll(async () => (await placeIn("desktop", ".one h2")).y).toBe(headline.y);
  expect(bar?.y).toBeLessThanOrEqual(headline.y);
  expect((bar?.y ?? 0) + (bar?.height ?? 0)).toBeGreaterThan(headline.y + headline.height);
});

test("frames scroll together", async () => {
  await open();
  await scrollPhone(600);
  await expect.poll(() => scrolled("desktop")).toBeGreaterThan(200);
});

test("a frame is as wide as the menu says, or the address", async () => {
  await open({ search: "?show=phone&phone=333" });
  await expect.poll(() => frame("phone").evaluate(() => innerWidth)).toBe(333);
  await page.getByLabel("Width of phone").first().selectOption("320");
  await expect.poll(() => frame("phone").evaluate(() => innerWidth)).toBe(320);
});

describe("the inbox row", () => {
  test("shows where programs cut, and more of it where there is more room", async () => {
    const digest = {
      ...issue.digest,
      subject: "A ferry that leaves when the sea says so. ".repeat(3),
    };
    await open({ at: await writePage({ ...issue, digest }) });
    await page.selectOption(".inbox select", "gmail-phone");
    const phone = await shownOfSubject();
    await page.selectOption(".inbox select", "gmail-web");
    const web = await shownOfSubject();
    expect(phone).toBeGreaterThan(20);
    expect(phone).toBeLessThan(60);
    expect(web).toBeGreaterThan(phone * 1.8);
  });

  test("says that where it is cut is an estimate, and marks what leaks in after a preheader that is not padded", async () => {
    await open();
    expect(await page.textContent(".inbox")).toContain("is an estimate");
    expect(await page.locator(".leak").count()).toBe(0);
    const html = issue.html.replace(
      /(?:&#(?:847|8204|8199|173|160|xa0);|&(?:nbsp|zwnj);|[\u034F\u200C\u00AD\u2007\u00A0])+/gi,
      " ",
    );
    await open({ at: await writePage({ ...issue, html }) });
    expect(await page.textContent(".leak")).toContain("The Mudlark");
  });
});

test("the keys are listed, and a list of them takes no other", async () => {
  await open();
  await press("?");
  const keys = await page.locator("dialog dt").allTextContents();
  for (const key of [..."1234567890PDBJKTOR/?".split(""), "ShiftN", "Esc"])
    expect(keys).toContain(key);
  await page.keyboard.press("2");
  expect(page.url()).not.toContain("dark");
  await press("Escape");
  expect(await page.locator("dialog").count()).toBe(0);
});

describe("the page is for everybody", () => {
  test("axe finds nothing in any view", async () => {
    await open({ search: "?theme=light" });
    for (const key of ["1", "6", "7", "8", "9", "?"]) {
      await press(key);
      expect(await faultsIn(page)).toEqual([]);
    }
  });

  test("nor in the dark, where the colours alone are others", async () => {
    await open({ search: "?theme=dark" });
    for (const key of ["1", "7", "9", "?"]) {
      await press(key);
      expect(await faultsIn(page, ["color-contrast"])).toEqual([]);
    }
  });

  test.each([320, 720])("nothing is cut off at %i px", async (width) => {
    await open({ width, search: "?finding=1" });
    for (const key of ["1", "5", "6", "7", "8", "9"]) {
      await press(key);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    }
    expect(await faultsInBothLights(page)).toEqual([]);
    const columns = page.locator(".columns > *");
    const order = await columns.evaluateAll((all) => all.map(({ className }) => className));
    expect(order).toEqual(["centre", "left", "right"]);
  });

  test("nor is anything when a window is made narrow, or zoomed into", async () => {
    await open({ width: 1000 });
    const shown = (name: "phone" | "desktop") => page.locator(`iframe[title$=${name}]`).isVisible();
    const width = () => page.evaluate(() => document.documentElement.scrollWidth);
    await page.setViewportSize({ width: 320, height: 640 });
    await expect.poll(() => shown("desktop")).toBe(false);
    expect(await width()).toBe(320);
    expect(await page.locator("[data-key=show-phone]").getAttribute("aria-pressed")).toBe("true");
    await press("b");
    expect(await shown("desktop")).toBe(true);
    expect(await width()).toBe(320);
    expect(await faultsInBothLights(page)).toEqual([]);
  });

  test("its own colours follow the system, and T", async () => {
    await open({ scheme: "dark" });
    expect(await paper()).toBe("rgb(20, 20, 19)");
    await press("t");
    expect(await paper()).toBe("rgb(251, 250, 247)");
  });
});

test("the code of the page is small", () => {
  const scripts = [clientCode("file").script, clientCode("server").script];
  const [file = 0, desk = 0] = scripts.map((script) => gzipSync(script).length);
  expect(desk).toBeLessThan(70_000);
  // A file has none of the code that edits an issue or asks a server.
  expect(file).toBeLessThan(desk);
  expect(scripts[0]).not.toMatch(/fetch\(|EventSource/);
});
