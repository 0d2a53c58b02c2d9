import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Article } from "../../../src/article/article.ts";
import {
  arrangeStories,
  type ArrangeOptions,
} from "../../../src/digest/arrange/arrange-stories.ts";
import type { StoryDraft } from "../../../src/digest/stories/story.ts";
import { readings } from "../readings.ts";
import { takeAdvice } from "../../../src/digest/arrange/take-advice.ts";
import type { IssueAdvice } from "../../../src/summary/model/issue-question.ts";
import { BRIDGE, EVENTS, LAMPS, story } from "../stories/wire.ts";

/** The bridge again: in words that make it one event with a chance that is not enough without somebody's word. */
const SHORT: readonly [string, string] = [
  "Orrell's bridge is stuck",
  `The bridge of Orrell is stuck open with a cracked bearing, and cars take the long way by Lower Wether.

Harbour master Oona Teal hopes for Friday. Shops on both sides of the river say that they have lost half of their trade, and the school has begun an hour later.`,
];

const BRIDGES = story("The One", BRIDGE.told);
const SHORTER = story("The Other", SHORT);
const OIL = story("The Third", LAMPS.told);
const STUCK_SHUT = story("The Fourth", BRIDGE.other);
const STORIES = [BRIDGES, OIL, SHORTER, STUCK_SHUT];

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

function titles(stories: readonly StoryDraft[]): string[] {
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
    expect(merge?.chance).toBeLessThan(0.45);
    expect(place?.papers).toBe(2);
    expect(advice.same).toMatchObject([{ used: true }]);
  });

  test.each<readonly [name: string, a: Article, b: Article, why: string]>([
    ["another event", BRIDGES, STUCK_SHUT, "they have too little in common"],
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
    const stories = await given(STORIES);
    const wanted = [STUCK_SHUT, OIL, SHORTER, BRIDGES];
    const order = wanted.map((article) => numberOf(stories, article));
    const { stories: ordered, advice } = takeAdvice(stories, said({ order }));
    expect(titles(ordered)).toEqual(wanted.map(({ title }) => title));
    expect(ordered.map(({ place }) => place.by)).toEqual(Array(4).fill("model"));
    expect(advice.order).toEqual({ stories: wanted.map(({ id }) => id), used: true });
  });

  test("leaves what it doesn't name behind, in ours", async () => {
    const stories = await given(STORIES);
    const order = [numberOf(stories, SHORTER)];
    const { stories: ordered } = takeAdvice(stories, said({ order }));
    const others = titles(stories).filter((title) => title !== SHORTER.title);
    expect(titles(ordered)).toEqual([SHORTER.title, ...others]);
  });

  test("moves nothing that the editor has named or pinned", async () => {
    const stories = await given(STORIES, { order: undefined }, [OIL, STUCK_SHUT]);
    const order = [STUCK_SHUT, SHORTER, OIL, BRIDGES].map((one) => numberOf(stories, one));
    const { stories: ordered, advice } = takeAdvice(stories, said({ order }));
    expect(titles(ordered)).toEqual([BRIDGES, SHORTER, STUCK_SHUT, OIL].map(({ title }) => title));
    expect(advice.order?.why).toBe("what is named or pinned comes first");
    const fixed = await given(STORIES, { order: "given" });
    const left = takeAdvice(fixed, said({ order: [4, 3, 2, 1] }));
    expect([titles(left.stories), left.advice.order?.used]).toEqual([titles(fixed), false]);
  });

  test("puts nothing that was read with doubt in front", async () => {
    const doubtful = { ...OIL, reading: { confidence: 0.1, doubts: ["it may be a menu"] } };
    const stories = await given([BRIDGES, doubtful, STUCK_SHUT]);
    const order = [doubtful, STUCK_SHUT, BRIDGES].map((one) => numberOf(stories, one));
    const { stories: ordered, advice } = takeAdvice(stories, said({ order }));
    expect(titles(ordered)[0]).toBe(STUCK_SHUT.title);
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
    ["Swing bridge at Orrell is not stuck open", [lead], "a “not” has come or gone here"],
    ["Swing bridge at Orrell was bombed", [lead], "the word bombed is not in the article"],
    ["Bridge of the oil thief is stuck open", [lead, next], "the word oil is not in the article"],
    ["Who has stuck the swing bridge at Orrell?", [lead], "it asks or teases"],
    ["You won't believe what happened at Orrell …", [lead], "it asks or teases"],
    ["Orrell", [lead], "it tells too little"],
    ["Swing bridge at Orrell stuck \u{1F6A2}", [lead], "it has a sign in it that is a picture"],
    ["She says that the swing bridge is stuck open", [lead], "it leans on what it does not name"],
    [
      "The swing bridge at Orrell has been stuck open since Monday morning",
      [lead],
      "it has 67 characters, and 60 are shown",
    ],
    [
      "Swing bridge stuck, see bridge.example/win now",
      [lead],
      "it has an address in it: bridge.example/win",
    ],
  ])("%j of %j: %s", (text, from, why) => {
    const { advice } = takeAdvice(stories, said({ subject: { text, from } }));
    expect([advice.subject?.used, advice.subject?.why]).toEqual([why === undefined, why]);
  });

  test("that nothing shows to be said is one to look at", async () => {
    const subject = { text: "Police arrest lamp oil thief on Skerry Rock", from: [lead] };
    const { advice } = takeAdvice(
      await given([OIL, BRIDGES], { order: "given" }),
      said({ subject }),
    );
    expect(advice.subject).toMatchObject({
      used: true,
      why: "nothing in the article shows this as it stands",
    });
  });
});

test("numbers that no story has are written down, and do nothing", async () => {
  const stories = await given(STORIES);
  const advice = said({
    same: [[1, 97]],
    order: [0, -3, 98],
    preheader: { text: "X", from: [99] },
  });
  const taken = takeAdvice(stories, advice);
  expect(titles(taken.stories)).toEqual(titles(stories));
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
