import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Article } from "../../../src/article/article.ts";
import {
  type ArrangeOptions,
  arrangeStories,
  offeredPairs,
} from "../../../src/digest/arrange/arrange-stories.ts";
import { newsworthinessOf, valued } from "../../../src/digest/arrange/news-value.ts";
import { takeAdvice } from "../../../src/digest/arrange/take-advice.ts";
import { type Weight, weightedDigest } from "../../../src/digest/arrange/weights.ts";
import { slotsOf } from "../../../src/email/theme.ts";
import { template } from "../../render.ts";
import { type Grouping, sectionsOf } from "../../../src/digest/compose-digest.ts";
import { parseDigest } from "../../../src/digest/digest-json.ts";
import type { Digest, Entry } from "../../../src/digest/digest.ts";
import { LEAST_CHANCE } from "../../../src/digest/stories/same-story.ts";
import type { StoryDraft } from "../../../src/digest/stories/story.ts";
import type { IssueAdvice } from "../../../src/summary/model/issue-question.ts";
import { article, digestOf, entry } from "../../fixtures.ts";
import { readings } from "../readings.ts";
import { BRIDGE, EVENTS, LAMPS, SHOPS, story, unsureReport, wireCopy } from "../stories/wire.ts";

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

const NEWS = article({
  id: "news",
  title: "Two ferrymen charged after fire kills a passenger at Orrell",
  text: "Two ferrymen were charged on Tuesday after a fire on the night boat at Orrell killed a passenger and injured four, police said. A judge will hear the case in May, the prosecutor said.",
});
const ADVICE = article({
  id: "advice",
  title: "How to pack your bag for the night boat",
  text: "You will want a blanket, and you will thank me for it. I have taken the night boat for ten years, and my bag has never been heavier than your cat. Your shoes stay on.",
});

describe("how much a text reads as news", () => {
  test.each(["", "…", "I", "you ".repeat(5000), "kill ".repeat(5000)])(
    "is from 0 to 1 whatever the text: %s",
    (text) => {
      for (const language of ["en", "ja", "xx"]) {
        const worth = newsworthinessOf(article({ title: "", text, language }));
        expect(worth).toBeGreaterThanOrEqual(0);
        expect(worth).toBeLessThanOrEqual(1);
      }
    },
  );

  test("leads an issue, of stories of one day", async () => {
    const { stories } = await arrangeStories(readings([ADVICE, NEWS]), {
      day: "2018-11-24",
      order: "weight",
    });
    expect(stories.map(({ article: { id } }) => id)).toEqual(["news", "advice"]);
    expect(stories[0]?.place.newsDays).toBeGreaterThan(stories[1]?.place.newsDays ?? 2);
  });
});

type Told = readonly [title: string, tags: readonly string[], site?: string];

const STORIES: readonly Told[] = [
  ["Rye", ["bread"], "The Quay"],
  ["Knots", ["Books", "Bread"], "Tidewatch"],
  ["Bees", ["Ferries"], "The Quay"],
  ["Buns", ["#Bread"], "The Slip"],
  ["Nets", [], "Tidewatch"],
  ["Oars", ["Bread", "Ferries"], "the  quay"],
  ["Fog", ["Weather", "ferries"]],
];

const entries = STORIES.map(([title, tags, site]) =>
  entry({ title, tags, site, url: site === undefined ? "https://www.fog.example/1" : undefined }),
);

function grouped(grouping: Grouping | undefined): [string, string[]][] {
  return sectionsOf(entries, grouping).map(({ heading, entries }) => [
    heading,
    entries.map(({ article }) => article.title),
  ]);
}

