import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser } from "playwright-core";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { parseHtml } from "../../../../src/check/html-document.ts";
import { BROWSER_RULES } from "../../../../src/check/outside-rules.ts";
import { checkInBrowser, checkWith } from "../../../../src/check/io/browser/check-in-browser.ts";
import { openEmail } from "../../../../src/check/io/browser/open-email.ts";
import { invertColours } from "../../../../src/platform/css/invert-colours.js";
import { openBrowser } from "../../../browser.ts";
import { photo } from "../../../pictures.ts";
import { newFolder } from "../../../temporary.ts";
import { listening } from "../../../listening.ts";
import { withoutPackages } from "../../../without-packages.ts";

let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});

function url(path: string): string {
  return new URL(`../../../../${path}`, import.meta.url).href;
}

/** A mail with nothing wrong in it but what is put into it. */
function mail(body: string, head = ""): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>The mill</title>${head}</head>
<body style="margin:0;background:#fff;color:#111;font:16px/24px serif"><h1>The mill</h1>${body}</body></html>`;
}

async function check(html: string) {
  const { findings, notRun } = await checkWith(browser, html);
  expect(notRun).toEqual([]);
  return findings;
}

describe("in a browser", () => {
  test("a mail with nothing wrong in it has no findings", async () => {
    expect(await check(mail(`${headlineAt(300)}${FINE.join("")}`))).toEqual([]);
  });

  test("what keeps a screen reader's user out is found by axe-core, once a rule", async () => {
    const html = mail(
      '<h4>Flour</h4><a href="https://mill.example/"><img src="a.png" width="60" height="60"></a><a href="https://mill.example/b"><img src="b.png" width="60" height="60"></a>',
    );
    expect(await check(html)).toMatchObject([
      { rule: "axe-heading-order", severity: "warning", where: { selector: "h4" } },
      { rule: "axe-image-alt", severity: "error", message: expect.stringContaining("(2 places)") },
      { rule: "axe-link-name", source: expect.stringMatching(/^https:\/\/dequeuniversity\.com/) },
    ]);
  });

  test("faint text is found in the light, the faintest named", async () => {
    const html = mail('<p style="color:#999">Grey barley</p><p style="color:#ccc">Pale barley</p>');
    const [finding, ...others] = await check(html);
    expect(finding).toMatchObject({
      rule: "contrast-light",
      severity: "error",
      message:
        "“Pale barley” is #cccccc on #ffffff, a contrast of 1.6 where 4.5 is needed; one more text is faint",
      where: { selector: "p:nth-child(3)" },
      source: "WCAG 2.2 §1.4.3",
    });
    expect(others).toEqual([]);
  });

  test("text that is lost only in the mail's own dark colours", async () => {
    const head =
      "<style>@media (prefers-color-scheme:dark){body{background:#111!important}h1{color:#eee}}</style>";
    expect(await check(mail("<p>The wheel</p>", head))).toMatchObject([
      {
        rule: "contrast-dark",
        message: expect.stringContaining("in dark mode, “The wheel” is #111111 on #111111"),
      },
    ]);
  });

  test("text that is lost only where a client turns the colours round", async () => {
    const html = mail('<p style="background:#404040;color:#b8b8b8">The wheel</p>');
    expect(await check(html)).toMatchObject([
      { rule: "contrast-inverted", severity: "warning", where: { selector: "p" } },
    ]);
  });

  test("what is wider than a phone, told for the widest phone on which it is", async () => {
    const html = mail('<p style="width:340px">The wheel is wide</p>');
    expect(await check(html)).toMatchObject([
      {
        rule: "overflow",
        severity: "warning",
        message:
          "on a screen of 320 px the page is 340 px wide, and readers have to move it sideways: <p> “The wheel is wide” sticks out",
        where: { selector: "p" },
      },
    ]);
    expect(await check(mail('<p style="width:400px">The wheel</p>'))).toMatchObject([
      { rule: "overflow", severity: "error" },
    ]);
  });

  test("what is wider than a phone once a client has dropped the styles", async () => {
    const head = "<style>@media (max-width:600px){table{width:100%!important}}</style>";
    const html = mail('<table role="presentation" style="width:600px"><tr><td>Flour', head);
    expect(await check(html)).toMatchObject([
      {
        rule: "overflow-unstyled",
        message: expect.stringMatching(/^without <style>, on a screen of 375 px/),
      },
    ]);
  });

  test("a page that stays light around a sheet that turns dark", async () => {
    const head =
      "<style>@media (prefers-color-scheme:dark){div{background:#111!important;color:#eee!important}}</style>";
    const html = mail('<div style="width:100%;max-width:600px;height:800px">Flour</div>', head);
    const finding = (await check(html)).find(({ rule }) => rule === "dark-page");
    expect(finding?.message).toBe(
      "in dark mode the sheet is dark, and the page around it stays #FFFFFF",
    );
  });

  test("links that stand alone and are too low for a finger, but not links within a sentence", async () => {
    const html = mail(
      '<p>Read <a href="https://mill.example/">about the mill</a> on the quay.</p><p><a href="https://mill.example/1">Unsubscribe</a> | <a href="https://mill.example/2">In a browser</a></p><a href="https://mill.example/3" style="display:block;padding:10px 0">Read on</a>',
    );
    const [finding, ...others] = await check(html);
    expect(finding).toMatchObject({
      rule: "tap-target",
      where: { selector: 'a[href="https://mill.example/1"]' },
      message: expect.stringMatching(/^“Unsubscribe” is \d\d px high, .* one more$/),
    });
    expect(others).toEqual([]);
  });
});

test("a low link is one to miss where the larger one to the same place is hidden", async () => {
  const findings = await check(mail(STORY_LINKS.replace("block", "none")));
  expect(findings.map(({ rule }) => rule)).toContain("tap-target");
});

describe("nothing leaves the machine", () => {
  const asked: string[] = [];
  let origin: string;

  beforeAll(async () => {
    const server = createServer(({ url }, answer) => {
      asked.push(url ?? "");
      answer.end();
    });
    const listener = await listening(server);
    origin = listener.origin;
    return listener.close;
  });

  test("whatever a mail asks for, and what is no picture is told", async () => {
    const html = mail(
      `<img src="${origin}/open.gif" alt="A mill"><p style="background:url(${origin}/ground.png)">Flour</p><iframe src="${origin}/frame" title="f"></iframe><script>fetch("${origin}/script"); document.title = "It ran"</script><img src="x" alt="A wheel" onerror="fetch('${origin}/handler')">`,
      `<link rel="stylesheet" href="${origin}/a.css"><style>@import url(${origin}/b.css);@font-face{font-family:m;src:url(${origin}/m.woff2)}p{font-family:m}</style><meta http-equiv="refresh" content="0;url=${origin}/away"><link rel="preconnect" href="${origin}"><link rel="dns-prefetch" href="//tells.example">`,
    );
    const findings = await check(html);
    const { host } = new URL(origin);
    expect(findings.filter(({ rule }) => rule === "network").map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        `the email asks ${host} for 2 stylesheets`,
        `the email asks ${host} for a font`,
      ]),
    );
    expect(asked).toEqual([]);
  });

  test("scripts do not run", async () => {
    const script = '<script>document.body.dataset.ran = "yes"</script>';
    const html = mail(`${script}<p onclick="1">Flour</p>`);
    const { page } = await openEmail(browser, html, { widthPx: 375 });
    expect(await page.evaluate(() => document.body.dataset["ran"])).toBeUndefined();
    await page.close();
  });

  test("pictures of the issue's folder are shown, and no other file", async () => {
    const folder = await newFolder();
    await mkdir(join(folder, "images"));
    await photo(80, 40).png().toFile(join(folder, "images/mill.png"));
    await photo(80, 40).png().toFile(join(folder, "other.png"));
    const html = mail(
      '<img src="images/mill.png" alt="A mill"><img src="images/..%2fother.png" alt=""><img src="other.png" alt="">',
    );
    const { page } = await openEmail(browser, html, { widthPx: 375, folder });
    const widths = await page.$$eval("img", (images) => images.map((img) => img.naturalWidth));
    expect(widths).toEqual([80, 0, 0]);
    await page.close();
  });
});

/** A headline that is low, and a link to the same story that is not. */
const STORY_LINKS =
  '<h2><a href="https://mill.example/story">The mill</a></h2><p><a href="https://mill.example/story" style="display:block;padding:12px">The Mill Paper</a></p>';

const cells = (first: string, second: string, style = "") =>
  `<table role="presentation" cellpadding="0" cellspacing="0" style="width:280px"><tr><td style="width:100px;${style}"><p style="margin:0">${first}</p></td><td><p style="margin:0">${second}</p></td></tr></table>`;

const narrow = (words: string) =>
  `<div style="width:100px;overflow-wrap:break-word">${words}</div>`;

const ruled = (css: string) => `<p style="${css}">The mill turns.</p>`;

const drawn = (colour: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><rect x="20" y="20" width="160" height="60" fill="${colour}"/></svg>`;

