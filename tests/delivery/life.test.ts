import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type IssueRecord, IssueRecords } from "../../src/delivery/io/issue-records.ts";
import {
  ISSUE_STATES,
  type IssueState,
  LIFE,
  type LifeEvent,
  refusal,
  STATE_TEXTS,
  stateAfter,
} from "../../src/delivery/life.ts";
import type { Fingerprint } from "../../src/digest/stories/story.ts";
import type { Database } from "../../src/platform/sqlite/database.ts";
import { openStore } from "../../src/platform/sqlite/open-store.ts";
import { newFolder } from "../temporary.ts";

const NEWSLETTER = "harbour-letter";
const BEGAN = new Date("2031-03-31T12:00:00Z");
const NOW = new Date("2031-04-02T12:00:00Z");
const AT = new Date("2031-04-07T07:00:00Z");
const EVENTS = eventNames();

/** Each state with each event. */
const PAIRS = ISSUE_STATES.flatMap((state) => EVENTS.map((event) => ({ state, event })));
const ALLOWED = PAIRS.filter(({ state, event }) => stateAfter(state, event) !== undefined);
const REFUSED = PAIRS.filter(({ state, event }) => stateAfter(state, event) === undefined);

function eventNames(): LifeEvent[] {
  return Object.keys(LIFE).filter((name): name is LifeEvent => name in LIFE);
}

let database: Database;
let records: IssueRecords;
let now = BEGAN;

beforeAll(async () => {
  const folder = await newFolder();
  database = await openStore(path.join(folder, "broadsheet.db"), {
    env: { XDG_STATE_HOME: folder },
  });
  // Hundreds of issues go through their lives, and no test is about the disk.
  database.exec("PRAGMA synchronous = OFF");
  records = new IssueRecords(database, { newsletter: NEWSLETTER, clock: () => now });
});

afterAll(async () => {
  records.close();
});

/** The shortest way through the table from a draft to each state. */
const WAYS = waysFromDraft();

function waysFromDraft(): ReadonlyMap<IssueState, readonly LifeEvent[]> {
  const ways = new Map<IssueState, readonly LifeEvent[]>([["draft", []]]);
  for (const [state, way] of ways) {
    for (const event of EVENTS) {
      const next = stateAfter(state, event);
      if (next !== undefined && !ways.has(next)) ways.set(next, [...way, event]);
    }
  }
  return ways;
}

/** What two versions of an issue take. */
const FIRST: readonly Fingerprint[] = ["a lamp", "a ferry"].map(articleOf);
const SECOND: readonly Fingerprint[] = ["a ferry", "a bridge"].map(articleOf);

function articleOf(title: string): Fingerprint {
  return { id: title, title, letters: title, source: "content" };
}

let made = 0;

/** An issue that has come to a state by the events of the table; a draft has a record of its own too. */
function issueIn(state: IssueState, at: Date | null = AT): string {
  const slot = `issue-${++made}`;
  now = BEGAN;
  const issue = { slot, ...(at && { at }) };
  records.holdIssue(issue, true);
  records.holdIssue({ slot }, false);
  let seen: IssueState = "draft";
  for (const event of WAYS.get(state) ?? []) {
    const noted = { why: `because of ${event}`, digestHash: "as it was", articles: FIRST };
    expect(records.move(issue, { seen, event, ...noted })).toBe(true);
    seen = LIFE[event].to;
  }
  now = NOW;
  expect(records.find(slot)?.state).toBe(state);
  return slot;
}

/** All that the store has of an issue. */
function rowsOf(slot: string): unknown {
  return ["issue", "taken"].map((table) =>
    database.prepare(`SELECT * FROM ${table} WHERE slot = ?`).all(slot),
  );
}

function takenBy(slot: string): unknown[] {
  return database
    .prepare("SELECT title FROM taken WHERE slot = ? ORDER BY id")
    .all(slot)
    .map(({ title }) => title);
}

test("the table leads from a draft to every state", () => {
  expect([...WAYS.keys()].toSorted()).toEqual([...ISSUE_STATES].toSorted());
});

test.each(ALLOWED)("$event of an issue that is $state does what the table says", (pair) => {
  const { state, event } = pair;
  const { to, by, articles } = LIFE[event];
  const slot = issueIn(state);
  const before = takenBy(slot);
  const noted = { why: "since", digestHash: "as it is", articles: SECOND };
  expect(records.move({ slot, at: AT }, { seen: state, event, ...noted })).toBe(true);
  const expected: IssueRecord = {
    slot,
    state: to,
    at: AT,
    changedAt: NOW,
    why: "since",
    isRuns: by === "schedule",
    digestHash: "as it is",
  };
  expect(records.find(slot)).toEqual(expected);
  const after = { taken: ["a ferry", "a bridge"], released: [], kept: before };
  expect(takenBy(slot)).toEqual(after[articles]);
});

test.each(REFUSED)(
  "$event of an issue that is $state is refused in words, and nothing is changed",
  ({ state, event }) => {
    const slot = issueIn(state);
    const before = rowsOf(slot);
    const noted = { why: "since", digestHash: "as it is", number: 7, articles: SECOND };
    const another = new Date("2031-04-08T07:00:00Z");
    expect(records.move({ slot, at: another }, { seen: state, event, ...noted })).toBe(false);
    expect(rowsOf(slot)).toEqual(before);
    const { code, message, fix } = refusal(slot, state, event);
    expect(code).toBe("USAGE");
    expect(message).toBe(`${slot} can't be ${LIFE[event].done}: it is ${STATE_TEXTS[state]}`);
    expect(fix).toMatch(/broadsheet \w+|for the next issue/);
  },
);

describe("an issue that is no longer in the state that was seen", () => {
  // Each event from the states that it is allowed in, while the issue is in another one.
  const stale = ALLOWED.flatMap(({ state: seen, event }) =>
    ISSUE_STATES.filter((state) => state !== seen).map((state) => ({ seen, event, state })),
  );

  test("is not changed by any event, and gets no time of a slot", () => {
    for (const { seen, event, state } of stale) {
      const slot = issueIn(state, null);
      const before = rowsOf(slot);
      const isMoved = records.move({ slot, at: AT }, { seen, event, articles: SECOND });
      expect({ seen, event, state, isMoved }).toEqual({ seen, event, state, isMoved: false });
      expect(rowsOf(slot)).toEqual(before);
    }
  });
});

describe("a draft without a record", () => {
  test("gets none by an event that is refused", () => {
    for (const { event } of REFUSED.filter(({ state }) => state === "draft")) {
      expect(records.move({ slot: "no-issue", at: AT }, { seen: "draft", event })).toBe(false);
      expect(rowsOf("no-issue")).toEqual([[], []]);
    }
  });

  test("gets one by an event that is allowed", () => {
    for (const { event } of ALLOWED.filter(({ state }) => state === "draft")) {
      const slot = `fresh-${event}`;
      expect(records.move({ slot, at: AT }, { seen: "draft", event })).toBe(true);
      expect(records.find(slot)).toMatchObject({ state: LIFE[event].to, at: AT });
    }
  });
});
