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
import type { Store } from "../../src/platform/database.ts";
import { anyStore } from "../stores.ts";

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

let store: Store;
let records: IssueRecords;
let now = BEGAN;

beforeAll(async () => {
  store = await anyStore();
  records = new IssueRecords(store, {
    newsletter: NEWSLETTER,
    clock: () => now,
  });
});

afterAll(async () => {
  await records[Symbol.asyncDispose]();
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
async function issueIn(state: IssueState, at: Date | null = AT): Promise<string> {
  const slot = `issue-${++made}`;
  now = BEGAN;
  const issue = { slot, ...(at && { at }) };
  await records.holdIssue(issue, true);
  await records.holdIssue({ slot }, false);
  let seen: IssueState = "draft";
  for (const event of WAYS.get(state) ?? []) {
    const noted = { why: `because of ${event}`, digestHash: "as it was", articles: FIRST };
    expect(await records.move(issue, { seen, event, ...noted })).toBe(true);
    seen = LIFE[event].to;
  }
  now = NOW;
  expect((await records.find(slot))?.state).toBe(state);
  return slot;
}

/** All that the store has of an issue. */
async function rowsOf(slot: string): Promise<unknown> {
  const tables = ["issue", "taken"];
  return Promise.all(
    tables.map(async (table) => store.all(`SELECT * FROM ${table} WHERE slot = ?`, slot)),
  );
}

async function takenBy(slot: string): Promise<unknown[]> {
  const rows = await store.all("SELECT title FROM taken WHERE slot = ? ORDER BY id", slot);
  return rows.map(({ title }) => title);
}

test("the table leads from a draft to every state", () => {
  expect([...WAYS.keys()].toSorted()).toEqual([...ISSUE_STATES].toSorted());
});

test.each(ALLOWED)("$event of an issue that is $state does what the table says", async (pair) => {
  const { state, event } = pair;
  const { to, by, articles } = LIFE[event];
  const slot = await issueIn(state);
  const before = await takenBy(slot);
  const noted = { why: "since", digestHash: "as it is", articles: SECOND };
  expect(await records.move({ slot, at: AT }, { seen: state, event, ...noted })).toBe(true);
  const expected: IssueRecord = {
    slot,
    state: to,
    at: AT,
    changedAt: NOW,
    why: "since",
    isRuns: by === "schedule",
    digestHash: "as it is",
  };
  expect(await records.find(slot)).toEqual(expected);
  const after = { taken: ["a ferry", "a bridge"], released: [], kept: before };
  expect(await takenBy(slot)).toEqual(after[articles]);
});

test.each(REFUSED)(
  "$event of an issue that is $state is refused in words, and nothing is changed",
  async ({ state, event }) => {
    const slot = await issueIn(state);
    const before = await rowsOf(slot);
    const noted = { why: "since", digestHash: "as it is", number: 7, articles: SECOND };
    const another = new Date("2031-04-08T07:00:00Z");
    expect(await records.move({ slot, at: another }, { seen: state, event, ...noted })).toBe(false);
    expect(await rowsOf(slot)).toEqual(before);
    const { code, message, fix } = refusal(slot, state, event);
    expect(code).toBe("USAGE");
    expect(message).toBe(`${slot} can't be ${LIFE[event].done}: it is ${STATE_TEXTS[state]}`);
    expect(fix).toMatch(/broadsheet \w+|into the next issue/);
  },
);

describe("an issue that is no longer in the state that was seen", () => {
  // Each event from the states that it is allowed in, while the issue is in another one.
  const stale = ALLOWED.flatMap(({ state: seen, event }) =>
    ISSUE_STATES.filter((state) => state !== seen).map((state) => ({ seen, event, state })),
  );

  test("is not changed by any event, and gets no time of a slot", async () => {
    for (const { seen, event, state } of stale) {
      const slot = await issueIn(state, null);
      const before = await rowsOf(slot);
      const isMoved = await records.move({ slot, at: AT }, { seen, event, articles: SECOND });
      expect({ seen, event, state, isMoved }).toEqual({ seen, event, state, isMoved: false });
      expect(await rowsOf(slot)).toEqual(before);
    }
  });
});

describe("a draft without a record", () => {
  test("gets none by an event that is refused", async () => {
    for (const { event } of REFUSED.filter(({ state }) => state === "draft")) {
      expect(await records.move({ slot: "no-issue", at: AT }, { seen: "draft", event })).toBe(
        false,
      );
      expect(await rowsOf("no-issue")).toEqual([[], []]);
    }
  });

  test("gets one by an event that is allowed", async () => {
    for (const { event } of ALLOWED.filter(({ state }) => state === "draft")) {
      const slot = `fresh-${event}`;
      expect(await records.move({ slot, at: AT }, { seen: "draft", event })).toBe(true);
      expect(await records.find(slot)).toMatchObject({ state: LIFE[event].to, at: AT });
    }
  });
});
