import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { openBrowser } from "../browser.ts";
import { folderWith, HARBOUR } from "../cli/broadsheet.ts";
import sharp from "sharp";
import { faultsInBothLights } from "../preview/faults-in.ts";
import { settled, smallTargets } from "./places.ts";
import { type Running, startPreview } from "./server.ts";

const CONFIG = `# The letter of the harbour.
name: "The Slipway" # as on the wall
# accent: "#B01E23"
modules:
  share: false # nobody does
`;

let cwd: string;
let running: Running;
let page: Page;
const said: string[] = [];

async function begin(files: Readonly<Record<string, string>>): Promise<void> {
  cwd = await folderWith({ "content/1.txt": HARBOUR, ...files });
  running = await startPreview(cwd, ["--date", "2031-04-02"]);
  page = await (await openBrowser()).newPage({ viewport: { width: 1440, height: 900 } });
  page.on("console", (message) => message.type() === "error" && said.push(message.text()));
  await page.goto(`${running.url}?place=look`);
}

async function end(): Promise<void> {
  await page.close();
  expect(await running.stop()).toBe(0);
}

const text = async () => readFile(path.join(cwd, "broadsheet.yaml"), "utf8");
const field = (label: string) => page.getByLabel(label, { exact: true });
const email = () => page.frameLocator('iframe[title="The email, desktop"]').locator("body");
const alerts = () => page.locator('.form [role="alert"]').allTextContents();

async function write(label: string, value: string): Promise<void> {
  await field(label).fill(value);
  await field(label).press("Tab");
}

