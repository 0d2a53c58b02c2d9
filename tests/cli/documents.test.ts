import { createServer } from "node:http";
import path from "node:path";
import { readFile, truncate } from "node:fs/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { makeDocx, paragraph } from "../article/documents/make-docx.ts";
import { makeZip } from "../article/documents/make-zip.ts";
import { storyOf } from "../article/documents/stories.ts";
import { writePdf } from "../article/documents/make-pdf.ts";
import { listening } from "../listening.ts";
import { broadsheet, folderWith, HARBOUR, issueOf, LIGHTHOUSE } from "./broadsheet.ts";

const body = storyOf(5)
  .map((text) => paragraph(text))
  .join("");
const deep = Array.from(
  { length: 50 },
  (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\n\n--b${at}\n`,
).join("");

/** Documents that can't be read, with the cause that an editor is told. */
const BROKEN = {
  "bomb.docx": [
    makeDocx({ body, claims: { "word/document.xml": { size: 9 } } }),
    "whose size differs from its entry",
  ],
  "out.docx": [makeDocx({ body, parts: { "../../evil.xml": "x" } }), "points outside the archive"],
  "locked.docx": [
    makeDocx({ body, claims: { "word/document.xml": { isEncrypted: true } } }),
    "protected with a password",
  ],
  "old.doc": [Buffer.from(`d0cf11e0a1b11ae1${"00".repeat(2000)}`, "hex"), "an old Word or Excel"],
  "sheet.zip": [makeZip({ "xl/workbook.xml": "<x/>" }), "a ZIP archive without articles"],
  "empty.pdf": [
    writePdf([
      "<< /Type /Catalog /Pages 2 0 R >>",
      "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] >>",
    ]),
    "is scanned: no text in it",
  ],
  "deep.eml": [
    Buffer.from(
      `From: a@paper.example\nSubject: Deep\nMIME-Version: 1.0\n${deep}Content-Type: text/plain\n\nx\n`,
    ),
    "too many parts nested",
  ],
} as const;

describe("a document that can't be read", () => {
  test.each(Object.entries(BROKEN))("exits 65 with its cause: %s", async (name, [bytes, cause]) => {
    const cwd = await folderWith({ [name]: bytes });
    const { code, stdout, stderr } = await broadsheet(["extract", name], { cwd });
    expect({ code, stdout }).toEqual({ code: 65, stdout: "" });
    expect(stderr).toContain(cause);
    expect(stderr).toContain("fix ");
    expect(stderr).not.toMatch(/\n\s+at \S+ \(/);
  });

  test.each(["ferry.docx", "ferry.PDF"])(
    "is doubted if it is plain text under the name of a document: %s",
    async (name) => {
      const cwd = await folderWith({ [name]: HARBOUR, "broadsheet.config.json": "{}" });
      const { code, stdout } = await broadsheet(["extract", name], { cwd });
      expect(code).toBe(0);
      expect(stdout).toContain(
        `Doubted: the file is plain text, but its name ends in ${path.extname(name)}`,
      );
      const { stderr } = await broadsheet(["build", name], { cwd });
      expect(stderr).toMatch(/^Doubted: “.+”: the file is plain text/m);
    },
  );

  test("exits 65 where it is a mail of 40 MB, before it is read whole", async () => {
    const cwd = await folderWith({ "large.eml": "From: a@paper.example\n" });
    await truncate(path.join(cwd, "large.eml"), 40 * 1024 * 1024);
    const { code, stderr } = await broadsheet(["extract", "large.eml"], { cwd });
    expect(code).toBe(65);
    expect(stderr).toContain("is 40.0 MB; a document has 32 MB at most");
  });

  test("costs one article, and never the build", async () => {
    const files = Object.entries(BROKEN).map(([name, [bytes]]) => [`content/${name}`, bytes]);
    const good = makeDocx({ body: paragraph("The ferry is back", "Title") + body });
    const cwd = await folderWith({ ...Object.fromEntries(files), "content/good.docx": good });
    const run = await broadsheet(["build", "--json"], { cwd });
    expect(run.code).toBe(75);
    const issue = issueOf(run);
    expect(issue.articles).toBe(1);
    expect(issue.failed).toHaveLength(files.length);
  });
});

function outlineOf(url: string): string {
  return `<outline type="rss" text="${url}" xmlUrl="${url}"/>`;
}

function opml(inside: string): string {
  return `<?xml version="1.0"?>\n<opml version="2.0"><head><title>Mine</title></head><body>${inside}</body></opml>`;
}

function feedOf(name: string, story: string): string {
  const text = story.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<?xml version="1.0"?><rss version="2.0"><channel><title>${name}</title><item><title>${name}</title><guid>${name}</guid><description>${text}</description></item></channel></rss>`;
}

const FEEDS = new Map([
  ["/ferry", feedOf("The ferry waits for the post at Carrow", HARBOUR)],
  ["/lamp", feedOf("The lamp of the light at Skerry goes out", LIGHTHOUSE)],
]);

/** A server of feeds, and the paths that it was asked for. */
async function serveFeeds() {
  const asked: string[] = [];
  const server = createServer(({ url = "" }, response) => {
    asked.push(url);
    const feed = FEEDS.get(url);
    response.writeHead(feed ? 200 : 404, { "content-type": "application/rss+xml" });
    response.end(feed);
  });
  const { origin, close } = await listening(server);
  onTestFinished(close);
  return { origin, asked };
}

describe("OPML", () => {
  test("extract --json prints its feeds and fetches none of them", async () => {
    const { origin, asked } = await serveFeeds();
    const list = opml(
      `${outlineOf(`${origin}/a`)}<outline text="Sea &amp; land">${outlineOf(`${origin}/b`)}</outline>`,
    );
    const cwd = await folderWith({ "feeds.opml": list });
    const { stdout, code } = await broadsheet(["extract", "feeds.opml", "--json"], { cwd });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      source: "feeds.opml",
      feeds: [
        { title: `${origin}/a`, url: `${origin}/a` },
        { title: `${origin}/b`, url: `${origin}/b`, group: "Sea & land" },
      ],
    });
    expect(asked).toEqual([]);
  });

  test.each([
    [
      "5,000 feeds",
      Array.from({ length: 5000 }, (_, at) => outlineOf(`https://f${at}.example/`)).join(""),
      5000,
    ],
    [
      "50 levels",
      `${'<outline text="Group">'.repeat(50)}${outlineOf("https://f.example/")}${"</outline>".repeat(50)}`,
      1,
    ],
  ])("of %s is read", async (_how, inside, count) => {
    const cwd = await folderWith({ "feeds.opml": opml(inside) });
    const { stdout, code } = await broadsheet(["extract", "feeds.opml", "--json"], { cwd });
    expect(code).toBe(0);
    expect(JSON.parse(stdout).feeds).toHaveLength(count);
  });

  test("as a source stands for its feeds, its groups for tags, and a feed that fails for itself", async () => {
    const { origin } = await serveFeeds();
    const list = opml(
      `<outline text="Boats">${outlineOf(`${origin}/ferry`)}</outline>${outlineOf(`${origin}/lamp`)}${outlineOf(`${origin}/gone`)}`,
    );
    const cwd = await folderWith({
      "feeds.opml": list,
      "broadsheet.yaml": "name: The Slipway\nsources: [feeds.opml]\nfollow: false\n",
    });
    const run = await broadsheet(["build", "--json", "--allow-private"], { cwd });
    const issue = issueOf(run);
    expect(issue.articles).toBe(2);
    const digest = await readFile(path.join(issue.dir, "digest.json"), "utf8");
    expect(
      digest.match(/"tags": \[[^\]]*\]/g)?.filter((tags) => tags.includes("Boats")),
    ).toHaveLength(1);
    expect(issue.failed).toMatchObject([{ source: `${origin}/gone` }]);
    const named = await broadsheet(["build", "feeds.opml", "--json", "--allow-private"], {
      cwd,
    });
    expect(issueOf(named).articles).toBe(2);
  });
});