describe("sections", () => {
  test("are one without a heading by default", () => {
    const all = STORIES.map(([title]) => title);
    expect(grouped(undefined)).toEqual([["", all]]);
    expect(grouped("none")).toEqual([["", all]]);
  });

  test("by tag have two stories at least, whatever the case and signs of the tag", () => {
    expect(grouped("tag")).toEqual([
      ["Bread", ["Rye", "Knots", "Buns", "Oars"]],
      ["", ["Bees", "Nets", "Fog"]],
    ]);
  });

  test("by source go by the paper's name, as most have it", () => {
    expect(grouped("source")).toEqual([
      ["The Quay", ["Rye", "Bees", "Oars"]],
      ["Tidewatch", ["Knots", "Nets"]],
      ["", ["Buns", "Fog"]],
    ]);
  });

  test("of the editor's own may share a heading", () => {
    const rules = [
      { heading: "Both", tags: ["books"] },
      { heading: "Both", sources: ["fog.example"] },
    ];
    expect(grouped(rules)[0]).toEqual(["Both", ["Knots", "Fog"]]);
  });

  test.each(["fog.example", "https://www.fog.example/", "FOG.example", "example"])(
    "of a source may name its host: %s",
    (source) => {
      expect(grouped([{ heading: "Fog", sources: [source] }])[0]).toEqual(["Fog", ["Fog"]]);
    },
  );

  test("of nothing are none", () => {
    expect(sectionsOf([], "tag")).toEqual([]);
  });

  test("hold every story exactly once and in order, whatever the tags", () => {
    const tag = fc.oneof(
      fc.constantFrom("a", "A ", "#a", "b-c", "B_c", "__proto__", "", "##"),
      fc.string(),
    );
    const story = fc.record({
      tags: fc.array(tag, { maxLength: 4 }),
      site: fc.option(fc.constantFrom("x", "X", "constructor"), { nil: undefined }),
    });
    const grouping: fc.Arbitrary<Grouping> = fc.oneof(
      fc.constantFrom("none" as const, "tag" as const, "source" as const),
      fc.array(fc.record({ heading: fc.constantFrom("H", "I"), tags: fc.array(tag) })),
    );
    fc.assert(
      fc.property(fc.array(story, { maxLength: 12 }), grouping, (stories, by) => {
        const told = stories.map((over, index) => ({
          ...entry(),
          article: article({ ...over, id: String(index) }),
        }));
        const sections = sectionsOf(told, by);
        const ids = sections.map(({ entries }) => entries.map(({ article }) => Number(article.id)));
        expect(ids.flat().sort((a, b) => a - b)).toEqual(told.map((_, index) => index));
        for (const group of ids) expect(group).toEqual(group.toSorted((a, b) => a - b));
        const headings = sections.map(({ heading }) => heading);
        expect(new Set(headings).size).toBe(headings.length);
        expect(headings.slice(0, -1)).not.toContain("");
      }),
    );
  });
});

const WIDE = { src: "images/a.jpg", alt: "A", widthPx: 1200, heightPx: 750 };
const TALL = { ...WIDE, widthPx: 400, heightPx: 1600 };

/** Stories with a picture where the letter is big, and none where it is small. */
function stories(letters: string): Entry[] {
  return letters.split("").map((letter, at) =>
    entry({
      title: `${letter}${at}`,
      images: letter === letter.toUpperCase() ? [{ ...WIDE, src: `images/${at}.jpg` }] : [],
    }),
  );
}

const SLOTS = slotsOf((await template("digest")).theme);

function withArticle(entry: Entry, fields: Partial<Entry["article"]>): Entry {
  return { ...entry, article: { ...entry.article, ...fields } };
}

function weighedAs(entries: readonly Entry[], weights: Readonly<Record<number, Weight>>): Entry[] {
  return entries.map((entry, at) => (weights[at] ? { ...entry, weight: weights[at] } : entry));
}

/** The weights of each section, by their first letters. */
function page(digest: Digest): string[] {
  return weightedDigest(digest, SLOTS).sections.map(({ heading, entries }) =>
    `${heading} ${entries.map(({ weight }) => weight.charAt(0)).join("")}`.trim(),
  );
}

function titlesByWeight(digest: Digest): string[] {
  return weightedDigest(digest, SLOTS).sections.flatMap(({ entries }) =>
    entries.map(({ article }) => article.title),
  );
}

/** The titles in the order of the page, each with the places that its picture passes for. */
function shown(digest: Digest): string[] {
  return weightedDigest(digest, SLOTS).sections.flatMap((section) =>
    section.entries.map(({ article, picturePlaces }) =>
      `${article.title} ${picturePlaces.join(" ")}`.trim(),
    ),
  );
}

