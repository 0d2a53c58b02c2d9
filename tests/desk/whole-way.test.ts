import { createServer } from "node:http";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { BrowserContextOptions, FrameLocator, Locator, Page } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";
import { openBrowser, PHONE } from "../browser.ts";
import { folderWith } from "../cli/broadsheet.ts";
import { people } from "../cli/mailing-project.ts";
import { spawnBroadsheet } from "../cli/spawn-broadsheet.ts";
import { BRIDGE, LAMPS } from "../digest/stories/wire.ts";
import { listening } from "../listening.ts";
import { photo } from "../pictures.ts";
import { faultsInBothLights } from "../preview/faults-in.ts";
import { startSmtpServer, type TestServer } from "../smtp-server.ts";
import { at, settled } from "./places.ts";
import { NOON_ZONE, startPreview } from "./server.ts";

type Telling = readonly [title: string, text: string];

const READERS = people(50);
const MOST_STEPS = 40;

/**
 * A paper on a loopback address, with pictures this wide in each story. Its feed has the stories whole, as readers can't follow
 * a link to this machine. Without dates, no story is too old.
 */
async function openPaper(
  name: string,
  stories: readonly Telling[],
  widths: readonly number[] = [],
): Promise<string> {
  const pictures = widths.map(async (width) => photo(width, 500).jpeg().toBuffer());
  const server = createServer(({ url = "", headers: { host } }, response) => {
    const send = (type: string, body: string | Buffer) =>
      response.setHeader("content-type", type).end(body);
    const [, at] = /^\/(\d)\.jpg$/.exec(url) ?? [];
    if (url === "/robots.txt") response.writeHead(404).end();
    else if (at) void pictures[Number(at)]?.then((picture) => send("image/jpeg", picture));
    else if (url === "/feed.xml")
      send(
        "application/rss+xml",
        feedOf(
          name,
          stories,
          widths.map((_, at) => pictureIn(`http://${host}/${at}.jpg`)),
        ),
      );
    else send("text/html", frontPage(name));
  });
  const { origin, close } = await listening(server);
  onTestFinished(close);
  return `${origin}/`;
}

function pictureIn(src: string): string {
  return `<p><img src="${src}" alt="A picture" width="900" height="700"></p>`;
}

function frontPage(name: string): string {
  return `<!doctype html><title>${name}</title><link rel="alternate" type="application/rss+xml" href="/feed.xml"><p>News</p>`;
}

function feedOf(name: string, stories: readonly Telling[], pictures: readonly string[]): string {
  const site = `https://${name.toLowerCase()}.press`;
  const items = stories.map(([title, text], at) => {
    const paragraphs = text.split("\n\n").map((words) => `<p>${words}</p>`);
    const story = paragraphs
      .toSpliced(1, 0, ...pictures.slice(0, 1))
      .concat(pictures.slice(1))
      .join("");
    return `<item><title>${title}</title><link>${site}/${at}</link><content:encoded><![CDATA[${story}]]></content:encoded></item>`;
  });
  return `<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>${name}</title><link>${site}/</link>${items.join("")}</channel></rss>`;
}

const SHORTLY_MS = 60_000;

/** For `node --import`: a machine on which it is that much later. */
function later(ms: number): string {
  const script = `const Now = Date;
globalThis.Date = class extends Now {
  constructor(...given) { super(...(given.length > 0 ? given : [Now.now() + ${ms}])); }
  static now() { return Now.now() + ${ms}; }
};`;
  return `data:text/javascript,${encodeURIComponent(script)}`;
}

/** Which way the focus has to go to an element, or "there". */
function wayTo(element: Element): "there" | "Tab" | "Shift+Tab" {
  const { ownerDocument: doc } = element;
  if (doc.hasFocus() && doc.activeElement === element) return "there";
  const frame = doc.hasFocus() ? null : (doc.defaultView?.frameElement ?? null);
  const { activeElement: from } = frame?.ownerDocument ?? doc;
  const isBefore =
    from && from.compareDocumentPosition(frame ?? element) & Node.DOCUMENT_POSITION_PRECEDING;
  return isBefore ? "Shift+Tab" : "Tab";
}

/** With what an editor does everything. */
type Hands = "mouse" | "fingers" | "keys";

const SIZES: Readonly<Record<Hands, BrowserContextOptions>> = {
  mouse: { viewport: { width: 1440, height: 900 } },
  fingers: PHONE,
  keys: { viewport: { width: 1440, height: 900 } },
};

const MOST_TABS = 250;

