import { noticesIn } from "./notices.ts";
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { onSqlite } from "../stores.ts";
import { type FaultServer, startFaultServer } from "../fault-server.ts";
import { contentsOf, HARBOUR, type Run } from "./broadsheet.ts";
import {
  type MailingProject,
  mailingProject,
  NONE,
  people,
  SLOT,
  stateOf,
} from "./mailing-project.ts";
import { bench, SLOT as DUE } from "./scheduled-project.ts";

const PLANNED = "The ferry that waits for the post";
const CHANGED = "The boat that waits for the post";
const NEXT = "2026-11-25";

let server: FaultServer;
let project: MailingProject;

beforeAll(async () => {
  server = await startFaultServer();
});
afterAll(async () => server.close());

/** One of three has the issue. */
beforeEach(async () => {
  project = await mailingProject({ port: server.port, recipients: people(3) });
  const { code } = await send("--limit", "1");
  expect(code).toBe(75);
});

const folder = () => path.join(project.cwd, "outbox/the-slipway", SLOT);
const digest = () => path.join(folder(), "digest.json");

async function send(...flags: readonly string[]): Promise<Run> {
  return project.run(["send", SLOT, "--yes", "--json", ...flags]);
}

async function changeDigest(): Promise<void> {
  const text = await readFile(digest(), "utf8");
  await writeFile(digest(), text.replaceAll(PLANNED, CHANGED));
}

/** The subjects of the messages that have come since. */
async function subjectsOf(work: () => Promise<unknown>): Promise<(string | undefined)[]> {
  const before = server.taken.length;
  await work();
  return server.taken
    .slice(before)
    .map(({ raw }) => /^Subject: (.*)\r$/m.exec(raw.toString())?.[1]);
}

describe("the files of an issue that is being sent", () => {
  test("are overwritten by no build, and the readers left get what was planned", async () => {
    const before = await contentsOf(folder());
    await writeFile(path.join(project.cwd, "content/1.txt"), HARBOUR.replace("ferry", "boat"));
    const built = await project.run(["build", "--date", SLOT]);
    expect(built).toMatchObject({ code: 65, stdout: "" });
    expect(built.stderr).toMatch(
      /^2026-11-24 is being sent\nerror ISSUE_FROZEN: 2026-11-24 is being sent, .*\n.*at outbox\/the-slipway\/2026-11-24\n {2}fix .*send 2026-11-24 --revise/,
    );
    expect(await contentsOf(folder())).toEqual(before);
    expect(await subjectsOf(async () => send())).toEqual([PLANNED, PLANNED]);
    const after = await project.run(["build", "--date", SLOT]);
    expect([after.code, after.stderr]).toEqual([
      65,
      expect.stringContaining("error ISSUE_FROZEN: 2026-11-24 was sent, "),
    ]);
  });

  test("are overwritten by no render, whatever digest it is given", async () => {
    await changeDigest();
    const before = await contentsOf(folder());
    const copy = path.join(project.cwd, "copy.json");
    await cp(digest(), copy);
    for (const file of [digest(), copy]) {
      const { code, stdout, stderr } = await project.run(["render", file]);
      expect([code, stdout, stderr]).toEqual([65, "", expect.stringContaining("ISSUE_FROZEN")]);
    }
    expect(await contentsOf(folder())).toEqual(before);
  });

  test("are not those of another issue, of another outbox, or of one that a copy was tried of", async () => {
    expect((await project.run(["build", "--date", NEXT, "--quiet"])).code).toBe(0);
    const trial = await project.run(["send", NEXT, "--to", "wenna@carrow.example"]);
    expect(trial.code).toBe(0);
    expect((await project.run(["build", "--date", NEXT, "--quiet"])).code).toBe(0);
    const other = path.join(project.cwd, "elsewhere/the-slipway", SLOT);
    await cp(folder(), other, { recursive: true });
    const render = await project.run(["render", path.join(other, "digest.json"), "--quiet"]);
    expect([render.code, render.stderr]).toEqual([0, expect.not.stringContaining("error")]);
    const build = await project.run(["build", "--date", SLOT, "--out", "third", "--quiet"]);
    expect([build.code, build.stderr]).toEqual([0, expect.not.stringContaining("error")]);
  });
});

