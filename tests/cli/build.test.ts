import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import {
  broadsheet,
  contentsOf,
  folderWith,
  HARBOUR,
  issueOf,
  LIGHTHOUSE,
  linesOf,
  writeInto,
} from "./broadsheet.ts";
import { spawnBroadsheet } from "./spawn-broadsheet.ts";

let cwd: string;

beforeEach(async () => {
  cwd = await folderWith();
});

const write = async (files: Readonly<Record<string, string>>) => writeInto(cwd, files);

async function slotToday(flags: readonly string[]): Promise<string> {
  return issueOf(await broadsheet(["build", "ferry.txt", "--json", ...flags], { cwd })).issue.slot;
}

/** A newsletter without the sender and addresses of the samples. */
const OWN = `from: post@slipway.press
postalAddress: The Slipway, 4 Quay Street, Port Carrow
urls:
  web: https://slipway.press/issues/{slot}
  unsubscribe: https://slipway.press/leave/{token}
`;

const FILES = [
  "articles.json",
  "digest.built.json",
  "digest.json",
  "digest.schema.json",
  "digest.written.json",
  "email.eml",
  "email.html",
  "email.json",
  "email.txt",
  "preview-stamp.js",
  "preview.html",
  "report.json",
];

describe("a build", () => {
  test("of one article in any folder is a brief; --json prints what the contract has", async () => {
    await write({ "ferry.txt": HARBOUR });
    const run = await broadsheet(["build", "ferry.txt", "--date", "2026-11-24", "--json"], { cwd });
    expect(run).toMatchObject({ code: 0, stderr: "" });
    const dir = path.join(cwd, "outbox/broadsheet/2026-11-24");
    const line = issueOf(run);
    expect(line).toEqual({
      issue: { newsletter: "broadsheet", slot: "2026-11-24" },
      dir,
      files: expect.arrayContaining(FILES),
      subject: "The ferry that waits for the post",
      preheader: expect.any(String),
      articles: 1,
      merged: [],
      order: [expect.objectContaining({ title: "The ferry that waits for the post" })],
      ready: { chance: 1, because: [] },
      failed: [],
      notices: expect.any(Array),
      bytes: { html: expect.any(Number), text: expect.any(Number), eml: expect.any(Number) },
    });
    expect((await readdir(dir)).sort()).toEqual(line.files.toSorted());
    expect((await readFile(path.join(dir, "email.html"))).length).toBe(line.bytes.html);
    expect((await readFile(path.join(dir, "email.eml"))).length).toBe(line.bytes.eml);
    const digest: unknown = JSON.parse(await readFile(path.join(dir, "digest.json"), "utf8"));
    expect(digest).toMatchObject({ template: "brief", date: "2026-11-24" });
  });

  test("takes the content folder, leaves drafts out and says so", async () => {
    await write({
      "broadsheet.config.ts":
        'export default { name: "Carrow Letter", content: "stories", number: 7 };',
      "stories/2.txt": HARBOUR,
      "stories/10.md": LIGHTHOUSE,
      "stories/11.md": LIGHTHOUSE.replace("author:", "draft: true\nauthor:"),
    });
    const run = await broadsheet(["build", "--date", "2026-11-24", "--json"], { cwd });
    expect(run.stderr).toBe("Left out stories/11.md: a draft\n");
    expect(linesOf(run)).toMatchObject([
      { issue: { newsletter: "carrow-letter", slot: "2026-11-24", number: 7 }, articles: 2 },
    ]);
    const built = await contentsOf(path.join(cwd, "outbox/carrow-letter/2026-11-24"));
    expect(built["email.txt"]?.indexOf("ferry")).toBeLessThan(
      built["email.txt"]?.indexOf("moths") ?? 0,
    );
  });

  test("obeys flags before the environment, and that before the file", async () => {
    await write({
      "ferry.txt": HARBOUR,
      "broadsheet.config.json": '{ "outbox": "from-file", "template": "brief", "number": 1 }',
    });
    const env = { BROADSHEET_OUTBOX: "from-environment" };
    const args = ["build", "ferry.txt", "--date", "2026-11-24", "--json"];
    const dirOf = async (more: string[]) =>
      issueOf(await broadsheet([...args, ...more], { cwd, env })).dir;
    expect(await dirOf([])).toBe(path.join(cwd, "from-environment/broadsheet/2026-11-24"));
    const flags = ["--out", "from-flag", "--template", "digest", "--number", "12"];
    const dir = await dirOf([
      ...flags,
      "--subject",
      "Mine",
      "--preheader",
      "Also mine, and long enough.",
    ]);
    expect(dir).toBe(path.join(cwd, "from-flag/broadsheet/2026-11-24"));
    expect(JSON.parse(await readFile(path.join(dir, "digest.json"), "utf8"))).toMatchObject({
      template: "digest",
      issue: { number: 12 },
      subject: "Mine",
      preheader: "Also mine, and long enough.",
    });
  });

  test("of the same input gives the same bytes, wherever the project lies", async () => {
    const files = { "content/1.txt": HARBOUR, "content/2.md": LIGHTHOUSE, "letter.json": "{}" };
    await write(files);
    const elsewhere = await folderWith(files);
    await broadsheet(["build", "--date", "2026-11-24", "--quiet"], { cwd });
    await broadsheet(["build", "--date", "2026-11-24", "--quiet"], { cwd: elsewhere });
    const here = await contentsOf(path.join(cwd, "outbox"));
    expect(Object.keys(here)).toHaveLength(FILES.length);
    expect(here).toEqual(await contentsOf(path.join(elsewhere, "outbox")));
    expect(JSON.stringify(here)).not.toContain(path.basename(cwd));
  });

  test("is for the day it is in the newsletter's time zone", async () => {
    await write({
      "ferry.txt": HARBOUR,
      "kiritimati.json": '{ "timeZone": "Pacific/Kiritimati" }',
    });
    const before = new Date(Date.now()).toISOString().slice(0, 10);
    const slot = await slotToday([]);
    expect([before, new Date(Date.now()).toISOString().slice(0, 10)]).toContain(slot);
    const ahead = await slotToday(["--config", "kiritimati.json"]);
    expect([0, 1]).toContain((Date.parse(ahead) - Date.parse(slot)) / 86_400_000);
  });

  test("shows what was made, its size against Gmail's limit, what to open and what to type", async () => {
    await write({ "ferry.txt": HARBOUR, "my config.json": "{}" });
    const args = ["build", "ferry.txt", "--date", "2026-11-24", "--config", "my config.json"];
    const { stdout, stderr } = await broadsheet(args, { cwd });
    expect(stderr).toBe("");
    const lines = stdout.split("\n");
    expect(lines[0]).toMatch(/^Broadsheet \d+\.\d+\.\d+ {3}Broadsheet, 1 issue built in \d+\.\d s/);
    expect(lines[2]).toMatch(/Issue {3}Template {3}Stories +HTML +Text {3}Of 102 KB +Verdict$/);
    // The sender is an example, and the story has no address to read on.
    expect(lines[4]).toMatch(
      /^2026-11-24 {3}brief +1 +[\d.]+ KB +[\d.]+ KB {3}━+─+ +\d+% {3}2 to look at first$/,
    );
    expect(stdout).toContain(
      `Open      ${path.join("outbox/broadsheet/2026-11-24/preview.html")}\n`,
    );
    expect(stdout.replace(/\s+/g, " ")).toMatch(
      /Edit (\S+digest\.json) then: .* render \1 --config 'my config\.json' Next/,
    );
    expect(stdout).toMatch(
      /Next +.* check 2026-11-24 --config 'my config\.json'\s+the 2 to look at first\n +.* send 2026-11-24 --config 'my config\.json' --to you@example\.org/,
    );
  });

  test("an issue that is ready to send is not checked first", async () => {
    await write({
      "ferry.md": `---\nurl: https://paper.example/ferry\n---\n\n${HARBOUR}`,
      "broadsheet.yaml": OWN,
    });
    const { stdout } = await broadsheet(["build", "ferry.md", "--date", "2026-11-24"], { cwd });
    expect(stdout).toContain("Ready to send");
    expect(stdout).toMatch(/Next +.* send 2026-11-24 --to you@example\.org/);
    expect(stdout).not.toContain(" check ");
  });

  test("an issue whose config names no language is in that of its stories", async () => {
    await write({
      "broadsheet.config.json": "{}",
      "a.md":
        "# Die Fähre\n\nDie Fähre wartet auf die Post, und niemand auf der Insel will es anders haben.",
    });
    const { dir } = issueOf(await broadsheet(["build", "a.md", "--json"], { cwd }));
    expect(await readFile(path.join(dir, "email.html"), "utf8")).toContain('lang="de"');
  });

  test("--quiet says nothing at all", async () => {
    const odd = LIGHTHOUSE.replace("author:", "kind: banana\nauthor:");
    await write({ "ferry.txt": HARBOUR, "in/a.md": odd, "in/b.xlsx": "" });
    const run = await broadsheet(["build", "ferry.txt", "in", "--quiet"], { cwd });
    expect(run).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  test("a file that is named twice is one story", async () => {
    await write({ "in/ferry.txt": HARBOUR });
    const run = await broadsheet(["build", "in", "./in/ferry.txt", "--json"], { cwd });
    expect(linesOf(run)).toMatchObject([{ articles: 1 }]);
  });
});

describe("a build that can't be", () => {
  test.each<[string, Record<string, string>, string[], number, string]>([
    ["no content folder", {}, [], 66, "INPUT_MISSING: there is no folder content to build from"],
    ["an empty one", { "content/.keep": "" }, [], 65, "CONTENT_NO_STORY: there is no article"],
    [
      "only drafts",
      { "content/a.md": LIGHTHOUSE.replace("author:", "draft: true\nauthor:") },
      [],
      65,
      "CONTENT_NO_STORY: all articles are drafts",
    ],
    [
      "one bad file among good ones, under --strict",
      { "a.txt": HARBOUR, "b.txt": "" },
      ["a.txt", "b.txt", "--strict"],
      65,
      "CONTENT_EMPTY: b.txt",
    ],
    ["one word", { "a.txt": "Word" }, ["a.txt"], 65, "CONTENT_NO_STORY: "],
    ["a file that isn't there", { "a.txt": HARBOUR }, ["b.txt"], 66, "INPUT_MISSING: there is no"],
    [
      "no such template",
      { "a.txt": HARBOUR },
      ["a.txt", "--template", "breif"],
      66,
      "TEMPLATE_MISSING: ",
    ],
    ["no such config", { "a.txt": HARBOUR }, ["a.txt", "--config", "x.ts"], 78, "CONFIG_MISSING: "],
    ["a bad slug", { "broadsheet.config.json": '{"slug":"../../x"}' }, [], 78, 'CONFIG_INVALID: "'],
    [
      "a config that throws",
      { "broadsheet.config.ts": 'throw new Error("no luck");' },
      [],
      78,
      "CONFIG_INVALID: the config threw: no luck\n   at broadsheet.config.ts",
    ],
    ["a file for an outbox", { "a.txt": HARBOUR, outbox: "" }, ["a.txt"], 73, "OUTBOX_UNWRITABLE"],
  ])("%s: nothing is written", async (_what, files, args, code, message) => {
    await write(files);
    const before = await contentsOf(cwd);
    const run = await broadsheet(["build", ...args], { cwd });
    expect(run).toMatchObject({ code, stdout: "" });
    expect(run.stderr).toContain(`error ${message}`);
    expect(run.stderr).toMatch(/\n {2}fix .+\n$/);
    expect(run.stderr).not.toMatch(/^\s+at \S+ \(/m);
    expect(await contentsOf(cwd)).toEqual(before);
  });

  test("an error inside Broadsheet is ours: 70, with its stack", async () => {
    await write({ "ferry.txt": HARBOUR });
    const preload = "data:text/javascript,Intl.Segmenter=undefined";
    const { code, stderr } = await spawnBroadsheet(["build", "ferry.txt"], {
      cwd,
      node: ["--import", preload],
    });
    expect(code).toBe(70);
    expect(stderr).toMatch(
      /^error INTERNAL: .*\n +at .*\n(?:.*\n)* {2}fix this is a bug in Broadsheet/,
    );
    await expect(readdir(path.join(cwd, "outbox"))).rejects.toThrow("ENOENT");
  });
});
