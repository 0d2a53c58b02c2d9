import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, readdir, readFile, rename, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { readIssue, writeIssue } from "../../../src/issue/io/outbox.ts";
import { everythingIn, filesOf, ISSUE, temporaryFolder } from "../../outbox-folder.ts";

const WRITER = fileURLToPath(new URL("./outbox-writer.ts", import.meta.url));
const HOST = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);

/** The number of a process that has ended. */
function deadPid(): number {
  return spawnSync("true").pid;
}

/** Reads the issue, and makes sure that all of it is of one build; which one. */
async function wholeIssue(outbox: string): Promise<string> {
  const issue = await readIssue(outbox, undefined, "latest");
  const build = issue.email.subject;
  expect(issue.isEdited).toBe(false);
  expect(JSON.parse(issue.digest)).toEqual({ build });
  return build;
}

async function issueWithMessages(outbox: string): Promise<string> {
  const dir = await writeIssue(outbox, ISSUE, filesOf("first"));
  await mkdir(path.join(dir, "messages"));
  await writeFile(path.join(dir, "messages", "a.eml"), "sent");
  return dir;
}

describe("a writer that died", () => {
  test("between its two renames: the earlier issue comes back, for a reader", async () => {
    const outbox = await temporaryFolder(onTestFinished);
    const dir = await issueWithMessages(outbox);
    const parent = path.dirname(dir);
    await rename(dir, path.join(parent, `.2031-04-02.old-${HOST}-${deadPid()}-2`));
    const unfinished = path.join(parent, `.2031-04-02.new-${HOST}-${deadPid()}-1`);
    await mkdir(unfinished);
    expect(await wholeIssue(outbox)).toBe("first");
    expect(await readdir(parent)).toEqual(["2031-04-02"]);
    expect(await readdir(path.join(dir, "messages"))).toEqual(["a.eml"]);
  });

  test("between its two renames: the messages are kept, for the next writer", async () => {
    const outbox = await temporaryFolder(onTestFinished);
    const dir = await issueWithMessages(outbox);
    const parent = path.dirname(dir);
    await rename(dir, path.join(parent, `.2031-04-02.old-${HOST}-${deadPid()}-2`));
    await writeIssue(outbox, ISSUE, filesOf("second"));
    expect(await wholeIssue(outbox)).toBe("second");
    expect(await readdir(parent)).toEqual(["2031-04-02"]);
    expect(await readdir(path.join(dir, "messages"))).toEqual(["a.eml"]);
  });

  test("before it cleared up: the messages it had not moved are moved, none is overwritten", async () => {
    const outbox = await temporaryFolder(onTestFinished);
    const dir = await issueWithMessages(outbox);
    await writeFile(path.join(dir, "messages", "b.eml"), "sent earlier");
    const parent = path.dirname(dir);
    const aside = path.join(parent, `.2031-04-02.old-${HOST}-${deadPid()}-2`);
    await rename(dir, aside);
    await writeIssue(path.join(outbox, "else"), ISSUE, filesOf("second"));
    await rename(path.join(outbox, "else", ISSUE.newsletter, ISSUE.slot), dir);
    await mkdir(path.join(dir, "messages"));
    await writeFile(path.join(dir, "messages", "b.eml"), "sent later");
    await writeIssue(outbox, ISSUE, filesOf("third"));
    expect(await readdir(parent)).toEqual(["2031-04-02"]);
    expect(await readFile(path.join(dir, "messages/a.eml"), "utf8")).toBe("sent");
    expect(await readFile(path.join(dir, "messages/b.eml"), "utf8")).toBe("sent later");
  });

  test("of several that were set aside, the newest comes back", async () => {
    const outbox = await temporaryFolder(onTestFinished);
    const parent = path.join(outbox, ISSUE.newsletter);
    for (const [build, hour] of [
      ["first", 1],
      ["third", 3],
      ["second", 2],
    ] as const) {
      const dir = await writeIssue(outbox, ISSUE, filesOf(build));
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
    expect(await wholeIssue(outbox)).toBe("third");
    expect(await readdir(parent)).toEqual(["2031-04-02"]);
  });

  test("on another machine: its unfinished work goes after an hour, not before", async () => {
    const outbox = await temporaryFolder(onTestFinished);
    const dir = await writeIssue(outbox, ISSUE, filesOf("first"));
    const parent = path.dirname(dir);
    const left = path.join(parent, `.2031-04-02.new-00000000-1-1`);
    await mkdir(left);
    await writeIssue(outbox, ISSUE, filesOf("second"));
    expect(await readdir(parent)).toContain(path.basename(left));
    const before = new Date(Date.now() - 3_700_000);
    await utimes(left, before, before);
    await writeIssue(outbox, ISSUE, filesOf("third"));
    expect(await readdir(parent)).toEqual(["2031-04-02"]);
  });

  test("or was stopped between its two renames: a reader waits a second, then has the earlier issue", async () => {
    const outbox = await temporaryFolder(onTestFinished);
    const dir = await writeIssue(outbox, ISSUE, filesOf("first"));
    const aside = path.join(path.dirname(dir), `.2031-04-02.old-${HOST}-${process.ppid}-2`);
    await rename(dir, aside);
    const began = performance.now();
    expect(await wholeIssue(outbox)).toBe("first");
    expect(performance.now() - began).toBeGreaterThan(900);
  });

  test("a living writer's work is left to it", async () => {
    const outbox = await temporaryFolder(onTestFinished);
    const dir = await writeIssue(outbox, ISSUE, filesOf("first"));
    const unfinished = path.join(path.dirname(dir), `.2031-04-02.new-${HOST}-${process.ppid}-1`);
    await mkdir(unfinished);
    await writeIssue(outbox, ISSUE, filesOf("second"));
    expect((await stat(unfinished)).isDirectory()).toBe(true);
  });
});

describe("several builds of one slot at once", () => {
  test("in one process: all succeed, one of them is left, whole", async () => {
    const outbox = await temporaryFolder(onTestFinished);
    const dir = await issueWithMessages(outbox);
    const builds = Array.from({ length: 20 }, (_, index) => `build-${index}`);
    await Promise.all(builds.map(async (build) => writeIssue(outbox, ISSUE, filesOf(build))));
    expect(builds).toContain(await wholeIssue(outbox));
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
    const outbox = await temporaryFolder(onTestFinished);
    const dir = await issueWithMessages(outbox);
    const writers = ["a", "b", "c"].map((build) => writer(outbox, build, 60));
    const ends = Promise.all(writers.map(async (child) => once(child, "exit")));
    while (writers.some(({ exitCode }) => exitCode === null)) await wholeIssue(outbox);
    expect((await ends).map(([code]) => code as unknown)).toEqual([0, 0, 0]);
    await wholeIssue(outbox);
    expect(await readdir(path.dirname(dir))).toEqual(["2031-04-02"]);
    expect(await readdir(path.join(dir, "messages"))).toEqual(["a.eml"]);
  });

  test("killed at any moment, they leave one whole issue and its messages", async () => {
    const outbox = await temporaryFolder(onTestFinished);
    const dir = await issueWithMessages(outbox);
    for (let round = 0; round < 6; round++) {
      const children = [writer(outbox, `x${round}-`, 10_000), writer(outbox, `y${round}-`, 10_000)];
      await Promise.all(children.map(async (child) => once(child.stdout, "data")));
      await sleep((round * 13) % 31);
      for (const child of children) child.kill("SIGKILL");
      await Promise.all(children.map(async (child) => once(child, "exit")));
      expect(await wholeIssue(outbox)).toMatch(/^[xy]\d/);
      await writeIssue(outbox, ISSUE, filesOf("x0"));
      expect(await readdir(path.join(dir, "messages"))).toEqual(["a.eml"]);
    }
    expect(await readdir(path.dirname(dir))).toEqual(["2031-04-02"]);
  });
});

function writer(outbox: string, build: string, count: number) {
  const child = spawn(process.execPath, [WRITER, outbox, build, String(count)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}
