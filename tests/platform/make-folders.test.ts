import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeFolders, makeFoldersSync } from "../../src/platform/files/make-folders.ts";

async function folder(): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), "broadsheet-folders-"));
  onTestFinished(async () => rm(made, { recursive: true }));
  return made;
}

test("whoever makes a folder at the same time as others has it too", async () => {
  const deep = path.join(await folder(), "a/b/c");
  const made = await Promise.all([1, 2, 3, 4].map(async () => makeFolders(deep)));
  expect((await stat(deep)).isDirectory()).toBe(true);
  expect(made.flat().filter((name) => name === deep)).toHaveLength(1);
});

test("a folder that is there is left alone, and a file in its way is an error", async () => {
  const home = await folder();
  makeFoldersSync(path.join(home, "a/b"));
  makeFoldersSync(path.join(home, "a/b"));
  expect((await stat(path.join(home, "a/b"))).isDirectory()).toBe(true);
  await writeFile(path.join(home, "file"), "");
  expect(() => makeFoldersSync(path.join(home, "file/c"))).toThrow(/ENOTDIR|EEXIST/);
});

test("a file system that takes no folder is an error, and is not asked for ever", async () => {
  expect(() => makeFoldersSync("/proc/none/broadsheet")).toThrow(/mkdir/);
  await expect(makeFolders("/proc/none/broadsheet")).rejects.toThrow(/mkdir/);
});
