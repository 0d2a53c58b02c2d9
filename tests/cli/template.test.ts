import { readFile, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, beforeEach, expect, test } from "vitest";
import {
  HARBOUR,
  articleOf,
  broadsheet,
  contentsOf,
  folderWith,
  issueOf,
  linesOf,
} from "./broadsheet.ts";
import { spawnBroadsheet } from "./spawn-broadsheet.ts";

let cwd: string;

beforeEach(async () => {
  cwd = await folderWith({ "harbour.txt": HARBOUR });
});

test("a new template builds what the one it was copied from builds", async () => {
  const run = await broadsheet(["template", "new", "evening", "--from", "brief", "--json"], {
    cwd,
  });
  expect(linesOf(run)).toEqual([
    { dir: path.join(cwd, "templates/evening"), files: ["html.mjml.hbs", "text.txt.hbs"] },
  ]);
  const build = ["build", "harbour.txt", "--date", "2030-11-14", "--json"];
  const [ours, copied] = [
    await broadsheet([...build, "--template", "brief", "--out", "a"], { cwd }),
    await broadsheet([...build, "--template", "evening", "--out", "b"], { cwd }),
  ];
  expect(await htmlIn(issueOf(copied).dir)).toBe(await htmlIn(issueOf(ours).dir));
});

test("the letter brings its own partials; --partials brings the shared ones too", async () => {
  await broadsheet(["template", "new", "own", "--from", "letter"], { cwd });
  await broadsheet(["template", "new", "whole", "--from", "letter", "--partials"], { cwd });
  const files = Object.keys(await contentsOf(path.join(cwd, "templates")));
  expect(files).toContain("own/partials/letterhead.mjml.hbs");
  expect(files).not.toContain("own/partials/head.mjml.hbs");
  expect(files).toContain("whole/partials/head.mjml.hbs");
  await writeFile(
    path.join(cwd, "templates/whole/partials/letterhead.mjml.hbs"),
    "<mj-text>Ours</mj-text>",
  );
  const run = await broadsheet(["build", "harbour.txt", "--template", "whole", "--json"], { cwd });
  expect((await contentsOf(issueOf(run).dir))["email.html"]).toContain(">Ours<");
});

test("what is there already stays as it is", async () => {
  await broadsheet(["template", "new", "evening"], { cwd });
  const before = await contentsOf(path.join(cwd, "templates"));
  const run = await broadsheet(["template", "new", "evening", "--from", "brief"], { cwd });
  expect(run).toMatchObject({ code: 73, stdout: "" });
  expect(run.stderr).toMatch(/^error FILE_EXISTS: templates\/evening already has html\.mjml\.hbs/);
  expect(await contentsOf(path.join(cwd, "templates"))).toEqual(before);
});

test.each([
  [["template", "new", "x", "--from", "brif"], 66, "did you mean brief?"],
  [["template", "new", "a/b"], 64, 'can\'t be called "a/b"'],
  [["template", "new", "partials"], 64, 'can\'t be called "partials"'],
  [["template", "nwe", "x"], 64, "did you mean new?"],
  [["template"], 64, "Usage: broadsheet template"],
])("%j leaves with %i and says what to do", async (args, code, said) => {
  const run = await broadsheet(args, { cwd });
  expect(run).toMatchObject({ code, stdout: "" });
  expect(run.stderr).toContain(said);
  expect(run.stderr).not.toContain("outputHelp");
});

async function htmlIn(dir: string): Promise<string | undefined> {
  return (await contentsOf(dir))["email.html"];
}

beforeAll(async () => {
  cwd = await folderWith({ "taken/.gitignore": "mine\n", file: "" });
});

const FILES = [
  ".env.example",
  ".gitignore",
  "broadsheet.yaml",
  "content/01-yesterdays-bread.txt",
  "content/02-piano-on-loan.md",
];

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}

test("a new newsletter builds at once, without a package.json and without a warning", async () => {
  const made = await broadsheet(["init", "--yes", "deep/my-letter"], { cwd });
  expect(made).toMatchObject({ code: 0, stderr: "" });
  expect(made.stdout).toContain("cd deep/my-letter");
  const folder = path.join(cwd, "deep/my-letter");
  expect(await filesIn(folder)).toEqual(FILES);

  const built = await spawnBroadsheet(["build", "--json"], { cwd: folder });
  expect(built).toMatchObject({ code: 0, stderr: "" });
  expect(linesOf(built)).toMatchObject([{ issue: { newsletter: "my-letter" }, articles: 2 }]);
});

