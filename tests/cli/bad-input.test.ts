import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { parseDigest } from "../../src/digest/digest-json.ts";
import { broadsheet, contentsOf, folderWith, issueOf, writeInto } from "./broadsheet.ts";

const STORY = `The ferry that waits for the post

The ferry at Sallow Ness leaves when the post van has come, and not before. The van comes at eight on most days.

Edda Marlow has driven the van since 1998 and has missed the ferry twice. Both times the ferry waited for her.
`;

let cwd: string;

beforeEach(async () => {
  cwd = await folderWith();
});

const put = async (name: string, content: string | Uint8Array) =>
  writeInto(cwd, { [name]: content });

const BUILD = ["build", "--date", "2019-03-14", "--json"];

function build(...args: string[]) {
  return broadsheet([...BUILD, ...args], { cwd });
}

test("several bad files are named with the line of each fault", async () => {
  await put("a.md", `---\na: &a [*a]\n---\n${STORY}`);
  await put("b.md", `---\ntitle: T\nb: &b [*b]\n---\n${STORY}`);
  const { stderr } = await build("a.md", "b.md");
  expect(stderr).toMatch(/^Look {3}a\.md:2: in the front matter the alias \*a/m);
  expect(stderr).toMatch(/^Look {3}b\.md:3: in the front matter the alias \*b/m);
});

describe("a file that holds no article is refused, and nothing is written", () => {
  const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0);
  const CAPTIONS =
    "The quay at dusk. Photo | Harbour Press\n\nThe quay at dawn. Photo | Harbour Press\n";
  const files: readonly (readonly [string, string | Uint8Array, RegExp])[] = [
    ["captions.txt", CAPTIONS, /^Look {3}captions\.txt has no story in it;/m],
    ["empty.txt", "", /^Look {3}empty\.txt has no text in it, like white\.txt;/m],
    [
      "huge.txt",
      "A word and another. ".repeat(1_000_000),
      /^Look {3}huge\.txt is 19\.1 MB; an article/m,
    ],
    ["pdf.md", "%PDF-1.7\n%âãÏÓ\n1 0 obj", /^Look {3}pdf\.md is a damaged PDF;/m],
    ["picture.txt", PNG, /^Look {3}picture\.txt seems to be a PNG picture, not text;/m],
    ["white.txt", " \n\t\n\u00A0", /like white\.txt; write something in it/m],
    ["word.txt", "Word", /^Look {3}word\.txt has no sentence to summarise;/m],
  ];

  test("each is listed with what is wrong with it, and what to do", async () => {
    for (const [name, content] of files) await put(name, content);
    const before = await contentsOf(cwd);
    const run = await build(...files.map(([name]) => name));
    expect(run).toMatchObject({ code: 65, stdout: "" });
    for (const [, , line] of files) expect(run.stderr).toMatch(line);
    expect(run.stderr.match(/^Look {3}/gm)).toHaveLength(6);
    expect(await contentsOf(cwd)).toEqual(before);
  });

  test("one alone is told in full", async () => {
    await put("word.txt", "Word");
    const run = await build("word.txt");
    expect(run).toMatchObject({ code: 65, stdout: "" });
    expect(run.stderr).toMatch(
      /^error CONTENT_NO_STORY: word\.txt has no sentence to summarise\n(?:.*\n)? {2}fix .+\n$/,
    );
    expect(readdirSync(cwd)).toEqual(["word.txt"]);
  });
});

describe("a file that is only untidy is read", () => {
  test("text without a single sentence end", async () => {
    await put(
      "a.txt",
      "The ferry that waits\n\nthe ferry at Sallow Ness leaves when the post van has come and not before\n",
    );
    const run = await build("a.txt");
    expect(run).toMatchObject({ code: 0 });
    expect(await readFile(path.join(issueOf(run).dir, "email.txt"), "utf8")).toContain(
      "Sallow Ness",
    );
  });

  const HEADS: readonly (readonly [string, string, title?: string])[] = [
    ["colon", "---\ntitle: Ferries: a post\n---\n\n", "Ferries: a post"],
    ["key-twice", "---\ntitle: First\ntitle: Second\n---\n\n"],
    ["open-mark", '---\ntitle: "The open mark\nauthor: Edda Marlow\n---\n\n'],
    ["script", "---js\n{ title: require('fs').writeFileSync('pwned', '') }\n---\n\n"],
    ["objects-own", "---\n__proto__: { x: 1 }\nconstructor: y\ntitle: Own\n---\n\n", "Own"],
    ["never-closed", "---\ntitle: Never closed\n\n"],
    ["rule", "---\n\n"],
  ];

  test("front matter that is broken, odd, or wants to run", async () => {
    const body = STORY.split("\n\n").slice(1).join("\n\n");
    await put("broadsheet.config.json", '{ "name": "The Quay", "merge": false }');
    for (const [name, head] of HEADS) await put(`${name}.md`, `${head}${body}`);
    const run = await build(...HEADS.map(([name]) => `${name}.md`));
    expect(run.code).toBe(0);
    expect(run.stderr).toMatch(
      /^(?:Not used in [\w-]+\.md: .+ \(.*front matter.*\)\n)*Doubted: “The open mark”: .+ open-mark\.md\n$/,
    );
    const { dir } = issueOf(run);
    const digest = parseDigest(await readFile(path.join(dir, "digest.json"), "utf8"), dir);
    const articles = digest.sections.flatMap(({ entries }) =>
      entries.map(({ article }) => article),
    );
    expect(articles).toHaveLength(HEADS.length);
    for (const { text } of articles) expect(text).toContain("has driven the van since 1998");
    for (const [name, , title] of HEADS) {
      const article = articles.find(({ source }) => source === `${name}.md`);
      if (title !== undefined) expect(article?.title).toBe(title);
    }
    expect(readdirSync(cwd)).not.toContain("pwned");
  });
});

