import { describe, expect, test } from "vitest";
import { gatherStories } from "../../../src/digest/stories/gather-stories.ts";
import { BRIDGE, LAMPS, story, wireCopy } from "./wire.ts";

const told = story("The One", BRIDGE.told);
const copy = story("The Other", wireCopy(BRIDGE.told, "No way across"));
const lamps = story("The Third", LAMPS.told);

describe("a story", () => {
  test("is shown by its fullest article, and names the others", () => {
    expect(gatherStories([copy, told])).toEqual([{ article: told, alsoIn: [copy] }]);
  });

  test("stands where the first of its articles stood", () => {
    const stories = gatherStories([copy, lamps, told]);
    expect(stories.map(({ article }) => article)).toEqual([told, lamps]);
    expect(gatherStories([lamps, told, copy]).map(({ article }) => article)).toEqual([lamps, told]);
  });

  test("is shown by a paper's latest version, though an earlier one was longer", () => {
    const [title, text] = BRIDGE.told;
    const over = { id: "later", url: "https://the-one.example/later" };
    const shorter = text.split("\n\n").slice(0, -1).join("\n\n");
    const later = story("The One", [title, shorter], {
      ...over,
      publishedAt: "2018-11-21T09:00:00Z",
    });
    expect(gatherStories([told, later, copy])).toEqual([{ article: later, alsoIn: [told, copy] }]);
  });

  test("is shown by the article that an editor prefers", () => {
    const preference = new Map([[copy, 0]]);
    const stories = gatherStories([told, copy, lamps], (article) => preference.get(article));
    expect(stories).toEqual([
      { article: copy, alsoIn: [told] },
      { article: lamps, alsoIn: [] },
    ]);
  });
});

test("nothing makes no story", () => {
  expect(gatherStories([])).toEqual([]);
});
