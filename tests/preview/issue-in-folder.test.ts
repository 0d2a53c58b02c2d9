import { cp, mkdtemp, readFile, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseConfig } from "../../src/config/config.ts";
import { writeIssue, readStored } from "../../src/issue/io/outbox.ts";
import { issueInFolder } from "../../src/issue/io/render-again.ts";
import { parseReport } from "../../src/check/finding.ts";
import { contentsOf } from "../cli/broadsheet.ts";
import { builtIssue } from "./issue.ts";

const config = parseConfig({ name: "The Mudlark" }, {}, "/letter/broadsheet.config.json");

let outbox: string;
let folder: string;

beforeAll(async () => {
  outbox = await mkdtemp(path.join(tmpdir(), "broadsheet-folder-"));
  const built = await builtIssue();
  const dir = await writeIssue(outbox, built.digest.issue, built.files);
  folder = path.join(outbox, "a copy");
  await cp(dir, folder, { recursive: true });
});

afterAll(async () => rm(outbox, { recursive: true }));

test("an issue in any folder is shown as it lies there", async () => {
  const { digest, files } = await issueInFolder(folder, config);
  expect(digest.title).toContain("The ferry that waits for the post");
  expect(files.get("email.html")?.toString()).toBe(
    await readFile(path.join(folder, "email.html"), "utf8"),
  );
  expect(files.has("images/quay.jpg")).toBe(true);
});

test("one that was edited is rendered again, and nothing in the folder is touched", async () => {
  const file = path.join(folder, "digest.json");
  const before = await readFile(file, "utf8");
  await writeFile(file, before.replace(/"preheader": "[^"]*"/, '"preheader": "Edited elsewhere"'));
  const contents = await contentsOf(folder);
  const { files } = await issueInFolder(folder, config);
  expect(files.get("email.html")?.toString()).toContain("Edited elsewhere");
  expect(await contentsOf(folder)).toEqual(contents);
  await writeFile(file, before);
});

test("a file that no page can show is named, and not read", async () => {
  const page = path.join(folder, "email.html");
  const before = await readFile(page);
  await truncate(page, 11 * 1024 * 1024);
  await expect(issueInFolder(folder, config)).rejects.toMatchObject({
    code: "CONTENT_TOO_LARGE",
    message: "email.html has 11 MB, and the maximum is 10 MB",
  });
  await writeFile(page, before);
});

test("a digest that grew too large, or is a link to somewhere else", async () => {
  const name = "the-mudlark/2031-04-02";
  const digest = path.join(outbox, name, "digest.json");
  await truncate(digest, 11 * 1024 * 1024);
  await expect(readStored(outbox, name)).rejects.toMatchObject({ code: "CONTENT_TOO_LARGE" });
  await rm(digest);
  await writeFile(path.join(outbox, "secret"), "hush");
  await symlink(path.join(outbox, "secret"), digest);
  await expect(readStored(outbox, name)).rejects.toMatchObject({ code: "INPUT_UNREADABLE" });
});

test.each([
  "",
  "null",
  '{"verdict":1,"findings":[],"notRun":[]}',
  '{"verdict":"fail","findings":[null],"notRun":[]}',
  '{"verdict":"fail","findings":[{"rule":"x","severity":"error","message":{}}],"notRun":[]}',
  '{"verdict":"fail","findings":[],"notRun":[3]}',
])("what is no report is none: %s", (text) => {
  expect(parseReport(text)).toBeNull();
});