const storyAt = () => ({ story: "The mill", id: "mill" });

const headlineAt = (px: number) =>
  `<div style="height:${px}px"></div><a name="story-1"></a><h2>The quay moved</h2>`;

/** Texts, links and tables that come near a fault and have none. */
const FINE = [
  STORY_LINKS,
  ...[
    "Donau\u00ADdampf\u00ADschiff\u00ADfahrt",
    "The mill turns twice a day",
    "half-underwater",
    "日本語の見出しはどこででも折り返す",
    "https://mill.example/a-very-long-address",
  ].map((words) => narrow(`<p>${words}</p>`)),
  // A frame around a text is no rule, and a border in the colour of the page is none that a reader sees.
  ruled("border-top:1px solid #111;padding-top:12px"),
  ruled("border:1px solid #111"),
  ruled("border-top:1px solid #fff"),
  // Small print may be as near as half of its size.
  ruled("border-top:1px solid #111;padding-top:6px;font-size:13px;line-height:13px"),
  cells("Flour", "Barley", "padding-right:16px"),
  // A text that is cut off or hidden crowds nothing.
  '<div style="height:24px;overflow:hidden">The mill<br>turns<br>twice.</div><p style="margin:0">Flour</p>',
  '<h2 style="width:150px;font-size:24px">The quay turned</h2>',
  // Beside a picture a line is shorter.
  '<div style="width:240px"><img src="a.png" alt="A mill" style="float:right;width:140px;height:200px"><h2 style="margin:0;font-size:20px">The quay that turned the other way<br>again</h2></div>',
];

