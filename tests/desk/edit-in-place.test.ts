import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { BrowserContextOptions, FrameLocator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Digest, flatEntries, withEntries } from "../../src/digest/digest.ts";
import { openBrowser, PHONE } from "../browser.ts";
import { broadsheet, folderWith } from "../cli/broadsheet.ts";
import { brief, grouped, LETTER, LETTER_TEXT, TITLES } from "../fixtures.ts";
import { settled } from "./places.ts";
import { type Running, startPreview } from "./server.ts";

const [FIRST = "", SECOND = ""] = TITLES;
const SPONSOR = {
  name: "Halyard & Tow",
  title: "Rope that floats",
  text: "Forty metres.",
  url: "https://rope.example/",
  link: "See the rope",
};
const NOTE = "\n\n> [!NOTE]\n> We were wrong about the eels.\n\n## From the mill\n";

const MODULES = {
  quote: { text: "The moon decides.", speaker: "Ottilie Brand", articleId: FIRST },
  number: { value: "340", what: "loaves from every tide", articleId: SECOND },
  sponsor: SPONSOR,
  feedback: {
    question: "Was it worth it?",
    yes: "https://a.example/y",
    no: "https://a.example/n",
  },
  closing: "Back on Thursday.",
};
const WITH_LETTER = { letter: { text: LETTER_TEXT + NOTE, signature: "Hester Pyke" } };

/** Texts that the first issue does not show. They are edited in the page. */
const IN_PAGE = "subject preheader article.url letter.blocks.0 modules.closing".split(" ");

interface Issue {
  readonly slot: string;
  readonly digest: Digest;
  readonly fields: string;
}

/** An issue for each template, and the texts that it shows and that no other one does. */
const ISSUES: readonly [Issue, Issue, Issue] = [
  {
    slot: "2019-03-14",
    digest: { ...brief(), template: "brief", ...WITH_LETTER, modules: MODULES },
    fields:
      "article.kicker article.title summary.gist article.authors article.site keyPoint.0 keyPoint.2 summary.timeline.0.when summary.timeline.1.sentence summary.quote.text summary.quote.speaker summary.people.0.name summary.people.1.role summary.figures.0.value summary.figures.1.what",
  },
  {
    slot: "2019-03-15",
    digest: {
      ...LETTER,
      template: "letter",
      ...WITH_LETTER,
      modules: MODULES,
    },
    fields:
      "letter.blocks.0 letter.blocks.4 letter.blocks.6 letter.blocks.7 letter.signature modules.sponsor.name modules.sponsor.title modules.sponsor.text modules.sponsor.link modules.feedback.question modules.closing",
  },
  {
    slot: "2019-03-16",
    digest: {
      ...grouped(7),
      template: "digest",
      ...WITH_LETTER,
      modules: MODULES,
    },
    fields:
      "heading short.headline short.gist article.url modules.quote.text modules.quote.speaker modules.number.value modules.number.what",
  },
];

let cwd: string;
let running: Running;

const fileOf = (slot: string) => path.join(cwd, "outbox/the-mudlark", slot, "digest.json");
const digestIn = async (slot: string) => readFile(fileOf(slot), "utf8");

beforeAll(async () => {
  cwd = await folderWith({
    "broadsheet.config.json": '{ "name": "The Mudlark", "slug": "the-mudlark" }',
    "content/1.md": "# A story\n\nThe weir at Sallow was opened on Monday.\n",
  });
  const [whole] = flatEntries(brief());
  for (const { slot, digest: given } of ISSUES) {
    const [first] = flatEntries(given);
    const digest = withEntries(given, (one) => ({
      ...one,
      article: { ...one.article, images: [] },
      ...(one === first && whole && { summary: whole.summary }),
    }));
    const text = JSON.stringify({ ...digest, issue: { ...digest.issue, slot } });
    await writeFile(path.join(cwd, "given.json"), text);
    expect(await broadsheet(["render", "given.json", "--out", "outbox"], { cwd })).toMatchObject({
      code: 0,
    });
  }
  running = await startPreview(cwd);
});

afterAll(async () => {
  expect(await running.stop()).toBe(0);
});

async function open(slot: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await (
    await openBrowser()
  ).newPage({ viewport: { width: 1440, height: 900 }, ...options });
  await page.goto(
    `${running.url}the-mudlark/${slot}?show=${options.hasTouch ? "phone&phone=320" : "desktop"}`,
  );
  await settled(page);
  return page;
}

function emailIn(page: Page): FrameLocator {
  return page.frameLocator(".pane:not([hidden]) iframe");
}

/** Puts words in the place of those that are edited. Every field takes emoji and writing that runs the other way. */
async function write(page: Page, words: string): Promise<void> {
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.insertText(words);
}

const wordsFor = (field: string, by: string) =>
  field === "article.url" ? `https://${by}.example/mended` : `${by} ${field} 😀 שלום`;

