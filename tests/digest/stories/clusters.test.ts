import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Article } from "../../../src/article/article.ts";
import { clustersOf } from "../../../src/digest/stories/gather-stories.ts";
import { article } from "../../fixtures.ts";
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

function many(make: (index: number) => Article): Article[] {
  return Array.from({ length: 1000 }, (_, at) => make(at));
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

describe("an event that one paper tells twice", () => {
  test("is one story: readers would have it twice", () => {
    const again = story("The One", BRIDGE.retold, {
      id: "again",
      url: "https://the-one.example/again",
    });
    expect(isOneStory(story("The One", BRIDGE.told), again)).toBe(true);
  });
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
    const same = many((at) => story(`Paper ${at}`, BRIDGE.told, { id: `${at}` }));
    expect(clustersOf(same).map(({ length }) => length)).toEqual([1000]);
  });

  test("that differ in their numbers only, each of a series stays", () => {
    const series = many((at) =>
      story("The One", [`Shipping forecast ${at}`, BRIDGE.told[1]], { id: `${at}` }),
    );
    expect(clustersOf(series)).toHaveLength(1000);
  });

  test("without a title or a word in common, each stays", () => {
    const untitled = many((at) => story(`Paper ${at}`, ["", `Only these words ${at}`]));
    expect(clustersOf(untitled)).toHaveLength(1000);
  });
});
