import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { photo } from "../pictures.ts";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import {
  broadsheet,
  contentsOf,
  folderWith,
  HARBOUR,
  issueOf,
  LIGHTHOUSE,
  type Run,
} from "./broadsheet.ts";

/** A sentence of a file that no issue may show. */
const SECRET = "The safe in the harbour office opens with the number nineteen.";
const SECRET_STORY = `The safe\n\n${SECRET} Nobody but the harbour master has been told of it.\n`;
const DATE = "2026-11-24";

let cwd: string;
/** A folder outside of the project. */
let outside: string;

const at = (name: string) => path.join(cwd, name);
const build = async (...args: string[]) =>
  broadsheet(["build", "--date", DATE, "--json", ...args], { cwd });
const fifo = (name: string) => execFileSync("mkfifo", [at(name)]);

beforeEach(async () => {
  outside = await folderWith({ "secret.txt": SECRET_STORY, "folder/secret.txt": SECRET_STORY });
  cwd = await folderWith({
    "content/1.txt": HARBOUR,
    "broadsheet.yaml": "name: The Slipway # aardvark\n",
  });
  onTestFinished(() => {
    for (const folder of [cwd, outside]) rmSync(folder, { recursive: true });
  });
});

/** What a socket leaves in a folder for as long as a server listens on it. */
async function socketAt(name: string): Promise<void> {
  const server = createServer().listen(at(name));
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => void server.close());
}

function said({ stdout, stderr }: Run): string {
  return (stdout + stderr).replace(/\s+/g, " ");
}

test("an outbox that is a link to itself is reported as the outbox", async () => {
  symlinkSync("outbox", at("outbox"));
  const run = await build();
  expect(said(run)).toContain(
    "error OUTBOX_UNWRITABLE: the outbox can't be read: symbolic links lead in a circle",
  );
  expect(run.code).toBe(73);
});

test("a folder with files that are no articles: publishes nothing from outside, hangs nowhere, and names each file", async () => {
  const link = (target: string, name: string) => symlinkSync(target, at(`content/${name}`));
  link(path.join(outside, "secret.txt"), "absolute.txt");
  link(`../../${path.basename(outside)}/secret.txt`, "relative.txt");
  link("absolute.txt", "chain.txt");
  link(path.join(outside, "folder"), "elsewhere.txt");
  link("../broadsheet.yaml", "config.txt");
  link("/etc/passwd", "passwd.txt");
  link("/proc/self/environ", "environ.txt");
  link("/dev/zero", "device.txt");
  link("/dev/stdin", "stdin.txt");
  link("loop.txt", "loop.txt");
  link("nowhere.txt", "dangling.txt");
  link(".", "itself.txt");
  link("inner/2.md", "inside.md");
  mkdirSync(at("content/inner"));
  writeFileSync(at("content/inner/2.md"), LIGHTHOUSE);
  fifo("content/pipe.txt");
  await socketAt("content/socket.txt");
  mkdirSync(at("content/folder.txt"));
  writeFileSync(at("content/empty.txt"), "");
  writeFileSync(at("content/huge.txt"), "");
  truncateSync(at("content/huge.txt"), 2 ** 36);
  writeFileSync(at("content/a\nb.txt"), "Word");
  writeFileSync(at("content/\u001B[31mred.txt"), "Word");
  writeFileSync(Buffer.from(`${at("content")}/\xFF.txt`, "latin1"), HARBOUR);
  writeFileSync(at("content/.hidden.txt"), SECRET_STORY);
  linkSync(at("content/1.txt"), at("content/hard.txt"));
  writeFileSync(at("content/unreadable.txt"), HARBOUR);
  chmodSync(at("content/unreadable.txt"), 0o000);
  const run = await build();
  expect(run.code).toBe(75);
  const words = said(run);
  for (const pattern of [
    /absolute\.txt is a link that leads out of/,
    /relative\.txt/,
    /chain\.txt/,
    /config\.txt/,
    /passwd\.txt/,
    /environ\.txt/,
    /device\.txt is a device and not a file/,
    /stdin\.txt/,
    /loop\.txt can't be read: symbolic links lead in a circle/,
    /dangling\.txt is a link that leads nowhere/,
    /pipe\.txt is a pipe and not a file/,
    /socket\.txt is a socket or a device and not a file/,
    /empty\.txt/,
    /huge\.txt is 65536\.0 MB/,
    /a b\.txt/,
    /\uFFFD\.txt has a name that is not in UTF-8/,
    /replace the link with the file itself, or remove the link/,
  ])
    expect.soft(words).toMatch(pattern);
  expect(run.stderr).not.toContain("\u001B[31mred");
  expect(run.stderr).not.toMatch(/error INTERNAL|^\s+at .*\.ts:\d/m);
  const { dir } = issueOf(run);
  const text = readFileSync(path.join(dir, "email.txt"), "utf8");
  expect(text).toContain("The ferry that waits for the post");
  expect(text).toContain("A lamp that counts moths");
  const issue = JSON.stringify(await contentsOf(dir));
  for (const secret of [SECRET, "root:x:", "aardvark", "PATH="])
    expect(issue).not.toContain(secret);
});

