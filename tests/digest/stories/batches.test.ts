import { describe, expect, test } from "vitest";
import type { Article } from "../../../src/article/article.ts";
import { arrangeStories } from "../../../src/digest/arrange/arrange-stories.ts";
import { centralityOf } from "../../../src/digest/stories/batch.ts";
import { gatherStories } from "../../../src/digest/stories/gather-stories.ts";
import { growthOf } from "../../cpu-time.ts";
import { BRIDGE, EVENTS, story } from "./wire.ts";
import { readings } from "../readings.ts";

const DAY = "2018-11-20";

function many(count: number, make: (at: number) => Article): Article[] {
  return Array.from({ length: count }, (_, at) => make(at));
}

/** The sentences of both tellings, others for each paper, under a headline of its own. */
function telling(at: number): Article {
  const sentences = [BRIDGE.told, BRIDGE.retold].flatMap(([, text]) => text.split(/(?<=\.)\s+/));
  const own = sentences.filter((_, place) => (place * 7 + at) % 5 !== 0);
  const [title] = at % 2 === 0 ? BRIDGE.told : BRIDGE.retold;
  return story(`Paper ${at}`, [`${title}: edition of paper ${at}`, own.join(" ")], { id: `${at}` });
}

/** Syllables by number, so that each article has words of its own. */
function unlike(at: number): Article {
  const syllables = ["ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "zu"];
  const word = (seed: number) =>
    String(seed * 7919 + 104729)
      .split("")
      .map((digit) => syllables[Number(digit)])
      .join("");
  const words = Array.from({ length: 60 }, (_, place) => word(at * 100 + place));
  return story(`Paper ${at}`, [
    `The ${words[0]} of ${words[1]}`,
    `The ${words.join(" and the ")}.`,
  ]);
}

const compare = (articles: readonly Article[]) => [
  gatherStories(readings(articles)),
  centralityOf(articles),
];

describe("five hundred articles", () => {
  test("on one event are one story, though every word of it is everywhere", async () => {
    const { stories } = await arrangeStories(readings(many(500, telling)), { day: DAY });
    expect(stories).toHaveLength(1);
    expect(stories[0]?.place).toMatchObject({ papers: 500 });
  });

  test("on five hundred events are as many stories", async () => {
    expect((await arrangeStories(readings(many(500, unlike)), { day: DAY })).stories).toHaveLength(
      500,
    );
  });

  test("take time that grows with their number, not with its square", () => {
    const [few, more] = [many(300, unlike), many(1200, unlike)];
    // Four times as many take about four times as long; their square takes sixteen times.
    const limit = 9;
    const growth = growthOf([() => compare(few), () => compare(more)], { limit });
    expect(growth).toBeLessThan(limit);
  });
});

test("one article under ten addresses is one story of ten papers, told by the first that had it", async () => {
  const copies = many(10, (at) =>
    story(`Paper ${at}`, BRIDGE.told, { publishedAt: `2018-11-20T${10 + ((at + 3) % 10)}:00:00Z` }),
  );
  const [only, ...others] = (await arrangeStories(readings(copies), { day: DAY })).stories;
  expect(others).toEqual([]);
  expect(only).toMatchObject({ told: "earliest", article: { site: "Paper 7" } });
  expect(only?.merged).toHaveLength(9);
  expect(only?.merged.every(({ merge }) => merge.as === "article")).toBe(true);
});

test("translations of one another stay apart until an editor joins them", async () => {
  const english = story("The One", BRIDGE.told);
  const german = story(
    "Der Andere",
    [
      "Drehbrücke in Orrell bleibt offen stehen",
      "Die Drehbrücke in Orrell steht seit Montagmorgen offen und teilt die Stadt mit 4200 Einwohnern, teilte die Hafenbehörde am Dienstag mit. Ein Lager der Brücke von 1894 brach um 6.40 Uhr, sagte Hafenmeisterin Oona Teal.",
    ],
    { language: "de" },
  );
  const over = { day: DAY, edits: { together: [[english.id, german.id]] as const } };
  expect((await arrangeStories(readings([german, english]), { day: DAY })).stories).toHaveLength(2);
  expect((await arrangeStories(readings([german, english]), over)).stories).toMatchObject([
    { article: english, merged: [{ article: german, merge: { as: "joined" } }] },
  ]);
});

test("events that have nothing in common stay apart in every language", async () => {
  const all = EVENTS.map(({ told, language }, at) => story(`Paper ${at}`, told, { language }));
  expect((await arrangeStories(readings(all), { day: DAY })).stories).toHaveLength(EVENTS.length);
});