/** An editor who has an empty folder, a browser and the login of a mail server. */
class Editor {
  readonly cwd: string;
  readonly page: Page;
  readonly smtp: TestServer;
  /** How many clicks it took, and how many fields were filled. */
  steps = 0;
  /** What the browser's console says, and what it asks of another machine. */
  readonly faults: string[] = [];
  readonly #hands: Hands;

  private constructor(
    cwd: string,
    page: Page,
    { smtp, hands }: { smtp: TestServer; hands: Hands },
  ) {
    this.cwd = cwd;
    this.smtp = smtp;
    this.page = page;
    this.#hands = hands;
    page.setDefaultTimeout(60_000);
    page.on("console", (message) => {
      if (message.type() === "error") this.faults.push(message.text());
    });
    page.on("pageerror", ({ message }) => this.faults.push(message));
    page.on("request", (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (protocol !== "data:" && hostname !== "127.0.0.1") this.faults.push(request.url());
    });
  }

  static async begin(hands: Hands): Promise<Editor> {
    const cwd = await folderWith();
    const smtp = await startSmtpServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ password }, _session, callback) =>
        password === "p@ss"
          ? callback(null, { user: "wren" })
          : callback(new Error("Invalid login")),
    });
    const running = await startPreview(cwd, [], { env: { TZ: NOON_ZONE } });
    const page = await (await openBrowser()).newPage(SIZES[hands]);
    onTestFinished(async () => {
      await page.close();
      await running.stop();
    });
    const editor = new Editor(cwd, page, { smtp, hands });
    await page.goto(running.url);
    await at(page, "name").waitFor();
    return editor;
  }

  #found(what: string | Locator): Locator {
    return typeof what === "string" ? at(this.page, what).first() : what;
  }

  /** Presses a control, which is named by its key. */
  async press(what: string | Locator): Promise<void> {
    const target = this.#found(what);
    this.steps += 1;
    if (this.#hands === "mouse") await target.click();
    else if (this.#hands === "fingers") await target.tap();
    else {
      await this.#goTo(target);
      const isBox = (await target.getAttribute("type")) === "checkbox";
      await this.page.keyboard.press(isBox ? "Space" : "Enter");
    }
  }

  async fill(what: string | Locator, value: string): Promise<void> {
    const target = this.#found(what);
    this.steps += 1;
    if (this.#hands !== "keys") return target.fill(value);
    await this.#goTo(target);
    await this.#write(value);
  }

  async #goTo(target: Locator): Promise<void> {
    await target.waitFor();
    for (let tabs = 0; tabs < MOST_TABS; tabs++) {
      const way = await target.evaluate(wayTo);
      if (way === "there") return;
      await this.page.keyboard.press(way);
    }
    throw new Error(`no Tab leads to ${String(target)}`);
  }

  async #write(words: string): Promise<void> {
    await this.page.keyboard.press("ControlOrMeta+A");
    await this.page.keyboard.insertText(words);
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  get email(): FrameLocator {
    return this.page.frameLocator(".pane:not([hidden]) iframe >> nth=0");
  }

  async says(words: string): Promise<string> {
    const line = this.page.locator(".standing, .frozen h2").first();
    await expect.poll(async () => line.textContent()).toContain(words);
    return (await line.textContent()) ?? "";
  }

  /** A file of the issue that is shown. */
  async file(name: string): Promise<string> {
    const [newsletter = "", slot = ""] = new URL(this.page.url()).pathname.split("/").slice(-2);
    return readFile(path.join(this.cwd, "outbox", newsletter, slot, name), "utf8");
  }

  async titles(): Promise<string[]> {
    return this.page.locator('[aria-label="Stories"] .row .title').allTextContents();
  }

  /** The four screens, with these papers as sources. */
  async firstRun(papers: readonly string[]): Promise<void> {
    await this.fill("name", "The Quay Post");
    await this.fill("from", "Wren Aldous <wren@slipway.press>");
    await this.fill("postalAddress", "2 Sailcloth Row, Thornsea");
    await this.press("next");
    for (const [index, paper] of papers.entries()) {
      await this.fill("address", paper);
      if (index === 0) await this.press("private");
      if (index === papers.length - 1) continue;
      await this.press("add-source");
      await this.page.getByText(`${paper}feed.xml`).waitFor();
    }
    await this.press("next");
    await at(this.page, "template").waitFor();
    await this.press("next");
    await this.fill("host", `127.0.0.1:${this.smtp.port}`);
    await this.fill("user", "wren");
    await this.fill("password", "p@ss");
    await this.press("next");
    await this.press("open");
    await this.button("Send me a test").waitFor();
    await settled(this.page);
  }

  /** Takes in a list of readers. */
  async importReaders(): Promise<void> {
    const list = path.join(this.cwd, "readers.csv");
    await writeFile(list, `email\n${READERS.join("\n")}\n`);
    await this.press("place-list");
    await this.press("reader-import");
    const [chooser] = await Promise.all([
      this.page.waitForEvent("filechooser"),
      this.press("reader-file"),
    ]);
    await chooser.setFiles(list);
    await this.press(this.button(`Import ${READERS.length}`));
    await this.page.getByText(`${READERS.length} added`).waitFor();
    await this.press("place-issue");
    await settled(this.page);
  }

  /** Writes words in the place of a text: where the email shows it, else in the page. */
  async edit(field: string, words: string): Promise<void> {
    const text = this.email.locator(`x-text[data-field="${field}"]`).first();
    if (field === "subject" || field === "preheader") await this.press(`edit-the-${field}`);
    else if ((await text.count()) > 0) await this.press(text);
    else {
      const list = this.page.locator("details", { has: at(this.page, `text-${field}`) });
      if ((await list.getAttribute("open")) === null) await this.press(list.locator("summary"));
      await this.press(`text-${field}`);
    }
    await this.#write(words);
    await this.page.keyboard.press("Enter");
    for (const line of words.split("\n"))
      await expect.poll(async () => this.file("digest.json")).toContain(JSON.stringify(line));
    await settled(this.page);
  }

  /** Gives the newsletter a schedule whose first time is some days away, and approves the issue. What was approved. */
  async approve(): Promise<string> {
    await this.press("life-Schedule");
    // Whatever day it is, that time does not come while the test runs.
    const day = String((new Date().getUTCDay() + 3) % 7);
    await this.page.getByRole("dialog").getByRole("combobox").selectOption(day);
    await Promise.all([
      this.page.waitForEvent("load"),
      this.press(this.button("Write the schedule")),
    ]);
    await this.says("is a draft; it goes out");
    await settled(this.page);
    await this.press(this.button("Approve"));
    await this.says("is approved; it goes out");
    return this.file("email.eml");
  }

  /** Types the number of readers and sends. */
  async send(): Promise<void> {
    await this.press(this.button(`Send to ${READERS.length} readers`));
    const dialog = this.page.getByRole("dialog");
    await this.fill(dialog.getByRole("textbox"), String(READERS.length));
    await this.press(dialog.getByRole("button", { name: "Send to" }));
    await this.says("is sent");
  }

  /** All readers have what was approved, byte for byte but for what is theirs alone, and nothing else left the machine. */
  expectSent(approved: string): void {
    const { received } = this.smtp;
    expect(received.map(({ to }) => to.join()).toSorted()).toEqual(READERS.toSorted());
    const wanted = withoutReader(approved).mail;
    const mails = received.map(({ raw }) => withoutReader(raw.toString("latin1")));
    expect(mails.map(({ address }) => address)).toEqual(received.map(({ to }) => to.join()));
    for (const { mail } of mails) expect(mail).toBe(wanted);
    expect(new Set(mails.map(({ token }) => token)).size).toBe(READERS.length);
    expect(new Set(mails.map(({ id }) => id)).size).toBe(READERS.length);
    expect(this.faults).toEqual([]);
  }
}

/** A mail without what is its reader's alone, and without the time of its sending. */
function withoutReader(raw: string) {
  const whole = raw.replaceAll("\r\n", "\n");
  const end = whole.indexOf("\n\n");
  const head = whole.slice(0, end);
  const fieldOf = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(head)?.[1] ?? "";
  const [, token = ""] = /unsubscribe%20([\w-]+)/.exec(fieldOf("List-Unsubscribe")) ?? [];
  // Soft line breaks of quoted-printable stand where the token ends.
  const body = whole.slice(end).replaceAll("=\n", "").replaceAll(`%20${token}`, "%20");
  const own = head.replace(`%20${token}`, "%20").replace(/^(Date|To|Message-ID): .*$/gm, "$1:");
  return { address: fieldOf("To"), id: fieldOf("Message-ID"), token, mail: own + body };
}

/** In the inbox row, in its place in the email, and in the list of all texts: a text, and one that is added. */
const EDITS: Readonly<Record<string, string>> = {
  subject: "Lamps, a bridge and a good evening",
  "short.headline": "Pink lamps gave him away",
  "summary.timeline.+": "3 December\nHe is to appear before the court at Pellow Haven.",
  "article.url": "https://courier.press/lamps",
  "letter.blocks.+0": "Good evening. Keep an eye on your lamps.",
};

test(
  "by mouse: an empty folder, two feeds, texts and a picture, joined and parted, approved, scheduled, and run sends it to 50 readers",
  { timeout: 240_000 },
  async () => {
    const editor = await Editor.begin("mouse");
    const { page } = editor;
    await editor.firstRun([
      await openPaper("Courier", [BRIDGE.told, LAMPS.told], [600, 640]),
      await openPaper("Sound", [BRIDGE.other, LAMPS.other], [600, 640]),
    ]);
    await editor.importReaders();
    const before = await editor.titles();
    expect(before).toHaveLength(4);
    for (const [field, words] of Object.entries(EDITS)) {
      await editor.edit(field, words);
    }

    await editor.press(editor.email.locator("img").first());
    const picture = await photo(1280, 720).png().toBuffer();
    await at(page, "upload").setInputFiles({
      name: "mine.png",
      mimeType: "image/png",
      buffer: picture,
    });
    await expect.poll(async () => editor.file("digest.json")).toContain('"widthPx": 1200');
    await settled(page);
    await editor.fill("alt", "A lamp that burns pink");
    await editor.press("save-alt");
    await expect.poll(async () => editor.file("digest.json")).toContain("A lamp that burns pink");
    await settled(page);
    await page.keyboard.press("Escape");

    const edited = await editor.titles();
    await at(page, "join-with").selectOption({ index: 0 });
    await editor.press("join");
    await editor.press("confirm");
    await expect.poll(async () => editor.titles()).toHaveLength(3);
    await settled(page);
    await editor.press("part-out-0");
    await editor.press("confirm");
    await expect.poll(async () => editor.titles()).toHaveLength(4);
    await settled(page);
    await editor.press("Undo");
    await expect.poll(async () => editor.titles()).toHaveLength(3);
    await settled(page);
    await editor.press("Undo");
    await expect.poll(async () => editor.titles()).toEqual(edited);

    const approved = await editor.approve();
    const [, day = "", hour = "", offset = ""] =
      /goes out \w+ ([\d-]+) ([\d:]+) ([+-][\d:]+)/.exec(await editor.says("")) ?? [];
    const ms = Date.parse(`${day}T${hour}:00${offset}`) + SHORTLY_MS - Date.now();
    const run = await spawnBroadsheet(["run"], { cwd: editor.cwd, node: ["--import", later(ms)] });
    expect([run.stderr, run.code]).toEqual(["", 0]);
    await editor.says("is sent");
    editor.expectSent(approved);
    for (const words of Object.values(EDITS))
      expect(await editor.file("digest.json")).toContain(JSON.stringify(words.split("\n")[0]));
  },
);

/** The main steps stand at the foot of the window, however far one has scrolled, and hide nothing that is edited. */
async function expectBarAtFoot(page: Page): Promise<void> {
  const bar = page.locator(".main-steps");
  for (const y of [0, 100_000]) {
    await page.evaluate((top) => scrollTo(0, top), y);
    const { y: top = 0, height = 0 } = (await bar.boundingBox()) ?? {};
    expect([top + height, height >= 80]).toEqual([844, true]);
    for (const button of await bar.getByRole("button").all()) {
      const box = await button.boundingBox();
      expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44);
    }
    expect(await faultsInBothLights(page)).toEqual([]);
  }
  const last = await page.locator("body > :last-child").last().boundingBox();
  const { y: top = 0 } = (await bar.boundingBox()) ?? {};
  expect((last?.y ?? 0) + (last?.height ?? 0)).toBeLessThanOrEqual(top);
}