const count = (length: number) => stories("a".repeat(length));
const tagged = (length: number, tags: readonly string[]) =>
  Array.from({ length }, (_, at) =>
    entry({ title: `a${at}`, tags: [tags[at % tags.length] ?? ""] }),
  );

describe("the weights of a digest", () => {
  test.each([
    [1, "l"],
    [2, "lr"],
    [3, "lpp"],
    [4, "lppr"],
    [5, "lpprr"],
    [6, "lpprrr"],
    [7, "lpprrll"],
    [12, "lpprrlllllll"],
    [13, "lpprrrlllllll"],
  ])("go by their number: %i", (length, weights) => {
    expect(page(digestOf(count(length), { sections: "none" }))).toEqual([weights]);
  });

  test("of a long issue in sections are a row for each, and the rest in brief", () => {
    const digest = digestOf(tagged(14, ["Weather", "Boats", "Opinion"]));
    expect(page(digest)).toEqual(["lpp", "Weather rlll", "Boats rlll", "Opinion rll"]);
  });

  test("of a short issue in sections are rows where a section has two", () => {
    const digest = digestOf(tagged(8, ["Weather", "Boats", "Boats"]), { sections: "tag" });
    expect(page(digest)).toEqual(["l", "Boats rllll", "Weather rr"]);
  });

  test("in a section of the config are what the config says", () => {
    const sections = [{ heading: "Notes", tags: ["Boats"], weight: "line" as const }];
    expect(page(digestOf(tagged(6, ["Weather", "Boats"]), { sections }))).toEqual([
      "l",
      "Notes lll",
      "ll",
    ]);
  });

  test("give the lead's place to the story that an editor made the lead", () => {
    const digest = digestOf(weighedAs(count(4), { 2: "lead" }));
    expect(page(digest)).toEqual(["lppr"]);
    expect(titlesByWeight(digest)).toEqual(["a2", "a0", "a1", "a3"]);
  });

  test("are an editor's where she says so, and never a pair of one", () => {
    expect(page(digestOf(weighedAs(count(4), { 1: "line", 2: "line", 3: "pair" })))).toEqual([
      "lrll",
    ]);
    expect(page(digestOf(weighedAs(count(5), { 4: "pair" })))).toEqual(["lpprr"]);
    expect(titlesByWeight(digestOf(weighedAs(count(5), { 4: "pair" })))).toEqual(
      "a0 a1 a4 a2 a3".split(" "),
    );
    expect(page(digestOf(weighedAs(count(4), { 1: "line", 2: "row", 3: "row" })))).toEqual([
      "lrrl",
    ]);
  });

  test("set two stories with pictures side by side, or two without", () => {
    expect(titlesByWeight(digestOf(stories("AAaA")))).toEqual(["A0", "A1", "A3", "a2"]);
    expect(titlesByWeight(digestOf(stories("AAaaa")))).toEqual(["A0", "a2", "a3", "A1", "a4"]);
  });

  test("take a picture that is a tower for none", () => {
    const tower = entry({ title: "tower", images: [TALL] });
    const [a, b, c] = stories("AAA");
    if (!a || !b || !c) throw new Error("three stories");
    expect(titlesByWeight(digestOf([a, b, tower, c]))).toEqual(["A0", "A1", "A2", "tower"]);
  });

  test("let a story that is doubted lead, or stand with its first line, only where none is surer", () => {
    const doubted = { reading: { confidence: 0.2, doubts: [] } };
    const told = stories("aaaaaaaa").map((entry, at) =>
      at < 2 ? withArticle(entry, doubted) : entry,
    );
    const digest = digestOf(told, { sections: "none" });
    expect(page(digest)).toEqual(["lpprrlll"]);
    expect(titlesByWeight(digest)).toEqual(["a2", "a3", "a4", "a5", "a6", "a0", "a1", "a7"]);
    const accepted = digestOf(told.map((entry) => ({ ...entry, accepted: true as const })));
    expect(titlesByWeight(accepted)[0]).toBe("a0");
    const only = digestOf(told.slice(0, 2));
    expect(titlesByWeight(only)).toEqual(["a0", "a1"]);
  });

  test("give the lead to the first of three whose picture is wide enough for it", () => {
    const narrow = { ...WIDE, widthPx: 599, heightPx: 400 };
    const told = stories("AAAAA").map((entry, at) =>
      at === 2 || at === 4 ? entry : withArticle(entry, { images: [narrow] }),
    );
    expect(titlesByWeight(digestOf(told, { sections: "none" }))[0]).toBe("A2");
    const none = told.filter((_entry, at) => at !== 2);
    expect(titlesByWeight(digestOf(none, { sections: "none" }))[0]).toBe("A0");
  });

  test("show a picture once, where it stands first, and both pictures of a pair or none", () => {
    const same = { ...WIDE, src: "images/same.jpg" };
    const twice = stories("AAAA").map((entry, at) =>
      at % 2 === 0 ? withArticle(entry, { images: [same] }) : entry,
    );
    expect(shown(digestOf(twice))).toEqual([
      "A0 lead pair row",
      "A1 lead pair row",
      "A3 lead pair row",
      "A2",
    ]);
    const mixed = weighedAs(stories("AAaA"), { 1: "pair", 2: "pair" });
    expect(shown(digestOf(mixed))).toEqual([
      "A0 lead pair row",
      "A1 lead row",
      "a2",
      "A3 lead pair row",
    ]);
    const lines = weighedAs(stories("AAAA"), { 1: "line" }).map((entry) =>
      withArticle(entry, { images: [same] }),
    );
    expect(shown(digestOf(lines)).filter((one) => one.includes("row"))).toEqual([
      "A0 lead pair row",
    ]);
  });

  test("stand in digest.json, and no other word does", () => {
    const json = JSON.stringify(digestOf(count(2)));
    const weighted = (weight: string) =>
      json.replace('"entries":[{', `"entries":[{"weight":"${weight}",`);
    expect(parseDigest(weighted("row"), "digest.json").sections[0]?.entries[0]?.weight).toBe("row");
    expect(() => parseDigest(weighted("hero"), "digest.json")).toThrow(/weight/);
  });

  test("are one for every story, with no pair alone and each story once, whatever was said", () => {
    const weight = fc.constantFrom(undefined, undefined, "lead", "pair", "row", "line");
    const issue = fc.record({
      told: fc.array(fc.record({ weight, isBig: fc.boolean(), tag: fc.nat(4) }), {
        minLength: 1,
        maxLength: 60,
      }),
      sections: fc.constantFrom("auto", "none", "tag"),
    });
    fc.assert(
      fc.property(issue, ({ told, sections }) => {
        const entries = told.map(({ weight, isBig, tag }, at): Entry => {
          const letters = stories(isBig ? "A" : "a")[0];
          if (!letters) throw new Error("one story");
          const article = { ...letters.article, title: `${at}`, tags: [`Tag ${tag}`] };
          return { ...letters, article, ...(weight && { weight }) };
        });
        const digest = digestOf(entries, { sections });
        const weighted = weightedDigest(digest, SLOTS);
        const flat = weighted.sections.flatMap(({ entries }) => entries);
        expect(flat.map(({ article }) => article.title).sort()).toEqual(
          entries.map(({ article }) => article.title).sort(),
        );
        expect(flat.map(({ weight }) => weight).indexOf("lead")).toBe(0);
        expect(flat.filter(({ weight }) => weight === "lead")).toHaveLength(1);
        expect(flat.filter(({ weight }) => weight === "pair").length % 2).toBe(0);
        for (const { heading, entries } of weighted.sections) {
          const ranks = entries.map(({ weight }) =>
            ["lead", "pair", "row", "line"].indexOf(weight),
          );
          expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
          if (heading !== "") expect(ranks.filter((rank) => rank < 2)).toEqual([]);
        }
        expect(weightedDigest(weighted, SLOTS)).toEqual(weighted);
      }),
    );
  });
});

