import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { readdirSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { broadsheet, folderWith, issueOf, linesOf } from "./broadsheet.ts";
import { listening } from "../listening.ts";

const STORY = `<p>The ferry at Sallow Ness leaves when the post van has come, and it has been late on 212 days in a row.</p>
<p>Edda Marlow has driven the van since 1998 and has missed the ferry twice, both times by less than a minute, on a road with eleven gates.</p>
<p>In March the council offered to move the departure by twenty minutes, and nobody on the island wanted it, since the inn had moved its supper long before.</p>
<p>The council has now printed a timetable with the old time and a footnote that says how long the ferry may wait.</p>`;

const PAGE = `<!doctype html><html lang="en"><head><title>The ferry that waits | The Quay</title><meta property="og:site_name" content="The Quay"></head>
<body><nav><a href="/">Home</a> <a href="/news">News</a></nav><article><h1>The ferry that waits</h1>${STORY}</article><footer>All rights reserved</footer></body></html>`;

const feed = (
  base: string,
) => `<?xml version="1.0"?><rss version="2.0"><channel><title>The Quay</title><link>${base}/</link>
<item><title>The ferry that waits</title><link>${base}/ferry</link><guid>quay-1</guid><description>The ferry waits for the post van on most days.</description></item>
<item><title>A page that is gone</title><link>${base}/gone</link><guid>quay-2</guid><description>Nothing here.</description></item></channel></rss>`;

const TEASER = "The inn at Sallow Ness has moved its supper back, and the cook is not pleased.";
const teasers = (
  base: string,
) => `<?xml version="1.0"?><rss version="2.0"><channel><title>The Quay</title><link>${base}/</link>
<item><title>Supper at the inn</title><link>${base}/locked</link><guid>quay-3</guid><description>${TEASER}</description></item></channel></rss>`;

const teaser = (link: string, text: string): string =>
  `<item><link>${link}</link><guid>${link}</guid><description>${text}</description></item>`;

const GHOST = JSON.stringify({
  db: [
    {
      data: {
        posts: [
          {
            id: "1",
            title: "The ferry that waits",
            slug: "ferry",
            html: STORY,
            status: "published",
            type: "post",
            published_at: "2019-03-12T08:00:00.000Z",
          },
        ],
      },
    },
  ],
});

let base: string;
let cwd: string;
/** What tests serve beside. */
const pages = new Map<string, readonly [contentType: string, body: string]>();

beforeAll(async () => {
  const server = createServer((request, response) => {
    const served = new Map([
      ["/ferry", ["text/html", PAGE]],
      ["/slow", ["text/html", PAGE]],
      ["/feed.xml", ["application/rss+xml", feed(base)]],
      ["/teasers.xml", ["application/rss+xml", teasers(base)]],
      ...pages,
    ]);
    const [name = "", query = ""] = request.url?.split("?") ?? [];
    const [type, body] = served.get(name) ?? [];
    if (name === "/moved") {
      response.writeHead(302, { location: query }).end();
      return;
    }
    response.writeHead(body === undefined ? 404 : 200, { "content-type": type ?? "text/plain" });
    setTimeout(() => response.end(body ?? "not here"), name === "/slow" ? 50 : 0);
  });
  const { origin, close } = await listening(server);
  base = origin;
  return close;
});

beforeEach(async () => {
  cwd = await folderWith();
});

describe("extract", () => {
  test("reads a saved page, told by its content and not by its name", async () => {
    await writeFile(path.join(cwd, "saved.txt"), PAGE);
    const run = await broadsheet(["extract", "saved.txt", "--json"], { cwd });
    expect(linesOf(run)).toMatchObject([
      {
        title: "The ferry that waits",
        language: "en",
        text: expect.stringMatching(/^The ferry at Sallow Ness .* may wait\.$/s),
        dropped: expect.arrayContaining([
          { text: "Home News", reason: "page navigation" },
          { text: "All rights reserved", reason: "a footer" },
        ]),
      },
    ]);
  });

  test("prints a line an item of a feed, with its id and feed, and completes it from its page", async () => {
    const run = await broadsheet(["extract", `${base}/feed.xml`, "--json", "--allow-private"], {
      cwd,
    });
    expect(linesOf(run)).toMatchObject([
      {
        title: "The ferry that waits",
        url: `${base}/ferry`,
        feed: { title: "The Quay" },
        text: expect.stringContaining("Edda Marlow"),
      },
    ]);
    expect(run.code).toBe(66);
    expect(run.stderr).toMatch(/^error INPUT_MISSING: .*\/gone/m);
  });

  test("reads the posts of an export, from standard input too", async () => {
    const run = await broadsheet(["extract", "-", "--json"], { cwd, input: GHOST });
    expect(linesOf(run)).toMatchObject([
      { title: "The ferry that waits", publishedAt: expect.stringMatching(/^2019-03-12/) },
    ]);
  });

  test("reads a page in the encoding it declares", async () => {
    const page = PAGE.replace("<head>", '<head><meta charset="iso-8859-2">').replace(
      "Sallow Ness",
      "S\u00e1ros Ness",
    );
    await writeFile(path.join(cwd, "page.html"), Buffer.from(page, "latin1"));
    const run = await broadsheet(["extract", "page.html", "--json"], { cwd });
    expect(run.stdout).toContain("Sáros Ness");
  });

  test("refuses an address inside a network unless told otherwise", async () => {
    const run = await broadsheet(["extract", `${base}/ferry`], { cwd });
    expect(run).toMatchObject({ code: 69, stdout: "" });
    expect(run.stderr).toMatch(/^error FETCH_REFUSED: .*\n {2}fix .*--allow-private/m);
  });
});

describe("build", () => {
  test("goes on with what could be read, says what could not, and leaves with 75", async () => {
    await writeFile(path.join(cwd, "empty.txt"), "");
    const run = await broadsheet(
      ["build", `${base}/ferry`, "empty.txt", "--allow-private", "--json"],
      { cwd },
    );
    expect(run.code).toBe(75);
    expect(run.stderr).toContain("Look   empty.txt has no text in it; write something");
    expect(issueOf(run)).toMatchObject({ articles: 1 });
    expect(await readFile(path.join(issueOf(run).dir, "email.txt"), "utf8")).toContain(
      "The ferry that waits",
    );
  });

  test("tells an item whose page cannot be read in its feed's own words, and says so", async () => {
    const run = await broadsheet(["build", `${base}/teasers.xml`, "--allow-private", "--json"], {
      cwd,
    });
    expect(run.code).toBe(75);
    expect(run.stderr).toMatch(/^Look {3}.*\/locked is not there/m);
    expect(run.stderr).toContain("until then the text of its feed is used");
    expect(issueOf(run)).toMatchObject({ articles: 1, failed: [{ source: `${base}/locked` }] });
    expect(await readFile(path.join(issueOf(run).dir, "email.txt"), "utf8")).toMatch(
      /the\s+cook\s+is\s+not\s+pleased/,
    );
  });

  test("--allow-private holds for what was named, and not for what that leads to on other servers", async () => {
    const asked: string[] = [];
    const inside = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.writeHead(200, { "content-type": "text/html" }).end(PAGE);
    });
    const { origin: other, close } = await listening(inside);
    onTestFinished(close);
    const shown = `<item><guid>3</guid><description><![CDATA[${STORY}<img src="${other}/ferry.png" alt="A ferry">]]></description></item>`;
    const items = [
      teaser(`${other}/secret`, TEASER),
      teaser(`${base}/moved?${other}/moved`, TEASER.replaceAll("supper", "breakfast")),
      shown,
    ];
    pages.set("/mixed.xml", [
      "application/rss+xml",
      `<rss version="2.0"><channel><title>The Quay</title>${items.join("")}</channel></rss>`,
    ]);
    await writeFile(
      path.join(cwd, "broadsheet.config.json"),
      '{ "name": "The Quay", "merge": false, "images": { "copy": true } }',
    );
    const run = await broadsheet(["build", `${base}/mixed.xml`, "--allow-private", "--json"], {
      cwd,
    });
    expect(asked).toEqual([]);
    expect(run.code).toBe(75);
    expect(issueOf(run)).toMatchObject({
      articles: 3,
      failed: [
        { source: `${other}/secret`, code: "FETCH_REFUSED" },
        { source: `${base}/moved?${other}/moved`, code: "FETCH_REFUSED" },
      ],
    });
    expect(run.stderr).toMatch(/--allow-private does not apply to links/);
    expect(run.stderr).toMatch(
      /^No picture in \S+mixed.xml: .*; if the server is your own, name this address itself/m,
    );
    // Named themselves, they are asked.
    await broadsheet(["build", `${other}/secret`, "--allow-private", "--json"], { cwd });
    expect(asked).toContain("/secret");
  });

  test("says that a feed has nothing in it, where that is all there is", async () => {
    const nothing = feed(base).replace(/<item>.*<\/item>/s, "");
    await writeFile(path.join(cwd, "quiet.xml"), nothing);
    const run = await broadsheet(["build", "quiet.xml"], { cwd });
    expect(run).toMatchObject({ code: 65, stdout: "" });
    expect(run.stderr).toContain("error CONTENT_EMPTY: quiet.xml is a feed without items");
  });

  test("says what could not be read, a fault once, and lists it in the JSON", async () => {
    await writeFile(path.join(cwd, "empty.txt"), "");
    const names = ["ferry", "gone", "missing"].map((name) => `${base}/${name}`);
    const run = await broadsheet(
      ["build", ...names, "empty.txt", "emtpy.txt", "--allow-private", "--json"],
      { cwd },
    );
    expect(run.code).toBe(75);
    expect(run.stderr.replaceAll(new URL(base).host, "HOST").trim()).toMatchInlineSnapshot(`
      "Look   there is no emtpy.txt; did you mean empty.txt?
      Look   HOST: is not there (404): 2 addresses; check the address, or take it out
      Look   empty.txt has no text in it; write something in it, or leave it out"
    `);
    expect(linesOf(run)).toMatchObject([
      {
        articles: 1,
        failed: [
          { source: "emtpy.txt", code: "INPUT_MISSING", temporary: false },
          { source: `${base}/gone`, code: "INPUT_MISSING" },
          { source: `${base}/missing`, code: "INPUT_MISSING" },
          { source: "empty.txt", code: "CONTENT_EMPTY" },
        ],
      },
    ]);
  });

  test("of many sources it says at each tenth how far it is, and names each failure in the end", async () => {
    const names = Array.from({ length: 20 }, (_, index) => `${base}/ferry?${index}`);
    const run = await broadsheet(["build", ...names, `${base}/gone`, "--allow-private", "--json"], {
      cwd,
    });
    const reading = run.stderr.split("\n").filter((line) => line.startsWith("Reading"));
    expect(reading.length).toBeGreaterThan(5);
    expect(reading.length).toBeLessThanOrEqual(10);
    expect(reading.at(-1)).toMatch(/━ {3}100% {3}21 of 21 {3}\d+(?:\.\d)?\/s$/);
    expect(run.stderr).toContain(`Look   ${base}/gone is not there (404); check the address`);
  });

  test("on a terminal the progress is drawn in place and taken away before the result", async () => {
    const names = Array.from({ length: 20 }, (_, index) => `${base}/slow?${index}`);
    const words = [process.execPath, path.resolve("src/cli/main.ts"), "build", ...names];
    const line = [...words, "--allow-private"].map((word) => `'${word}'`).join(" ");
    // util-linux's `script` gives the command a terminal of its own.
    const { stdout } = await promisify(execFile)("script", ["-qec", line, "/dev/null"], {
      cwd,
      env: { PATH: process.env["PATH"], LANG: "C.UTF-8", TERM: "xterm" },
    });
    const redrawn = stdout.split("\r\u001B[K");
    expect(redrawn.length).toBeGreaterThan(3);
    expect(redrawn[1]).toMatch(/^Reading {3}.* of 20(?: {3}[^\n]*)?$/);
    expect(redrawn.at(-1)).toMatch(/^(?!Reading)[^]*Next/);
  });

  test("a source that answers late keeps its place", async () => {
    const run = await broadsheet(
      ["extract", `${base}/slow`, `${base}/ferry`, "--allow-private", "--json"],
      { cwd },
    );
    expect(linesOf(run)).toMatchObject([{ url: `${base}/slow` }, { url: `${base}/ferry` }]);
  });

  test("--strict writes nothing unless all could be read", async () => {
    await writeFile(path.join(cwd, "empty.txt"), "");
    const run = await broadsheet(
      ["build", `${base}/ferry`, "empty.txt", "--allow-private", "--strict"],
      { cwd },
    );
    expect(run).toMatchObject({ code: 65, stdout: "" });
    expect(readdirSync(cwd)).not.toContain("outbox");
  });

  test("with follow: false takes a feed as it is", async () => {
    await writeFile(
      path.join(cwd, "broadsheet.config.json"),
      '{ "name": "The Quay", "follow": false }',
    );
    const run = await broadsheet(["build", `${base}/feed.xml`, "--allow-private", "--json"], {
      cwd,
    });
    expect(run.code).toBe(75);
    expect(run.stderr).toContain("has no sentence to summarise");
    expect(issueOf(run)).toMatchObject({ articles: 1 });
  });
});
