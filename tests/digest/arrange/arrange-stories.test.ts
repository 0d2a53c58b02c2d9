import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Article } from "../../../src/article/article.ts";
import {
  arrangeStories,
  type ArrangeOptions,
} from "../../../src/digest/arrange/arrange-stories.ts";
import { valued } from "../../../src/digest/arrange/news-value.ts";
import { readings } from "../readings.ts";
import { article } from "../../fixtures.ts";
import { BRIDGE, EVENTS, LAMPS, story, wireCopy } from "../stories/wire.ts";

const DAY = "2018-11-24";

/** A story that is like no other. */
function told(title: string, publishedAt?: string): Article {
  const text = `${title} is told in words of ${title}.`;
  const dated = publishedAt === undefined ? { publishedAt: undefined } : { publishedAt };
  return article({
    id: title,
    title,
    text,
    url: `https://${title}.example/`,
    site: title,
    ...dated,
  });
}

const A = told("Alder", "2018-11-20");
const B = told("Beech", "2018-11-23T08:00:00Z");
const C = told("Cedar", "2018-11-23T19:00:00Z");
const D = told("Dogwood");

async function titles(
  articles: readonly Article[],
  { collected, pinned, ...over }: Parameters<typeof readings>[1] & Partial<ArrangeOptions> = {},
): Promise<string[]> {
  const read = readings(articles, { ...(collected && { collected }), ...(pinned && { pinned }) });
  const { stories } = await arrangeStories(read, { day: DAY, ...over });
  return stories.map(({ article }) => article.title);
}

describe("the order of an issue", () => {
  test("can be had one way or the other for all", async () => {
    expect(await titles([A, B, C, D], { order: "weight" })).toEqual([
      "Cedar",
      "Beech",
      "Dogwood",
      "Alder",
    ]);
    const collected = true;
    expect(await titles([A, B, C, D], { order: "given", collected })).toEqual([
      "Alder",
      "Beech",
      "Cedar",
      "Dogwood",
    ]);
  });

  test("has what a source pins after the pins of the newsletter, and before what is given", async () => {
    const over = { pins: ["Cedar"], pinned: [B, C], collected: [B, C] };
    expect(await titles([A, B, C, D], over)).toEqual(["Cedar", "Beech", "Alder", "Dogwood"]);
  });

  test("has what is pinned first, as the pins are, however old it is", async () => {
    const pins = ["Dogwood", "https://www.alder.example/?utm_source=x"];
    expect(await titles([A, B, C, D], { order: "weight", pins })).toEqual([
      "Dogwood",
      "Alder",
      "Cedar",
      "Beech",
    ]);
  });

  test("by weight does not depend on the order of reading, where weights differ", async () => {
    const days = fc.uniqueArray(fc.integer({ min: 1, max: 13 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(days, fc.infiniteStream(fc.nat()), async (ages, random) => {
        const given = ages.map((age) => told(`Story${age}`, `2018-11-${23 - age}`));
        const shuffled = given
          .map((one) => ({ one, at: random.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ one }) => one);
        const sorted = ages.toSorted((a, b) => a - b).map((age) => `Story${age}`);
        expect(await titles(shuffled, { order: "weight" })).toEqual(sorted);
      }),
    );
  });

  test("loses and doubles nothing, whatever is pinned and collected", async () => {
    const pool = [A, B, C, D, ...EVENTS.map(({ told }) => story("The One", told))];
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(pool),
        fc.subarray(pool),
        fc.subarray(pool.map(({ title }) => title)),
        fc.constantFrom(undefined, "given", "weight"),
        async (given, collected, pins, order) => {
          const { stories } = await arrangeStories(readings(given, { collected }), {
            day: DAY,
            pins,
            order,
          });
          const all = stories.flatMap((story) =>
            [story, ...story.merged].map(({ article }) => article),
          );
          expect(new Set(all)).toEqual(new Set(given));
          expect(all).toHaveLength(given.length);
        },
      ),
    );
  });
});