const BRIDGES = story("The One", BRIDGE.told);
const SHORTER = story("The Other", SHOPS);
const OIL = story("The Third", LAMPS.told);
const STUCK_SHUT = story("The Fourth", BRIDGE.other);
const ADVISED_STORIES = [BRIDGES, OIL, SHORTER, STUCK_SHUT];

async function given(
  articles: readonly Article[],
  over: Partial<ArrangeOptions> = {},
  collected: readonly Article[] = [],
) {
  const arrangement = { day: "2018-11-20", order: "weight" as const, ...over };
  return (await arrangeStories(readings(articles, { collected }), arrangement)).stories;
}

/** The number of an article in what the model is asked. */
function numberOf(stories: readonly StoryDraft[], article: Article): number {
  return stories.findIndex((one) => one.article === article) + 1;
}

function said(advice: Partial<IssueAdvice>): IssueAdvice {
  return { issue: "abc123", same: [], order: [], ...advice };
}

function titlesAsAdvised(stories: readonly StoryDraft[]): string[] {
  return stories.map(({ article }) => article.title);
}

async function merging(articles: readonly [Article, Article], over = {}, edits = {}, merge = true) {
  const stories = await given(articles, over);
  expect(stories).toHaveLength(2);
  return takeAdvice(stories, said({ same: [[1, 2]] }), { edits, merge });
}