const BUILD = ["build", "--date", DATE];
const ISSUE = `outbox/the-slipway/${DATE}`;

/** Files that Broadsheet finds by itself, a command that reads them, and what it says of them. */
const FOUND: readonly (readonly [name: string, command: readonly string[], says: RegExp])[] = [
  [`${ISSUE}/email.json`, ["check", DATE], /email\.json is a pipe/],
  [`${ISSUE}/digest.json`, ["check", DATE], /digest\.json is a pipe/],
  ["templates/theme.json", BUILD, /theme\.json is a pipe/],
  ["templates/partials/hero.mjml.hbs", BUILD, /hero\.mjml\.hbs is a pipe/],
  ["logo.png", BUILD, /the picture logo\.png is a pipe/],
  ["content/lamp.png", BUILD, /the picture lamp\.png is a pipe/],
];

test("no pipe in the place of a file that Broadsheet finds by itself keeps a command waiting", async () => {
  writeFileSync(at("broadsheet.yaml"), "name: The Slipway\nlogo:\n  src: logo.png\n");
  writeFileSync(at("content/2.md"), `${LIGHTHOUSE}\n![The lamp](lamp.png)\n`);
  for (const name of ["logo.png", "content/lamp.png"]) await photo(64, 32).png().toFile(at(name));
  await build();
  for (const [name, command, says] of FOUND) {
    mkdirSync(path.dirname(at(name)), { recursive: true });
    const before = existsSync(at(name)) ? readFileSync(at(name)) : undefined;
    rmSync(at(name), { force: true });
    fifo(name);
    const run = await broadsheet(command, { cwd });
    expect.soft(said(run), name).toMatch(says);
    expect.soft(said(run), name).not.toContain("INTERNAL");
    rmSync(at(name));
    if (before) writeFileSync(at(name), before);
  }
});

test("no link in the outbox or among templates publishes what lies outside", async () => {
  await build();
  mkdirSync(at("templates/partials"), { recursive: true });
  for (const [name, command] of [
    ["templates/partials/hero.mjml.hbs", BUILD],
    [`${ISSUE}/digest.json`, ["check", DATE]],
  ] as const) {
    rmSync(at(name), { force: true });
    symlinkSync(path.join(outside, "secret.txt"), at(name));
    const run = await broadsheet(command, { cwd });
    expect(run.code).toBe(66);
    expect(said(run)).toMatch(/is a link that leads out of/);
    rmSync(at(name));
  }
});

describe("a file that is named on the command line", () => {
  const NAMING: readonly (readonly string[])[] = [
    ["extract"],
    ["build"],
    ["check", "--html"],
    ["render"],
    ["subscribers", "import"],
    ["subscribers", "bounce", "--mail"],
  ];

  test.each(NAMING)("may not be a pipe, a device or a folder: %s %s", async (...command) => {
    fifo("pipe.eml");
    symlinkSync("/dev/zero", at("zero.eml"));
    mkdirSync(at("folder.eml"));
    for (const [name, what] of [
      ["pipe.eml", "is a pipe and not a file"],
      ["zero.eml", "is a device and not a file"],
      ["folder.eml", ""],
    ] as const) {
      const run = await broadsheet([...command, name], { cwd });
      expect([65, 66], run.stderr).toContain(run.code);
      expect(said(run)).toContain(what);
      expect(run.stderr).not.toContain("INTERNAL");
    }
  });

  test("may be a link to anywhere", async () => {
    symlinkSync(path.join(outside, "secret.txt"), at("named.txt"));
    const run = await broadsheet(["extract", "named.txt"], { cwd });
    expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining(SECRET) });
  });
});
