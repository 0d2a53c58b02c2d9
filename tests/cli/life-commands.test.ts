import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import {
  ISSUE_STATES,
  type IssueState,
  isOpen,
  LIFE,
  type LifeEvent,
  refusal,
  STATE_TEXTS,
  stateAfter,
} from "../../src/delivery/life.ts";
import { digestHash } from "../../src/email/email.ts";
import { parseArticles } from "../../src/issue/issue-to-send.ts";
import type { Run } from "./broadsheet.ts";
import { people } from "./mailing-project.ts";
import { receivers } from "./scheduled-project.ts";
import {
  AFTER,
  AT_SLOT,
  folderOf,
  rowsOf,
  setClock,
  SLOT,
  statesOf,
  type Weekly,
  weekly,
  withRecords,
} from "./weekly-project.ts";

/** The commands with which an editor causes an event. */
const COMMANDS = {
  send: ["send", SLOT, "--yes"],
  approve: ["approve", SLOT],
  skip: ["skip", SLOT],
  unskip: ["skip", SLOT, "--off"],
} as const;

type EditorsEvent = keyof typeof COMMANDS;

const EVENTS = ["send", "approve", "skip", "unskip"] as const;

/** How an issue comes to a state from a draft: by commands, or by events of a run. */
const WAYS: Readonly<Record<IssueState, readonly (readonly string[] | LifeEvent)[]>> = {
  draft: [],
  waiting: ["ask"],
  approved: [["approve", SLOT]],
  sending: [["send", SLOT, "--yes", "--limit", "1"]],
  sent: [["send", SLOT, "--yes"]],
  skipped: [["skip", SLOT]],
  missed: ["miss"],
  empty: ["empty"],
  merged: ["merge"],
  expired: ["ask", "expire"],
};

/** What is asked for is so already, or goes on: the command does it without an event. */
function isSoAlready(state: IssueState, event: EditorsEvent): boolean {
  if (event === "send") return state === "sending" || state === "sent";
  return (event === "skip" && state === "skipped") || (event === "unskip" && state === "draft");
}

const READERS = 3;

async function issueIn(state: IssueState): Promise<Weekly> {
  const made = await weekly({ readers: READERS, isBuilt: true });
  for (const step of WAYS[state]) {
    if (typeof step === "string") await happens(step, made);
    else expect([0, 75]).toContain((await made.run(step)).code);
  }
  if (!isOpen(state) && state !== "sent" && state !== "skipped") setClock(AFTER);
  expect((await statesOf(made.project))[SLOT] ?? "draft").toBe(state);
  return made;
}

async function happens(event: LifeEvent, { project }: Weekly): Promise<void> {
  const folder = folderOf(project);
  const digest = await readFile(path.join(folder, "digest.json"));
  const articles = parseArticles(await readFile(path.join(folder, "articles.json"), "utf8"));
  const noted = { digestHash: digestHash(digest), articles: articles?.articles };
  await withRecords(project, async (records) => {
    const seen = (await records.find(SLOT))?.state ?? "draft";
    expect(
      await records.move({ slot: SLOT, at: new Date(AT_SLOT) }, { seen, event, ...noted }),
    ).toBe(true);
  });
}

/** What must not change where an event is refused. */
async function allOf({ project, server }: Weekly): Promise<unknown> {
  return [await rowsOf(project.place), receivers(server)];
}

test.each(ISSUE_STATES)(
  "an issue that is %s: a command does what the table allows",
  async (state) => {
    for (const event of EVENTS) {
      if (stateAfter(state, event) === undefined) continue;
      const made = await issueIn(state);
      const { code, stderr } = await made.run(COMMANDS[event]);
      expect({ state, event, code, stderr }).toMatchObject({ code: 0 });
      const to = LIFE[event].to;
      expect((await statesOf(made.project))[SLOT]).toBe(to === "sending" ? "sent" : to);
      expect(receivers(made.server)).toEqual(event === "send" ? people(READERS) : []);
      const taken = await withRecords(made.project, (records) => records.find(SLOT));
      expect(taken?.isRuns).toBe(false);
    }
  },
);

test.each(ISSUE_STATES)(
  "an issue that is %s: a command that the table refuses says so, and changes nothing",
  async (state) => {
    const made = await issueIn(state);
    const before = await allOf(made);
    for (const event of EVENTS) {
      if (stateAfter(state, event) !== undefined || isSoAlready(state, event)) continue;
      expect(await made.run(COMMANDS[event])).toEqual(refused(state, event));
      expect(await allOf(made)).toEqual(before);
    }
    for (const event of EVENTS) {
      if (!isSoAlready(state, event) || event === "send") continue;
      expect(await made.run(COMMANDS[event])).toMatchObject({ code: 0, stderr: "" });
      expect(await allOf(made)).toEqual(before);
    }
    if (state === "sending" || state === "sent") {
      expect(await made.run(COMMANDS.send)).toMatchObject({ code: 0 });
      expect(receivers(made.server)).toEqual(people(READERS));
    }
  },
);

function refused(state: IssueState, event: LifeEvent): Run {
  const { message, fix = "" } = refusal(SLOT, state, event);
  return { code: 64, stdout: "", stderr: expect.stringMatching(sentences(message, fix)) };
}

/** These sentences, one after the other, however the lines of the terminal break them. */
function sentences(...texts: string[]): RegExp {
  const words = texts.map((text) => text.replace(/[.()]/g, "\\$&").replaceAll(" ", "\\s+"));
  return new RegExp(words.join("[^]*"));
}

test.each(ISSUE_STATES)(
  "an issue that is %s is held while it is open, and goes on",
  async (state) => {
    const made = await issueIn(state);
    const before = await allOf(made);
    const held = await made.run(["hold", SLOT]);
    if (!isOpen(state)) {
      const words = sentences(
        `${SLOT} can't be held: it is ${STATE_TEXTS[state]}`,
        "broadsheet status",
      );
      expect(held).toEqual({ code: 64, stdout: "", stderr: expect.stringMatching(words) });
      expect(await allOf(made)).toEqual(before);
      return;
    }
    expect(held).toMatchObject({ code: 0, stderr: "" });
    const whileHeld = await allOf(made);
    for (const command of [COMMANDS.send, COMMANDS.approve]) {
      if (state === "sending" && command === COMMANDS.approve) continue;
      const { code, stderr } = await made.run(command);
      expect([code, stderr]).toEqual([
        64,
        expect.stringMatching(sentences(`${SLOT} is held`, `hold ${SLOT} --off`)),
      ]);
    }
    expect(await made.run(["run", "--now"])).toEqual({ code: 0, stdout: "", stderr: "" });
    setClock(AFTER);
    expect(await made.run(["run"])).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(await allOf(made)).toEqual(whileHeld);
    expect(await made.run(["hold", SLOT, "--off"])).toMatchObject({ code: 0, stderr: "" });
    expect((await statesOf(made.project))[SLOT]).toBe(state);
  },
);