test("what it writes passes the check, and isn't said to be ready before it is made one's own", async () => {
  await broadsheet(["init", "--yes", "fresh", "--quiet"], { cwd });
  const folder = path.join(cwd, "fresh");
  const built = await broadsheet(["build"], { cwd: folder });
  // Two of them are the sample's stories, which are nowhere to be read on.
  expect(built.stdout).toMatch(/ {3}3 to look at first\n/);
  const checked = await broadsheet(["check", "--static"], { cwd: folder });
  expect(checked).toMatchObject({ code: 0, stderr: "" });
  expect(checked.stdout).toContain("\n3 to look at first\n");
  expect(checked.stdout).not.toContain("Ready to send");
  expect(checked.stdout).toMatch(
    /\nLook {3}The sender letter@example\.org, the postal address, the tagline and 2 stories are only\s+examples/,
  );
});

test("its sample articles are read as their authors meant them", async () => {
  await broadsheet(["init", "--yes", "sample", "--quiet"], { cwd });
  const articles = linesOf(await broadsheet(["extract", "sample/content", "--json"], { cwd }));
  expect(articles).toMatchObject([
    {
      title: "The bakery that sells yesterday's bread first",
      authors: ["Orla Finchley"],
      captions: [{ credit: "Orla Finchley" }],
    },
    {
      title: "The library that lends a piano",
      authors: ["Ivo Marchbank"],
      text: expect.stringMatching(
        /^The public library at (?:.+\n\n){7}The library is looking .+\.$/,
      ),
    },
  ]);
  for (const file of FILES.filter((name) => name.startsWith("content/"))) {
    const args = ["summarize", `sample/${file}`, "--json"];
    const { keyPoints } = articleOf(await broadsheet(args, { cwd }));
    expect(keyPoints.length).toBeGreaterThanOrEqual(2);
  }
});

test("the name and the template are taken from the flags, whatever is in them", async () => {
  const name = `The "Bread" & \\ Letter`;
  const args = ["init", "named", "--yes", "--name", name, "--template", "brief", "--json"];
  expect(linesOf(await broadsheet(args, { cwd }))).toEqual([
    { dir: path.join(cwd, "named"), files: expect.arrayContaining(FILES) },
  ]);
  const folder = path.join(cwd, "named");
  const built = await broadsheet(["build", "content/01-yesterdays-bread.txt", "--json"], {
    cwd: folder,
  });
  expect(linesOf(built)).toMatchObject([{ issue: { newsletter: "the-bread-letter" } }]);
  const { dir } = issueOf(built);
  const digest: unknown = JSON.parse(await readFile(path.join(dir, "digest.json"), "utf8"));
  expect(digest).toMatchObject({ publication: { name }, template: "brief" });
});

test("nothing that is there is overwritten, and then nothing is written at all", async () => {
  const { code, stdout, stderr } = await broadsheet(["init", "taken", "--yes"], { cwd });
  expect({ code, stdout }).toEqual({ code: 73, stdout: "" });
  expect(stderr).toMatch(/^error FILE_EXISTS: taken already has \.gitignore\n {2}fix /);
  expect(await filesIn(path.join(cwd, "taken"))).toEqual([".gitignore"]);
  expect(await readFile(path.join(cwd, "taken/.gitignore"), "utf8")).toBe("mine\n");
});

test("beside a config of another kind nothing is written", async () => {
  const folder = await folderWith({ "broadsheet.config.ts": "export default {};" });
  const { code, stderr } = await broadsheet(["init", "--yes"], { cwd: folder });
  expect(code).toBe(73);
  expect(stderr).toMatch(/^error FILE_EXISTS: .* already has broadsheet\.config\.ts\n {2}fix /);
  expect(await filesIn(folder)).toEqual(["broadsheet.config.ts"]);
});

test("a file where the folder should be is an error of the user's, not of ours", async () => {
  const { code, stderr } = await broadsheet(["init", "file", "--yes"], { cwd });
  expect(code).toBe(73);
  expect(stderr).toMatch(
    /^error OUTPUT_UNWRITABLE: file can't be written: there is a file where a folder should be\n/,
  );
});

test("what can't be written whole is taken back, and what was there stays", async () => {
  const folder = await folderWith({ content: "mine\n", "sub/notes.txt": "mine too\n" });
  const { code, stderr } = await broadsheet(["init", folder, "--yes"], { cwd });
  expect(code).toBe(73);
  expect(stderr).toContain(`\n   at ${path.join(folder, "content")}\n`);
  expect(await filesIn(folder)).toEqual(["content", "sub/notes.txt"]);
});

test("it keeps .env out of git and has an example of it that holds no secret", async () => {
  await broadsheet(["init", "env", "--yes", "--quiet"], { cwd });
  const folder = path.join(cwd, "env");
  expect(await readFile(path.join(folder, ".gitignore"), "utf8")).toMatch(/^\.env$/m);
  await writeFile(path.join(folder, ".env"), await readFile(path.join(folder, ".env.example")));
  const { code } = await broadsheet(["build"], { cwd: folder });
  expect(code).toBe(0);
});
