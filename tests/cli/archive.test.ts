import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseAtomFeed, parseJsonFeed } from "feedsmith";
import PostalMime from "postal-mime";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { named, parseHtml } from "../../src/check/html-document.ts";
import { openDatabase } from "../../src/platform/sqlite/open-store.ts";
import { openBrowser } from "../browser.ts";
import { photo } from "../pictures.ts";
import { faultsInBothLights } from "../preview/faults-in.ts";
import { startSmtpServer } from "../smtp-server.ts";
import { newFolder } from "../temporary.ts";
import { folderWith, HARBOUR, type Run } from "./broadsheet.ts";
import { type MailingProject, mailingProject, people, SLOT } from "./mailing-project.ts";

const SITE = "https://letter.example/news";
const CONFIG = { site: SITE, serve: {}, archive: {}, transport: "outbox" };

/** As readers are in a list: with a name. */
const READERS: readonly (readonly [address: string, name: string])[] = [
  ["mara.vexley@harbour.example", "Mara Vexley"],
  ["ottilie+list@harbour.example", "Ottilie Brand"],
];

/** Two issues of each kind, in two years. */
const ISSUES = Array.from({ length: 6 }, (_, week) => ({
  slot: new Date(Date.UTC(2025, 11, 7 + 7 * week)).toISOString().slice(0, 10),
  template: ["digest", "brief", "letter"][week % 3] ?? "digest",
  hasPicture: week % 3 !== 2,
}));
const [FIRST, SECOND, THIRD] = ISSUES.map(({ slot }) => slot);
const LATEST = "2026-01-11";

let project: MailingProject;

beforeAll(async () => {
  project = await mailingProject({ port: 1, recipients: [], config: CONFIG, isBuilt: false });
  const list = ["email,name", ...READERS.map((row) => row.join(","))].join("\n");
  await writeFile(path.join(project.cwd, "list.csv"), list);
  await done(["subscribers", "import", "list.csv"]);
  for (const [at, issue] of ISSUES.entries()) await send(issue, at);
}, 300_000);

async function done(args: readonly string[]): Promise<Run> {
  const run = await project.run(args);
  if (run.code !== 0) throw new Error(`${args.join(" ")}: ${run.stderr}`);
  return run;
}

/** Sends an issue: the first of each kind is built, and the others are copies of it for other days. */
async function send({ slot, template, hasPicture }: (typeof ISSUES)[number], at: number) {
  if (at < 3) await build(slot, template, hasPicture);
  else await copyIssue(ISSUES[at % 3]?.slot ?? "", slot);
  await done(["send", slot, "--yes", "--force", "--json"]);
}

async function build(slot: string, template: string, hasPicture: boolean): Promise<void> {
  const content = path.join(project.cwd, "content");
  await rm(content, { recursive: true });
  await mkdir(path.join(content, "images"), { recursive: true });
  await writeFile(path.join(content, "images/quay.png"), await photo(1200, 700).png().toBuffer());
  const image = hasPicture ? "image:\n  src: images/quay.png\n  alt: A quay & a boat\n" : "";
  const story = (title: string, more = "") =>
    `---\ntitle: ${title}\nurl: https://paper.example/${slot}/${title.length}\n${more}---\n\n${HARBOUR}`;
  await writeFile(path.join(content, "1.md"), story(`The tide of ${slot} <i>`, image));
  if (template !== "brief") await writeFile(path.join(content, "2.md"), story("Nobody owns mud"));
  if (template === "letter") {
    const letter = "---\nkind: letter\ntitle: From the dock\n---\n\nDear reader,\n\nIt rains.\n";
    await writeFile(path.join(content, "0.md"), letter);
  }
  await done(["build", "--date", slot, "--template", template, "--quiet"]);
}

async function copyIssue(from: string, slot: string): Promise<void> {
  const outbox = path.join(project.cwd, "outbox/the-slipway");
  await cp(path.join(outbox, from), path.join(outbox, slot), { recursive: true });
  await rm(path.join(outbox, slot, "messages"), { recursive: true });
  for (const name of ["digest.json", "digest.written.json", "digest.built.json"]) {
    const file = path.join(outbox, slot, name);
    await writeFile(file, (await readFile(file, "utf8")).replaceAll(from, slot));
  }
}

