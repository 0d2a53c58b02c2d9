import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { BroadsheetError, ERROR_CODES } from "../../src/errors.ts";
import { fileError, inputError, outboxError } from "../../src/platform/file-error.ts";

/** What Node throws for a system call that failed. */
function refused(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: no, open 'x'`), { code, errno: -1, syscall: "open" });
}

function written(code: string): BroadsheetError {
  const error = outboxError(refused(code), "the issue 2026-W48", "/outbox/2026-W48");
  if (error instanceof BroadsheetError) return error;
  throw new Error("it is no error for people");
}

const FOLDER = /^let it be a folder you may write to/;

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
  ["EBUSY", "another program uses it", 75, /^close what uses it/],
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
  const folder = await mkdtemp(path.join(tmpdir(), "broadsheet-disk-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const script = `
    import { openSync } from "node:fs";
    const { Database } = await import(${JSON.stringify(path.resolve("src/platform/sqlite/database.ts"))});
    try {
      ${before}
      const database = new Database(${JSON.stringify(path.join(folder, "store.db"))});
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
    `Database.name; new Database(":memory:").close(); try { for (;;) openSync("/dev/null"); } catch {}`,
  );
  expect(said).toMatch(
    /^FILES_EXHAUSTED\nthe store store\.db can't be opened: this program has too many files open\n.*ulimit -n/,
  );
});
