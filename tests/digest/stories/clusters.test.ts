import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Article } from "../../../src/article/article.ts";
import { arrangeStories } from "../../../src/digest/arrange/arrange-stories.ts";
import { centralityOf } from "../../../src/digest/stories/batch.ts";
import { clustersOf, gatherStories } from "../../../src/digest/stories/gather-stories.ts";
import type { StoryEdits } from "../../../src/digest/stories/story.ts";
import { growthOf } from "../../cpu-time.ts";
import { article } from "../../fixtures.ts";
import { readings } from "../readings.ts";
import { BRIDGE, EVENTS, LAMPS, story, wireCopy } from "./wire.ts";

type Told = readonly [title: string, text: string];

/** The sources of each cluster, as sets that can be compared. */
function grouped(articles: readonly Article[]): string[][] {
  return clustersOf(articles)
    .map((cluster) => cluster.map(({ id }) => id).sort())
    .sort(([a = ""], [b = ""]) => (a < b ? -1 : 1));
}

/** What a text file holds: neither paper nor address. */
function file(source: string, [title, text]: Told): Article {
  return article({ id: source, source, title, text, url: undefined, site: undefined });
}

/** The weekly number of a series, with the words of every other. */
function part(number: number): Article {
  const over = { id: `${number}`, publishedAt: `2018-11-${18 + number}` };
  return story("The One", [`Our river in pictures: week ${number}`, BRIDGE.told[1]], over);
}

function on(day: string): Article {
  return story("The One", [`Tides for ${day}`, BRIDGE.told[1]]);
}

function quake(place: string, size: string, depth: string): Article {
  const text = `An earth tremor of magnitude ${size} was felt on Monday night in ${place} and the villages round ${place} Head, the survey said.

The tremor was ${depth} kilometres deep. There were no reports of damage from ${place} Hall or from the ${place} Light, where the survey has an instrument, and nobody was hurt. Tremors of that size are felt there once or twice a year, as a rule at night, and do not mean that a greater one is to come.`;
  return story(`${place} Sun`, [`Earth tremor near ${place}`, text]);
}

function note(title: string, [, text]: Told, id: string): Article {
  return story("Links", [title, text], { url: "https://blog.example/day", id });
}

function many(count: number, make: (at: number) => Article): Article[] {
  return Array.from({ length: count }, (_, at) => make(at));
}

function isOneStory(...articles: readonly Article[]): boolean {
  return clustersOf(articles).length === 1;
}

describe.each(EVENTS.map((event) => [event.language, event.told[0], event] as const))(
  "in %s, %s",
  (language, _title, { told, retold, other }) => {
    const first = story("The One", told, { language });

    test("and a copy of it under another headline are one story", () => {
      const copy = story("The Other", wireCopy(told, "Von unserem Mitarbeiter"), { language });
      expect(isOneStory(first, copy)).toBe(true);
    });

    test("and what another paper wrote of it are one story", () => {
      expect(isOneStory(first, story("The Other", retold, { language }))).toBe(true);
    });

    test("and another event of its kind are two", () => {
      expect(isOneStory(first, story("The Other", other, { language }))).toBe(false);
      expect(isOneStory(first, story("The One", other, { language }))).toBe(false);
    });
  },
);