describe("stories that a model takes for one", () => {
  test("are one where their words don't speak against it, told by the fullest", async () => {
    const { stories, advice } = await merging([SHORTER, BRIDGES]);
    expect(stories).toMatchObject([
      { article: { id: BRIDGES.id }, merged: [{ article: { id: SHORTER.id } }], told: "fullest" },
    ]);
    const [{ merged: [other], place } = { merged: [], place: undefined }] = stories;
    const merge = other?.merge;
    expect(merge?.as).toBe("model");
    expect(merge?.chance).toBeGreaterThanOrEqual(LEAST_CHANCE);
    expect(place?.papers).toBe(2);
    expect(advice.same).toMatchObject([{ used: true }]);
  });

  test.each<readonly [name: string, a: Article, b: Article, why: string]>([
    ["another event", BRIDGES, STUCK_SHUT, "they tell of another outcome"],
    [
      "another language",
      story("A", EVENTS[2]?.told ?? BRIDGE.told, { language: "de" }),
      story("B", EVENTS[3]?.told ?? BRIDGE.told, { language: "ja" }),
      "they are in two languages",
    ],
    [
      "another day",
      BRIDGES,
      { ...SHORTER, publishedAt: "2018-11-24T09:00:00Z" },
      "they are of different days",
    ],
  ])("stay two where they tell of %s, and are offered", async (_, a, b, why) => {
    const { stories, advice } = await merging([a, b]);
    expect(stories).toHaveLength(2);
    expect(advice.same).toMatchObject([{ used: false, why }]);
    expect(new Set(advice.same?.[0]?.stories)).toEqual(new Set([a.id, b.id]));
  });

  test("stay two where the editor has parted them", async () => {
    const edits = { apart: [[BRIDGES.id, SHORTER.id]] as const };
    const { stories, advice } = await merging([BRIDGES, SHORTER], {}, edits);
    expect(stories).toHaveLength(2);
    expect(advice.same).toMatchObject([{ used: false, why: "you have parted them" }]);
  });

  test("stay two where none are to be merged", async () => {
    const { stories, advice } = await merging([BRIDGES, SHORTER], {}, {}, false);
    expect(stories).toHaveLength(2);
    expect(advice.same).toMatchObject([{ used: false, why: "`merge` is false" }]);
  });

  test("are told by the one that the editor has named", async () => {
    const drafts = await given([BRIDGES, SHORTER], { order: undefined }, [BRIDGES]);
    const { stories } = takeAdvice(drafts, said({ same: [[1, 2]] }));
    expect(stories).toMatchObject([{ article: { id: SHORTER.id }, told: "chosen" }]);
  });
});