test(
  "by touch at 390 px: from the empty folder to a sent issue in 40 steps at most",
  { timeout: 180_000 },
  async () => {
    const editor = await Editor.begin("fingers");
    await editor.firstRun([await openPaper("Courier", [BRIDGE.told, LAMPS.told])]);
    await editor.importReaders();
    await expectBarAtFoot(editor.page);
    const beforeEdit = editor.steps;
    await editor.edit("short.headline", "Pink lamps gave him away");
    const approved = await editor.approve();
    const optional = editor.steps - beforeEdit;
    await editor.send();
    console.log(
      `Clicks and fields: ${editor.steps - optional}; with an edit, a schedule and the approval ${editor.steps}`,
    );
    expect(editor.steps).toBeLessThanOrEqual(MOST_STEPS);
    expect(await editor.page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    editor.expectSent(approved);
  },
);

test(
  "by keyboard alone: first run, a text, the approval, and sent",
  { timeout: 180_000 },
  async () => {
    const editor = await Editor.begin("keys");
    await editor.firstRun([await openPaper("Courier", [BRIDGE.told, LAMPS.told])]);
    await editor.importReaders();
    await editor.edit("short.headline", "Pink lamps gave him away");
    const approved = await editor.approve();
    await editor.send();
    editor.expectSent(approved);
  },
);