describe("one story", () => {
  const told = story("The One", BRIDGE.told);

  test.each<[string, Partial<Article>]>([
    ["from a campaign", { url: `${told.url}?utm_source=letter` }],
    ["over http, with www and a slash", { url: `http://www.the-one.example/bridge/` }],
    ["of a later minute", { publishedAt: "2018-11-20T09:41:00Z", id: "again" }],
  ])("is the same address %s, though its text was cut", (_what, over) => {
    const at = { ...told, url: "https://the-one.example/bridge" };
    const again = { ...at, text: at.text.slice(0, 500), ...over };
    const original = over.url?.includes("utm") ? told : at;
    expect(isOneStory(original, again)).toBe(true);
  });

  test("is a text of which a paper kept two paragraphs", () => {
    const text = BRIDGE.told[1].split("\n\n").slice(0, 2).join("\n\n");
    expect(isOneStory(told, story("The Other", ["Bridge trouble", text]))).toBe(true);
  });

  test("is a paper's own later version of it", () => {
    const text = `Update: the bearing has arrived.\n\n${BRIDGE.told[1]}`;
    const later = {
      publishedAt: "2018-11-21T08:00:00Z",
      id: "later",
      url: "https://the-one.example/2",
    };
    expect(isOneStory(told, story("The One", [BRIDGE.told[0], text], later))).toBe(true);
  });

  test("is what two files hold that name neither paper nor address", () => {
    const copy = wireCopy(BRIDGE.told, "Another headline");
    expect(isOneStory(file("a.txt", BRIDGE.told), file("b.txt", copy))).toBe(true);
    expect(isOneStory(file("a.txt", BRIDGE.told), file("b.txt", BRIDGE.retold))).toBe(true);
  });
});

test("an event that one paper tells twice: is one story: readers would have it twice", () => {
  const again = story("The One", BRIDGE.retold, {
    id: "again",
    url: "https://the-one.example/again",
  });
  expect(isOneStory(story("The One", BRIDGE.told), again)).toBe(true);
});

describe("two stories are", () => {
  const told = story("The One", BRIDGE.told);

  test("what two papers wrote weeks apart", () => {
    const later = { publishedAt: "2018-12-20T09:00:00Z" };
    expect(isOneStory(told, story("The Other", BRIDGE.retold, later))).toBe(false);
  });

  test("one text in two languages", () => {
    const german = story("The Other", BRIDGE.told, { language: "de" });
    expect(isOneStory(told, german)).toBe(false);
  });

  test("a new opening on the background of an old one", () => {
    const [, ...background] = BRIDGE.told[1].split("\n\n");
    const news = `Ferryman Silas Quint has rowed his thousandth pupil over the Wether and was given a cake in the form of an oar by the parents of the school.

The cake came from the bakery on Samphire Quay, which had to bring it the long way round. He ate the blade and kept the handle, he said, since one never knows.

The mayor spoke of a golden age of rowing, in which the harbour, the school and the bakery were brought nearer to each other than ever a bridge had done.`;
    const text = [news, ...background].join("\n\n");
    expect(isOneStory(told, story("The Other", ["A thousand crossings", text]))).toBe(false);
  });

  test("numbers of a series, whose words are the same but for one", () => {
    expect(isOneStory(part(1), part(2))).toBe(false);
    expect(isOneStory(on("Monday"), on("Tuesday"))).toBe(false);
  });

  test("a form filled in twice", () => {
    expect(isOneStory(quake("Garrant", "2.1", "14"), quake("Orrell", "3.4", "33"))).toBe(false);
  });

  test("posts of a feed that gives all of them one text", () => {
    const posts = ["Boats", "Bread"].map((title) =>
      story("Links", [title, "Read the comments on this link."]),
    );
    expect(clustersOf(posts)).toHaveLength(2);
  });

  test("notes that share an address, with a title and without", () => {
    expect(isOneStory(note("", BRIDGE.told, "a"), note("", LAMPS.told, "b"))).toBe(false);
    expect(isOneStory(note("Oil", LAMPS.told, "a"), note("A bridge", BRIDGE.told, "b"))).toBe(
      false,
    );
  });
});

test("every article is in exactly one cluster, and the same one in whatever order they come", () => {
  const papers = ["The One", "The Other", "The Third"];
  const telling = fc.record({
    event: fc.constantFrom(...EVENTS),
    kind: fc.constantFrom("told", "retold", "other"),
    isCopied: fc.boolean(),
    paper: fc.constantFrom(...papers),
    day: fc.integer({ min: 10, max: 28 }),
  });
  const articles = fc.array(telling, { maxLength: 14 }).map((tellings) =>
    tellings.map(({ event, kind, isCopied, paper, day }, index) =>
      story(paper, isCopied ? wireCopy(event[kind], "A copy") : event[kind], {
        id: `${index}`,
        language: event.language,
        publishedAt: `2018-11-${day}`,
      }),
    ),
  );
  fc.assert(
    fc.property(articles, fc.infiniteStream(fc.nat()), (given, random) => {
      const shuffled = given
        .map((told) => ({ told, at: random.next().value }))
        .sort((a, b) => a.at - b.at)
        .map(({ told }) => told);
      expect(grouped(shuffled)).toEqual(grouped(given));
      expect(grouped(given).flat().sort()).toEqual(given.map(({ id }) => id).sort());
    }),
    { numRuns: 60 },
  );
});

