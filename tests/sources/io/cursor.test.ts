import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Fingerprint } from "../../../src/digest/stories/story.ts";
import { takeArticles } from "../../../src/delivery/io/issue-records.ts";
import { openStore, type StorePlace } from "../../../src/platform/store.ts";
import { Cursor } from "../../../src/sources/io/cursor.ts";
import { ENGINES, newPlace } from "../../stores.ts";
import { takeArticlesFor } from "../take-articles.ts";

const FEED = "https://quay.example/feed.xml";

function print(id: string, over: Partial<Fingerprint> = {}): Fingerprint {
  const link = `quay.example/${id}`;
  return { id, link, title: `About ${id}`, letters: id, source: FEED, ...over };
}

const slot = (week: number) => `2026-W${week}`;

const FERRY = print("ferry");
const MOTHS = print("moths");

describe.each(ENGINES)("on %s", (engine) => {
  let place: StorePlace;
  let now: Date;
  let cursors: Cursor[];
  let cursor: Cursor;

  async function open(newsletter = "the-mudlark"): Promise<Cursor> {
    const made = new Cursor(await openStore(place), { newsletter, clock: () => now });
    cursors.push(made);
    return made;
  }

  beforeEach(async () => {
    place = await newPlace(engine);
    now = new Date("2026-11-24T07:00:00Z");
    cursors = [];
    cursor = await open();
  });

  afterEach(async () => {
    for (const each of cursors) await each[Symbol.asyncDispose]();
  });

  const isTaken = async (
    item: Fingerprint,
    slot = "2026-W49",
    edited: "ignore" | "again" = "ignore",
  ) => cursor.isTaken(item, { slot, edited });

  const take = async (slot: string, articles: readonly Fingerprint[]) =>
    takeArticlesFor({ store: place, slug: "the-mudlark" }, articles, { slot, clock: () => now });

  describe("what has been in an issue", () => {
    test("is another newsletter's own affair", async () => {
      await take("2026-W48", [FERRY]);
      const other = await open("the-gazette");
      expect(await other.isTaken(FERRY, { slot: "2026-W49", edited: "ignore" })).toBe(false);
      expect(await other.itemsOf("2026-W48")).toEqual([]);
    });

    test("can be listed by slot, in the order of the issue", async () => {
      await take("2026-W48", [MOTHS, FERRY]);
      await take("2026-W49", [print("eels", { likeness: "00ff00ff00ff00ff", file: "eels.md" })]);
      expect(await cursor.itemsOf("2026-W48")).toEqual([
        { ...MOTHS, slot: "2026-W48" },
        { ...FERRY, slot: "2026-W48" },
      ]);
      expect(await cursor.itemsOf("2026-W49")).toMatchObject([{ file: "eels.md" }]);
    });

    test("is what its slot took last: building it again takes back what isn't in it now", async () => {
      await take("2026-W48", [FERRY, MOTHS]);
      await take("2026-W48", [MOTHS]);
      expect(await isTaken(FERRY)).toBe(false);
      expect(await isTaken(MOTHS)).toBe(true);
    });

    test("is taken whole or not at all, with what else its transaction does", async () => {
      await using store = await openStore(place);
      const request = { newsletter: "the-mudlark", slot: "2026-W48", articles: [FERRY], at: now };
      const crash = store.transaction(async (tx) => {
        await takeArticles(tx, request);
        throw new Error("the machine stopped");
      });
      await expect(crash).rejects.toThrow("stopped");
      expect(await cursor.itemsOf("2026-W48")).toEqual([]);
      expect(await isTaken(FERRY)).toBe(false);
    });

    test("and came again edited is compared with what was told last", async () => {
      const edited = { ...FERRY, letters: "another text" };
      await take("2026-W47", [FERRY]);
      await take("2026-W48", [edited]);
      expect(await isTaken(edited, "2026-W49", "again")).toBe(true);
      expect(await cursor.itemsOf("2026-W47")).toMatchObject([FERRY]);
    });
  });

  describe("the health of sources", () => {
    const good = { source: FEED, name: "The Quay" };
    const bad = { ...good, error: { code: "FETCH_DEFERRED", message: "quay.example is down" } };

    const fail = async (...weeks: number[]) => {
      for (const week of weeks) await cursor.noteSources(slot(week), [bad]);
    };

    test("has when it was asked, when it answered last, and why it doesn't", async () => {
      await cursor.noteSources(slot(47), [good]);
      const read = now;
      now = new Date("2026-12-01T07:00:00Z");
      await fail(48);
      expect(await cursor.sources()).toEqual([
        {
          ...good,
          lastFetch: now,
          lastSuccess: read,
          failures: 1,
          code: "FETCH_DEFERRED",
          error: "quay.example is down",
        },
      ]);
      await cursor.noteSources(slot(49), [good]);
      expect(await cursor.sources()).toEqual([
        { ...good, lastFetch: now, lastSuccess: now, failures: 0 },
      ]);
    });

    test("is told of at the third failure in a row, once, and again only after it healed", async () => {
      await fail(40, 41);
      expect(await cursor.takeReports(3)).toEqual([]);
      await fail(42);
      expect(await cursor.takeReports(3)).toMatchObject([{ name: "The Quay", failures: 3 }]);
      expect(await cursor.takeReports(3)).toEqual([]);
      await fail(43, 44);
      expect(await cursor.takeReports(3)).toEqual([]);
      await cursor.noteSources(slot(45), [good]);
      await fail(46, 47);
      expect(await cursor.takeReports(3)).toEqual([]);
      await fail(48);
      expect(await cursor.takeReports(3)).toMatchObject([{ failures: 3 }]);
    });

    test("fails a slot once, however often it is tried for it", async () => {
      await fail(40, 40, 40);
      expect(await cursor.sources()).toMatchObject([{ failures: 1 }]);
    });
  });
});
