import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import {
  AFTER,
  AT_SLOT,
  BEFORE,
  each,
  edit,
  EDITOR,
  MANUAL,
  receivers,
  setClock,
  SLOT,
  statesOf,
  storiesOf,
  type Weekly,
  weekly,
  withSubject,
} from "./weekly-project.ts";

const SILENT = { code: 0, stdout: "", stderr: "" };
const SEND = ["send", "--yes"];
const EARLY_APPROVAL = { at: BEFORE, run: ["approve"] };
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
  readonly state: string;
  readonly when: "before" | "after";
}

interface Scenario extends Death {
  readonly does: readonly string[];
  readonly isManual?: true;
  /** What was done before. */
  readonly given?: readonly { readonly at: string; readonly run: readonly string[] }[];
  readonly isEdited?: true;
  /** The state in which the store has the issue after the death. */
  readonly left: string;
}

const ASKED = { at: AT_SLOT, run: ["run"] };

const SCENARIOS: readonly Scenario[] = [
  // begin
  { does: ["run"], at: AT_SLOT, state: "begun", when: "after", left: "draft" },
  // ask
  { does: ["run"], at: AT_SLOT, state: "waiting", when: "before", isManual: true, left: "draft" },
  { does: ["run"], at: AT_SLOT, state: "waiting", when: "after", isManual: true, left: "waiting" },
  // approve, before the slot's time and after it
  { does: ["approve"], at: BEFORE, state: "approved", when: "before", left: "draft" },
  { does: ["approve"], at: BEFORE, state: "approved", when: "after", left: "approved" },
  {
    does: ["approve"],
    at: AFTER,
    state: "approved",
    when: "after",
    isManual: true,
    given: [ASKED],
    left: "approved",
  },
  // change
  {
    does: ["render"],
    at: BEFORE,
    state: "draft",
    when: "before",
    given: [EARLY_APPROVAL],
    isEdited: true,
    left: "approved",
  },
  {
    does: ["render"],
    at: BEFORE,
    state: "draft",
    when: "after",
    given: [EARLY_APPROVAL],
    isEdited: true,
    left: "draft",
  },
  // release, of a draft and of an approved issue
  { does: ["run"], at: AT_SLOT, state: "sending", when: "before", left: "draft" },
  { does: ["run"], at: AT_SLOT, state: "sending", when: "after", left: "sending" },
  {
    does: ["run"],
    at: AT_SLOT,
    state: "sending",
    when: "before",
    given: [EARLY_APPROVAL],
    left: "approved",
  },
  // send
  { does: SEND, at: BEFORE, state: "sending", when: "before", left: "draft" },
  { does: SEND, at: BEFORE, state: "sending", when: "after", left: "sending" },
  // finish
  { does: SEND, at: BEFORE, state: "sent", when: "before", left: "sending" },
  { does: ["run"], at: AT_SLOT, state: "sent", when: "after", left: "sent" },
];

test.each(SCENARIOS)(
  "kill -9 of $does at $at, $when the issue is $state: it is mailed once",
  async ({ does, isManual, given = [], isEdited, left, ...death }) => {
    const made = await weekly({
      readers: READERS,
      isBuilt: true,
      schedule: isManual ? MANUAL : {},
    });
    for (const step of given) {
      setClock(step.at);
      expect(await made.run(step.run)).toMatchObject({ code: 0 });
    }
    if (isEdited) await edit(made.project, withSubject);
    await dies(made, does, death);
    expect((await statesOf(made.project))[SLOT] ?? "draft").toBe(left);
    await goesOn(made);
    expect(storiesOf(made.server)).toEqual(each(READERS, [1, 2]));
    expect((await statesOf(made.project))[SLOT]).toBe("sent");
    const asked = receivers(made.server).filter((to) => to === EDITOR);
    expect(asked.length).toBeLessThanOrEqual(2);
  },
);

async function dies({ project }: Weekly, does: readonly string[], death: Death): Promise<void> {
  const file = path.join(project.cwd, "dies.mjs");
  await writeFile(file, script(death));
  const run = await project.spawn(does, { NODE_OPTIONS: `--import=${file}` });
  expect(run).toMatchObject({ code: null });
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
