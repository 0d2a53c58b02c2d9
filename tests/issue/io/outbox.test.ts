import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  lstat,
  mkdir,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { readIssue, writeIssue } from "../../../src/issue/io/outbox.ts";
import { ISSUE, everythingIn, filesOf } from "../../outbox-folder.ts";
import { newFolder } from "../../temporary.ts";

const FILES = ["digest.json", "email.html", "email.json", "email.txt", "images", "images/crab.png"];

let folder: string;
let outbox: string;

beforeEach(async () => {
  folder = await newFolder();
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

async function writeAll(...names: string[]): Promise<void> {
  for (const name of names) {
    const [newsletter = "", slot = ""] = name.split("/");
    await write(name, { newsletter, slot });
  }
}

const read = async (name = "latest", newsletter?: string) => readIssue(outbox, newsletter, name);

async function found(name: string, newsletter?: string): Promise<string> {
  return (await read(name, newsletter)).email.subject;
}

describe("reading an issue", () => {
  test("gives its email, its digest, its files and where it is", async () => {
    const slots = { unsubscribeUrl: "slot-1-unsubscribe-url" };
    const dir = await writeIssue(outbox, ISSUE, filesOf("first", slots));
    await mkdir(path.join(dir, "messages"));
    await writeFile(path.join(dir, "messages", "a.eml"), "sent");
    expect(await read("2031-04-02", "harbour-letter")).toEqual({
      ...ISSUE,
      dir,
      email: { subject: "first", html: "first", text: "first", slots },
      digest: '{"build":"first"}',
      isEdited: false,
      files: ["digest.json", "email.html", "email.json", "email.txt", "images/crab.png"],
    });
  });

  test("says whether somebody has edited the digest since", async () => {
    const dir = await write();
    await writeFile(path.join(dir, "digest.json"), '{"build":"edited"}');
    const issue = await read();
    expect(issue.isEdited).toBe(true);
    expect(issue.digest).toBe('{"build":"edited"}');
  });

  test.each(["email.json", "digest.json"])(
    "without its %s is refused, not guessed",
    async (name) => {
      const dir = await write();
      await rm(path.join(dir, name));
      await expect(read()).rejects.toMatchObject({
        code: "ISSUE_MISSING",
        message: `the issue 2031-04-02 is not whole: it has no ${name}`,
      });
    },
  );

  test.each([
    "",
    '{"digest":"","subject":"s","html":"h","text":"t"}',
    '{"digest":"","subject":1,"html":"h","text":"t","slots":{}}',
    '{"digest":"","subject":"s","html":"h","text":"t","slots":{"password":"x"}}',
    '{"digest":"","subject":"s","html":"h","text":"t","slots":{"webUrl":""}}',
    '{"digest":"","subject":"s","html":"h","text":"t","slots":{"__proto__":"x"}}',
  ])("with an email.json %j is refused", async (text) => {
    const dir = await write();
    await writeFile(path.join(dir, "email.json"), text);
    await expect(read()).rejects.toMatchObject({
      code: "EMAIL_INVALID",
      where: { file: path.join(dir, "email.json") },
    });
  });
});

describe("an issue's name", () => {
  // Week 14 of 2031 begins on 31 March.
  test.each([
    [["2031-W09", "2030-W52"], "2031-W10"],
    [["2031-03-30"], "2031-W14"],
    [["2031-W14"], "2031-04-01"],
    [["2031-04-02T0700+0100"], "2031-04-02T0630+0000"],
  ])(
    "latest is the one whose time is latest, whatever its name begins with: %j",
    async (...slots) => {
      const [others, latest] = slots;
      await writeAll(...[latest, ...others].map((slot) => `w/${slot}`));
      expect(await found("latest")).toBe(`w/${latest}`);
    },
  );

  test("latest of several newsletters has to be said which", async () => {
    await writeAll("daily/2031-04-02", "weekly/2031-W14", "weekly/2031-W13");
    await expect(read()).rejects.toMatchObject({
      code: "USAGE",
      message: "latest could mean weekly/2031-W14 or daily/2031-04-02",
    });
    expect(await found("latest", "weekly")).toBe("weekly/2031-W14");
  });

  test("that is none is answered with what there is", async () => {
    await writeAll("daily/2031-04-01", "daily/2031-04-02");
    await expect(read("2031-04-03", "daily")).rejects.toMatchObject({
      code: "ISSUE_MISSING",
      message: 'the outbox has no issue "2031-04-03"',
      fix: "did you mean 2031-04-01? there is 2031-04-01, 2031-04-02; latest is 2031-04-02",
    });
  });

  test.each(["latest", "2031-04-02"])("%s in an empty outbox, or in none", async (name) => {
    await mkdir(outbox);
    for (const place of [outbox, path.join(outbox, "none")]) {
      await expect(readIssue(place, undefined, name)).rejects.toMatchObject({
        code: "ISSUE_MISSING",
        message: "the outbox has no issue yet",
      });
    }
  });

  test("never leads out of the outbox", async () => {
    const folder = await newFolder();
    await writeIssue(path.join(folder, "other"), ISSUE, filesOf("secret"));
    await writeIssue(path.join(folder, "outbox"), ISSUE, filesOf("mine"));
    for (const name of [
      "../../other/harbour-letter/2031-04-02",
      path.join(folder, "other/harbour-letter/2031-04-02"),
      "..",
      "",
    ]) {
      await expect(readIssue(path.join(folder, "outbox"), undefined, name)).rejects.toMatchObject({
        code: "ISSUE_MISSING",
      });
    }
  });

  test("is not that of a folder which is no slot", async () => {
    await writeAll("daily/2031-04-02");
    await mkdir(path.join(outbox, "daily", "drafts"));
    await mkdir(path.join(outbox, "daily", ".2031-04-09"));
    expect(await found("latest")).toBe("daily/2031-04-02");
    await expect(read("drafts")).rejects.toMatchObject({
      code: "ISSUE_MISSING",
    });
  });
});

const WRITER = fileURLToPath(new URL("./outbox-writer.ts", import.meta.url));
const HOST = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);

/** The number of a process that has ended. */
function deadPid(): number {
  return spawnSync("true").pid;
}

/** Reads the issue, and makes sure that all of it is of one build; which one. */
async function wholeIssue(): Promise<string> {
  const issue = await read();
  const build = issue.email.subject;
  expect(issue.isEdited).toBe(false);
  expect(JSON.parse(issue.digest)).toEqual({ build });
  return build;
}

async function issueWithMessages(): Promise<string> {
  const dir = await write();
  await mkdir(path.join(dir, "messages"));
  await writeFile(path.join(dir, "messages", "a.eml"), "sent");
  return dir;
}

describe("a writer that died", () => {
  test("between its two renames: the earlier issue comes back, for a reader", async () => {
    const dir = await issueWithMessages();
    const parent = path.dirname(dir);
    await rename(dir, path.join(parent, `.2031-04-02.old-${HOST}-${deadPid()}-2`));
    const unfinished = path.join(parent, `.2031-04-02.new-${HOST}-${deadPid()}-1`);
    await mkdir(unfinished);
    expect(await wholeIssue()).toBe("first");
    expect(await readdir(parent)).toEqual(["2031-04-02"]);
    expect(await readdir(path.join(dir, "messages"))).toEqual(["a.eml"]);
  });

  test("between its two renames: the messages are kept, for the next writer", async () => {
    const dir = await issueWithMessages();
    const parent = path.dirname(dir);
    await rename(dir, path.join(parent, `.2031-04-02.old-${HOST}-${deadPid()}-2`));
    await write("second");
    expect(await wholeIssue()).toBe("second");
    expect(await readdir(parent)).toEqual(["2031-04-02"]);
    expect(await readdir(path.join(dir, "messages"))).toEqual(["a.eml"]);
  });

  test("before it cleared up: the messages it had not moved are moved, none is overwritten", async () => {
    const dir = await issueWithMessages();
    await writeFile(path.join(dir, "messages", "b.eml"), "sent earlier");
    const parent = path.dirname(dir);
    const aside = path.join(parent, `.2031-04-02.old-${HOST}-${deadPid()}-2`);
    await rename(dir, aside);
    await writeIssue(path.join(outbox, "else"), ISSUE, filesOf("second"));
    await rename(path.join(outbox, "else", ISSUE.newsletter, ISSUE.slot), dir);
    await mkdir(path.join(dir, "messages"));
    await writeFile(path.join(dir, "messages", "b.eml"), "sent later");
    await write("third");
    expect(await readdir(parent)).toEqual(["2031-04-02"]);
    expect(await readFile(path.join(dir, "messages/a.eml"), "utf8")).toBe("sent");
    expect(await readFile(path.join(dir, "messages/b.eml"), "utf8")).toBe("sent later");
  });

  test("of several that were set aside, the newest comes back", async () => {
    const parent = path.join(outbox, ISSUE.newsletter);
    for (const [build, hour] of [
      ["first", 1],
      ["third", 3],
      ["second", 2],
    ] as const) {
      const dir = await write(build);
      const aside = path.join(parent, `.2031-04-02.old-${HOST}-${deadPid()}-${hour}`);
      await rename(dir, aside);
      const changed = new Date(2031, 3, 1, hour);
      await utimes(aside, changed, changed);
      // Out of sight, so that the next build does not bring it back.
      await rename(aside, path.join(outbox, `kept-${hour}`));
    }
    for (const hour of [1, 2, 3]) {
      await rename(
        path.join(outbox, `kept-${hour}`),
        path.join(parent, `.2031-04-02.old-${HOST}-${deadPid()}-${hour}`),
      );
    }
    expect(await wholeIssue()).toBe("third");
    expect(await readdir(parent)).toEqual(["2031-04-02"]);
  });

  test("on another machine: its unfinished work goes after an hour, not before", async () => {
    const dir = await write();
    const parent = path.dirname(dir);
    const left = path.join(parent, `.2031-04-02.new-00000000-1-1`);
    await mkdir(left);
    await write("second");
    expect(await readdir(parent)).toContain(path.basename(left));
    const before = new Date(Date.now() - 3_700_000);
    await utimes(left, before, before);
    await write("third");
    expect(await readdir(parent)).toEqual(["2031-04-02"]);
  });

  test("or was stopped between its two renames: a reader waits a second, then has the earlier issue", async () => {
    const dir = await write();
    const aside = path.join(path.dirname(dir), `.2031-04-02.old-${HOST}-${process.ppid}-2`);
    await rename(dir, aside);
    const began = performance.now();
    expect(await wholeIssue()).toBe("first");
    expect(performance.now() - began).toBeGreaterThan(900);
  });

  test("a living writer's work is left to it", async () => {
    const dir = await write();
    const unfinished = path.join(path.dirname(dir), `.2031-04-02.new-${HOST}-${process.ppid}-1`);
    await mkdir(unfinished);
    await write("second");
    expect((await stat(unfinished)).isDirectory()).toBe(true);
  });
});

describe("several builds of one slot at once", () => {
  test("in one process: all succeed, one of them is left, whole", async () => {
    const dir = await issueWithMessages();
    const builds = Array.from({ length: 20 }, (_, index) => `build-${index}`);
    await Promise.all(builds.map(async (build) => writeIssue(outbox, ISSUE, filesOf(build))));
    expect(builds).toContain(await wholeIssue());
    expect(await everythingIn(path.dirname(dir))).toEqual([
      "2031-04-02",
      ...["digest.json", "email.html", "email.json", "email.txt", "images", "images/crab.png"].map(
        (name) => `2031-04-02/${name}`,
      ),
      "2031-04-02/messages",
      "2031-04-02/messages/a.eml",
    ]);
  });

  test("in several processes: readers see one whole issue all the time", async () => {
    const dir = await issueWithMessages();
    const writers = ["a", "b", "c"].map((build) => writer(build, 60));
    const ends = Promise.all(writers.map(async (child) => once(child, "exit")));
    while (writers.some(({ exitCode }) => exitCode === null)) await wholeIssue();
    expect((await ends).map(([code]) => code as unknown)).toEqual([0, 0, 0]);
    await wholeIssue();
    expect(await readdir(path.dirname(dir))).toEqual(["2031-04-02"]);
    expect(await readdir(path.join(dir, "messages"))).toEqual(["a.eml"]);
  });

  test("killed at any moment, they leave one whole issue and its messages", async () => {
    const dir = await issueWithMessages();
    for (let round = 0; round < 6; round++) {
      const children = [writer(`x${round}-`, 10_000), writer(`y${round}-`, 10_000)];
      await Promise.all(children.map(async (child) => once(child.stdout, "data")));
      await sleep((round * 13) % 31);
      for (const child of children) child.kill("SIGKILL");
      await Promise.all(children.map(async (child) => once(child, "exit")));
      expect(await wholeIssue()).toMatch(/^[xy]\d/);
      await write("x0");
      expect(await readdir(path.join(dir, "messages"))).toEqual(["a.eml"]);
    }
    expect(await readdir(path.dirname(dir))).toEqual(["2031-04-02"]);
  });
});

function writer(build: string, count: number) {
  const child = spawn(process.execPath, [WRITER, outbox, build, String(count)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}