const pages = () => path.join(project.cwd, "public");

/** The files of a folder by their names, as text. */
async function textsOf(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const read = files.map(async ({ parentPath, name }) => {
    const file = path.join(parentPath, name);
    return [path.relative(folder, file), await readFile(file, "latin1")] as const;
  });
  return new Map((await Promise.all(read)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The addresses in a page, as a browser at the page's own address resolves them. */
function addressesIn(html: string, at: string): string[] {
  const links = [...html.matchAll(/\s(?:href|src)="([^"]*)"|\scontent="(https:[^"]*)"/g)];
  return links.map(
    ([, link, content = ""]) => new URL((link ?? content).replaceAll("&amp;", "&"), at).href,
  );
}

describe("six issues that were sent", () => {
  test("stand on the web with no broken link", async () => {
    const texts = await textsOf(pages());
    const names = new Set(texts.keys());
    const broken: string[] = [];
    let count = 0;
    const look = (address: string, from: string) => {
      if (!address.startsWith(`${SITE}/`) || address === `${SITE}/subscribe`) return;
      const name = decodeURIComponent(address.slice(SITE.length + 1).replace(/#.*/, ""));
      const file = name === "" || name.endsWith("/") ? `${name}index.html` : name;
      count++;
      if (!names.has(file)) broken.push(`${from}: ${address}`);
    };
    for (const [name, text] of texts) {
      if (!name.endsWith(".html")) continue;
      const at = `${SITE}/${name.replace(/index\.html$/, "")}`;
      for (const address of addressesIn(text, at)) look(address, name);
    }
    const feed = parseAtomFeed(texts.get("feed.xml") ?? "");
    const json = parseJsonFeed(texts.get("feed.json") ?? "");
    const mapped = [...(texts.get("sitemap.xml") ?? "").matchAll(/<loc>([^<]*)/g)];
    expect(feed.entries).toHaveLength(6);
    expect(mapped).toHaveLength(6 + 2 + 1);
    for (const { id = "" } of [...(feed.entries ?? []), ...(json.items ?? [])]) look(id, "feed");
    for (const [, address = ""] of mapped) look(address, "sitemap.xml");
    expect(broken).toEqual([]);
    expect(count).toBeGreaterThan(75);
    // Each picture is shown somewhere, and each of the issues that has one has it.
    expect([...names].filter((name) => name.includes("/images/")).length).toBeGreaterThanOrEqual(4);
  });

  test("show no token, no address and no name of a reader", async () => {
    const secrets = new Set(
      READERS.flatMap(([address, name]) => [address].concat(name.split(" "))),
    );
    for (const { slot } of ISSUES) {
      const folder = path.join(project.cwd, "outbox/the-slipway", slot, "messages");
      const mails = await readdir(folder);
      expect(mails).toHaveLength(2);
      for (const mail of mails) {
        const { html = "", text = "" } = await PostalMime.parse(
          await readFile(path.join(folder, mail)),
        );
        const tokens = [...`${html}${text}`.matchAll(/\/[up]\/([\w-]{20,})/g)];
        expect(tokens.length).toBeGreaterThan(0);
        for (const [, token = ""] of tokens) secrets.add(token);
      }
    }
    const found = [...(await textsOf(pages()))].flatMap(([name, text]) =>
      [...secrets, "/u/", "/p/", "slot-", "mailto:post@"]
        .filter((secret) => text.includes(secret))
        .map((secret) => `${name}: ${secret}`),
    );
    expect(found).toEqual([]);
  });

  test("are for everybody, on a phone and on a desktop, in light and dark", async () => {
    const browser = await openBrowser();
    for (const width of [320, 1280]) {
      const page = await browser.newPage({ viewport: { width, height: 800 } });
      const names = [
        ...(width === 320 ? ["2025"] : []),
        ...ISSUES.slice(0, 3).map(({ slot }) => slot),
      ];
      for (const name of ["", ...names]) {
        await page.goto(pathToFileURL(path.join(pages(), name, "index.html")).href);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
        expect([name, await faultsInBothLights(page)]).toEqual([name, []]);
        const isShown = "[...document.images].every(({ naturalWidth }) => naturalWidth > 0)";
        expect(await page.evaluate(isShown)).toBe(true);
      }
      await page.close();
    }
  }, 120_000);

  test("give the same files from the same store, whatever the outbox says", async () => {
    expect((await done(["archive"])).stdout).toBe("6 issues in public, no file changed\n");
    const other = await newFolder();
    const outbox = path.join(project.cwd, "outbox");
    await cp(outbox, `${outbox}.kept`, { recursive: true });
    onTestFinished(async () => cp(`${outbox}.kept`, outbox, { recursive: true }));
    await rm(outbox, { recursive: true });
    const run = await done(["archive", "--out", other, "--json"]);
    const files = await textsOf(other);
    expect(JSON.parse(run.stdout)).toEqual({
      dir: other,
      issues: 6,
      files: files.size,
      written: files.size,
      missing: [],
    });
    expect([...files]).toEqual([...(await textsOf(pages()))]);
  });

  test("can be read by a web server that has another account", async () => {
    const modes = ["index.html", `${FIRST}/images`, `${FIRST}/index.html`].map(async (name) => {
      return ((await stat(path.join(pages(), name))).mode & 0o777).toString(8);
    });
    expect(await Promise.all(modes)).toEqual(["644", "755", "644"]);
  });

  test("are taken from the outbox where the store keeps nothing, or else named as missing", async () => {
    const copy = await newFolder();
    await cp(project.cwd, copy, { recursive: true });
    const config = ["--config", path.join(copy, "broadsheet.config.json")];
    const store = await openDatabase(path.join(copy, ".broadsheet/broadsheet.db"), {
      env: project.env,
    });
    store.exec(
      `DELETE FROM issue_content WHERE issue IN (SELECT id FROM issue WHERE slot IN ('${FIRST}', '${SECOND}', '${THIRD}'))`,
    );
    store.close();
    const digest = path.join(copy, "outbox/the-slipway", SECOND ?? "", "digest.json");
    await writeFile(digest, (await readFile(digest, "utf8")).replace("The tide", "The ebb"));
    await rm(path.join(copy, "outbox/the-slipway", THIRD ?? ""), { recursive: true });
    const env = { XDG_STATE_HOME: path.join(copy, "state") };
    const run = await project.run(["archive", ...config, "--json"], env);
    expect(JSON.parse(run.stdout)).toMatchObject({
      issues: 4,
      missing: [
        { slot: SECOND, why: expect.stringMatching(/no longer what was sent$/) },
        { slot: THIRD, why: expect.stringMatching(/gone$/) },
      ],
    });
    expect(run.code).toBe(0);
    expect(run.stderr).toContain(`Left out ${SECOND}: `);
    const page = `${FIRST}/index.html`;
    // The older page of an issue that is missing by now stays, and nothing leads to it.
    expect(await readFile(path.join(copy, "public", page), "utf8")).not.toContain(`../${SECOND}/`);
    expect(existsSync(path.join(copy, "public", SECOND ?? "", "index.html"))).toBe(true);
  });
});

describe("the folder of the pages", () => {
  test("keeps the files of others, and has all pages beside them", async () => {
    const others = { ".nojekyll": "", "about/index.html": "About", [`${LATEST}/notes.txt`]: "x" };
    const folder = await folderWith(others);
    await done(["archive", "--out", folder]);
    const texts = await textsOf(folder);
    for (const [name, text] of Object.entries(others)) expect(texts.get(name)).toBe(text);
    expect(texts.size).toBe((await textsOf(pages())).size + 3);
  });

  test.each(["index.html", "feed.xml", "sitemap.xml", `${LATEST}/index.html`])(
    "that has the %s of another program is left as it is",
    async (name) => {
      const folder = await folderWith({ [name]: "<h1>My own page</h1>" });
      const run = await project.run(["archive", "--out", folder]);
      expect(run.code).toBe(73);
      expect(run.stderr).toContain(`error FILE_EXISTS: ${name} exists already`);
      expect([...(await textsOf(folder))]).toEqual([[name, "<h1>My own page</h1>"]]);
    },
  );

  test("can't be a file", async () => {
    const folder = await folderWith({ pages: "a file" });
    const run = await project.run(["archive", "--out", path.join(folder, "pages")]);
    expect(run.code).toBe(73);
    expect(run.stderr).toMatch(
      /error OUTPUT_UNWRITABLE: .*there is a file where a folder should be/,
    );
  });

  test.each([
    [".", "not for the web"],
    ["outbox", "not for the web"],
    ["..", "not for the web"],
    ["outbox/the-slipway", "not for the web"],
    ["content", "articles of the next issue"],
    ["content/new/pages", "articles of the next issue"],
  ])("can't be %s, also by a link to it: %s", async (dir, why) => {
    const link = path.join(await newFolder(), "link");
    await symlink(project.cwd, link);
    const before = [...(await textsOf(project.cwd)).keys()];
    for (const out of dir === ".." ? [dir] : [dir, path.join(link, dir)]) {
      const run = await project.run(["archive", "--out", out]);
      expect(run.code).toBe(64);
      expect(run.stderr).toContain(why);
      expect(run.stderr).not.toMatch(/at $/m);
    }
    expect([...(await textsOf(project.cwd)).keys()]).toEqual(before);
  });
});

describe("broadsheet archive", () => {
  test("needs a sent issue, a folder and a site", async () => {
    const bare = await mailingProject({ port: 1, recipients: [] });
    const noFolder = await bare.run(["archive"]);
    expect([noFolder.code, noFolder.stderr]).toEqual([64, expect.stringContaining("--out DIR")]);
    const noSite = await bare.run(["archive", "--out", "public"]);
    expect([noSite.code, noSite.stderr]).toEqual([78, expect.stringContaining("site:")]);
    const site = { BROADSHEET_SITE: "https://letter.example" };
    const unsent = await bare.run(["archive", "--out", "public"], site);
    expect([unsent.code, unsent.stderr]).toEqual([66, expect.stringContaining("ISSUE_MISSING")]);
    expect(existsSync(path.join(bare.cwd, "public"))).toBe(false);
  });
});

describe("the pages that the messages of an issue link to", () => {
  const config = { ...CONFIG, transport: "smtp" };

  test("are there before the first message leaves", async () => {
    let cwd = "";
    const seen: boolean[] = [];
    const server = await startSmtpServer({
      onMailFrom(_address, _session, callback) {
        seen.push(existsSync(path.join(cwd, "public", SLOT, "index.html")));
        callback();
      },
    });
    const own = await mailingProject({ port: server.port, recipients: people(2), config });
    ({ cwd } = own);
    const run = await own.run(["send", SLOT, "--yes"]);
    expect([run.code, run.stderr]).toEqual([0, expect.anything()]);
    expect(seen).toEqual([true, true]);
    const { raw } = server.received[0] ?? { raw: Buffer.of() };
    const { html = "" } = await PostalMime.parse(raw);
    const links = named(parseHtml(html), "a").map(({ attributes }) => attributes.get("href"));
    expect(links).toContain(`${SITE}/${SLOT}/`);
  });

  test("stop the sending where they can't be written, before the first message", async () => {
    const server = await startSmtpServer();
    const own = await mailingProject({ port: server.port, recipients: people(2), config });
    await writeFile(path.join(own.cwd, "public"), "a file");
    const run = await own.run(["send", SLOT, "--yes"]);
    expect([run.code, run.stderr]).toEqual([73, expect.stringContaining("OUTPUT_UNWRITABLE")]);
    expect(server.received).toHaveLength(0);
    await rm(path.join(own.cwd, "public"));
    expect((await own.run(["send", SLOT, "--yes"])).code).toBe(0);
    expect(server.received).toHaveLength(2);
  });
});