describe("a digest.json that was changed since sending began", () => {
  beforeEach(changeDigest);

  test("strands nobody: it is named, those left get what was planned, and --revise sends it", async () => {
    let said = "";
    const second = await subjectsOf(async () => {
      const run = await send("--limit", "1");
      said = run.stderr;
      expect(run.code).toBe(75);
    });
    expect(second).toEqual([PLANNED]);
    expect(said).toContain(
      "digest.json was changed after the sending of 2026-11-24 began, and readers get what was planned; to send the changed text to the remaining readers: broadsheet send 2026-11-24 --revise\n",
    );
    expect(noticesIn(await project.run(["status", "--json"]))).toEqual([
      "2026-11-24 has not gone to all readers yet, 1 not sent yet: broadsheet send 2026-11-24",
      expect.stringMatching(/^digest\.json was changed after the sending of 2026-11-24 began, /),
    ]);
    const third = await subjectsOf(async () => {
      const run = await send("--revise");
      expect([run.code, stateOf(run)]).toEqual([0, { ...NONE, accepted: 3 }]);
      expect(run.stderr).toBe(
        "The digest was edited since the issue's sending began: rendered it as it is now\n",
      );
    });
    expect(third).toEqual([CHANGED]);
    expect(await readFile(path.join(folder(), "email.html"), "utf8")).toContain(CHANGED);
    expect((await send()).stderr).toBe("");
  });

  test("is rendered for a look and a test copy, and its issue's files stay", async () => {
    const before = await contentsOf(folder());
    const copies = await subjectsOf(async () =>
      project.run(["send", SLOT, "--to", "wenna@carrow.example"]),
    );
    expect(copies).toEqual([CHANGED]);
    expect((await project.run(["check", SLOT, "--static"])).code).toBe(0);
    const dry = await project.run(["send", SLOT, "--revise", "--dry-run"]);
    expect([dry.code, dry.stdout]).toEqual([0, expect.stringContaining(CHANGED)]);
    expect(await contentsOf(folder())).toEqual(before);
  });

  test("that is broken strands nobody either", async () => {
    await writeFile(digest(), "{");
    expect(await subjectsOf(async () => send())).toEqual([PLANNED, PLANNED]);
  });
});

test("a reader whom a run has put off gets what was planned, and --verbose says what was changed", async () => {
  const { server: scheduled, project: run } = await bench({
    readers: 2,
    faults: [{ at: "RCPT", to: "r1@", times: 1, say: "450 4.2.1 later" }],
  });
  expect((await run.run(["run"])).code).toBe(75);
  const file = path.join(run.cwd, "outbox/the-slipway", DUE, "digest.json");
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replaceAll(PLANNED, CHANGED));
  expect((await run.run(["retry", DUE])).code).toBe(0);
  const again = await run.run(["run", "--verbose"]);
  expect([again.code, again.stderr]).toEqual([0, `${DUE} is being sent\n`]);
  expect(again.stdout).toMatch(/: sent to 2; digest\.json was changed after .* began, /);
  const subjects = scheduled.taken.map(({ raw }) => /^Subject: (.*)\r$/m.exec(raw.toString())?.[1]);
  expect(subjects).toEqual([PLANNED, PLANNED]);
});

test.runIf(onSqlite("PostgreSQL has a copy of the folder: two-machines.test.ts"))(
  "remaining readers get what was planned where the issue's folder is gone",
  async () => {
    await rm(folder(), { recursive: true });
    let said = "";
    const subjects = await subjectsOf(async () => {
      const run = await send();
      said = run.stderr;
      expect([run.code, stateOf(run)]).toEqual([0, { ...NONE, accepted: 3 }]);
    });
    expect(subjects).toEqual([PLANNED, PLANNED]);
    expect(said).toContain("the files of 2026-11-24 can't be read any more");
  },
);
