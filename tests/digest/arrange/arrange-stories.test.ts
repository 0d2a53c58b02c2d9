import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Article } from "../../../src/article/article.ts";
import { arrangeStories } from "../../../src/digest/arrange/arrange-stories.ts";
import { newsValuesOf } from "../../../src/digest/arrange/news-value.ts";
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

function titles(articles: readonly Article[], over: object = {}): string[] {
  return arrangeStories(articles, { day: DAY, ...over }).stories.map(
    ({ article }) => article.title,
  );
}

describe("the order of an issue", () => {
  test("can be had one way or the other for all", () => {
    expect(titles([A, B, C, D], { order: "weight" })).toEqual([
      "Cedar",
      "Beech",
      "Dogwood",
      "Alder",
    ]);
    const collected = new Set([A, B, C, D]);
    expect(titles([A, B, C, D], { order: "given", collected })).toEqual([
      "Alder",
      "Beech",
      "Cedar",
      "Dogwood",
    ]);
  });

  test("has what a source pins after the pins of the newsletter, and before what is given", () => {
    const over = { pins: ["Cedar"], pinned: [B, C], collected: new Set([B, C]) };
    expect(titles([A, B, C, D], over)).toEqual(["Cedar", "Beech", "Alder", "Dogwood"]);
  });

  test("has what is pinned first, as the pins are, however old it is", () => {
    const pins = ["Dogwood", "https://www.alder.example/?utm_source=x"];
    expect(titles([A, B, C, D], { order: "weight", pins })).toEqual([
      "Dogwood",
      "Alder",
      "Cedar",
      "Beech",
    ]);
  });

  test("by weight does not depend on the order of reading, where weights differ", () => {
    const days = fc.uniqueArray(fc.integer({ min: 1, max: 13 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(days, fc.infiniteStream(fc.nat()), (ages, random) => {
        const given = ages.map((age) => told(`Story${age}`, `2018-11-${23 - age}`));
        const shuffled = given
          .map((one) => ({ one, at: random.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ one }) => one);
        const sorted = ages.toSorted((a, b) => a - b).map((age) => `Story${age}`);
        expect(titles(shuffled, { order: "weight" })).toEqual(sorted);
      }),
    );
  });

  test("loses and doubles nothing, whatever is pinned and collected", () => {
    const pool = [A, B, C, D, ...EVENTS.map(({ told }) => story("The One", told))];
    fc.assert(
      fc.property(
        fc.shuffledSubarray(pool),
        fc.subarray(pool),
        fc.subarray(pool.map(({ title }) => title)),
        fc.constantFrom(undefined, "given", "weight"),
        (given, collected, pins, order) => {
          const arrangement = { day: DAY, collected: new Set(collected), pins, order };
          const { stories } = arrangeStories(given, arrangement);
          const all = stories.flatMap(({ article, alsoIn }) => alsoIn.concat(article));
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

  test("is one story", () => {
    const { stories } = arrangeStories([copy, A, full], { day: DAY });
    expect(stories.map(({ article, alsoIn }) => [article.title, alsoIn.length])).toEqual([
      [full.title, 1],
      ["Alder", 0],
    ]);
  });

  test("is shown by the article that an editor named or pinned", () => {
    const collected = new Set([copy, full]);
    expect(titles([copy, full], { collected })).toEqual([full.title]);
    expect(titles([copy, full], { collected: new Set([full]) })).toEqual(["A copy"]);
    expect(titles([copy, full], { collected, pins: ["A copy"] })).toEqual(["A copy"]);
  });

  test("stays apart where merging is off", () => {
    expect(titles([copy, full, full], { merge: false })).toHaveLength(3);
  });
});

describe("a pin", () => {
  const file = { ...A, source: "content/03-alder.md" };

  test.each(["Alder", "  ALDER ", "https://alder.example", "03-alder.md", "./content/03-alder.md"])(
    "%s is found",
    (pin) => {
      expect(arrangeStories([B, file], { day: DAY, pins: [pin] })).toMatchObject({
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
  ])("%s that sticks to nothing names the nearest: %s", (pin, near) => {
    const { stories, unknownPins } = arrangeStories([B, file], { day: DAY, pins: [pin] });
    expect(unknownPins).toEqual([{ pin, near }]);
    expect(stories).toHaveLength(2);
  });
});

function weight(told: Article, ...alsoIn: Article[]): number {
  const only = { article: told, alsoIn };
  return newsValuesOf([only], { day: DAY }).get(only)?.value ?? Number.NaN;
}

describe("a story's weight", () => {
  test("falls by one a day", () => {
    const today = told("x", "2018-11-24T12:00:00Z");
    expect(weight(today) - weight(told("x", "2018-11-22T12:00:00Z"))).toBeCloseTo(2);
  });

  test("rises by one where twice as many papers have it, each counted once", () => {
    const [one, two, three] = ["a", "b", "c"].map((paper) => told(paper, "2018-11-24T12:00:00Z"));
    if (!one || !two || !three) throw new Error("three are wanted");
    expect(weight(one, two) - weight(one)).toBeCloseTo(1);
    expect(weight(one, two, { ...two, id: "again" })).toBe(weight(one, two));
    expect(weight(one, two, three)).toBeGreaterThan(weight(one, two));
  });

  test("is that of its newest article", () => {
    expect(weight(A, C)).toBeGreaterThan(weight(A, { ...C, publishedAt: A.publishedAt ?? "" }));
  });

  test("of no date, of no real date and of a date to come is never out of bounds", () => {
    expect(weight(D)).toBe(weight(told("x", "yesterday")));
    expect(weight(D)).toBeLessThan(weight(C));
    expect(weight(D)).toBeGreaterThan(weight(A));
    expect(weight(told("x", "2099-01-01"))).toBe(weight(D));
    expect(weight(told("x", "2018-11-25T12:00:00Z"))).toBe(weight(told("x", "2018-11-25")));
    expect(weight(told("x", "1999-01-01"))).toBe(weight(told("x", "2018-01-01")));
  });

  test("rises by one where editor or config give it twice the weight", () => {
    const plain = told("x", "2018-11-24T12:00:00Z");
    expect(weight({ ...plain, priority: 2 }) - weight(plain)).toBeCloseTo(1);
    const only = { article: plain, alsoIn: [] };
    const valuing = { day: DAY, weights: new Map([[plain, 0.5]]) };
    expect(newsValuesOf([only], valuing).get(only)?.value).toBeCloseTo(weight(plain) - 1);
  });

  test("is greater where more of the issue is about it", () => {
    const [first, second, third] = [BRIDGE.told, BRIDGE.other, LAMPS.told].map((telling) => ({
      article: story("The One", telling),
      alsoIn: [],
    }));
    if (!first || !second || !third) throw new Error("three are wanted");
    const values = newsValuesOf([first, second, third], { day: DAY });
    expect(values.get(first)?.central).toBeGreaterThan(values.get(third)?.central ?? 1);
  });
});