/** Whether all words have come into digest.json. */
async function expectSaved(slot: string, fields: readonly string[], by: string): Promise<void> {
  const missing = async () => {
    const digest = await digestIn(slot);
    return fields.filter((field) => !digest.includes(wordsFor(field, by)));
  };
  await expect.poll(missing).toEqual([]);
}

for (const { slot, digest, fields } of ISSUES) {
  const all = fields.split(" ");
  test(`every kind of text of a ${digest.template} is edited by click`, async () => {
    const page = await open(slot);
    const { id } = (await story(slot)).article;
    const inEmail = (field: string) => {
      const ofStory = /^(?:article|keyPoint|short|summary)/.test(field);
      const own = ofStory ? `[data-story="${id}"]` : "";
      return emailIn(page).locator(`x-text${own}[data-field="${field}"]`).first();
    };
    for (const field of all) {
      await inEmail(field).click();
      await write(page, wordsFor(field, "click"));
    }
    await page.locator("[data-key=bar-Done]").click();
    await expectSaved(slot, all, "click");
    for (const summary of await page.locator(".texts summary").all()) await summary.click();
    for (const field of digest.template === "brief" ? IN_PAGE : []) {
      // An editor that opens while its frame is loaded anew loses the keys that are pressed meanwhile.
      await settled(page);
      const isInbox = field === "subject" || field === "preheader";
      await page.locator(`[data-key="${isInbox ? `edit-the-${field}` : `text-${field}`}"]`).click();
      // A story that has words of its own in two places is edited where the email shows them.
      await page.locator(".editor textarea, .edit-bar").first().waitFor();
      await write(page, wordsFor(field, "click"));
      await page.keyboard.press("Enter");
      await expectSaved(slot, [field], "click");
      await page.locator(".editor, .edit-bar").waitFor({ state: "detached" });
    }
    // Nothing was written in the places where a text can be added.
    const empty = page.locator(".texts li", { has: page.getByText(/^Add /) });
    expect(await empty.count()).toBeGreaterThan(0);
    expect(await empty.getByText("Put back").count()).toBe(0);
    await page.close();
  });
}

const [BRIEF, IN_LETTER] = ISSUES;

// A finger does with a text what a mouse does. The bars of the letter's blocks are the widest.
test("every text of a letter is edited by touch on a phone", async () => {
  const { slot, fields } = IN_LETTER;
  const page = await open(slot, PHONE);
  for (const field of fields.split(" ")) {
    const text = emailIn(page).locator(`x-text[data-field="${field}"]`).first();
    await text.evaluate((element) => element.scrollIntoView({ block: "center" }));
    await text.tap();
    await write(page, wordsFor(field, "touch"));
    await page.locator("[data-key=bar-Done]").tap();
    await expectSaved(slot, [field], "touch");
    await settled(page);
  }
  await page.close();
});

test("every text of a brief is edited by keys alone", async () => {
  const { slot, fields } = BRIEF;
  const page = await open(slot);
  const focused = emailIn(page).locator("x-text:focus");
  for (let press = 0; press < 80 && (await focused.count()) === 0; press++)
    await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const written = emailIn(page).locator("x-text[contenteditable]");
  const left = new Set(fields.split(" "));
  while (left.size > 0) {
    const field = (await written.getAttribute("data-field")) ?? "";
    if (left.delete(field)) await write(page, wordsFor(field, "keys"));
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Escape");
  await expectSaved(slot, fields.split(" "), "keys");
  await page.close();
});

const story = async (slot: string) => JSON.parse(await digestIn(slot)).sections[0].entries[0];
const pointsIn = async (slot: string): Promise<string[]> =>
  (await story(slot)).summary.keyPoints.map(({ text }: { text: string }) => text);

test("points are moved, added and removed, a text is put back, and undo reaches all", async () => {
  const { slot } = BRIEF;
  const page = await open(slot);
  const [first = "", second = "", ...others] = await pointsIn(slot);
  const point = emailIn(page).locator('x-text[data-field="keyPoint.0"]');
  await point.click();
  await page.keyboard.press("Alt+ArrowDown");
  await expect.poll(async () => pointsIn(slot)).toEqual([second, first, ...others]);
  await settled(page);
  await point.click();
  await page.locator("[data-key=bar-Add]").click();
  await page.locator(".editor textarea").fill("A point of mine.");
  await page.keyboard.press("Enter");
  await expect
    .poll(async () => pointsIn(slot))
    .toEqual([second, "A point of mine.", first, ...others]);
  await settled(page);
  await point.click();
  await page.locator("[data-key=bar-Remove]").click();
  await expect.poll(async () => pointsIn(slot)).toEqual(["A point of mine.", first, ...others]);
  for (let step = 0; step < 3; step++) await page.locator("[data-key=Undo]").click();
  await expect.poll(async () => pointsIn(slot)).toEqual([first, second, ...others]);
  await settled(page);
  const kicker = emailIn(page).locator('x-text[data-field="article.kicker"]');
  await kicker.click();
  await write(page, "A kicker of mine");
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await story(slot)).article.kicker).toBe("A kicker of mine");
  await settled(page);
  await emailIn(page).locator('x-text[data-field="article.kicker"][data-edited]').click();
  await page.locator("[data-key='bar-Use the source’s words']").click();
  await expect.poll(async () => (await story(slot)).article.kicker).toBe("Bread");
  await page.close();
});

