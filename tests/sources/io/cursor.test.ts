import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Fingerprint } from "../../../src/digest/stories/story.ts";
import { takeArticles } from "../../../src/delivery/io/taken.ts";
import { SqliteCursor } from "../../../src/sources/io/cursor.ts";
import { openStore } from "../../../src/platform/sqlite/open-store.ts";
import { takeArticlesFor } from "../take-articles.ts";
import { newFolder } from "../../temporary.ts";

const FEED = "https://quay.example/feed.xml";

function print(id: string, over: Partial<Fingerprint> = {}): Fingerprint {
  const link = `quay.example/${id}`;
  return { id, link, title: `About ${id}`, letters: id, source: FEED, ...over };
}

const FERRY = print("ferry");
const MOTHS = print("moths");

let file: string;
let now: Date;
let cursors: SqliteCursor[];
let cursor: SqliteCursor;

async function open(newsletter = "the-mudlark"): Promise<SqliteCursor> {
  const made = new SqliteCursor(await openStore(file), { newsletter, clock: () => now });
  cursors.push(made);
  return made;
}

beforeEach(async () => {
  file = path.join(await newFolder(), "letter.db");
  now = new Date("2026-11-24T07:00:00Z");
  cursors = [];
  cursor = await open();
});

afterEach(() => {
  for (const each of cursors) each.close();
});

const isTaken = (item: Fingerprint, slot = "2026-W49", edited: "ignore" | "again" = "ignore") =>
  cursor.isTaken(item, { slot, edited });

const take = async (slot: string, articles: readonly Fingerprint[]) =>
  takeArticlesFor({ store: file, slug: "the-mudlark" }, articles, { slot, clock: () => now });

const slot = (week: number) => `2026-W${week}`;

describe("what has been in an issue", () => {
  test("is another newsletter's own affair", async () => {
    await take("2026-W48", [FERRY]);
    const other = await open("the-gazette");
    expect(other.isTaken(FERRY, { slot: "2026-W49", edited: "ignore" })).toBe(false);
    expect(other.itemsOf("2026-W48")).toEqual([]);
  });

  test("can be listed by slot, in the order of the issue", async () => {
    await take("2026-W48", [MOTHS, FERRY]);
    await take("2026-W49", [print("eels", { likeness: "00ff00ff00ff00ff", file: "eels.md" })]);
    expect(cursor.itemsOf("2026-W48")).toEqual([
      { ...MOTHS, slot: "2026-W48" },
      { ...FERRY, slot: "2026-W48" },
    ]);
    expect(cursor.itemsOf("2026-W49")).toMatchObject([{ file: "eels.md" }]);
  });

  test("is what its slot took last: building it again takes back what isn't in it now", async () => {
    await take("2026-W48", [FERRY, MOTHS]);
    await take("2026-W48", [MOTHS]);
    expect(isTaken(FERRY)).toBe(false);
    expect(isTaken(MOTHS)).toBe(true);
  });

  test("is taken whole or not at all, with what else its transaction does", async () => {
    const database = await openStore(file);
    const request = { newsletter: "the-mudlark", slot: "2026-W48", articles: [FERRY], at: now };
    const crash = () =>
      database.transaction(() => {
        takeArticles(database, request);
        throw new Error("the machine stopped");
      });
    expect(crash).toThrow("stopped");
    expect(cursor.itemsOf("2026-W48")).toEqual([]);
    expect(isTaken(FERRY)).toBe(false);
    database.close();
  });

  test("and came again edited is compared with what was told last", async () => {
    const edited = { ...FERRY, letters: "another text" };
    await take("2026-W47", [FERRY]);
    await take("2026-W48", [edited]);
    expect(isTaken(edited, "2026-W49", "again")).toBe(true);
    expect(cursor.itemsOf("2026-W47")).toMatchObject([FERRY]);
  });
});

describe("the health of sources", () => {
  const good = { source: FEED, name: "The Quay" };
  const bad = { ...good, error: { code: "FETCH_DEFERRED", message: "quay.example is down" } };

  const fail = (...weeks: number[]) => {
    for (const week of weeks) cursor.noteSources(slot(week), [bad]);
  };

  test("has when it was asked, when it answered last, and why it doesn't", () => {
    cursor.noteSources(slot(47), [good]);
    const read = now;
    now = new Date("2026-12-01T07:00:00Z");
    fail(48);
    expect(cursor.sources()).toEqual([
      {
        ...good,
        lastFetch: now,
        lastSuccess: read,
        failures: 1,
        code: "FETCH_DEFERRED",
        error: "quay.example is down",
      },
    ]);
    cursor.noteSources(slot(49), [good]);
    expect(cursor.sources()).toEqual([{ ...good, lastFetch: now, lastSuccess: now, failures: 0 }]);
  });

  test("is told of at the third failure in a row, once, and again only after it healed", () => {
    fail(40, 41);
    expect(cursor.takeReports(3)).toEqual([]);
    fail(42);
    expect(cursor.takeReports(3)).toMatchObject([{ name: "The Quay", failures: 3 }]);
    expect(cursor.takeReports(3)).toEqual([]);
    fail(43, 44);
    expect(cursor.takeReports(3)).toEqual([]);
    cursor.noteSources(slot(45), [good]);
    fail(46, 47);
    expect(cursor.takeReports(3)).toEqual([]);
    fail(48);
    expect(cursor.takeReports(3)).toMatchObject([{ failures: 3 }]);
  });

  test("fails a slot once, however often it is tried for it", () => {
    fail(40, 40, 40);
    expect(cursor.sources()).toMatchObject([{ failures: 1 }]);
  });
});
