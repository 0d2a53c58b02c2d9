import { describe, expect, test } from "vitest";
import { newsworthinessOf } from "../../../src/digest/arrange/news-value.ts";
import { arrangeStories } from "../../../src/digest/arrange/arrange-stories.ts";
import { article } from "../../fixtures.ts";
import { readings } from "../readings.ts";

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
  test("is more where harm, the powerful and what others say are told than where a reader is advised", () => {
    expect(newsworthinessOf(NEWS)).toBeGreaterThan(0.7);
    expect(newsworthinessOf(ADVICE)).toBeLessThan(0.3);
  });

  test("is told in German and French, too", () => {
    const german = article({
      language: "de",
      title: "Polizei nimmt zwei Fährleute nach einem Brand mit einem Toten fest",
      text: "Nach dem Brand auf der Nachtfähre mit einem Toten hat die Polizei zwei Fährleute festgenommen, sagte die Staatsanwaltschaft.",
    });
    const french = article({
      language: "fr",
      title: "Deux passeurs accusés après un incendie mortel",
      text: "La police a arrêté deux passeurs après un incendie qui a fait un mort, a déclaré le procureur devant le tribunal.",
    });
    for (const news of [german, french]) expect(newsworthinessOf(news)).toBeGreaterThan(0.6);
  });

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