describe("what is merged", () => {
  const full = story("The One", BRIDGE.told);
  const copy = story("The Other", wireCopy(BRIDGE.told, "A copy"));

  test("is one story", async () => {
    const { stories } = await arrangeStories(readings([copy, A, full]), { day: DAY });
    expect(stories.map(({ article, merged }) => [article.title, merged.length])).toEqual([
      [full.title, 1],
      ["Alder", 0],
    ]);
  });

  test("is shown by the article that an editor named or pinned", async () => {
    const collected = [copy, full];
    expect(await titles([copy, full], { collected })).toEqual([full.title]);
    expect(await titles([copy, full], { collected: [full] })).toEqual(["A copy"]);
    expect(await titles([copy, full], { collected, pins: ["A copy"] })).toEqual(["A copy"]);
  });

  test("stays apart where merging is off", async () => {
    expect(await titles([copy, full, full], { merge: false })).toHaveLength(3);
  });
});

describe("a pin", () => {
  const file = { ...A, source: "content/03-alder.md" };

  test.each(["Alder", "  ALDER ", "https://alder.example", "03-alder.md", "./content/03-alder.md"])(
    "%s is found",
    async (pin) => {
      expect(await arrangeStories(readings([B, file]), { day: DAY, pins: [pin] })).toMatchObject({
        stories: [{ article: file }, { article: B }],
        unknownPins: [],
      });
    },
  );

  test.each<[string, string | undefined]>([
    ["Aldr", "Alder"],
    ["04-alder.md", "03-alder.md"],
    ["https://alder.example/x", "https://Alder.example/"],
    ["Something else altogether", undefined],
    ["-alder.md", "03-alder.md"],
  ])("%s that sticks to nothing names the nearest: %s", async (pin, near) => {
    const { stories, unknownPins } = await arrangeStories(readings([B, file]), {
      day: DAY,
      pins: [pin],
    });
    expect(unknownPins).toEqual([{ pin, near }]);
    expect(stories).toHaveLength(2);
  });
});

async function weight(told: Article, ...merged: Article[]): Promise<number> {
  return valueOf(
    { article: told, weight: 1 },
    ...merged.map((article) => ({ article, weight: 1 })),
  );
}

async function valueOf(
  ...telling: Parameters<typeof valued>[0][number]["telling"]
): Promise<number> {
  const [only] = await valued([{ story: "it", telling }], DAY);
  return only?.news.value ?? Number.NaN;
}

describe("a story's weight", () => {
  test("falls by one a day", async () => {
    const today = told("x", "2018-11-24T12:00:00Z");
    expect((await weight(today)) - (await weight(told("x", "2018-11-22T12:00:00Z")))).toBeCloseTo(
      2,
    );
  });

  test("rises by one where twice as many papers have it, each counted once", async () => {
    const [one, two, three] = ["a", "b", "c"].map((paper) => told(paper, "2018-11-24T12:00:00Z"));
    if (!one || !two || !three) throw new Error("three are wanted");
    expect((await weight(one, two)) - (await weight(one))).toBeCloseTo(1);
    expect(await weight(one, two, { ...two, id: "again" })).toBe(await weight(one, two));
    expect(await weight(one, two, three)).toBeGreaterThan(await weight(one, two));
  });

  test("is that of its newest article", async () => {
    expect(await weight(A, C)).toBeGreaterThan(
      await weight(A, { ...C, publishedAt: A.publishedAt ?? "" }),
    );
  });

  test("of no date, of no real date and of a date to come is never out of bounds", async () => {
    expect(await weight(D)).toBe(await weight(told("x", "yesterday")));
    expect(await weight(D)).toBeLessThan(await weight(C));
    expect(await weight(D)).toBeGreaterThan(await weight(A));
    expect(await weight(told("x", "2099-01-01"))).toBe(await weight(D));
    expect(await weight(told("x", "2018-11-25T12:00:00Z"))).toBe(
      await weight(told("x", "2018-11-25")),
    );
    expect(await weight(told("x", "1999-01-01"))).toBe(await weight(told("x", "2018-01-01")));
  });

  test("rises by one where editor or config give it twice the weight", async () => {
    const plain = told("x", "2018-11-24T12:00:00Z");
    expect((await weight({ ...plain, priority: 2 })) - (await weight(plain))).toBeCloseTo(1);
    const halved = await valueOf({ article: plain, weight: 0.5 });
    expect(halved).toBeCloseTo((await weight(plain)) - 1);
  });

  test("is greater where more of the issue is about it", async () => {
    const stories = [BRIDGE.told, BRIDGE.other, LAMPS.told].map((told) => ({
      story: told,
      telling: [{ article: story("The One", told), weight: 1 }] as const,
    }));
    const [first, , third] = await valued(stories, DAY);
    expect(first?.news.central).toBeGreaterThan(third?.news.central ?? 1);
  });
});
