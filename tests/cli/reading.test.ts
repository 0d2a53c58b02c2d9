import { createServer, type Server } from "node:http";
import { readdirSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { broadsheet, folderWith, issueOf, linesOf } from "./broadsheet.ts";

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

let server: Server;
let base: string;
let cwd: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const pages = new Map([
      ["/ferry", ["text/html", PAGE]],
      ["/feed.xml", ["application/rss+xml", feed(base)]],
    ]);
    const [type, body] = pages.get(request.url ?? "") ?? [];
    response.writeHead(body === undefined ? 404 : 200, { "content-type": type ?? "text/plain" });
    response.end(body ?? "not here");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  base = typeof address === "object" && address ? `http://127.0.0.1:${address.port}` : "";
});

afterAll(() => new Promise<unknown>((resolve) => server.close(resolve)));

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
        dropped: expect.arrayContaining([{ text: "All rights reserved", reason: "a footer" }]),
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
    expect(run.stderr).toContain("error CONTENT_EMPTY: empty.txt");
    expect(issueOf(run)).toMatchObject({ articles: 1 });
    expect(await readFile(path.join(issueOf(run).dir, "email.txt"), "utf8")).toContain(
      "The ferry that waits",
    );
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