describe("the look of a newsletter", () => {
  beforeAll(async () => begin({ "broadsheet.yaml": CONFIG }));
  afterAll(end);

  test("shows each change at once in the email, and in the config with its comments", async () => {
    await write("Name", "Ebb: # & Flow 🗞️ مد");
    await expect.poll(() => email().textContent()).toContain("Ebb: # & Flow 🗞️ مد");
    expect(await text()).toBe(
      `${CONFIG.replace('"The Slipway"', '"Ebb: # & Flow 🗞️ مد"')}slug: "the-slipway"\n`,
    );

    // A brief has no room for a line under the name.
    await field("Template").selectOption("digest");
    await write("The line under it", "Twice a day");
    await expect.poll(() => email().textContent()).toContain("Twice a day");
    await write("A note at the end", "Mind the step.");
    await expect.poll(() => email().textContent()).toContain("Mind the step.");
    await write("Lines of the footer, with commas between them", "One, Two");
    await expect.poll(() => email().textContent()).toContain("Two");
    await field("Template").selectOption("letter");
    await expect.poll(async () => parse(await text()).template).toBe("letter");
    // A page that is drawn anew with the answer to the last change shows the box as it was.
    await settled(page);
    await page.getByLabel("Links to forward and share it").check();
    await expect
      .poll(async () => parse(await text()).modules)
      .toEqual({ closing: "Mind the step." });
    expect(await text()).toContain("# The letter of the harbour.");
    expect(await text()).toContain("# as on the wall");
    expect(await alerts()).toEqual(expect.not.arrayContaining([expect.stringMatching(/\w/)]));
  });

  test("the email is there in each place that one comes back to", async () => {
    for (const place of ["Issue", "Look"]) {
      await page.getByRole("button", { name: place, exact: true }).click();
      await expect.poll(() => email().textContent()).toContain("Ebb: # & Flow");
    }
  });

  test("says the contrast of a colour, and refuses one that can't be read at its field", async () => {
    await page.getByRole("button", { name: "Blue" }).click();
    await expect.poll(async () => parse(await text()).accent).toBe("#1B4F8A");
    await expect
      .poll(() => page.locator("#said-accent").textContent())
      .toMatch(/Contrast \d\.\d in light .* in dark/);
    const before = await text();

    await write("Colour", "#FFEE88");
    await expect
      .poll(() => page.locator("#said-accent").textContent())
      .toMatch(/has a contrast of 1\.\d.*the nearest that passes is #/);
    await write("Colour on a dark ground", "reddish");
    await expect
      .poll(() => page.locator("#said-accentDark").textContent())
      .toContain("which is not a colour");

    expect(await field("Colour").inputValue()).toBe("#FFEE88");
    expect(await field("Colour").getAttribute("aria-invalid")).toBe("true");
    expect(await text()).toBe(before);
  });

  test("takes a logo of this machine, and refuses a file that is no picture", async () => {
    const input = page.getByLabel("Or a picture from this machine");
    await input.setInputFiles({
      name: "x.png",
      mimeType: "image/png",
      buffer: Buffer.from("<script>"),
    });
    await expect
      .poll(alerts)
      .toContain("This file is not a picture: choose a PNG, JPEG, GIF, WebP or SVG");
    await input.setInputFiles({
      name: "x.png",
      mimeType: "image/png",
      buffer: await sharp({
        create: { width: 200, height: 80, channels: 3, background: "#224466" },
      })
        .png()
        .toBuffer(),
    });
    await expect.poll(async () => parse(await text()).logo?.src).toMatch(/^logo-[0-9a-f]{8}\.png$/);
    await expect.poll(() => email().locator("img").count()).toBeGreaterThan(0);
    await write("Picture", "missing.png");
    await page.locator('[data-key="save-logo"]').click();
    await expect.poll(alerts).toContainEqual(expect.stringContaining("missing.png"));
    expect(await readdir(cwd)).toContain(parse(await text()).logo.src);
  });

  test("saves a sponsor with all that it needs, and sections of one's own in their order", async () => {
    await write("Who pays", "The Chandlery");
    await page.locator('[data-key="save-modules.sponsor"]').click();
    await expect.poll(alerts).toContainEqual(expect.stringContaining("modules.sponsor"));
    await write("Headline", "Rope by the yard");
    await write("Address of the link", "https://chandlery.example/");
    await write("Words of the link", "See the rope");
    await page.locator('[data-key="save-modules.sponsor"]').click();
    await expect
      .poll(async () => parse(await text()).modules.sponsor?.title)
      .toBe("Rope by the yard");

    await field("Sections").selectOption("own");
    for (const [at, heading, tag] of [
      [0, "Ropes", "rope"],
      [1, "Sails", "sail"],
    ] as const) {
      await page.locator(`[data-key="sections.${at}.heading"]`).fill(heading);
      await page.locator(`[data-key="sections.${at}.tags"]`).fill(`${tag}, other`);
      await page.locator(`[data-key="save-sections.${at}"]`).click();
      await expect
        .poll(async () => parse(await text()).sections?.[at])
        .toEqual({ heading, tags: [tag, "other"] });
    }
    await page.locator('[data-key="up-1"]').click();
    await expect.poll(async () => parse(await text()).sections[0].heading).toBe("Sails");
  });

  test("takes back each change until the first, and refuses where the file was changed by hand", async () => {
    await writeFile(path.join(cwd, "broadsheet.yaml"), (await text()).replace("Twice", "Thrice"));
    await page.getByRole("button", { name: "Undo" }).click();
    await expect
      .poll(alerts)
      .toContainEqual(expect.stringContaining("was changed in the meantime"));
    await writeFile(path.join(cwd, "broadsheet.yaml"), (await text()).replace("Thrice", "Twice"));
    const undo = page.getByRole("button", { name: "Undo" });
    while (await undo.isEnabled()) {
      const answer = page.waitForResponse(/undo$/);
      await undo.click();
      await answer;
      await settled(page);
    }
    expect(await text()).toBe(CONFIG);
    await expect.poll(() => email().textContent()).toContain("The Slipway");
  });

  test("works by keyboard and at 390 px, with targets of 44 px and no faults", async () => {
    expect(await faultsInBothLights(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    const targets = page.locator(".form :is(button, input:not([type=checkbox]), select, .check)");
    expect(await smallTargets(targets)).toEqual([]);
    // The frames of the email follow the window a moment later.
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth))
      .toBeLessThanOrEqual(390);
    expect(await faultsInBothLights(page)).toEqual([]);
    await field("Name").focus();
    await page.keyboard.press("Tab");
    await page.keyboard.type("By keys");
    await page.keyboard.press("Tab");
    await expect.poll(async () => parse(await text()).tagline).toBe("By keys");
    expect(said.filter((one) => !one.includes("422"))).toEqual([]);
  });
});

test("a config in TypeScript is shown read-only, with the keys to change", async () => {
  await begin({
    "broadsheet.config.ts": 'export default { name: "The Slipway", accent: "#1B4F8A" };\n',
  });
  await expect
    .poll(() => page.locator(".form").textContent())
    .toContain("The desk can only show broadsheet.config.ts.");
  await expect
    .poll(() => page.getByLabel("Colour accent", { exact: true }).inputValue())
    .toBe("#1B4F8A");
  expect(
    await page.getByLabel("Name name", { exact: true }).getAttribute("readonly"),
  ).not.toBeNull();
  expect(await page.locator(".form button:enabled").count()).toBe(0);
  expect(await faultsInBothLights(page)).toEqual([]);
  await end();
});

test("a config that is broken YAML is shown with its place, and is changed nowhere until it is mended", async () => {
  await begin({ "broadsheet.yaml": 'name: "The Slipway"\nfooter: [\n' });
  await expect.poll(alerts).toContainEqual(expect.stringMatching(/not YAML.*broadsheet\.yaml:3:1/));
  expect(await page.locator(".form button").count()).toBe(0);
  expect(await text()).toBe('name: "The Slipway"\nfooter: [\n');
  await writeFile(path.join(cwd, "broadsheet.yaml"), 'name: "The Slipway"\n');
  await expect
    .poll(async () => {
      await page.goto(`${running.url}?place=look`);
      // What is wrong is said, or the fields are there.
      await page.locator('.form :is([role="alert"]:not(:empty), input)').first().waitFor();
      return field("Name").count();
    })
    .toBe(1);
  expect(await field("Name").inputValue()).toBe("The Slipway");
  await end();
});