test("presses at the place of Undo take back one step each", async () => {
  const { slot } = BRIEF;
  const page = await open(slot);
  const before = await pointsIn(slot);
  const [first = "", ...others] = before;
  const undo = page.locator("[data-key=Undo]");
  for (const place of [0, 1]) {
    await emailIn(page).locator(`x-text[data-field="keyPoint.${place}"]`).click();
    await page.keyboard.press("Alt+ArrowDown");
    await expect.poll(async () => (await pointsIn(slot)).indexOf(first)).toBe(place + 1);
    await settled(page);
  }
  const { x = 0, y = 0, height = 0 } = (await undo.boundingBox()) ?? {};
  await page.mouse.click(x + 10, y + height / 2);
  await expect.poll(async () => pointsIn(slot)).toEqual([others[0], first, ...others.slice(1)]);
  await settled(page);
  await page.mouse.click(x + 10, y + height / 2);
  await expect.poll(async () => pointsIn(slot)).toEqual(before);
  await page.close();
});

test("a text that is pressed again while its words are saved has them", async () => {
  const { slot } = BRIEF;
  const page = await open(slot);
  const kicker = emailIn(page).locator('x-text[data-field="article.kicker"]');
  const held = Promise.withResolvers<void>();
  await page.route(/\/edit$/, async (route) => {
    await held.promise;
    await route.continue();
  });
  await kicker.click();
  await write(page, "From the mill");
  await page.keyboard.press("Enter");
  await kicker.click();
  expect(await kicker.textContent()).toBe("From the mill");
  await page.keyboard.insertText(" pond");
  held.resolve();
  await expect.poll(async () => (await story(slot)).article.kicker).toBe("From the mill");
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await story(slot)).article.kicker).toBe("From the mill pond");
  expect(await page.locator(".edit-bar [role=alert]").count()).toBe(0);
  await page.close();
});

test("a link that is none is refused where it stands, and what the email does not show is edited in the page", async () => {
  const { slot } = BRIEF;
  const page = await open(slot);
  await page.locator("summary", { hasText: "All texts of story 1" }).click();
  await page.locator("[data-key='text-article.url']").click();
  await page.locator(".edit-bar").waitFor();
  await write(page, "javascript:alert(1)");
  await page.keyboard.press("Enter");
  await expect
    .poll(() => page.textContent(".edit-bar [role=alert]"))
    .toContain("begins with https://");
  await write(page, "https://paper.example/mended");
  await page.keyboard.press("Enter");
  await expect
    .poll(async () => (await story(slot)).article.url)
    .toBe("https://paper.example/mended");
  await settled(page);
  await page.locator("[data-key='text-summary.people.+']").click();
  await page.locator(".editor textarea").fill("Wenna Carrow\nFerry hand");
  await page.keyboard.press("Enter");
  const added = { name: "Wenna Carrow", role: "Ferry hand" };
  await expect.poll(async () => (await story(slot)).summary.people.at(-1)).toEqual(added);
  await page.locator("[data-key='back-article.url']").click();
  await expect.poll(async () => (await story(slot)).article.url).not.toContain("mended");
  await page.close();
});

test("pasted HTML is text, and five million characters are refused", async () => {
  const { slot } = BRIEF;
  const page = await open(slot);
  const html = "<img src=x onerror=alert(1)><script>alert(2)</script>";
  const headline = emailIn(page).locator('h1 x-text[data-field="article.title"]');
  await headline.click();
  await write(page, html);
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await story(slot)).article.title).toBe(html);
  await settled(page);
  await expect.poll(() => headline.textContent()).toBe(html);
  expect(await emailIn(page).locator("script, img[src=x]").count()).toBe(0);
  await headline.click();
  await headline.evaluate((element) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", "word ".repeat(1_000_000));
    const paste = { bubbles: true, cancelable: true, clipboardData };
    element.dispatchEvent(new ClipboardEvent("paste", paste));
  });
  await expect
    .poll(() => page.textContent(".edit-bar [role=alert]"))
    .toContain("and the limit is 1,000");
  expect(await headline.textContent()).toBe(html);
  await page.keyboard.press("Escape");
  expect((await story(slot)).article.title).toBe(html);
  await page.close();
});
