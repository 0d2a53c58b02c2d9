import { cp, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { told } from "../sources/collect/paper.ts";
import { broadsheet, type Run } from "./broadsheet.ts";
import { receivers, reconfigure } from "./scheduled-project.ts";
import {
  addStories,
  AFTER,
  AT_NEXT,
  AT_SLOT,
  BEFORE,
  each,
  edit,
  EDITOR,
  folderOf,
  MANUAL,
  NEXT,
  setClock,
  SLOT,
  statesOf,
  storiesOf,
  SUBJECT,
  type Weekly,
  weekly,
  withRecords,
  withSubject,
} from "./weekly-project.ts";
import { newFolder } from "../temporary.ts";

const SILENT = { code: 0, stdout: "", stderr: "" };
const SEND = ["send", "--yes"];

/** An error of this code in one sentence, with this in its way on. */
function error(code: string, fix: string): RegExp {
  return new RegExp(`error ${code}: [^\n]*[^]*${fix}`);
}

function expectError({ code, stdout, stderr }: Run, ...of: Parameters<typeof error>): void {
  expect({ stdout, stderr }).toEqual({ stdout: "", stderr: expect.stringMatching(error(...of)) });
  expect(stderr.match(/^error /gm)).toHaveLength(1);
  expect(code).not.toBe(0);
}

/** The state of one issue; a draft where it has no record. */
async function stateOf(project: Weekly["project"], slot = SLOT): Promise<string> {
  return (await statesOf(project))[slot] ?? "draft";
}

describe("a clock", () => {
  test("that is set back behind a sent slot sends it to nobody again, and the next one at its time", async () => {
    const { server, project, run } = await weekly({ isBuilt: true });
    setClock(AT_SLOT);
    expect(await run(["run"])).toEqual(SILENT);
    await addStories(project, 3);
    setClock(BEFORE);
    for (const command of [["run"], ["build", "--quiet"]]) {
      expect(await run(command)).toEqual(SILENT);
    }
    setClock(AT_SLOT);
    expect(await run(["run"])).toEqual(SILENT);
    expect((await run(["send", SLOT, "--yes"])).stdout).toContain("No reader remains");
    expect(storiesOf(server)).toEqual(each(3, [1, 2]));
    expect(await stateOf(project, NEXT)).toBe("draft");
    setClock(AT_NEXT);
    expect(await run(["run"])).toEqual(SILENT);
    expect(storiesOf(server)).toEqual(each(3, [1, 2], [3]));
  });

  test("that was ahead has missed slots, which come at their time all the same, once", async () => {
    const { server, project, run } = await weekly({ isBuilt: true });
    await edit(project, withSubject);
    await run(["run"]);
    // The slot was too long ago to be sent, and not too long ago to be noted as missed.
    setClock("2025-03-05T12:00:00Z");
    const { stdout } = await run(["run", "--verbose"]);
    expect(stdout).toContain(`the-slipway/${SLOT}: missed: nothing ran in time`);
    expect(await stateOf(project)).toBe("missed");
    setClock(BEFORE);
    expect((await run(["build"])).stderr).toContain(`${SLOT} is`);
    setClock(AT_SLOT);
    expect(await run(["run"])).toEqual(SILENT);
    expect(storiesOf(server)).toEqual(each(3, [1, 2]));
    expect(server.taken[0]?.raw.toString()).toContain("own_subject");
    expect(await stateOf(project)).toBe("sent");
  });

  test("that was ahead has let an approved issue expire: it says how to send it, and sends nothing", async () => {
    const { server, project, run } = await weekly({ isBuilt: true });
    await run(["approve"]);
    setClock("2025-03-05T12:00:00Z");
    expectError(await run(["run"]), "ISSUE_EXPIRED", `broadsheet send ${SLOT}`);
    setClock(AT_SLOT);
    expect(await run(["run"])).toEqual(SILENT);
    expect(server.taken).toEqual([]);
    expect(await run(["send", SLOT, "--yes"])).toMatchObject({ code: 0 });
    expect(await run(["run"])).toEqual(SILENT);
    expect(storiesOf(server)).toEqual(each(3, [1, 2]));
    expect(await stateOf(project)).toBe("sent");
  });
});

function withPreheader(digest: string): string {
  return digest.replace(/"preheader": "[^"]*"/, '"preheader": "Mine"');
}

describe("weekly changed to daily", () => {
  const DAILY = { schedule: { cron: "0 7 * * *", zone: "UTC" } };

  test("with an edited draft: the command says how its edits move to the next slot, and they do", async () => {
    const { server, project, run } = await weekly({ isBuilt: true });
    await edit(project, withSubject);
    await reconfigure(project, DAILY);
    const { stderr } = await run(["build"]);
    expect(stderr).toContain(
      `the draft ${SLOT} has edits, and no schedule sends it; to have them in 2025-03-02: broadsheet build --slot 2025-03-02`,
    );
    const moved = await run(["build", "--slot", "2025-03-02"]);
    expect(moved.stderr).toContain(`The edits of ${SLOT} are in 2025-03-02 now`);
    const digest = await readFile(
      path.join(folderOf(project, "2025-03-02"), "digest.json"),
      "utf8",
    );
    expect(digest).toContain(SUBJECT);
    // They move once.
    expect((await run(["build", "--slot", "2025-03-04"])).stderr).not.toContain("edits");
    setClock("2025-03-02T07:00:00Z");
    expect(await run(["run"])).toEqual(SILENT);
    expect(server.taken[0]?.raw.toString()).toContain("own_subject");
    expectError(await run(["send", SLOT, "--yes"]), "USAGE", "broadsheet status");
    setClock(AT_SLOT);
    expect(await run(["run"])).toEqual(SILENT);
    expect(storiesOf(server)).toEqual(each(3, [1, 2]));
  });

  test("with an edited draft, where the next one has edits of its own: nothing is lost or promised", async () => {
    const { project, run } = await weekly({ isBuilt: true });
    await edit(project, withSubject);
    await reconfigure(project, DAILY);
    await run(["build"]);
    await edit(project, withPreheader, "2025-03-02");
    for (const flags of [[], ["--discard-edits"]]) {
      const { stderr } = await run(["build", "--slot", "2025-03-02", ...flags]);
      expect(stderr).not.toContain("are in 2025-03-02 now");
      expect(stderr).toContain(`those of ${SLOT} stay there`);
      expect(await stateOf(project)).toBe("draft");
    }
    const { stderr } = await run(["build", "--slot", "2025-03-02"]);
    expect(stderr).toContain(`The edits of ${SLOT} are in 2025-03-02 now`);
  });

  test("with an edited draft whose story is gone: its words are kept with its issue", async () => {
    const { project, run } = await weekly({ isBuilt: true });
    const headline = `"title": "${told(2).title}"`;
    await edit(project, (digest) => digest.replace(headline, '"title": "A headline by hand"'));
    await reconfigure(project, DAILY);
    await rm(path.join(project.cwd, "content/2.txt"));
    const { stderr } = await run(["build", "--slot", "2025-03-02"]);
    expect(stderr).toContain("is set aside: “A headline by hand”");
    const file = path.join(path.dirname(folderOf(project)), "2025-03-02.edits.jsonl");
    expect(await readFile(file, "utf8")).toContain("A headline by hand");
  });

  test("with a draft that has a record: two records of one time give one issue", async () => {
    const { server, project, run } = await weekly({ isBuilt: true });
    await run(["hold", SLOT]);
    await run(["hold", SLOT, "--off"]);
    expect(await stateOf(project)).toBe("draft");
    await run(["run"]);
    await reconfigure(project, DAILY);
    setClock(AT_SLOT);
    expect(await run(["run"])).toEqual(SILENT);
    expect(await run(["run"])).toEqual(SILENT);
    expect(storiesOf(server)).toEqual(each(3, [1, 2]));
    expect(await statesOf(project)).toMatchObject({ [SLOT]: "missed", "2025-03-03": "sent" });
  });

  test("with an approved issue: it goes out at its time in the place of that day's, and no story twice", async () => {
    const { server, project, run } = await weekly({ isBuilt: true });
    await run(["approve"]);
    await reconfigure(project, DAILY);
    const days = ["2025-03-02T07:00:00Z", AT_SLOT, "2025-03-04T07:00:00Z"];
    for (const [at, day] of days.entries()) {
      await addStories(project, 3 + at);
      setClock(day);
      expect(await run(["run"])).toEqual(SILENT);
    }
    expect(storiesOf(server)).toEqual(each(3, [3], [1, 2], [4, 5]));
  });
});

describe("an edited draft whose slot passed while nothing ran", () => {
  test("is missed: every command says how its edits move to the next slot, and they do", async () => {
    const { server, project, run } = await weekly({ isBuilt: true });
    await run(["run"]);
    await edit(project, withSubject);
    setClock("2025-03-05T12:00:00Z");
    const says = `raft ${SLOT} has edits, and no schedule sends it; to have them in ${NEXT}: broadsheet build --slot ${NEXT}`;
    expect((await run(["build"])).stderr).toContain(says);
    await run(["run"]);
    expect(await stateOf(project)).toBe("missed");
    expect((await run(["status"])).stdout).toContain(says);
    const moved = await run(["build", "--slot", NEXT]);
    expect(moved.stderr).toContain(`The edits of ${SLOT} are in ${NEXT} now`);
    expect(await stateOf(project)).toBe("merged");
    setClock(AT_NEXT);
    expect(await run(["run"])).toEqual(SILENT);
    expect(storiesOf(server)).toEqual(each(3, [1, 2]));
    expect(server.taken[0]?.raw.toString()).toContain("own_subject");
  });

  test("for the first time: the run says that it was not sent, and how to send it, once", async () => {
    const { server, project, run } = await weekly({ isBuilt: true });
    await edit(project, withSubject);
    setClock("2025-03-03T09:00:00Z");
    expectError(await run(["run"]), "ISSUE_EXPIRED", `broadsheet send ${SLOT}`);
    expect(await run(["run"])).toEqual(SILENT);
    expect(await stateOf(project)).toBe("missed");
    expect((await run(["status"])).stdout).toContain(`${SLOT} was missed`);
    expect(await run(["send", SLOT, "--yes"])).toMatchObject({ code: 0 });
    expect(storiesOf(server)).toEqual(each(3, [1, 2]));
    expect(server.taken[0]?.raw.toString()).toContain("own_subject");
  });

  test("and is merged into the next one takes its edits along", async () => {
    const { server, project, run } = await weekly({
      schedule: { catchUp: "merge" },
      isBuilt: true,
    });
    await run(["run"]);
    await edit(project, withSubject);
    await addStories(project, 3);
    setClock(AT_NEXT);
    expect(await run(["run"])).toEqual(SILENT);
    expect(await stateOf(project)).toBe("merged");
    expect(storiesOf(server)).toEqual(each(3, [1, 2, 3]));
    expect(server.taken[0]?.raw.toString()).toContain("own_subject");
  });
});

/** The newsletter in another place, with a state folder of its own. */
async function copyOf(
  { project }: Weekly,
  left?: string,
): Promise<Pick<Weekly, "run" | "project">> {
  const home = await newFolder();
  const cwd = path.join(home, "letter");
  const isCopied = (file: string) => ![left, "state"].includes(path.relative(project.cwd, file));
  await cp(project.cwd, cwd, { recursive: true, filter: isCopied });
  const env = { ...project.env, HOME: home, XDG_STATE_HOME: path.join(home, "state") };
  const store = path.join(cwd, ".broadsheet/broadsheet.db");
  return {
    project: { ...project, cwd, store, env },
    run: (args, more = {}) => broadsheet(args, { cwd, env: { ...env, ...more } }),
  };
}

describe("an outbox that was copied to another machine", () => {
  test("without the store has no reader: nothing is sent there, in one sentence", async () => {
    const made = await weekly({ isBuilt: true });
    await made.run([...SEND, "--limit", "2"]);
    const copy = await copyOf(made, ".broadsheet");
    const sent = await copy.run(["send", SLOT, "--yes"]);
    expectError(sent, "LIST_EMPTY", "broadsheet subscribers import");
    setClock(AT_SLOT);
    expectError(await copy.run(["run"]), "LIST_EMPTY", "broadsheet subscribers import");
    expect(made.server.taken).toHaveLength(2);
    expect(await made.run(["run"])).toEqual(SILENT);
    expect(storiesOf(made.server)).toEqual(each(3, [1, 2]));
  });

  test("with the store sends nothing and promises nothing there, and the first one goes on", async () => {
    const made = await weekly({ isBuilt: true });
    await made.run(["approve"]);
    const copy = await copyOf(made);
    for (const command of [SEND, ["approve"], ["skip", SLOT], ["run"]]) {
      const { code, stderr } = await copy.run(command);
      expect({ command, code, stderr }).toEqual({
        command,
        code: 74,
        stderr: expect.stringMatching(error("STORE_MOVED", "reconcile --accept-store")),
      });
    }
    expect(await stateOf(copy.project)).toBe("approved");
    setClock(AT_SLOT);
    expect((await copy.run(["run"])).code).toBe(74);
    expect(made.server.taken).toEqual([]);
    expect(await made.run(["run"])).toEqual(SILENT);
    expect(storiesOf(made.server)).toEqual(each(3, [1, 2]));
  });
});

/** Keeps a folder as it is now; what is returned puts it back in its place. */
async function backup(place: string): Promise<() => Promise<void>> {
  const kept = await newFolder();
  await cp(place, kept, { recursive: true });
  return async () => {
    await rm(place, { recursive: true });
    await cp(kept, place, { recursive: true });
  };
}

describe("a store that is older than the outbox", () => {
  test("and has forgotten a sent issue: nothing is sent, and accepting it doesn't either", async () => {
    const { server, project, run } = await weekly({ isBuilt: true });
    const restore = await backup(path.dirname(project.store));
    await run(SEND);
    await restore();
    setClock(AT_SLOT);
    for (const command of [SEND, ["approve"], ["skip", SLOT], ["build"], ["run"]])
      expectError(await run(command), "LEDGER_RESTORED", "reconcile --accept-store");
    expect(await run(["reconcile", "--accept-store"])).toMatchObject({ code: 0 });
    expect(await run(["run"])).toEqual(SILENT);
    const { code, stderr } = await run(["send", SLOT, "--yes"]);
    expect([code, stderr]).toEqual([75, expect.stringContaining("3 in doubt")]);
    expect(storiesOf(server)).toEqual(each(3, [1, 2]));
  });

  test("and has forgotten an approval: the issue waits for another one", async () => {
    const { server, project, run } = await weekly({ schedule: MANUAL, isBuilt: true });
    const restore = await backup(path.dirname(project.store));
    await run(["approve"]);
    await restore();
    setClock(AT_SLOT);
    expect(await run(["run"])).toEqual(SILENT);
    expect(receivers(server)).toEqual([EDITOR]);
    expect(await stateOf(project)).toBe("waiting");
    await run(["approve"]);
    expect(storiesOf(server)).toEqual(each(3, [1, 2]));
  });
});

test("an outbox from before the approval: the run says that it is not what was approved, and asks again", async () => {
  const { server, project, run } = await weekly({ isBuilt: true });
  const restore = await backup(folderOf(project));
  await edit(project, withSubject);
  await run(["approve"]);
  await restore();
  setClock(AT_SLOT);
  expectError(await run(["run"]), "ISSUE_CHANGED", `broadsheet approve ${SLOT}`);
  expect(await stateOf(project)).toBe("waiting");
  setClock(AFTER);
  expect(await run(["run"])).toEqual(SILENT);
  expect(server.taken).toEqual([]);
  expect(await run(["approve"])).toMatchObject({ code: 0 });
  expect(storiesOf(server)).toEqual(each(3, [1, 2]));
});

describe("a folder that is removed", () => {
  test("while its issue waits: `approve` and `send` say what to do, and the next run asks again", async () => {
    const { server, project, run } = await weekly({ schedule: MANUAL });
    setClock(AT_SLOT);
    await run(["run"]);
    await rm(folderOf(project), { recursive: true });
    for (const command of [SEND, ["approve"]])
      expectError(
        withoutFirstLine(await run(command)),
        "ISSUE_MISSING",
        "next run builds it again and asks you again: broadsheet run",
      );
    expect(await run(["run"])).toEqual(SILENT);
    expect(receivers(server)).toEqual([EDITOR, EDITOR]);
    expect(await stateOf(project)).toBe("waiting");
    expect(await run(["approve"])).toMatchObject({ code: 0 });
    expect(storiesOf(server)).toEqual(each(3, [1, 2]));
  });

  test("while its issue is held back for an editor: the next run makes it again", async () => {
    const { server, project, run } = await weekly({ isBuilt: true });
    await withRecords(project, async (records) => {
      const issue = { slot: SLOT, at: new Date(AT_SLOT) };
      await records.move(issue, {
        seen: "draft",
        event: "ask",
        why: "all its stories are doubtful",
      });
    });
    await rm(folderOf(project), { recursive: true });
    setClock(AT_SLOT);
    await run(["run"]);
    expect(await run(["run"])).toEqual(SILENT);
    expect(storiesOf(server)).toEqual(each(3, [1, 2]));
  });

  test("while its issue is approved: `send` says what to do, and at its time it is asked for again", async () => {
    const { server, project, run } = await weekly({ schedule: MANUAL, isBuilt: true });
    await run(["approve"]);
    await rm(folderOf(project), { recursive: true });
    expectError(withoutFirstLine(await run(SEND)), "ISSUE_MISSING", "broadsheet run --now");
    expect(await run(["run"])).toEqual(SILENT);
    expect(server.taken).toEqual([]);
    setClock(AT_SLOT);
    expect(await run(["run"])).toEqual(SILENT);
    expect(receivers(server)).toEqual([EDITOR]);
    await run(["approve"]);
    expect(storiesOf(server)).toEqual(each(3, [1, 2]));
  });
});

describe("an issue that is held or skipped", () => {
  test("is named by its slot, whatever it was named by, and is not said to go on where it was not held", async () => {
    const { project, run } = await weekly({ isBuilt: true });
    const skipped = await run(["skip", folderOf(project), "--json"]);
    expect(JSON.parse(skipped.stdout)).toMatchObject({ slot: SLOT, isSkipped: true });
    expect((await run(["hold", SLOT, "--off"])).stdout).toBe(`${SLOT} was not held\n`);
    expect((await run(["hold", "--off"])).stdout).toBe("The newsletter was not held\n");
    expect((await run(["skip", "latest"])).stderr).toContain("no issue waits for approval");
  });

  test("stays held after its skip is taken back, and both are said, also before the first run", async () => {
    const { run } = await weekly({ isBuilt: true });
    await run(["hold", SLOT]);
    expect((await run(["status"])).stdout).toContain(`${SLOT} is held since`);
    await run(["skip", SLOT]);
    const { stderr } = await run(["skip", SLOT, "--off"]);
    expect(stderr).toBe(`It is held until: broadsheet hold ${SLOT} --off\n`);
  });

  test("stays held where a run before its time finds nothing new at the same moment", async () => {
    const { project } = await weekly();
    await withRecords(project, async (records) => {
      const claim = await records.begin({ slot: SLOT, at: new Date(AT_SLOT) });
      await records.holdIssue({ slot: SLOT }, true);
      if (claim) await records.letGo(claim);
      expect(await records.find(SLOT)).toMatchObject({ heldAt: expect.any(Date), isRuns: false });
    });
  });
});

describe("an approved issue whose folder is removed where the schedule asks for no approval", () => {
  test("is built again with what is new since, and waits for approval", async () => {
    const { server, project, run } = await weekly({ isBuilt: true });
    await edit(project, withSubject);
    await run(["approve"]);
    await rm(folderOf(project), { recursive: true });
    await addStories(project, 3);
    expect((await run(["status"])).stdout).toMatch(new RegExp(`${SLOT} +approved`));
    setClock(AT_SLOT);
    expectError(await run(["run"]), "ISSUE_CHANGED", `broadsheet approve ${SLOT}`);
    setClock(AFTER);
    await run(["run"]);
    expect(server.taken).toEqual([]);
    expect(await stateOf(project)).toBe("waiting");
    await rm(folderOf(project), { recursive: true });
    await addStories(project, 4);
    await run(["run"]);
    expect(server.taken).toEqual([]);
    expect(await run(["approve"])).toMatchObject({ code: 0 });
    expect(storiesOf(server)).toEqual(each(3, [1, 2, 3, 4]));
    expect(server.taken[0]?.raw.toString()).toContain("own_subject");
  });

  test("goes out where what is built again is what was approved", async () => {
    const { server, project, run } = await weekly({ isBuilt: true });
    await run(["approve"]);
    await rm(folderOf(project), { recursive: true });
    setClock(AT_SLOT);
    expect(await run(["run"])).toEqual(SILENT);
    expect(storiesOf(server)).toEqual(each(3, [1, 2]));
  });
});

/** Without the line that says which issue it is. */
function withoutFirstLine({ stderr, ...run }: Run): Run {
  return { ...run, stderr: stderr.replace(/^2025-\S+ is .*\n/, "") };
}

test("`approve` of an issue that changed since the mail is refused, and --changed approves what it is now", async () => {
  const { server, project, run } = await weekly({ schedule: MANUAL });
  setClock(AT_SLOT);
  await run(["run"]);
  await edit(project, withSubject);
  for (let time = 1; time <= 2; time++) {
    const refused = withoutFirstLine(await run(["approve"]));
    expectError(refused, "ISSUE_CHANGED", `broadsheet approve ${SLOT} --changed`);
    expect(await stateOf(project)).toBe("waiting");
  }
  expect(await run(["approve", "--changed"])).toMatchObject({ code: 0 });
  expect(storiesOf(server)).toEqual(each(3, [1, 2]));
  const [, first] = server.taken;
  expect(first?.raw.toString()).toContain("own_subject");
});
