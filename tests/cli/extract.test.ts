import { truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { broadsheet, folderWith, HARBOUR, LIGHTHOUSE, linesOf, writeInto } from "./broadsheet.ts";
import { spawnBroadsheet } from "./spawn-broadsheet.ts";

let cwd: string;

beforeAll(async () => {
  cwd = await folderWith({
    "ferry.txt": HARBOUR,
    "in/10-ferry.txt": HARBOUR,
    "in/9-lamp.md": LIGHTHOUSE,
    "in/page.xlsx": "Later",
    "empty.txt": " \n",
    "none/page.xlsx": "Later",
    "binary.txt": "GIF89a",
  });
  await writeFile(path.join(cwd, "huge.txt"), "");
  await truncate(path.join(cwd, "huge.txt"), 20 * 1024 * 1024);
});

describe("extract", () => {
  test("--json prints the article as the contract has it", async () => {
    const run = await broadsheet(["extract", "ferry.txt", "--json"], { cwd });
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(linesOf(run)).toEqual([
      {
        source: "ferry.txt",
        title: "The ferry that waits for the post",
        authors: ["Wenna Tregear"],
        language: "en",
        text: expect.stringMatching(
          /^The evening ferry(?:[^\n]+\n\n){4}The council has now [^\n]+$/,
        ),
        captions: [
          {
            text: "The Maid of Carrow at the slip, with her engine running.",
            credit: "Carrow Gazette",
          },
        ],
        images: [],
        dropped: expect.arrayContaining([{ text: "Leave a Reply", reason: expect.any(String) }]),
        reading: { confidence: expect.closeTo(1, 1), doubtful: false, doubts: [] },
      },
    ]);
  });

  test("a folder gives a line an article, in natural order; the rest is named on stderr", async () => {
    const run = await broadsheet(["extract", "in", "--json"], { cwd });
    expect(run.code).toBe(0);
    expect(run.stderr).toBe("Left out in/page.xlsx: not an article by its name\n");
    expect(linesOf(run)).toMatchObject([
      { source: "in/9-lamp.md", title: "A lamp that counts moths", publishedAt: "2021-05-02" },
      { source: "in/10-ferry.txt" },
    ]);
  });

  test("a picture that no article names is reported, and one that an article shows isn't", async () => {
    const folder = await folderWith({
      "in/a.md": `${LIGHTHOUSE}\n![A lamp](lamp%20one.jpg)\n`,
      "in/lamp one.jpg": "a picture",
      "in/03-photo.webp": "a picture",
    });
    const left = async () =>
      (await broadsheet(["extract", "in", "--json"], { cwd: folder })).stderr;
    expect(await left()).toBe(
      "Left out in/03-photo.webp, a picture that no article names: write its text into a .md file, and show the picture there: ![what it shows](03-photo.webp)\n",
    );
    await writeInto(folder, { "in/04.heic": "another" });
    expect(await left()).toBe(
      "Left out 2 pictures that no article names: in/03-photo.webp, in/04.heic\n",
    );
  });

  test("many files that are no articles are one line", async () => {
    const others = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`in/${at}.xlsx`, ""]));
    const folder = await folderWith({
      "in/a.md": LIGHTHOUSE,
      "in/old/b.md": LIGHTHOUSE,
      "in/older/c.md": LIGHTHOUSE,
      ...others,
    });
    const { stderr } = await broadsheet(["extract", "in", "--json"], { cwd: folder });
    expect(stderr).toBe(
      "Left out 12 files that are not articles: in/0.xlsx, in/1.xlsx, in/2.xlsx …\n" +
        "Left out 2 folders; name them to read their articles: in/old, in/older\n",
    );
  });

  test("an article's language is its own, whatever the config leaves open", async () => {
    const text =
      "# Die Fähre\n\nDie Fähre wartet auf die Post, und niemand auf der Insel will es anders.";
    for (const command of ["extract", "summarize"]) {
      const run = await broadsheet([command, "-"], { cwd, input: text });
      expect(run).toMatchObject({ code: 0, stderr: "" });
      expect(run.stdout).toContain("de, -");
    }
  });

  test("- is standard input", async () => {
    const run = await spawnBroadsheet(["extract", "-", "--json"], { cwd, input: HARBOUR });
    expect(linesOf(run)).toMatchObject([
      { source: "-", title: "The ferry that waits for the post" },
    ]);
  });

  test("one that can't be read is reported, the others are printed, and its code is returned", async () => {
    const args = ["extract", "empty.txt", "ferry.txt", "nowhere.txt", "in/9-lamp.md", "--json"];
    const run = await broadsheet(args, { cwd });
    expect(linesOf(run)).toMatchObject([{ source: "ferry.txt" }, { source: "in/9-lamp.md" }]);
    expect(run.code).toBe(65);
    expect(run.stderr).toMatch(
      /^error CONTENT_EMPTY: .*\n(?:.*\n)*error INPUT_MISSING: .*nowhere\.txt/,
    );
  });

  test.each([
    ["empty.txt", 65, "CONTENT_EMPTY"],
    ["binary.txt", 65, "CONTENT_BINARY"],
    ["huge.txt", 65, "CONTENT_TOO_LARGE"],
    ["none", 65, "CONTENT_NO_STORY"],
    ["fery.txt", 66, "INPUT_MISSING"],
  ])("%s: %i %s", async (file, code, error) => {
    const run = await broadsheet(["extract", file, "--json"], { cwd });
    expect(run).toMatchObject({ code, stdout: "" });
    expect(run.stderr).toMatch(
      new RegExp(`^(?:Left out .+\n)?error ${error}: .+\n(?: {3}at .+\n)? {2}fix .+\n$`),
    );
  });

  test("for people: title, byline, numbered paragraphs, captions, what was left out and why", async () => {
    const { stdout } = await broadsheet(["extract", "ferry.txt"], { cwd });
    expect(stdout).toMatch(
      /^The ferry that waits for the post\nWenna Tregear, en, ferry\.txt\n\n {2}1 {2}The evening/,
    );
    expect(stdout).toMatch(
      /\nCaptions\n {2}The Maid of Carrow at the slip, .* {3}Carrow Gazette\n/,
    );
    expect(stdout).toMatch(/\nLeft out\n(?:.*\n)* {2}Leave a Reply {3}\S/);
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  test("what would steer a terminal doesn't reach it", async () => {
    const { stdout, stderr } = await broadsheet(["extract", "-", "\u001B]0;x\u0007.txt"], {
      cwd,
      input: HARBOUR.replace(
        "The van climbs",
        "\u001B[2J\u001B]52;c;eA==\u0007The van\u009B1A climbs",
      ),
    });
    expect(stdout + stderr).toContain("climbs");
    expect(stdout + stderr).not.toMatch(/(?!\n)\p{Cc}/u);
  });

  test("--quiet keeps the notes back", async () => {
    const run = await broadsheet(["extract", "in", "--json", "--quiet"], { cwd });
    expect(run.stderr).toBe("");
    expect(linesOf(run)).toHaveLength(2);
  });
});

