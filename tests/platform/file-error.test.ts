import { spawnSync } from "node:child_process";
import { chmod, open, readdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import sparticuz from "@sparticuz/chromium";
import { expect, test } from "vitest";
import { BroadsheetError, ERROR_CODES } from "../../src/errors.ts";
import { fileError, inputError, outboxError } from "../../src/platform/file-error.ts";
import { CacheFolder, foreignCachesNotice } from "../../src/platform/files/cache-folder.ts";
import { makeFolders, makeFoldersSync } from "../../src/platform/files/make-folders.ts";
import { privateFolder } from "../../src/platform/files/only-ours.ts";
import { launchBrowser } from "../../src/platform/launch-browser.ts";
import { folderWith } from "../cli/broadsheet.ts";
import { newFolder } from "../temporary.ts";

/** What Node throws for a system call that failed. */
function refused(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: no, open 'x'`), { code, errno: -1, syscall: "open" });
}

function written(code: string): BroadsheetError {
  const error = outboxError(refused(code), "the issue 2026-W48", "/outbox/2026-W48");
  if (error instanceof BroadsheetError) return error;
  throw new Error("it is no error for people");
}

const FOLDER = /^choose a folder that you can write to/;

test.each<[string, string, number, RegExp]>([
  ["ENOSPC", "the disk is full", 73, /^make room/],
  ["EDQUOT", "your account's share of the disk is used up", 73, /^make room/],
  ["EFBIG", "a file would be larger than this account may write", 73, /ulimit -f/],
  ["EROFS", "it is on a read-only disk", 73, /a disk that can be written$/],
  ["ENAMETOOLONG", "the name is too long", 73, /^choose a shorter name/],
  ["ELOOP", "symbolic links lead in a circle", 73, /symbolic links/],
  ["EACCES", "permission denied", 73, FOLDER],
  ["EPERM", "the system does not permit it, or the file is marked as unchangeable", 73, /lsattr/],
  ["ENOTDIR", "there is a file where a folder should be", 73, /^move that file away/],
  ["EEXIST", "there is a file where a folder should be", 73, /^move that file away/],
  ["EISDIR", "there is a folder where a file should be", 73, FOLDER],
  ["EIO", "the disk has failed", 74, /^check the disk/],
  ["EBUSY", "another program uses it", 75, /^close that program/],
  ["EMFILE", "this program has too many files open", 75, /ulimit -n/],
  ["ENFILE", "this machine has too many files open", 75, /ulimit -n/],
])("%s is told as what it is, with what to do", (errno, why, exit, fix) => {
  const error = written(errno);
  expect(error.message).toBe(`the issue 2026-W48 cannot be written: ${why}`);
  expect(error.fix).toMatch(fix);
  expect(ERROR_CODES[error.code].exit).toBe(exit);
});

test("only a full disk fills an outbox", () => {
  expect(written("ENOSPC").code).toBe("OUTBOX_FULL");
  expect(written("EFBIG").code).toBe("OUTBOX_UNWRITABLE");
});

test("only a fault of the file itself is one of permission", () => {
  expect(inputError(refused("EACCES"), "a.md")).toMatchObject({
    code: "INPUT_UNREADABLE",
    fix: "check what it is, and its permissions",
  });
  expect(inputError(refused("EMFILE"), "a.md")).toMatchObject({
    code: "FILES_EXHAUSTED",
    message: "it can't be read: this program has too many files open",
    fix: expect.stringContaining("ulimit -n"),
  });
});

test("an errno without words keeps its code, and an error without one its sentence", () => {
  const options = { fix: "f" };
  const { message } = fileError(refused("EWHAT"), "INPUT_UNREADABLE", "it can't be read", options);
  expect(message).toBe("it can't be read: EWHAT");
  expect(fileError(undefined, "INPUT_UNREADABLE", "it is none", options).message).toBe(
    "it is none",
  );
});

/** Opens a store in a shell with limits, and writes into it until it fails. */
async function storeUnder(limits: string, before = ""): Promise<{ said: string; left: string[] }> {
  const folder = await newFolder();
  const script = `
    import { openSync } from "node:fs";
    const { SqliteDatabase } = await import(${JSON.stringify(path.resolve("src/platform/sqlite/database.ts"))});
    try {
      ${before}
      const database = new SqliteDatabase(${JSON.stringify(path.join(folder, "store.db"))});
      database.exec("PRAGMA journal_mode = WAL; CREATE TABLE t (x TEXT) STRICT");
      for (;;) database.exec("INSERT INTO t VALUES (hex(randomblob(50000)))");
    } catch ({ code, message, fix }) {
      console.log([code, message, fix].join("\\n"));
    }`;
  await writeFile(path.join(folder, "fail.mjs"), script);
  const args = [
    "-c",
    `${limits}; exec "$@"`,
    "bash",
    process.execPath,
    path.join(folder, "fail.mjs"),
  ];
  const env = { ...process.env, NODE_COMPILE_CACHE: undefined, NODE_DISABLE_COMPILE_CACHE: "1" };
  const { stdout } = spawnSync("bash", args, { encoding: "utf8", env });
  return { said: stdout, left: (await readdir(folder)).filter((name) => name.includes("probe")) };
}

test("a store that may grow no further is told as that, and not as a disk that failed", async () => {
  const { said, left } = await storeUnder("ulimit -f 400");
  expect(said).toMatch(
    /^STORE_FAILED\nthe store store\.db can't be read or written: a file would be larger than this account may write\n.*ulimit -f/,
  );
  expect(left).toEqual([]);
});

test("a store that can't be opened for too many open files is told as that, and not as missing permission", async () => {
  const { said } = await storeUnder(
    "ulimit -n 80",
    `SqliteDatabase.name; new SqliteDatabase(":memory:").close(); try { for (;;) openSync("/dev/null"); } catch {}`,
  );
  expect(said).toMatch(
    /^FILES_EXHAUSTED\nthe store store\.db can't be opened: this program has too many files open\n.*ulimit -n/,
  );
});

async function folder(): Promise<string> {
  const made = await newFolder();
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

test.skipIf(process.platform === "win32").each([
  ["by another account", 0o777, false],
  ["by the group", 0o770, false],
  ["in which each account can rename only its own", 0o1777, true],
  ["by this account alone", 0o755, true],
])("a cache below a folder that can be written %s", async (_, mode, isUsed) => {
  const root = await newFolder();
  const folder = path.join(root, "broadsheet", "compiled");
  await new CacheFolder(folder).write("page", "text");
  await chmod(root, mode);
  expect(privateFolder(folder)).toBe(isUsed ? folder : undefined);
  expect((await new CacheFolder(folder).read("page"))?.toString()).toBe(
    isUsed ? "text" : undefined,
  );
  expect(foreignCachesNotice([folder])?.includes(folder) ?? false).toBe(!isUsed);
});

test("a Chromium that another process is still unpacking is waited for", async () => {
  const folder = await folderWith();
  const program = path.join(folder, "chromium");
  const installed = process.env["CHROMIUM_PATH"] ?? (await sparticuz.executablePath());
  // A shell doesn't wait for a program that another worker is still unpacking.
  await expect.poll(() => spawnSync(installed, ["--version"]).status).toBe(0);
  await writeFile(program, `#!/bin/sh\nexec "${installed}" "$@"\n`);
  await chmod(program, 0o755);
  // So that nothing has to be loaded before it is tried.
  await import("playwright-core");
  const unpacking = await open(program, "r+");
  const launching = launchBrowser({ ...process.env, CHROMIUM_PATH: program });
  const isFirst = await Promise.race([launching.then(() => "browser"), sleep(600, "time")]);
  await unpacking.close();
  const browser = await launching;
  await browser.close();
  expect(isFirst).toBe("time");
});