test("a title may hold anything", async () => {
  const title = `<script>alert(1)</script> & <b>{{subject}}</b> "Double" 🛟\\r\\nBcc: everyone@paper.example`;
  const body = STORY.split("\n\n").slice(1).join("\n\n");
  await put(
    "a.md",
    `---\ntitle: ${JSON.stringify(title).replaceAll("\\\\", "\\")}\n---\n\n${body}`,
  );
  const run = await build("a.md");
  expect(run).toMatchObject({ code: 0, stderr: "" });
  const { dir } = issueOf(run);
  const html = await readFile(path.join(dir, "email.html"), "utf8");
  expect(html).not.toMatch(/<script|<b>|\{\{/);
  const eml = await readFile(path.join(dir, "email.eml"), "utf8");
  const [head = ""] = eml.split("\r\n\r\n");
  expect(head).not.toMatch(/^Bcc:/im);
  expect(head.match(/^Subject:/gim)).toHaveLength(1);
});

describe("a title of more than 300 characters is cut at a word and told", () => {
  const LONG = "A long title with many words in it ".repeat(40).trim();
  const CUT = /^(?:A long title with many words in it ){8}A long title with…$/;
  const body = STORY.split("\n\n").slice(1).join("\n\n");
  const item = `<item><title>${LONG}</title><guid>1</guid><description>${body}</description></item>`;
  test.each([
    ["a.md", `---\ntitle: ${LONG}\n---\n\n${body}`],
    ["b.md", `# ${LONG}\n\n${body}`],
    ["page.html", `<!doctype html><title>${LONG}</title><h1>${LONG}</h1><p>${body}</p>`],
    ["feed.xml", `<rss version="2.0"><channel><title>The Quay</title>${item}</channel></rss>`],
  ])("%s", async (name, content) => {
    await put(name, content);
    const run = await build(name);
    expect(run.code).toBe(0);
    expect(run.stderr).toMatch(
      /^Cut in \S+: A long title .*… \(a title is cut at 300 characters\)\n/,
    );
    const { dir } = issueOf(run);
    const digest = parseDigest(await readFile(path.join(dir, "digest.json"), "utf8"), dir);
    const [entry] = digest.sections.flatMap(({ entries }) => entries);
    expect(entry?.article.title).toMatch(CUT);
  });
});

const HEADERS = `Return-Path: <edda@quay.example>
Received: from mail.quay.example by mx.quay.example;
 Tue, 12 Mar 2019 08:00:00 +0000
Message-ID: <1@quay.example>
From: Edda Marlow <edda@quay.example>
Subject: The ferry
MIME-Version: 1.0
Content-Type: text/plain

`;
const SITEMAP =
  '<?xml version="1.0"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://quay.example/</loc></url></urlset>';
const SITEMAPS = SITEMAP.replaceAll("urlset", "sitemapindex").replaceAll("url>", "sitemap>");
const RST = `The ferry
=========

.. image:: ferry.jpg
   :alt: The ferry

See \`the timetable <https://quay.example/times>\`_ for more.

`;
const ASCIIDOC = `= The ferry
Edda Marlow <edda@quay.example>
:toc:

== Why it waits

`;

function looks(what: string, todo: string): RegExp {
  return new RegExp(`looks like ${what}[^]*  fix .*${todo}`);
}

describe("a file in a format that is text and no article is refused, with what to do instead", () => {
  const PAGES = looks("a sitemap, a list of a site's pages", "the site's feed");
  test.each([
    [
      "letter.eml",
      "Plain words.",
      /does not begin with the header of a mail[^]* {2}fix save the whole mail/,
    ],
    ["feeds.opml", "Plain words.", /is not OPML[^]* {2}fix export it again/],
    ["sitemap.xml", SITEMAP, PAGES],
    ["sitemaps.xml", SITEMAPS, PAGES],
    ["ferry.rst", STORY, looks("reStructuredText", "pandoc")],
    ["ferry.txt", RST + STORY, looks("reStructuredText", "pandoc")],
    ["ferry.adoc", STORY, looks("AsciiDoc", "asciidoctor")],
    ["ferry.text", ASCIIDOC + STORY, looks("AsciiDoc", "asciidoctor")],
  ])("%s", async (name, content, said) => {
    await put(name, content);
    const run = await build(name);
    expect(run).toMatchObject({ code: 65, stdout: "" });
    expect(run.stderr).toMatch(/^error CONTENT_UNSUPPORTED: /);
    expect(run.stderr).toMatch(said);
  });

  test.each([
    ["letter.txt", HEADERS + STORY],
    ["mbox", `From edda@quay.example Tue Mar 12 08:00:00 2019\n${HEADERS}${STORY}`],
    ["letter.md", (HEADERS + STORY).replaceAll("\n", "\r\n")],
  ])("a mail is read under any name: %s", async (name, content) => {
    await put(name, content);
    const run = await build(name);
    expect(issueOf(run)).toMatchObject({ articles: 1, failed: [] });
  });

  test("in a folder each is one left-out story, and the others go on", async () => {
    await put("content/a.txt", STORY);
    await put("content/feeds.opml", STORY);
    await put("content/ferry.rst", RST + STORY);
    await put("content/sitemap.xml", SITEMAP);
    const run = await build();
    expect(run.code).toBe(75);
    expect(run.stderr.match(/^Look {3}content\//gm)).toHaveLength(3);
    expect(issueOf(run)).toMatchObject({
      articles: 1,
      failed: ["feeds.opml", "ferry.rst", "sitemap.xml"].map((name) => ({
        source: `content/${name}`,
        code: "CONTENT_UNSUPPORTED",
      })),
    });
  });

  const [, ...PARAGRAPHS] = STORY.split("\n\n");
  const BODY = PARAGRAPHS.join("\n\n");
  test.each(
    Object.entries({
      "underlined headings": `The ferry that waits\n====\n\n${BODY}\n\nThe van\n---\n\n${BODY}`,
      "the head of a mail, copied": `From: Edda Marlow\nTo: The council\nSubject: The ferry\nDate: 12 March 2019\n\n${BODY}`,
      "a mail in its middle": `${STORY}\n${HEADERS}${BODY}`,
      "other formats in its code": `# The ferry\n\n\`\`\`\n${ASCIIDOC}${RST}\`\`\`\n\n${BODY}`,
      "a heading of a wiki": `== The ferry ==\n\n${BODY}\n\n:Note: it is late.`,
      "dots and code": `.. and then the ferry left.\n\n${BODY}\n\nIt says \`\`late\`\` on it.`,
    }),
  )("plain text and Markdown are read: %s", async (_what, content) => {
    await put("a.md", content);
    await put("b.txt", content);
    const run = await broadsheet(["extract", "a.md", "b.txt"], { cwd });
    expect(run).toMatchObject({ code: 0, stderr: "" });
  });
});

test("a template that is broken stops the build at its file and line", async () => {
  await put("a.txt", STORY);
  await put("templates/partials/byline.mjml.hbs", "\n<mj-text>{{headlin}}</mj-text>");
  const run = await build("a.txt");
  expect(run).toMatchObject({ code: 65, stdout: "" });
  expect(run.stderr).toMatch(
    /uses \{\{headlin\}\}.*\n {3}at templates\/partials\/byline\.mjml\.hbs:2:12\n/,
  );
  expect(readdirSync(cwd).sort()).toEqual(["a.txt", "templates"]);
});

test("the outbox: keeps the earlier issue where a file may not grow as large", async () => {
  await put("a.txt", STORY);
  const { dir } = issueOf(await build("a.txt"));
  const before = await contentsOf(dir);
  // The write fails half-way, as on a full disk.
  const main = path.resolve("src/cli/main.ts");
  const command = `ulimit -f 8; exec "$@" 2>&1`;
  const args = ["bash", process.execPath, main, ...BUILD, "a.txt"];
  const run = spawnSync("bash", ["-c", command, ...args], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, NODE_COMPILE_CACHE: undefined, NODE_DISABLE_COMPILE_CACHE: "1" },
  });
  expect(run.stdout).toMatch(/^error OUTBOX_UNWRITABLE: .*\n(?:.*\n)* {2}fix /m);
  expect(run.status).toBe(73);
  expect(await contentsOf(dir)).toEqual(before);
  expect(readdirSync(path.dirname(dir))).toEqual(["2019-03-14"]);
});
