import { mkdir, symlink, truncate } from "node:fs/promises";
import path from "node:path";
import * as fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { MAX_ARTICLE_BYTES } from "../../../src/article/decode-source.ts";
import { writeInto } from "../../cli/broadsheet.ts";
import { naturalOrder, findFiles, readSource } from "../../../src/sources/io/read-sources.ts";
import { newFolder } from "../../temporary.ts";

let cwd: string;

beforeEach(async () => {
  cwd = await newFolder();
});

const write = async (name: string, body: string | Uint8Array = "Some words.") =>
  writeInto(cwd, { [name]: body });

describe("finding", () => {
  test.each([
    [
      "in the order in which people count",
      ["10.md", "2.txt", "1.markdown", "B.TXT", "a.md"],
      { files: ["in/1.markdown", "in/2.txt", "in/10.md", "in/B.TXT", "in/a.md"] },
    ],
    [
      "and names what is none, but no dotfiles",
      ["a.md", "page.html", "notes.xlsx", ".DS_Store", ".a.md.swp", "a.png"],
      { files: ["in/a.md", "in/page.html"], others: ["in/notes.xlsx"], pictures: ["in/a.png"] },
    ],
    [
      "with each ending by which a file that is named is read",
      ["a.mdown", "a.mdx", "a.mkd", "a.text", "a.xhtml"],
      { files: ["in/a.mdown", "in/a.mdx", "in/a.mkd", "in/a.text", "in/a.xhtml"] },
    ],
    [
      "and names folders in it that hold articles, unsearched",
      ["a.md", "later/b.md", "images/c.png"],
      { files: ["in/a.md"], folders: ["in/later"] },
    ],
  ])("a folder gives its articles %s", async (_how, names, found) => {
    for (const name of names) await write(`in/${name}`);
    const within = path.join(cwd, "in");
    const none = { others: [], folders: [], pictures: [] };
    expect(await findFiles("in/", cwd)).toEqual({ ...none, within, ...found });
  });

  test("a file inside the working directory has one name, however it is written", async () => {
    await write("in/a.md");
    for (const name of ["in/a.md", "./in/a.md", "in//a.md", path.join(cwd, "in/a.md")]) {
      expect((await findFiles(name, cwd)).files).toEqual(["in/a.md"]);
    }
  });

  test("a link is followed, and a file that is named may have any ending", async () => {
    await write("article");
    await mkdir(path.join(cwd, "in"));
    await symlink(path.join(cwd, "article"), path.join(cwd, "in/b.md"));
    for (const [name, file] of [
      ["article", "article"],
      [".", undefined],
      ["in", "in/b.md"],
      ["https://a.example/b", "https://a.example/b"],
    ] as const) {
      expect((await findFiles(name, cwd)).files).toEqual(file === undefined ? [] : [file]);
    }
  });

  test.each([
    ["in/noet", "INPUT_MISSING", "there is no in/noet", "did you mean in/note?"],
    ["in/artcle.txt", "INPUT_MISSING", "there is no in/artcle.txt", "did you mean in/article.txt?"],
    ["nowhere/a.md", "INPUT_MISSING", "no nowhere/a.md, and its folder does not exist either", ""],
    ["in/article.txt/b.md", "INPUT_MISSING", "", ""],
    ["round", "INPUT_UNREADABLE", "", ""],
  ])("%s is %s", async (name, code, message, fix) => {
    await write("in/article.txt");
    await write("in/note");
    await symlink("round", path.join(cwd, "round"));
    const error: unknown = await findFiles(name, cwd).catch((error: unknown) => error);
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
    if (fix) expect(error).toMatchObject({ fix });
  });
});

describe("reading", () => {
  test("gives the text, its format and where it is from", async () => {
    await write("a.md", "# Título\n\nTexto.\n");
    expect(await readSource({ name: "a.md" }, cwd)).toEqual({
      format: "markdown",
      location: "a.md",
      body: "# Título\n\nTexto.\n",
    });
  });

  test("a number sign or a question mark is a part of a file's name, and not of an address", async () => {
    for (const name of ["Letter #5.md", "Re: who pays?.md"]) {
      await write(name, "It is *late*.");
      expect(await readSource({ name }, cwd)).toMatchObject({ format: "markdown" });
    }
  });

  test("a file that is too large is refused by its size, unread", async () => {
    await write("a.txt", "");
    await truncate(path.join(cwd, "a.txt"), MAX_ARTICLE_BYTES + 1);
    await expect(readSource({ name: "a.txt" }, cwd)).rejects.toMatchObject({
      code: "CONTENT_TOO_LARGE",
    });
  });

  test("an old document of Word is named as one, however large it is", async () => {
    await write("a.doc", Buffer.from("d0cf11e0a1b11ae1", "hex"));
    await truncate(path.join(cwd, "a.doc"), MAX_ARTICLE_BYTES + 1);
    await expect(readSource({ name: "a.doc" }, cwd)).rejects.toMatchObject({
      code: "CONTENT_UNSUPPORTED",
    });
  });

  test("one of exactly the limit is read", async () => {
    await write("a.txt", "a".repeat(MAX_ARTICLE_BYTES));
    expect((await readSource({ name: "a.txt" }, cwd)).body).toHaveLength(MAX_ARTICLE_BYTES);
  });

  test("a folder where a file is wanted is unreadable", async () => {
    await mkdir(path.join(cwd, "in"));
    await expect(readSource({ name: "in" }, cwd)).rejects.toMatchObject({
      code: "INPUT_UNREADABLE",
    });
  });
});

describe("natural order", () => {
  test.each([
    ["10,9,1", "1,9,10"],
    ["a10b2,a9,a10b10", "a9,a10b2,a10b10"],
    ["02,1,2", "1,02,2"],
    ["é,z,a,Z", "Z,a,z,é"],
    ["a-1,a,a 1", "a,a 1,a-1"],
  ])("%s becomes %s", (names, sorted) => {
    expect(names.split(",").sort(naturalOrder).join()).toBe(sorted);
  });

  test("is an order: whatever it is given, sorting ends the same from any start", () => {
    const name = fc.string({ unit: fc.constantFrom("0", "1", "9", "a", "b", "-"), maxLength: 6 });
    fc.assert(
      fc.property(name, name, name, (a, b, c) => {
        expect(Math.sign(naturalOrder(a, b))).toBe(-Math.sign(naturalOrder(b, a)) + 0);
        if (a !== b) expect(naturalOrder(a, b)).not.toBe(0);
        if (naturalOrder(a, b) < 0 && naturalOrder(b, c) < 0)
          expect(naturalOrder(a, c)).toBeLessThan(0);
      }),
    );
  });
});