describe("in every view", () => {
  test("a word that is torn without a hyphen is named with the place", async () => {
    const [finding, ...others] = await check(mail(narrow("Donaudampfschifffahrt")));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      rule: "word-torn",
      severity: "warning",
      message: expect.stringMatching(
        /^“Donaudampfschifffahrt” is torn after “Donau\p{L}+” \(375 px, and \d+ more views\)$/u,
      ),
      where: { selector: "html > body > div", line: 2 },
    });
  });

  test("a text that is nearer than 8 px to a rule is found, in each direction", async () => {
    const found = [{ rule: "crowded", message: expect.stringMatching(/stands \d px from a rule/) }];
    const [above, below] = ["top", "bottom"].map((side) =>
      ruled(`border-${side}:1px solid #111;padding-${side}:0`),
    );
    expect(await check(mail(above ?? ""))).toMatchObject(found);
    expect(await check(mail(below ?? ""))).toMatchObject(found);
  });

  test("texts that lie on each other, and texts of two cells that nearly touch, are found", async () => {
    const [over, ...others] = await check(
      mail(cells("Harbourmastership", "Flour", "max-width:100px")),
    );
    expect(others).toEqual([]);
    expect(over?.message).toMatch(/^“Flour” (?:lies on|stands \d px from) “Harbourmastership”/);
    const lying =
      '<p style="margin:0 0 -20px">The mill turns.</p><p style="margin:0">The quay moved.</p>';
    expect(await check(mail(lying))).toMatchObject([
      { rule: "crowded", message: expect.stringContaining("“The quay moved.” lies on “The mill") },
    ]);
  });

  test("a headline that ends in one short word is found at the width that has it", async () => {
    const html = mail(
      '<h2 style="width:250px;font-size:20px"><span style="white-space:nowrap">The quay that turned round</span> again</h2>',
    );
    const [finding] = await check(html);
    expect(finding).toMatchObject({ rule: "lone-word", where: { selector: "html > body > h2" } });
  });

  test("a first headline below the first screen of a phone is found, and says how far down it is", async () => {
    expect(await check(mail(headlineAt(1000)))).toMatchObject([
      { rule: "hero-low", message: expect.stringMatching(/begins 1\d{3} px down/) },
    ]);
  });

  test("a picture that is lost on its ground in the dark is found, and one that is not is left alone", async () => {
    const folder = await newFolder();
    await mkdir(join(folder, "images"));
    for (const [name, colour] of [
      ["black", "#000"],
      ["red", "#c33"],
    ] as const)
      await sharp(Buffer.from(drawn(colour)))
        .png()
        .toFile(join(folder, "images", `${name}.png`));
    const html = mail(
      ["black", "red"]
        .map(
          (name) => `<img src="images/${name}.png" alt="A ${name} sign" width="200" height="100">`,
        )
        .join(""),
      "<style>:root{color-scheme:light dark}@media (prefers-color-scheme:dark){body{background:#111!important;color:#eee!important}}</style>",
    );
    const { findings, notRun } = await checkWith(browser, html, { folder });
    expect(notRun).toEqual([]);
    expect(findings).toMatchObject([
      {
        rule: "picture-lost",
        message: "The picture “A black sign” is lost on its ground (dark, 375 px)",
        where: { selector: "html > body > img:nth-of-type(1)" },
      },
    ]);
  });

  test("what only a webmail does, and what only missing styles do, is found in that view", async () => {
    const narrowed = (css: string) =>
      mail('<p class="room">Donaudampfschifffahrt</p>', `<style>.room{${css}}</style>`);
    expect(await check(narrowed("width:60px;overflow-wrap:anywhere"))).toMatchObject([
      { message: expect.not.stringContaining("without styles") },
    ]);
    const html = mail(
      '<div style="width:60px;overflow-wrap:anywhere"><span class="room" style="display:inline-block">Donaudampfschifffahrt</span></div>',
      "<style>.room{width:220px!important}</style>",
    );
    expect(await check(html)).toMatchObject([
      { rule: "word-torn", message: expect.stringContaining("(without styles, 375 px") },
    ]);
  });

  test("a number that is torn at its comma is found, and the finding names its story", async () => {
    const html = mail('<div style="width:50px;overflow-wrap:anywhere">1,940,000</div>');
    const content = {
      text: () => "",
      unedited: () => "",
      captions: [],
      links: new Set<string>(),
      reason: "",
    };
    const input = { target: "x", html: parseHtml(html), content: { ...content, storyAt } };
    const { findings } = await checkWith(browser, html, { input });
    expect(findings).toMatchObject([
      { rule: "word-torn", where: { story: "The mill", id: "mill" } },
    ]);
  });
});

