import { describe, expect, test } from "vitest";
import { ownDescription } from "../../../../src/article/html/metadata/description.ts";
import { FERRY } from "../pages.ts";

describe("a description", () => {
  const text = FERRY.join("\n\n");

  test("that somebody wrote of the story is taken", () => {
    const own = "A new pontoon brings the islands back within reach after nine days.";
    expect(ownDescription([own], "", text)).toBe(own);
  });

  test.each([
    ["cut off", "The ferry between Porthmoor and the islands will sail again on Thursday, nine …"],
    [
      "cut off without a mark",
      "The ferry between Porthmoor and the islands will sail again on Thursday, nine",
    ],
    [
      "of the whole site",
      "News, weather, sport and opinion, every hour of every day, since eighteen ninety.",
    ],
    ["too short", "Ferry news."],
  ])("that is %s is not", (_, description) => {
    expect(ownDescription([description], "", text)).toBeUndefined();
  });

  test("that is the title is not", () => {
    const title = "The ferry between Porthmoor and the islands will sail again.";
    expect(ownDescription([title], title, text)).toBeUndefined();
  });
});
