import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { styleText } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { labelled, table, shortened, textWidth, withNote } from "../../src/cli/table.ts";
import { ERROR_CODES } from "../../src/errors.ts";
import { HARBOUR, broadsheet, folderWith } from "./broadsheet.ts";
import { spawnBroadsheet } from "./spawn-broadsheet.ts";

const COMMANDS = ["init", "build", "render", "send", "extract", "summarize"];

let cwd: string;

beforeAll(async () => {
  cwd = await folderWith({ "article.txt": HARBOUR });
});

describe("help", () => {
  test("lists every command with a sentence by who needs it, and a first example", async () => {
    const { code, stdout, stderr } = await broadsheet(["--help"], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const name of COMMANDS)
      expect(stdout).toMatch(new RegExp(`^  ${name} +\\p{Lu}.{20}`, "mu"));
    expect(stdout).toContain("broadsheet build article.txt");
    const groups =
      /^Editor.*:\n(?:.*\n)* {2}build .*\n(?:.*\n)*List.*:\n {2}subscribers .*\n(?:.*\n)*Operator.*:\n {2}send /m;
    expect(stdout).toMatch(groups);
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  test.each(COMMANDS)("of %s has an example and its flags", async (name) => {
    const { code, stdout, stderr } = await broadsheet([name, "--help"], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(new RegExp(`Examples?:\n(?:.*\n)*?.*broadsheet ${name} `));
    expect(stdout).toContain("--json");
  });

  test("is what a line without a command gets, on stderr, as a usage error", async () => {
    const { code, stdout, stderr } = await broadsheet([], { cwd });
    expect({ code, stdout }).toEqual({ code: 64, stdout: "" });
    expect(stderr).toContain("First steps:");
  });

  test("--version is the package's", async () => {
    const manifest: unknown = JSON.parse(await readFile("package.json", "utf8"));
    const { code, stdout } = await broadsheet(["--version"], { cwd });
    expect(code).toBe(0);
    expect(manifest).toMatchObject({ version: stdout.trim() });
  });
});

test.each([
  [["biuld"], "unknown command 'biuld'", "did you mean build?"],
  [["schedule", "expalin"], "1: expalin", "did you mean explain?"],
  [["schedule", "--config", "a.yaml", "expalin"], "1: expalin", "did you mean explain?"],
  [["schedule", "explain", "1"], "1: 1", "see: broadsheet schedule explain --help"],
  [["frobnicate"], "unknown command 'frobnicate'", "see: broadsheet --help"],
  [["build", "--jsno"], "unknown option '--jsno'", "did you mean --json?"],
  [["--json", "build"], "unknown option '--json'", "flags come after the command"],
  [["extract"], "missing required argument 'FILE|URL'", "see: broadsheet extract --help"],
  [["build", "--date"], "argument missing", "see: broadsheet build --help"],
  [["subscribers", "add", "--nickname"], "unknown option '--nickname'", "subscribers add --help"],
  [["build", "--date", "2026-02-30"], '--date "2026-02-30" is not a day', "YYYY-MM-DD"],
  [["build", "--date", "tomorrow"], '--date "tomorrow" is not a day', "YYYY-MM-DD"],
  [["build", "--number", "0"], '--number "0" is not a whole number', "--number 3"],
  [["build", "--subject", " "], "--subject must be one line", "leave --subject out"],
  [["send", "latest", "--limit", "ten"], '--limit "ten"', "--limit 3"],
  [["summarize", "a.md", "--sentences", "3"], "unknown option '--sentences'", "summarize --help"],
  [["summarize", "a.txt", "--words", "60"], "unknown option '--words'", "summarize --help"],
  [["send", "latest", "--template", "brief"], "unknown option '--template'", "send --help"],
  [["send", "--test", "me@paper.example"], "unknown option '--test'", "--to? It sends one copy"],
  [["send", "latest", "--preview"], "unknown option '--preview'", "--to? It sends one copy"],
  [["send", "--yse"], "unknown option '--yse'", "see: broadsheet send --help"],
  [["send", "--forec"], "unknown option '--forec'", "see: broadsheet send --help"],
  [["send", "latest", "--to", "nobody"], "no @", "name@domain"],
  [["send", "latest", "--to", "a@b.example", "--limit", "3"], "--limit", "leave one of them out"],
  [["check", "--static", "--links"], "cannot be used with", "leave one of them out"],
  [["status", "latest", "--html", "past.html"], "an issue and --html", "leave one of them out"],
  [["init", "--template", "digets"], '"digets"', "did you mean digest?"],
])("usage errors: %j", async (args, message, fix) => {
  const { code, stdout, stderr } = await broadsheet(args, { cwd });
  expect({ code, stdout }).toEqual({ code: 64, stdout: "" });
  expect(stderr).toMatch(/^error USAGE: .+\n {2}fix .+\n$/);
  expect(stderr).toContain(message);
  expect(stderr).toContain(fix);
});

describe("what is printed", () => {
  test("an error has the shape: code, message, place, fix, and no stack", async () => {
    const folder = await folderWith({
      "broadsheet.config.json": '{\n  "name": "X",\n  "taglin": "Y"\n}\n',
      "article.txt": HARBOUR,
    });
    const { code, stdout, stderr } = await broadsheet(["build", "article.txt", "--json"], {
      cwd: folder,
    });
    expect({ code, stdout }).toEqual({ code: 78, stdout: "" });
    expect(stderr).toBe(
      'error CONFIG_INVALID: "taglin" is not a setting\n' +
        "   at broadsheet.config.json:3\n" +
        '  fix did you mean "tagline"?\n',
    );
  });

  test("--debug adds where in the program an error arose", async () => {
    const { code, stderr } = await broadsheet(["extract", "nowhere.txt", "--debug"], { cwd });
    expect(code).toBe(66);
    expect(stderr).toMatch(/^error INPUT_MISSING: .*\n(?:.*\n)*? +at .*read-sources/);
  });

  test("into a pipe there is no escape code; on request there is", async () => {
    const plain = await broadsheet(["extract", "article.txt", "nowhere.txt"], { cwd });
    expect(plain.stdout + plain.stderr).not.toContain("\u001B");
    const coloured = await broadsheet(["extract", "article.txt"], {
      cwd,
      env: { FORCE_COLOR: "1" },
    });
    expect(coloured.stdout).toContain("\u001B[1m");
  });

  test("a colour that comes with a name doesn't, whatever else is coloured", async () => {
    const name = "evil\u001B[31m\u001B[1;2345;2345;2345m.txt";
    const folder = await folderWith({ [name]: HARBOUR, "b.xlsx": "" });
    const plain = await broadsheet(["extract", name, `nowhere${name}`], {
      cwd: folder,
      env: { NO_COLOR: "1" },
    });
    expect(plain.stdout).toContain("evil\uFFFD");
    expect(plain.stdout + plain.stderr).not.toContain("\u001B");
    expect(plain.stdout + plain.stderr).not.toContain("[31m");
    const coloured = await broadsheet(["extract", name, `nowhere${name}`], {
      cwd: folder,
      env: { FORCE_COLOR: "1" },
    });
    expect(coloured.stdout).toContain("\u001B[1m");
    expect(coloured.stdout).not.toContain("\u001B[31m");
    expect(coloured.stderr).not.toContain("evil\u001B");
  });

  test("JSON holds no control character, those beyond ASCII included", async () => {
    const input = HARBOUR.replace("The ferry that", "The\u009B31m ferry\u007F that");
    const { stdout } = await broadsheet(["extract", "-", "--json"], { cwd, input });
    expect(stdout).not.toMatch(/(?!\n)\p{Cc}/u);
    expect(() => void JSON.parse(stdout)).not.toThrow();
  });

  test("outside UTF-8 our own signs are ASCII", async () => {
    const args = ["summarize", "article.txt"];
    expect((await broadsheet(args, { cwd })).stdout).toContain("¶1");
    const { stdout } = await broadsheet(args, { cwd, env: { LANG: "C" } });
    expect(stdout).toContain("paragraph 1");
    expect(stdout).toMatch(/^\p{ASCII}+$/u);
  });

  test("a reader that has seen enough ends it quietly", async () => {
    const script = `${process.execPath} ${path.resolve("src/cli/main.ts")} extract --json ${"article.txt ".repeat(400)}`;
    const { code, stdout, stderr } = await shell(`(${script}; echo "code $?" >&2) | head -c 10`);
    expect({ code, stdout: stdout.length, stderr }).toEqual({
      code: 0,
      stdout: 10,
      stderr: "code 0\n",
    });
  });

  test("a full disk is told, without a stack", async () => {
    const script = `${process.execPath} ${path.resolve("src/cli/main.ts")} extract article.txt > /dev/full`;
    const { code, stderr } = await shell(script);
    expect(code).toBe(73);
    expect(stderr).toMatch(
      /^error OUTPUT_UNWRITABLE: the output can't be written: the disk is full\n {2}fix .*\n$/,
    );
  });
});

test("an old Node is told to be one, in words that it understands", async () => {
  const preload =
    "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.9.0'})";
  const { code, stdout, stderr } = await spawnBroadsheet(["--version"], {
    cwd,
    node: ["--import", preload],
  });
  expect({ code, stdout }).toEqual({ code: ERROR_CODES.NODE_TOO_OLD.exit, stdout: "" });
  expect(stderr).toMatch(
    /^error NODE_TOO_OLD: Broadsheet needs Node.js 24.12 or newer.*20.9.0\n {2}fix .*\n$/,
  );
});

async function shell(script: string) {
  const child = spawn("sh", ["-c", script], {
    cwd,
    env: { PATH: process.env["PATH"], LANG: "C.UTF-8" },
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, ...output };
}

test.each([
  ["Mara Quill", 10],
  ["小雨 Quill", 10],
  ["Zoë", 3],
  ["Zoe\u0308", 3],
  [styleText("bold", "Mara", { validateStream: false }), 4],
])("%j is so many columns wide", (text, columns) => {
  expect(textWidth(text)).toBe(columns);
});

test.each([
  ["Mara Quill", 10, "Mara Quill"],
  ["Mara Quill", 8, "Mara Qu…"],
  ["Mara Quill", 6, "Mara…"],
  ["小雨小雨", 6, "小雨…"],
])("%j is shortened to %i columns", (text, columns, short) => {
  expect(shortened(text, columns)).toBe(short);
  expect(textWidth(short)).toBeLessThanOrEqual(columns);
});

const paint = (_style: string, text: string) => text;

describe("a table", () => {
  const look = { paint, isUtf8: false, rowColumns: 100 };
  const columns = ["Name", { numbers: "Sent" }, "What happens now"];
  const rows = [
    ["小雨", "2,318", "Nothing to do"],
    ["Zoë Quill", "3", "Tried again from 09:10, if the server is there"],
  ];

  test("has its columns below each other in every script", () => {
    const lines = table(columns, rows, look).split("\n");
    const places = lines.map((line) => textWidth(/^.*(?=Nothing|Tried)/.exec(line)?.[0] ?? ""));
    expect(places).toEqual([0, 0, 20, 20, 0]);
  });

  test("draws its columns nearer in less room", () => {
    expect(table(columns, rows, { ...look, rowColumns: 64 })).toContain("Zoë Quill      3  Tried");
  });

  test("goes on below where its last words have no room", () => {
    expect(table(columns, rows, { ...look, rowColumns: 42 }))
      .toBe(`Name        Sent  What happens now
------------------------------------------
小雨       2,318  Nothing to do
Zoë Quill      3  Tried again from 09:10,
                  if the server is there
------------------------------------------`);
  });

  test("is a list where there is hardly any room, without what is empty", () => {
    const narrow = { ...look, rowColumns: 36 };
    expect(table(columns, [...rows, ["Mara", "", "Late"]], narrow))
      .toBe(`------------------------------------
Name               小雨
Sent               2,318
What happens now   Nothing to do

Name               Zoë Quill
Sent               3
What happens now   Tried again from
                   09:10, if the
                   server is there

Name               Mara
What happens now   Late
------------------------------------`);
  });
});

test("a note stands below where it has no room beside", () => {
  expect(withNote("send latest", "to yourself", 25)).toBe("send latest   to yourself");
  expect(labelled([["Next", withNote("send latest", "to yourself", 24)]])).toBe(
    "Next   send latest\n       to yourself",
  );
});