describe("of a thousand articles", () => {
  test("that are all the same, one story is left", () => {
    const same = many(1000, (at) => story(`Paper ${at}`, BRIDGE.told, { id: `${at}` }));
    expect(clustersOf(same).map(({ length }) => length)).toEqual([1000]);
  });

  test("that differ in their numbers only, each of a series stays", () => {
    const series = many(1000, (at) =>
      story("The One", [`Shipping forecast ${at}`, BRIDGE.told[1]], { id: `${at}` }),
    );
    expect(clustersOf(series)).toHaveLength(1000);
  });

  test("without a title or a word in common, each stays", () => {
    const untitled = many(1000, (at) => story(`Paper ${at}`, ["", `Only these words ${at}`]));
    expect(clustersOf(untitled)).toHaveLength(1000);
  });
});

const DAY = "2018-11-20";

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

  test("take time that grows with their number, not with its square", () => {
    const [few, more] = [many(200, unlike), many(800, unlike)];
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

const told = story("The One", BRIDGE.told);
const copy = story("The Other", wireCopy(BRIDGE.told, "No way across"));
const lamps = story("The Third", LAMPS.told);

/** The stories that some articles tell: the article that tells each, and those merged into it. */
function gathered(articles: readonly Article[], edits: StoryEdits = {}) {
  return gatherStories(readings(articles), edits).map(({ teller, merged, told }) => ({
    article: teller.article,
    alsoIn: merged.map(({ member }) => member.article),
    merges: merged.map(({ merge }) => merge),
    told,
  }));
}

describe("a story", () => {
  test("is shown by its fullest article, and names the others", () => {
    expect(gathered([copy, told])).toEqual([
      { article: told, alsoIn: [copy], told: "fullest", merges: [{ as: "copy", chance: 0.97 }] },
    ]);
  });

  test("stands where the first of its articles stood", () => {
    const stories = gathered([copy, lamps, told]);
    expect(stories.map(({ article }) => article)).toEqual([told, lamps]);
    expect(gathered([lamps, told, copy]).map(({ article }) => article)).toEqual([lamps, told]);
  });

  test("is shown by a paper's latest version, though an earlier one was longer", () => {
    const [title, text] = BRIDGE.told;
    const over = { id: "later", url: "https://the-one.example/later" };
    const shorter = text.split("\n\n").slice(0, -1).join("\n\n");
    const later = story("The One", [title, shorter], {
      ...over,
      publishedAt: "2018-11-21T09:00:00Z",
    });
    expect(gathered([told, later, copy])).toMatchObject([
      { article: later, alsoIn: [told, copy], told: "latest" },
    ]);
  });
});

describe("texts that are as full", () => {
  const [title, text] = BRIDGE.told;
  const wire = story("The Agency", [title, text.slice(0, -40)], {
    publishedAt: "2018-11-20T05:00:00Z",
  });
  const paper = story("The One", [title, text], { publishedAt: "2018-11-20T09:00:00Z" });

  test("are told by the one that was there first", () => {
    expect(gathered([paper, wire])).toMatchObject([
      { article: wire, alsoIn: [paper], told: "earliest" },
    ]);
  });
});

test("an editor: may name articles that are not there", () => {
  const edits = { apart: [["gone", told.id]], together: [[told.id, "gone"]] } as const;
  expect(gathered([told, lamps], edits)).toHaveLength(2);
});

test("nothing makes no story", () => {
  expect(gathered([])).toEqual([]);
});