test("colours are turned round as Microsoft turns them: white is #333, and black is white", async () => {
  const html = mail(
    '<p style="background:#000;color:#fff">Flour <b style="color:inherit">!</b></p>',
  );
  const { page } = await openEmail(browser, html, { widthPx: 375 });
  await page.evaluate(invertColours, await page.evaluateHandle(() => document));
  const colours = await page.$$eval("html, body, p, b", (elements) =>
    elements.map((element) => {
      const { color, backgroundColor } = getComputedStyle(element);
      return [color, backgroundColor];
    }),
  );
  const [white, black] = ["rgb(51, 51, 51)", "rgb(255, 255, 255)"];
  expect(colours[0]?.[1]).toBe(white);
  expect(colours[1]?.[1]).toBe(white);
  expect(colours[2]).toEqual([white, black]);
  expect(colours[3]?.[0]).toBe(white);
  await page.close();
});

describe("what cannot be run is said not to have run", () => {
  const ALL = Object.keys(BROWSER_RULES);

  test("where HTML is too large for a browser", async () => {
    const { findings, notRun } = await checkWith(browser, mail("<p>Flour</p>".repeat(150_000)));
    expect(findings).toEqual([]);
    expect(notRun.map(({ rule }) => rule)).toEqual(ALL);
  });

  test("where CHROMIUM_PATH leads nowhere", async () => {
    const env = { CHROMIUM_PATH: "/nowhere/chromium" };
    const { notRun } = await checkInBrowser(mail(""), { env });
    expect(notRun.map(({ rule }) => rule)).toEqual(ALL);
    expect(notRun[0]?.why).toContain("CHROMIUM_PATH is /nowhere/chromium, which does not exist");
  });

  test("where CHROMIUM_PATH is no browser", async () => {
    const { notRun } = await checkInBrowser(mail(""), { env: { CHROMIUM_PATH: "/bin/false" } });
    expect(notRun[0]?.why).toContain("/bin/false does not start");
  });

  test("where the packages for it are not installed", async () => {
    const script = `const { checkInBrowser } = await import("${url("src/check/io/browser/check-in-browser.ts")}"); console.log(JSON.stringify(await checkInBrowser("<p>")))`;
    const missing = withoutPackages("playwright-core", "axe-core", "@sparticuz/chromium");
    const args = ["--import", missing, "--input-type=module", "-e", script];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const { findings, notRun } = JSON.parse(stdout);
    expect(findings).toEqual([]);
    expect(notRun).toHaveLength(ALL.length);
    expect(notRun[0].why).toBe(
      "playwright-core is not installed; for checks in a browser: npm install --save-dev playwright-core axe-core @sparticuz/chromium",
    );
  });
});
