import { execFile } from "node:child_process";
import { lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { writeIssue } from "../../../../src/issue/io/outbox/outbox.ts";
import { everythingIn, filesOf, ISSUE, temporaryFolder } from "../../../outbox-folder.ts";

const WRITER = fileURLToPath(new URL("./outbox-writer.ts", import.meta.url));
const run = promisify(execFile);

const FILES = ["digest.json", "email.html", "email.json", "email.txt", "images", "images/crab.png"];

describe("writing an issue", () => {
  test("puts every file under its name and nothing beside the folder", async () => {
    const outbox = path.join(await temporaryFolder(onTestFinished), "out", "box");
    const dir = await writeIssue(outbox, ISSUE, filesOf("first"));
    expect(dir).toBe(path.join(outbox, "harbour-letter", "2031-04-02"));
    expect(await everythingIn(dir)).toEqual(FILES);
    expect(await readFile(path.join(dir, "images/crab.png"), "utf8")).toBe("first");
    expect(await readdir(path.dirname(dir))).toEqual(["2031-04-02"]);
  });

  test("can be read by no other account of the machine", async () => {
    const dir = await writeIssue(await temporaryFolder(onTestFinished), ISSUE, filesOf("first"));
    const modes = ["", "..", "images", "digest.json", "images/crab.png"].map(
      async (name) => (await stat(path.join(dir, name))).mode & 0o777,
    );
    expect(await Promise.all(modes)).toEqual([0o700, 0o700, 0o700, 0o600, 0o600]);
  });

  test("of the same slot replaces it as a whole, messages apart", async () => {
    const outbox = await temporaryFolder(onTestFinished);
    const dir = await writeIssue(outbox, ISSUE, filesOf("first").set("images/old.png", "old"));
    await mkdir(path.join(dir, "messages"));
    await writeFile(path.join(dir, "messages", "a.eml"), "sent");
    await writeFile(path.join(dir, "notes.txt"), "somebody's");
    await writeIssue(outbox, ISSUE, filesOf("second"));
    expect(await everythingIn(dir)).toEqual([...FILES, "messages", "messages/a.eml"]);
    expect(await readFile(path.join(dir, "email.html"), "utf8")).toBe("second");
    expect(await readFile(path.join(dir, "messages/a.eml"), "utf8")).toBe("sent");
    expect(await readdir(path.dirname(dir))).toEqual(["2031-04-02"]);
  });

  test("leaves other slots and newsletters alone", async () => {
    const outbox = await temporaryFolder(onTestFinished);
    await writeIssue(outbox, { ...ISSUE, slot: "2031-04-01" }, filesOf("first"));
    await writeIssue(outbox, { ...ISSUE, newsletter: "night" }, filesOf("first"));
    const before = await everythingIn(outbox);
    const dir = await writeIssue(outbox, ISSUE, filesOf("first"));
    const after = await everythingIn(outbox);
    const relative = path.relative(outbox, dir);
    expect(after.filter((name) => !name.startsWith(relative))).toEqual(before);
  });
});

describe("names that lead elsewhere", () => {
  test.each(["../../x", "..", ".", "", "a/b", "/etc", "a\\b", ".hidden", "a\0b", "a\nb", "C:"])(
    "a newsletter %j is refused",
    async (newsletter) => {
      const outbox = path.join(await temporaryFolder(onTestFinished), "outbox");
      await expect(
        writeIssue(outbox, { ...ISSUE, newsletter }, filesOf("first")),
      ).rejects.toMatchObject({ code: "OUTBOX_UNWRITABLE" });
      expect(await readdir(path.dirname(outbox))).toEqual([]);
    },
  );

  test.each(["../2031-04-01", "x/../../y", "/etc/x"])("a slot %j is refused", async (slot) => {
    const outbox = await temporaryFolder(onTestFinished);
    await expect(writeIssue(outbox, { ...ISSUE, slot }, filesOf("first"))).rejects.toMatchObject({
      code: "OUTBOX_UNWRITABLE",
    });
    expect(await readdir(outbox)).toEqual([]);
  });

  test.each(["../x", "images/../../x", "/etc/x", "images//x", "images/", "a\\..\\x", "a\0"])(
    "a file %j is refused",
    async (name) => {
      const outbox = await temporaryFolder(onTestFinished);
      await expect(
        writeIssue(outbox, ISSUE, filesOf("first").set(name, "x")),
      ).rejects.toMatchObject({ code: "OUTBOX_UNWRITABLE" });
      expect(await readdir(outbox)).toEqual([]);
    },
  );

  test("a newsletter's folder that is a link out of the outbox is refused", async () => {
    const folder = await temporaryFolder(onTestFinished);
    await mkdir(path.join(folder, "elsewhere"));
    await mkdir(path.join(folder, "outbox"));
    await symlink("../elsewhere", path.join(folder, "outbox", ISSUE.newsletter));
    await expect(
      writeIssue(path.join(folder, "outbox"), ISSUE, filesOf("first")),
    ).rejects.toMatchObject({ code: "OUTBOX_UNWRITABLE" });
    expect(await readdir(path.join(folder, "elsewhere"))).toEqual([]);
  });

  test("a slot that is a link is refused and left as it is", async () => {
    const folder = await temporaryFolder(onTestFinished);
    const parent = path.join(folder, "outbox", ISSUE.newsletter);
    await mkdir(path.join(folder, "elsewhere"));
    await mkdir(parent, { recursive: true });
    await symlink("../../elsewhere", path.join(parent, ISSUE.slot));
    await expect(
      writeIssue(path.join(folder, "outbox"), ISSUE, filesOf("first")),
    ).rejects.toMatchObject({ code: "OUTBOX_UNWRITABLE" });
    expect((await lstat(path.join(parent, ISSUE.slot))).isSymbolicLink()).toBe(true);
    expect(await everythingIn(folder)).toHaveLength(4);
  });

  test("an outbox that is a link is where the user wants it", async () => {
    const folder = await temporaryFolder(onTestFinished);
    await mkdir(path.join(folder, "real"));
    await symlink("real", path.join(folder, "outbox"));
    await writeIssue(path.join(folder, "outbox"), ISSUE, filesOf("first"));
    expect(await readdir(path.join(folder, "real"))).toEqual([ISSUE.newsletter]);
  });
});

describe("an outbox that cannot be written", () => {
  test("a file where the outbox should be", async () => {
    const outbox = path.join(await temporaryFolder(onTestFinished), "outbox");
    await writeFile(outbox, "a file");
    await expect(writeIssue(outbox, ISSUE, filesOf("first"))).rejects.toMatchObject({
      code: "OUTBOX_UNWRITABLE",
      message: "the issue 2031-04-02 cannot be written: there is a file where a folder should be",
    });
    expect(await readFile(outbox, "utf8")).toBe("a file");
  });

  test("a file where the issue should be", async () => {
    const outbox = await temporaryFolder(onTestFinished);
    await mkdir(path.join(outbox, ISSUE.newsletter));
    await writeFile(path.join(outbox, ISSUE.newsletter, ISSUE.slot), "a file");
    await expect(writeIssue(outbox, ISSUE, filesOf("first"))).rejects.toMatchObject({
      code: "OUTBOX_UNWRITABLE",
    });
    expect(await readdir(path.join(outbox, ISSUE.newsletter))).toEqual([ISSUE.slot]);
  });

  test("a file system that takes no folders, as /proc", async () => {
    await expect(writeIssue("/proc/outbox", ISSUE, filesOf("first"))).rejects.toMatchObject({
      code: "OUTBOX_UNWRITABLE",
    });
  });

  test("two files that cannot both be there leave nothing, not even the folders", async () => {
    const outbox = path.join(await temporaryFolder(onTestFinished), "a", "outbox");
    await expect(
      writeIssue(outbox, ISSUE, filesOf("first").set("images", "not a folder")),
    ).rejects.toMatchObject({ code: "OUTBOX_UNWRITABLE" });
    expect(await readdir(path.dirname(path.dirname(outbox)))).toEqual([]);
  });

  test("a full disk is said to be full, and the earlier issue is as it was", async () => {
    const outbox = await temporaryFolder(onTestFinished);
    const dir = await writeIssue(outbox, ISSUE, filesOf("first"));
    const before = await everythingIn(outbox);
    // A limit on the size of a file answers as a full disk does, on every machine.
    const { stdout } = await run("sh", [
      "-c",
      'ulimit -f 100 && exec "$@"',
      "sh",
      process.execPath,
      WRITER,
      outbox,
      "second",
      "1",
      "1000000",
    ]);
    expect(JSON.parse(stdout)).toMatchObject({
      code: "OUTBOX_FULL",
      message: "the issue 2031-04-02 does not fit: the disk is full",
      fix: expect.stringContaining("an earlier issue is as it was"),
    });
    expect(await everythingIn(outbox)).toEqual(before);
    expect(await readFile(path.join(dir, "email.html"), "utf8")).toBe("first");
  });
});
