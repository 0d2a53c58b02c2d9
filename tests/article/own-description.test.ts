import { describe, expect, test } from "vitest";
import { ownDescription } from "../../src/article/own-description.ts";
import { FERRY } from "./page/pages.ts";

const text = FERRY.join("\n\n");

describe("a description that somebody wrote of the story is taken", () => {
  test.each([
    "A new pontoon brings the islands back within reach after nine days.",
    "Porthmoor gets its ferry back on Thursday, nine days after the storm.",
    "The new landing stage, tested with an empty ship, ends a week without post.",
  ])("%s", (own) => {
    expect(ownDescription([own], "", text)).toBe(own);
  });

  test("in a script without spaces", () => {
    const own = "九日ぶりに、島への渡し船が新しい桟橋から出る。";
    const story = "島への渡し船が木曜日、九日ぶりに出る。新しい桟橋は月曜日に据えられた。";
    expect(ownDescription([own], "", story)).toBe(own);
  });
});

describe("a description is not taken", () => {
  test.each([
    [
      "that is cut off",
      "The ferry between Porthmoor and the islands will sail again on Thursday, nine …",
    ],
    [
      "that is cut off with dots",
      "The ferry between Porthmoor and the islands will sail again on Thursday..",
    ],
    [
      "that is cut off without a mark",
      "The ferry between Porthmoor and the islands will sail again on Thursday, nine",
    ],
    [
      "of the whole site",
      "News, weather, sport and opinion, every hour of every day, since eighteen ninety.",
    ],
    ["that is too short", "Ferry news."],
    ["that asks", "Will the ferry between Porthmoor and the islands sail again on Thursday?"],
    ["that speaks to readers", "What the ferry between Porthmoor and the islands means for you."],
    ["that wants a click", "See how the ferry between Porthmoor and the islands will sail again."],
    ["that shouts", "The ferry between Porthmoor and the islands will sail again on Thursday!"],
    [
      "of two sentences",
      "The ferry will sail again on Thursday. A new pontoon is in place on the islands.",
    ],
    [
      "with a number that the story has not",
      "The ferry between Porthmoor and the islands will sail again after 12 days.",
    ],
    [
      "with a name that the story has not",
      "The ferry between Porthmoor and the islands will sail again, Marlow said.",
    ],
    ["that is a sentence of the story", FERRY[0]],
  ])("%s", (_, description) => {
    expect(ownDescription([description], "", text)).toBeUndefined();
  });

  test("that is the title", () => {
    const title = "The ferry between Porthmoor and the islands will sail again.";
    expect(ownDescription([title], title, text)).toBeUndefined();
  });

  test("in German that speaks to readers", () => {
    const own = "Was das neue Ponton für die Fähre bedeutet, erfahren Sie hier.";
    expect(
      ownDescription([own], "", "Die Fähre hat ein neues Ponton, was viel bedeutet, sagt Roth."),
    ).toBeUndefined();
  });
});
