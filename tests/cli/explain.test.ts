import { cp, readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { FERRY_STORY } from "../summary/article-of.ts";
import { broadsheet, folderWith } from "./broadsheet.ts";

const STORY = `${FERRY_STORY.title}\n\n${FERRY_STORY.text}\n`;
const folder = () => folderWith({ "ferry.txt": STORY });

describe("summarize --explain", () => {
  test("marks what was chosen in the article, and says why, and why not", async () => {
    const { stdout, code } = await broadsheet(["summarize", "ferry.txt", "--explain"], {
      cwd: await folder(),
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}1 {2}\[G\] The harbour town of Porthmoor/m);
    expect(stdout).toMatch(/\[1\]\s+["“A-Z]/);
    expect(stdout).toMatch(/^Why {2}\d+ lines from \d+ sentences/m);
    expect(stdout).toMatch(/\+ it says what the article is about: .*ferry/i);
    expect(stdout).toMatch(/^Left out, but close$/m);
    expect(stdout).toMatch(/not chosen: /);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
  });

  test("every paragraph of the article is shown, whole", async () => {
    const { stdout } = await broadsheet(["summarize", "ferry.txt", "--explain"], {
      cwd: await folder(),
    });
    const shown = stdout.replace(/\s+/g, " ").replace(/\[[G\dQ-]\] /g, "");
    // The last is a credit, and the reader of articles has taken that out.
    for (const paragraph of FERRY_STORY.text.split("\n\n").slice(0, -1)) {
      expect(shown).toContain(paragraph);
    }
  });

  test("a guard says why it refuses a sentence that is worth much", async () => {
    const text =
      "Ferry\n\nThe night ferry of Porthmoor leaves in June. It is the night ferry of Porthmoor that the Harbour Trust bought in June for the quay.";
    const cwd = await folderWith({ "a.txt": text });
    const { stdout } = await broadsheet(["summarize", "a.txt", "--explain"], { cwd });
    expect(stdout.replace(/\s+/g, " ")).toContain("not chosen: it depends on an earlier sentence");
  });

  test("shows the probability that check reports if only the first line is printed", async () => {
    const cwd = await folderWith({ "broadsheet.config.json": "{}" });
    await cp("content", path.join(cwd, "content"), { recursive: true });
    await broadsheet(["build"], { cwd });
    const { findings } = JSON.parse((await broadsheet(["check", "--json"], { cwd })).stdout);
    const { message } = findings.find(({ rule }: { rule: string }) => rule === "gist-doubted");
    const [, percent] =
      /^The first line of .+ \((\d+ %) likely to need at most a light edit\)$/.exec(message) ?? [
        "",
      ];
    const story = path.join("content", "04-kirchenbank.md");
    const { stdout } = await broadsheet(["summarize", story, "--explain"], { cwd });
    expect(stdout.replace(/\s+/g, " ")).toContain(`(${percent} with the first line alone)`);
  });

  test("with --json, the explanation comes with the summary", async () => {
    const run = await broadsheet(["summarize", "ferry.txt", "--explain", "--json"], {
      cwd: await folder(),
    });
    const { explanation, gist } = JSON.parse(run.stdout);
    expect(explanation.chosen[0]).toMatchObject({
      sign: "G",
      sentence: gist,
      rank: expect.any(Number),
    });
    expect(explanation.nearMisses[0].why).toEqual(expect.any(String));
  });
});

describe("summarize --html", () => {
  test("writes a page with nothing from elsewhere, and writes it again", async () => {
    const cwd = await folder();
    const args = ["summarize", "ferry.txt", "--html", "why.html"];
    expect((await broadsheet(args, { cwd })).code).toBe(0);
    const { code, stdout, stderr } = await broadsheet(args, { cwd });
    expect([code, stdout]).toEqual([0, ""]);
    expect(stderr).toContain("Written: why.html");
    const html = await readFile(path.join(cwd, "why.html"), "utf8");
    expect(html).toContain('<mark id="at-1-G">');
    expect(html).not.toMatch(/<script|(?:src|href)="(?!#)/);
  });

  test("several articles are one page, and their marks are told apart", async () => {
    const cwd = await folderWith({ "a.txt": STORY, "b.txt": STORY });
    const { stdout } = await broadsheet(["summarize", "a.txt", "b.txt", "--html"], { cwd });
    const ids = [...stdout.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids.length).toBeGreaterThan(8);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("what an article says is never markup", async () => {
    const text =
      'A <b>"ferry"</b>\n\nThe <script>alert(1)</script> ferry of Porthmoor left on Monday.';
    const cwd = await folderWith({ "a.txt": text });
    const { stdout } = await broadsheet(["summarize", "a.txt", "--html"], { cwd });
    expect(stdout).not.toMatch(/<script|<b>/);
  });

  test.each([
    ["an article where the page was meant", ["--html", "ferry.txt"], 64, /not the name of a page/],
    ["a file of somebody's", ["--html", "mine.html"], 73, /this command did not write it/],
    ["a folder that is not there", ["--html", "no/why.html"], 73, /can't be written/],
    ["--json beside it", ["--html", "--json"], 64, /can't be combined/],
  ])("%s is refused, and stays as it is", async (_, flags, code, message) => {
    const cwd = await folderWith({ "ferry.txt": STORY, "mine.html": "<p>Mine</p>" });
    const run = await broadsheet(["summarize", "ferry.txt", ...flags], { cwd });
    expect(run.code).toBe(code);
    expect(run.stderr).toMatch(message);
    expect(await readFile(path.join(cwd, "ferry.txt"), "utf8")).toBe(STORY);
    expect(await readFile(path.join(cwd, "mine.html"), "utf8")).toBe("<p>Mine</p>");
  });
});