describe("summarize", () => {
  const summary = {
    source: "ferry.txt",
    title: "The ferry that waits for the post",
    articleId: expect.stringMatching(/^\w+$/),
    gist: { text: expect.any(String), start: expect.any(Number), end: expect.any(Number) },
    keyPoints: expect.any(Array),
    people: expect.any(Array),
    timeline: expect.any(Array),
    figures: expect.any(Array),
    minutes: 1,
    origin: "extract",
  };

  test("--json prints the summary as the contract has it", async () => {
    const run = await broadsheet(["summarize", "ferry.txt", "--json"], { cwd });
    const [line] = linesOf(run);
    expect(line).toMatchObject(summary);
    expect(line).not.toHaveProperty("sentences");
  });

  test("for people: the gist and numbered key points, each with its paragraph", async () => {
    const { stdout } = await broadsheet(["summarize", "ferry.txt"], { cwd });
    expect(stdout).toMatch(
      /^The ferry .*\n.*\n\n {5}The evening ferry[^¶]*¶1\n\n {2}1 {2}[^¶]+¶\d\n/,
    );
    expect(stdout).toContain("1 minute to read in full");
  });
});

test("neither loads what it doesn't need", async () => {
  const script = [
    'import { registerHooks } from "node:module";',
    "registerHooks({ resolve(specifier, context, next) {",
    "  if (/^(?:mjml|nodemailer|handlebars|@clack)/.test(specifier)) console.error(specifier);",
    "  return next(specifier, context); } });",
  ].join("");
  const node = ["--import", `data:text/javascript,${encodeURIComponent(script)}`];
  for (const command of ["extract", "summarize"]) {
    expect((await spawnBroadsheet([command, "ferry.txt"], { cwd, node })).stderr).toBe("");
  }
});