describe("a model's order", () => {
  test("is that of what goes by news value", async () => {
    const stories = await given(ADVISED_STORIES);
    const wanted = [STUCK_SHUT, OIL, SHORTER, BRIDGES];
    const order = wanted.map((article) => numberOf(stories, article));
    const { stories: ordered, advice } = takeAdvice(stories, said({ order }));
    expect(titlesAsAdvised(ordered)).toEqual(wanted.map(({ title }) => title));
    expect(ordered.map(({ place }) => place.by)).toEqual(Array(4).fill("model"));
    expect(advice.order).toEqual({ stories: wanted.map(({ id }) => id), used: true });
  });

  test("leaves what it doesn't name behind, in ours", async () => {
    const stories = await given(ADVISED_STORIES);
    const order = [numberOf(stories, SHORTER)];
    const { stories: ordered } = takeAdvice(stories, said({ order }));
    const others = titlesAsAdvised(stories).filter((title) => title !== SHORTER.title);
    expect(titlesAsAdvised(ordered)).toEqual([SHORTER.title, ...others]);
  });

  test("moves nothing that the editor has named or pinned", async () => {
    const stories = await given(ADVISED_STORIES, { order: undefined }, [OIL, STUCK_SHUT]);
    const order = [STUCK_SHUT, SHORTER, OIL, BRIDGES].map((one) => numberOf(stories, one));
    const { stories: ordered, advice } = takeAdvice(stories, said({ order }));
    expect(titlesAsAdvised(ordered)).toEqual(
      [BRIDGES, SHORTER, STUCK_SHUT, OIL].map(({ title }) => title),
    );
    expect(advice.order?.why).toBe("what is named or pinned comes first");
    const fixed = await given(ADVISED_STORIES, { order: "given" });
    const left = takeAdvice(fixed, said({ order: [4, 3, 2, 1] }));
    expect([titlesAsAdvised(left.stories), left.advice.order?.used]).toEqual([
      titlesAsAdvised(fixed),
      false,
    ]);
  });

  test("puts nothing that was read with doubt in front", async () => {
    const doubtful = { ...OIL, reading: { confidence: 0.1, doubts: ["it may be a menu"] } };
    const stories = await given([BRIDGES, doubtful, STUCK_SHUT]);
    const order = [doubtful, STUCK_SHUT, BRIDGES].map((one) => numberOf(stories, one));
    const { stories: ordered, advice } = takeAdvice(stories, said({ order }));
    expect(titlesAsAdvised(ordered)[0]).toBe(STUCK_SHUT.title);
    expect(advice.order?.why).toBe("what was read with doubt leads no issue");
  });
});

describe("a model's subject", async () => {
  const stories = await given([BRIDGES, OIL], { order: "given" });
  const [lead, next] = [1, 2];

  test.each<readonly [text: string, from: readonly number[], why: string | undefined]>([
    ["Swing bridge at Orrell is stuck open", [lead], undefined],
    ["Swing bridge at Orrell is stuck open", [], undefined],
    ["Orrell bridge stuck; oil thief caught on Skerry Rock", [lead, next], undefined],
    ["Oil thief caught on Skerry Rock", [lead], "the name Skerry Rock is not in the article"],
    ["Bridge at Orrell stuck for 5,200 people", [lead], "the number 5,200 is not in the article"],
    ["Swing bridge at Orrell is not stuck open", [lead], "the article says the opposite here"],
    ["Swing bridge at Orrell was bombed", [lead], "the word bombed is not in the article"],
    ["Bridge of the oil thief is stuck open", [lead, next], "the word oil is not in the article"],
    ["Who has stuck the swing bridge at Orrell?", [lead], "it asks or teases"],
    ["You won't believe what happened at Orrell …", [lead], "it asks or teases"],
    ["Orrell", [lead], "it tells too little"],
    ["Swing bridge at Orrell stuck \u{1F6A2}", [lead], "it has a sign in it that is a picture"],
    [
      "She says that the swing bridge is stuck open",
      [lead],
      "it depends on something that it does not name",
    ],
    [
      "The swing bridge at Orrell has been stuck open since Monday morning",
      [lead],
      "it has 67 characters, and 60 are shown",
    ],
    [
      "Swing bridge stuck, see bridge.example/win now",
      [lead],
      "it contains an address: bridge.example/win",
    ],
  ])("%j of %j: %s", (text, from, why) => {
    const { advice } = takeAdvice(stories, said({ subject: { text, from } }));
    expect([advice.subject?.used, advice.subject?.why]).toEqual([why === undefined, why]);
  });

  test("that says nothing else in other words is used", async () => {
    const subject = { text: "Police arrest lamp oil thief on Skerry Rock", from: [lead] };
    const { advice } = takeAdvice(
      await given([OIL, BRIDGES], { order: "given" }),
      said({ subject }),
    );
    expect(advice.subject).toMatchObject({ used: true });
  });
});

