import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { photo } from "../pictures.ts";
import { broadsheet, folderWith, HARBOUR, issueOf, LIGHTHOUSE } from "./broadsheet.ts";

let built: string;
let cwd: string;
let issue: string;

beforeAll(async () => {
  built = await folderWith({ "content/1.txt": HARBOUR, "content/2.md": LIGHTHOUSE });
  await broadsheet(["build", "--date", "2026-11-24", "--quiet"], { cwd: built });
});

beforeEach(async () => {
  cwd = await folderWith();
  await cp(built, cwd, { recursive: true });
  issue = path.join(cwd, "outbox/broadsheet/2026-11-24");
});

async function read(name: string, folder = issue): Promise<string> {
  return readFile(path.join(folder, name), "utf8");
}

async function edit(from: string, to: string): Promise<void> {
  const digest = await read("digest.json");
  expect(digest).toContain(from);
  await writeFile(path.join(issue, "digest.json"), digest.replaceAll(from, to));
}

test("a digest that nobody edited gives the same bytes", async () => {
  const names = await readdir(issue);
  const before = await Promise.all(names.map(async (name) => read(name)));
  const run = await broadsheet(["render", path.join(issue, "digest.json"), "--quiet"], { cwd });
  expect(run).toEqual({ code: 0, stdout: "", stderr: "" });
  expect(await Promise.all(names.map(async (name) => read(name)))).toEqual(before);
});

test("an edited one is rendered beside itself, whatever the config says by now", async () => {
  await edit("A lamp that counts moths", "A lamp that counts owls");
  await writeFile(
    path.join(cwd, "broadsheet.config.json"),
    '{ "outbox": "other", "template": "brief" }',
  );
  const file = path.relative(cwd, path.join(issue, "digest.json"));
  const run = await broadsheet(["render", file, "--json"], { cwd });
  expect(run).toMatchObject({ code: 0, stderr: "" });
  expect(issueOf(run)).toMatchObject({ dir: issue, articles: 2 });
  expect(await read("email.txt")).toMatch(/counts\sowls/);
  expect(await read("email.html")).not.toMatch(/counts\smoths/);
  expect(JSON.parse(await read("digest.json"))).toMatchObject({ template: "digest" });
});

test("one that lies elsewhere is rendered into the outbox", async () => {
  await cp(path.join(issue, "digest.json"), path.join(cwd, "mine.json"));
  const run = await broadsheet(["render", "mine.json", "--json", "--template", "digest"], { cwd });
  expect(issueOf(run).dir).toBe(issue);
});

test.each(["digest.json", "../../../mine.json"])(
  "an empty template is no template: %s",
  async (file) => {
    await cp(path.join(issue, "digest.json"), path.join(cwd, "mine.json"));
    const digest = path.relative(cwd, path.join(issue, file));
    const { code, stderr } = await broadsheet(["render", digest, "--template", ""], { cwd });
    expect(code).toBe(66);
    expect(stderr).toContain('there is no template ""');
  },
);

test("--out wins", async () => {
  const file = path.join(issue, "digest.json");
  const run = await broadsheet(["render", file, "--json", "--out", "proof"], { cwd });
  expect(issueOf(run).dir).toBe(path.join(cwd, "proof/broadsheet/2026-11-24"));
});

test("a picture goes along, and one that has gone is named", async () => {
  await writeFile(path.join(cwd, "lamp.jpg"), await photo(400, 300).jpeg().toBuffer());
  const story = LIGHTHOUSE.replace("author:", "image: { src: lamp.jpg, alt: A lamp }\nauthor:");
  await writeFile(path.join(cwd, "lamp.md"), story);
  const lamp = await broadsheet(["build", "lamp.md", "--date", "2026-11-25", "--json"], { cwd });
  const { dir, files } = issueOf(lamp);
  expect(files).toContain("images/lamp.jpg");
  const digest = path.join(dir, "digest.json");
  expect(issueOf(await broadsheet(["render", digest, "--json"], { cwd })).files).toEqual(files);
  await rm(path.join(dir, "images"), { recursive: true });
  const { code, stderr } = await broadsheet(["render", digest], { cwd });
  expect(code).toBe(66);
  expect(stderr).toMatch(
    /^error INPUT_MISSING: the picture lamp\.jpg is not there\n {3}at .*\n {2}fix put/,
  );
});

test("broken JSON is refused, and the issue stays as it was", async () => {
  const before = await read("email.html");
  await edit('"subject"', 'subject"');
  const run = await broadsheet(["render", path.join(issue, "digest.json")], { cwd });
  expect(run).toMatchObject({ code: 65, stdout: "" });
  expect(run.stderr).toContain("error DIGEST_INVALID: ");
  expect(await read("email.html")).toBe(before);
});

test.each([
  ["an unknown field", '"subject"', '"sujet"', "sujet"],
  ["a slot that climbs out", '"2026-11-24"', '"../../../x"', "slot"],
])("%s is named and not followed", async (_what, from, to, name) => {
  const before = await read("email.html");
  await edit(from, to);
  const run = await broadsheet(["render", path.join(issue, "digest.json"), "--json"], { cwd });
  expect(run.code).toBe(0);
  expect(run.stdout + run.stderr).toContain(name);
  expect(await read("email.html")).toBe(before);
});

test("one that isn't there", async () => {
  const { code, stderr } = await broadsheet(["render", "digest.json"], { cwd });
  expect(code).toBe(66);
  expect(stderr).toMatch(/^error INPUT_MISSING: there is no digest\.json\n {2}fix /);
});

test("a folder in its place", async () => {
  const { code, stderr } = await broadsheet(["render", issue], { cwd });
  expect(code).toBe(66);
  expect(stderr).toMatch(
    /^error INPUT_UNREADABLE: .*: there is a folder where a file should be\n {2}fix give the digest\.json/,
  );
});
