import { describe, expect, test } from "vitest";
import { gatherStories } from "../../../src/digest/stories/gather-stories.ts";
import type { Article } from "../../../src/article/article.ts";
import type { StoryEdits } from "../../../src/digest/stories/story.ts";
import { readings } from "../readings.ts";
import { BRIDGE, LAMPS, story, wireCopy } from "./wire.ts";

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

describe("an editor", () => {
  test("may name articles that are not there", () => {
    const edits = { apart: [["gone", told.id]], together: [[told.id, "gone"]] } as const;
    expect(gathered([told, lamps], edits)).toHaveLength(2);
  });
});

test("nothing makes no story", () => {
  expect(gathered([])).toEqual([]);
});
