import { describe, expect, test } from "vitest";
import { unfaithfulness } from "../../../src/summary/faithfulness/faithfulness.ts";
import { articleOf } from "../article-of.ts";

const HAVLIN = articleOf(
  `An appeal court in Oslo on Tuesday quashed the fine of 4.8 million kroner against the ferry company Havlin. Havlin had been fined in 2019 because two of its six ferries sailed without enough lifeboats.

The harbour master, Ingrid Moe, had accused the captain, Pal Aune, of hiding a report. “The ruling is a defeat for safety,” she said. The company will buy three new ferries and expects to pay 3.6 million for them. Fares will not rise before 2028. Some passengers welcomed the ruling. The court may publish its reasons in June. The night ferry carries 12,000 people a year, up from 9,000. It leaves at 11 p.m. and arrives at 6 a.m. The Norwegian government has not said whether it will appeal.`,
  { title: "Court quashes ferry fine", publishedAt: "2026-05-20" },
);

describe("a sentence that the article shows passes", () => {
  test.each([
    ["in other words", "A Norwegian court has overturned the fine against Havlin."],
    ["by the opposite of what is denied", "The fine of 4.8 million kroner was not upheld."],
    [
      "in the other voice",
      "The captain had been accused by the harbour master of hiding a report.",
    ],
    ["with the capital as its government", "Oslo has not said whether it will appeal."],
    ["with a difference", "The night ferry carries 3,000 people more than before."],
    ["with a share", "Traffic on the night ferry rose by a third."],
    ["with years that have passed", "Havlin was fined seven years ago."],
    ["with a duration", "The night ferry takes seven hours."],
    ["word for word up to another clause", "The company will buy three new ferries."],
  ])("%s", (_, sentence) => {
    expect(unfaithfulness(sentence, HAVLIN)).toBeUndefined();
  });
});

describe("a sentence that the article contradicts is refused or marked", () => {
  test.each([
    ["outcome", "opposite", "An appeal court upheld the fine against the ferry company Havlin."],
    ["a “not” that is gone", "opposite", "Fares will rise before 2028."],
    ["three negations for one", "negation", "Fares will never not rise before 2028."],
    ["all for some", "quantity", "All passengers welcomed the ruling."],
    ["done for planned", "hedge", "The company has bought three new ferries."],
    ["sure for possible", "hedge", "The court will publish its reasons in June."],
    ["another difference", "number", "The night ferry carries 5,000 people more than before."],
    ["another age", "number", "Havlin was fined nine years ago."],
    ["another country", "name", "A Swedish court quashed the fine against the company Havlin."],
    [
      "an antonym in a quotation",
      "quotation",
      "The harbour master said: “The ruling is a victory for safety.”",
    ],
  ])("%s", (_, kind, sentence) => {
    expect(unfaithfulness(sentence, HAVLIN)).toMatchObject({ kind });
  });

  test("an unknown nationality is only marked", () => {
    const sentence = "A Swedish court quashed the fine against the company Havlin.";
    expect(unfaithfulness(sentence, HAVLIN)).toMatchObject({ isSure: false });
  });

  test("a capital says where only if the article does", () => {
    const danish = articleOf("The Danish government has raised the tax on diesel by a tenth.");
    expect(unfaithfulness("Copenhagen has raised the tax on diesel.", danish)).toBeUndefined();
    expect(unfaithfulness("In Copenhagen the tax on diesel was raised.", danish)).toMatchObject({
      kind: "name",
      isSure: true,
    });
  });
});

describe("text that is no news is judged all the same", () => {
  const SONG = articleOf(
    "Oh my love, no, no, never let me go\nNever, never, no, no, no\n".repeat(9),
  );
  const SHOP = articleOf("Blue mug 350 ml £8.99 Add to basket\nRed mug 350 ml £8.99\n".repeat(30));

  test.each([
    ["a song", SONG, "He wants her never to leave.", undefined],
    ["a shop", SHOP, "A blue mug costs £9.99.", "number"],
    [
      "forty sentences in one",
      HAVLIN,
      "Fares will not rise. ".repeat(39) + "Fares rose by 90%.",
      "number",
    ],
  ])("%s", (_, article, sentence, kind) => {
    const fault = unfaithfulness(sentence, article);
    expect(fault?.message).not.toBe("");
    if (kind !== undefined) expect(fault?.kind).toBe(kind);
  });
});