test("numbers that no story has are written down, and do nothing", async () => {
  const stories = await given(ADVISED_STORIES);
  const advice = said({
    same: [[1, 97]],
    order: [0, -3, 98],
    preheader: { text: "X", from: [99] },
  });
  const taken = takeAdvice(stories, advice);
  expect(titlesAsAdvised(taken.stories)).toEqual(titlesAsAdvised(stories));
  expect(taken.advice.ignored).toEqual([
    "the issue has 4 stories, and none with the number 97, 0, -3, 98, 99",
  ]);
});

test("property: whatever a model says, each article is in the issue once, and its first story is sure", async () => {
  const doubtful = { ...OIL, reading: { confidence: 0.1, doubts: ["it may be a menu"] } };
  const stories = await given([BRIDGES, doubtful, SHORTER, STUCK_SHUT]);
  const ids = (told: typeof stories) =>
    told.flatMap((story) => [story, ...story.merged].map(({ article: { id } }) => id)).sort();
  const number = fc.integer({ min: -1, max: 6 });
  const line = fc.record({ text: fc.string({ unit: "grapheme" }), from: fc.array(number) });
  fc.assert(
    fc.property(
      fc.record({
        issue: fc.constant("abc123"),
        same: fc.array(fc.array(number, { maxLength: 5 }), { maxLength: 5 }),
        order: fc.array(number, { maxLength: 9 }),
        subject: fc.option(line, { nil: undefined }),
        preheader: fc.option(line, { nil: undefined }),
      }),
      (advice) => {
        const taken = takeAdvice(stories, advice);
        expect(ids(taken.stories)).toEqual(ids(stories));
        expect(taken.stories[0]?.article.id).not.toBe(OIL.id);
      },
    ),
  );
});

async function storiesOf(...articles: readonly Article[]): Promise<readonly StoryDraft[]> {
  return (await arrangeStories(readings(articles), { day: DAY })).stories;
}

describe("a pair of stories that may be one", () => {
  test("is offered with its chance; what is merged, or another event, is not", async () => {
    const [first, second] = [
      story("The One", BRIDGE.told),
      story("The Other", await unsureReport()),
    ];
    const offered = await offeredPairs(await storiesOf(first, second, story("C", LAMPS.told)), {});
    expect(offered).toMatchObject([{ stories: ["0", "1"], chance: expect.any(Number) }]);
    const sure = await storiesOf(first, story("The Other", BRIDGE.retold), story("C", LAMPS.told));
    expect(await offeredPairs(sure, {})).toBeUndefined();
    const other = await storiesOf(first, story("The Other", BRIDGE.other));
    expect(await offeredPairs(other, {})).toBeUndefined();
  });

  test("is not offered where the editor has parted it, or where nothing is merged", async () => {
    const stories = await storiesOf(
      story("The One", BRIDGE.told),
      story("The Other", await unsureReport()),
    );
    const ids = stories.map(({ article: { id } }) => id);
    const pairs = [
      ["0", "1"],
      ["1", "0"],
      [ids[0] ?? "", ids[1] ?? ""],
    ] as const;
    for (const pair of pairs)
      expect(await offeredPairs(stories, { edits: { apart: [pair] } })).toBeUndefined();
    expect(await offeredPairs(stories, { merge: false })).toBeUndefined();
  });

  test("is one of three at most, the likeliest first, and of 200 stories of one event few are compared closely", async () => {
    const [title, text] = await unsureReport();
    const all = Array.from({ length: 200 }, (_, at) =>
      story(`Paper ${at}`, [
        `${title}, part ${at}`,
        `${text} ${"A word of its own. ".repeat(at % 9)}`,
      ]),
    );
    const { stories } = await arrangeStories(readings(all), { day: DAY, merge: false });
    const before = process.cpuUsage();
    const offered = (await offeredPairs(stories, {})) ?? [];
    const { user, system } = process.cpuUsage(before);
    // All 19,900 pairs would take 14 seconds.
    expect((user + system) / 1e6).toBeLessThan(4);
    expect(offered.length).toBeLessThanOrEqual(3);
    const chances = offered.map(({ chance }) => chance);
    expect(chances).toEqual(chances.toSorted((a, b) => b - a));
  });
});
