import { execFile } from "node:child_process";
import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { hasStore, openDatabase, openToLook } from "../../../src/platform/sqlite/open-store.ts";
import { notePlace } from "../../../src/platform/sqlite/watermarks.ts";
import { newFolder } from "../../temporary.ts";

async function newFile(content?: string | Uint8Array): Promise<string> {
  const file = path.join(await newFolder(), "list.db");
  if (content !== undefined) await writeFile(file, content);
  return file;
}

async function madeBy(sql: string): Promise<string> {
  const file = await newFile();
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
  return file;
}

test("a mark that can't be written leaves no file behind", async () => {
  const [state, elsewhere] = [await newFolder(), await newFolder()];
  notePlace(elsewhere, "/letter/list.db", "0123456789abcdef");
  const [name = ""] = await readdir(elsewhere);
  await mkdir(path.join(state, name));
  expect(() => notePlace(state, "/letter/list.db", "0123456789abcdef")).toThrow();
  expect(await readdir(state)).toEqual([name]);
});

describe("openDatabase", () => {
  test("a new store is private, ignored by git, and kept on the disk", async () => {
    const folder = path.join(path.dirname(await newFile()), "project", ".broadsheet");
    const file = path.join(folder, "broadsheet.db");
    expect(hasStore(file)).toBe(false);
    const store = await openDatabase(file);
    expect(store.get("PRAGMA journal_mode")).toEqual({ journal_mode: "wal" });
    expect(store.get("PRAGMA synchronous")).toEqual({ synchronous: 2 });
    expect(store.get("PRAGMA foreign_keys")).toEqual({ foreign_keys: 1 });
    store.close();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(await readFile(path.join(folder, ".gitignore"), "utf8")).toBe("*\n");
  });

  test("what was committed is there when it is opened again, what was thrown away is not", async () => {
    const file = await newFile();
    const store = await openDatabase(file);
    const add = "INSERT INTO list (newsletter, uid) VALUES (?, randomblob(6))";
    store.transaction(() => store.run(add, "the-kept"));
    expect(() =>
      store.transaction(() => {
        store.run(add, "the-lost");
        throw new Error("a fault in between");
      }),
    ).toThrow("a fault in between");
    store.close();
    const again = await openDatabase(file);
    expect(again.all("SELECT newsletter FROM list")).toEqual([{ newsletter: "the-kept" }]);
    again.close();
  });

  test("many processes that open a new store at once all get the same one", async () => {
    const file = await newFile();
    const open = `
      const { openDatabase } = await import(${JSON.stringify(path.resolve("src/platform/sqlite/open-store.ts"))});
      const store = await openDatabase(process.argv[1]);
      process.stdout.write(store.get("SELECT uid FROM store").uid);`;
    const run = promisify(execFile);
    const runs = await Promise.all(
      [1, 2, 3, 4].map(() =>
        run(process.execPath, ["--input-type=module-typescript", "-e", open, file]),
      ),
    );
    expect(new Set(runs.map(({ stdout }) => stdout)).size).toBe(1);
    expect(runs.map(({ stderr }) => stderr).join("")).toBe("");
  });

  test.each([
    ["text", "address,name\nmara@quill.example,Mara\n".repeat(40), "STORE_CORRUPT"],
    ["a cut header", "SQLite format 3\0\u0010", "STORE_CORRUPT"],
  ])("a file that is no store (%s) is refused and left as it is", async (_what, content, code) => {
    const file = await newFile(content);
    await expect(openDatabase(file)).rejects.toMatchObject({ code, where: { file } });
    expect(await readFile(file, "utf8")).toBe(content);
  });

  test("another program's database is refused and left as it is", async () => {
    const file = await madeBy("CREATE TABLE notes (text)");
    const bytes = await readFile(file);
    await expect(openDatabase(file)).rejects.toMatchObject({ code: "STORE_FOREIGN" });
    expect(await readFile(file)).toEqual(bytes);
  });

  test("a store of a newer version is refused and left as it is", async () => {
    const file = await newFile();
    (await openDatabase(file)).close();
    const later = new DatabaseSync(file);
    later.exec("PRAGMA user_version = 999");
    later.close();
    const bytes = await readFile(file);
    await expect(openDatabase(file)).rejects.toMatchObject({ code: "STORE_TOO_NEW" });
    expect(await readFile(file)).toEqual(bytes);
  });

  test("where no folder can be made it says so", async () => {
    const file = path.join(await newFile("a file"), "broadsheet.db");
    await expect(openDatabase(file)).rejects.toMatchObject({ code: "STORE_UNWRITABLE" });
  });
});

describe("P14: a store that can only be read", () => {
  test("is refused to whoever writes, shown to whoever looks, and left as it is", async () => {
    const file = await newFile();
    const made = await openDatabase(file);
    made.exec("INSERT INTO list (newsletter, uid) VALUES ('the-slipway', randomblob(6))");
    made.close();
    const bytes = await readFile(file);
    const seen = await readingOnly(file, async () => {
      await expect(openDatabase(file)).rejects.toMatchObject({ code: "STORE_UNWRITABLE" });
      const store = await openToLook(file);
      expect(() => store.exec("DELETE FROM list")).toThrow("can only be read");
      const rows = store.all("SELECT newsletter FROM list");
      store.close();
      return rows;
    });
    expect(seen).toEqual([{ newsletter: "the-slipway" }]);
    expect(await readFile(file)).toEqual(bytes);
    expect(await readdir(path.dirname(file))).toEqual(["list.db"]);
  });

  test("whose log can't be read along isn't shown without what is in it", async () => {
    const file = await newFile();
    const writing = await openDatabase(file);
    writing.exec("INSERT INTO list (newsletter, uid) VALUES ('the-slipway', randomblob(6))");
    const copy = await newFile(await readFile(file));
    await writeFile(`${copy}-wal`, await readFile(`${file}-wal`));
    writing.close();
    await readingOnly(copy, async () => {
      await expect(openToLook(copy)).rejects.toMatchObject({ code: "STORE_UNWRITABLE" });
    });
  });
});

/** What `look` gives where neither the file nor its folder can be written: not even by root, who then is nobody. */
async function readingOnly<Seen>(file: string, look: () => Promise<Seen>): Promise<Seen> {
  const folder = path.dirname(file);
  await chmod(file, 0o444);
  await chmod(folder, 0o555);
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    return await look();
  } finally {
    if (isRoot) process.seteuid?.(0);
    await chmod(folder, 0o755);
  }
}
