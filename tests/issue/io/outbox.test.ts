import { lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { writeIssue } from "../../../src/issue/io/outbox.ts";
import { everythingIn, filesOf, ISSUE, temporaryFolder } from "../../outbox-folder.ts";

const FILES = ["digest.json", "email.html", "email.json", "email.txt", "images", "images/crab.png"];

let folder: string;
let outbox: string;

beforeEach(async () => {
  folder = await temporaryFolder(onTestFinished);
  outbox = path.join(folder, "outbox");
});

const write = async (build = "first", issue = ISSUE) => writeIssue(outbox, issue, filesOf(build));
const unwritable = { code: "OUTBOX_UNWRITABLE" };

describe("writing an issue", () => {
  test("puts every file under its name and nothing beside the folder, for no other account", async () => {
    const dir = await write();
    expect(dir).toBe(path.join(outbox, "harbour-letter", "2031-04-02"));
    expect(await everythingIn(dir)).toEqual(FILES);
    expect(await readFile(path.join(dir, "images/crab.png"), "utf8")).toBe("first");
    expect(await readdir(path.dirname(dir))).toEqual(["2031-04-02"]);
    const modes = ["", "..", "images", "digest.json", "images/crab.png"].map(
      async (name) => (await stat(path.join(dir, name))).mode & 0o777,
    );
    expect(await Promise.all(modes)).toEqual([0o700, 0o700, 0o700, 0o600, 0o600]);
  });

  test("of the same slot replaces it as a whole, messages apart", async () => {
    const dir = await writeIssue(outbox, ISSUE, filesOf("first").set("images/old.png", "old"));
    await mkdir(path.join(dir, "messages"));
    await writeFile(path.join(dir, "messages", "a.eml"), "sent");
    await writeFile(path.join(dir, "notes.txt"), "somebody's");
    await write("second");
    expect(await everythingIn(dir)).toEqual([...FILES, "messages", "messages/a.eml"]);
    expect(await readFile(path.join(dir, "email.html"), "utf8")).toBe("second");
    expect(await readFile(path.join(dir, "messages/a.eml"), "utf8")).toBe("sent");
    expect(await readdir(path.dirname(dir))).toEqual(["2031-04-02"]);
  });

  test("leaves other slots and newsletters alone", async () => {
    await write("first", { ...ISSUE, slot: "2031-04-01" });
    await write("first", { ...ISSUE, newsletter: "night" });
    const before = await everythingIn(outbox);
    const own = path.relative(outbox, await write());
    expect((await everythingIn(outbox)).filter((name) => !name.startsWith(own))).toEqual(before);
  });
});

describe("names that lead elsewhere", () => {
  test.each([
    ...["../../x", "..", ".", "", "a/b", "/etc", "a\\b", ".hidden", "a\0b", "a\nb", "C:"].map(
      (newsletter) => ({ newsletter }),
    ),
    ...["../2031-04-01", "x/../../y", "/etc/x"].map((slot) => ({ slot })),
    ...["../x", "images/../../x", "/etc/x", "images//x", "images/", "a\\..\\x", "a\0"].map(
      (file) => ({ file }),
    ),
  ])("%j is refused", async (name) => {
    const files = filesOf("first");
    if ("file" in name) files.set(name.file, "x");
    await expect(writeIssue(outbox, { ...ISSUE, ...name }, files)).rejects.toMatchObject(
      unwritable,
    );
    expect(await readdir(folder)).toEqual([]);
  });

  test("a newsletter's folder that is a link out of the outbox is refused", async () => {
    await mkdir(path.join(folder, "elsewhere"));
    await mkdir(outbox);
    await symlink("../elsewhere", path.join(outbox, ISSUE.newsletter));
    await expect(write()).rejects.toMatchObject(unwritable);
    expect(await readdir(path.join(folder, "elsewhere"))).toEqual([]);
  });

  test("a slot that is a link is refused and left as it is", async () => {
    const parent = path.join(outbox, ISSUE.newsletter);
    await mkdir(path.join(folder, "elsewhere"));
    await mkdir(parent, { recursive: true });
    await symlink("../../elsewhere", path.join(parent, ISSUE.slot));
    await expect(write()).rejects.toMatchObject(unwritable);
    expect((await lstat(path.join(parent, ISSUE.slot))).isSymbolicLink()).toBe(true);
    expect(await everythingIn(folder)).toHaveLength(4);
  });

  test("an outbox that is a link is where the user wants it", async () => {
    await mkdir(path.join(folder, "real"));
    await symlink("real", outbox);
    await write();
    expect(await readdir(path.join(folder, "real"))).toEqual([ISSUE.newsletter]);
  });
});

describe("an outbox that cannot be written", () => {
  test.each([
    ["the outbox", "outbox"],
    ["the issue", `outbox/${ISSUE.newsletter}/${ISSUE.slot}`],
  ])("as a file is where %s should be", async (_what, name) => {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, "a file");
    await expect(write()).rejects.toMatchObject({
      ...unwritable,
      message: "the issue 2031-04-02 cannot be written: there is a file where a folder should be",
    });
    expect(await readFile(file, "utf8")).toBe("a file");
    expect(await readdir(path.dirname(file))).toHaveLength(1);
  });

  test("as two files cannot both be there: nothing is left, not even the folders", async () => {
    const files = filesOf("first").set("images", "not a folder");
    const writing = writeIssue(path.join(folder, "a/outbox"), ISSUE, files);
    await expect(writing).rejects.toMatchObject(unwritable);
    expect(await readdir(folder)).toEqual([]);
  });
});
