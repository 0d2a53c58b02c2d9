import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import {
  AFTER,
  AT_SLOT,
  BEFORE,
  each,
  edit,
  folderOf,
  MANUAL,
  setClock,
  SLOT,
  statesOf,
  storiesOf,
  type Weekly,
  weekly,
  withSubject,
} from "../cli/weekly-project.ts";

const SILENT = { code: 0, stdout: "", stderr: "" };
const SEND = ["send", "--yes"];
const READERS = 3;

/**
 * Gives a process a clock that stands still, and kills it at the first transaction that brings the issue to a state:
 * before the commit, or after it. `begun` is a draft that a run has taken in hand.
 */
function script({ at, state, when }: Death): string {
  return `
    import { DatabaseSync } from "node:sqlite";
    const now = ${Date.parse(at)};
    const RealDate = Date;
    globalThis.Date = class extends RealDate {
      constructor(...given) {
        super(...(given.length === 0 ? [now] : given));
      }
      static now() {
        return now;
      }
    };
    const { exec } = DatabaseSync.prototype;
    const STATE = "SELECT iif(state = 'draft' AND attempt > 0, 'begun', state) AS state FROM issue WHERE slot = ?";
    const die = () => process.kill(process.pid, "SIGKILL");
    DatabaseSync.prototype.exec = function (sql) {
      const isThen = sql === "COMMIT" && stateIn(this) === "${state}";
      if (isThen && "${when}" === "before") die();
      const result = exec.call(this, sql);
      if (isThen) die();
      return result;
    };
    function stateIn(database) {
      const isStore = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'issue'").get();
      return isStore && database.prepare(STATE).get("${SLOT}")?.state;
    }`;
}

interface Death {
  /** The time of the process that dies. */
  readonly at: string;
  /** A state of an issue, or `begun`. */
  readonly state: string;
  readonly when: "before" | "after";
}

/** Something that is done to a newsletter, and that is cut off where there is a death. */
interface Step extends Partial<Death> {
  readonly at: string;
  readonly does: readonly string[];
  /** The state in which the store has the issue afterwards. */
  readonly left: string;
}

interface Life {
  readonly name: string;
  readonly isManual?: true;
  /** What is done to the folder of the issue before a step. */
  readonly before?: { readonly step: number; readonly change: "edit" | "remove" };
  readonly steps: readonly Step[];
}

const LIVES: readonly Life[] = [
  {
    name: "begin, release and finish of a run",
    steps: [
      { does: ["run"], at: AT_SLOT, when: "after", state: "begun", left: "draft" },
      { does: ["run"], at: AT_SLOT, when: "before", state: "sending", left: "draft" },
      { does: ["run"], at: AT_SLOT, when: "after", state: "sending", left: "sending" },
      { does: ["run"], at: AT_SLOT, when: "after", state: "sent", left: "sent" },
    ],
  },
  {
    name: "ask, lose and approve",
    isManual: true,
    before: { step: 2, change: "remove" },
    steps: [
      { does: ["run"], at: AT_SLOT, when: "before", state: "waiting", left: "draft" },
      { does: ["run"], at: AT_SLOT, when: "after", state: "waiting", left: "waiting" },
      { does: ["run"], at: AT_SLOT, when: "before", state: "begun", left: "waiting" },
      { does: ["run"], at: AT_SLOT, when: "after", state: "begun", left: "draft" },
      { does: ["run"], at: AT_SLOT, left: "waiting" },
      { does: ["approve"], at: AFTER, when: "before", state: "approved", left: "waiting" },
      { does: ["approve"], at: AFTER, when: "after", state: "approved", left: "approved" },
    ],
  },
  {
    name: "early approval and send",
    steps: [
      { does: ["approve"], at: BEFORE, when: "before", state: "approved", left: "draft" },
      { does: ["approve"], at: BEFORE, when: "after", state: "approved", left: "approved" },
      { does: SEND, at: BEFORE, when: "before", state: "sending", left: "approved" },
      { does: SEND, at: BEFORE, when: "after", state: "sending", left: "sending" },
      { does: SEND, at: BEFORE, when: "before", state: "sent", left: "sending" },
    ],
  },
  {
    name: "change",
    before: { step: 1, change: "edit" },
    steps: [
      { does: ["approve"], at: BEFORE, left: "approved" },
      { does: ["render"], at: BEFORE, when: "before", state: "draft", left: "approved" },
      { does: ["render"], at: BEFORE, when: "after", state: "draft", left: "draft" },
    ],
  },
  {
    name: "skip and unskip",
    steps: [
      { does: ["skip", SLOT], at: BEFORE, when: "before", state: "skipped", left: "draft" },
      { does: ["skip", SLOT], at: BEFORE, when: "after", state: "skipped", left: "skipped" },
      { does: ["skip", SLOT, "--off"], at: BEFORE, when: "after", state: "draft", left: "draft" },
    ],
  },
];

test.each(LIVES)(
  "kill -9 at $name: the issue is in one state or the other, and each reader gets it once",
  async ({ isManual, before, steps }) => {
    const made = await weekly({
      readers: READERS,
      isBuilt: true,
      schedule: isManual ? MANUAL : {},
    });
    const { project, server } = made;
    for (const [at, step] of steps.entries()) {
      if (at === before?.step) await changeFolder(project, before.change);
      await take(step, made);
      expect([at, (await statesOf(project))[SLOT] ?? "draft"]).toEqual([at, step.left]);
    }
    await goesOn(made);
    expect(storiesOf(server)).toEqual(each(READERS, [1, 2]));
    expect(await statesOf(project)).toEqual({ [SLOT]: "sent" });
  },
);

async function changeFolder(project: Weekly["project"], change: "edit" | "remove"): Promise<void> {
  if (change === "edit") await edit(project, withSubject);
  else await rm(folderOf(project), { recursive: true });
}

async function take({ at, does, state, when }: Step, { project, run }: Weekly): Promise<void> {
  setClock(at);
  if (state === undefined || when === undefined) {
    expect(await run(does)).toMatchObject({ code: 0 });
    return;
  }
  const file = path.join(project.cwd, "dies.mjs");
  await writeFile(file, script({ at, state, when }));
  const died = await project.spawn(does, { NODE_OPTIONS: `--import=${file}` });
  expect({ does, code: died.code }).toEqual({ does, code: null });
}

/** What an operator's cron and an editor do afterwards. */
async function goesOn({ project, run }: Weekly): Promise<void> {
  setClock(AT_SLOT);
  await run(["run"]);
  setClock(AFTER);
  if ((await statesOf(project))[SLOT] === "waiting") await run(["approve"]);
  // The readers of a process that died before it noted their answers are in doubt, which a run reports once.
  expect([0, 75]).toContain((await run(["run"])).code);
  expect(await run(["run"])).toEqual(SILENT);
}
