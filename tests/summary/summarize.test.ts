import { describe, expect, test } from "vitest";
import type { Article } from "../../src/article/article.ts";
import { summarize } from "../../src/summary/summarize.ts";
import { articleOf, FERRY_STORY } from "./article-of.ts";

function textsOf(article: Article): readonly string[] {
  const { gist, keyPoints } = summarize(article);
  return [gist, ...keyPoints].map(({ text }) => text);
}

describe("a news story", () => {
  const summary = summarize(FERRY_STORY);
  const told = textsOf(FERRY_STORY).join("\n");

  test("its gist is what an editor would put under the headline, with its hedge", () => {
    expect(summary.gist.text).toBe(
      "The harbour town of Porthmoor may bring back its night ferry after nine years, the Harbour Trust said on Monday, if a trial in June draws enough riders.",
    );
    expect(summary.origin).toBe("extract");
  });

  test("its key points cover what the story turns on", () => {
    expect(summary.keyPoints.length).toBeGreaterThanOrEqual(3);
    expect(summary.keyPoints.length).toBeLessThanOrEqual(5);
    // Which of them is the weights' choice; that most of it is told is not.
    const matters = [/Lune estuary/, /county/, /lost its subsidy/, /shuttle|pier/, /June 3/];
    expect(matters.filter((matter) => matter.test(told)).length).toBeGreaterThanOrEqual(3);
  });

  test("each sentence is in the text at its offsets, and key points are in its order", () => {
    for (const { text, start, end } of [summary.gist, ...summary.keyPoints]) {
      expect(FERRY_STORY.text.slice(start, end)).toBe(text);
    }
    const starts = summary.keyPoints.map(({ start = -1 }) => start);
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
  });

  test("nothing in it leans, asks, is cut or is not the story", () => {
    expect(told).not.toMatch(/^(?:She|They|But|As they|On May 12, it|Similarly)\b/m);
    expect(told).not.toMatch(/\?|not only|Photo:|Nobody believed us/);
  });

  test("the people are those the article names", () => {
    const names = summary.people.map(({ name }) => name);
    expect(names).toContain("Ada Pell");
    expect(names.filter((name) => !FERRY_STORY.text.includes(name))).toEqual([]);
  });
});

describe("how many key points", () => {
  const sentences = [
    "The ferry to Porthmoor was late again on Monday.",
    "Captain Ada Pell blamed fog over the Lune estuary.",
    "Bus drivers at the quay waited for an hour.",
  ];

  test.each([1, 2, 3])("an article of %i sentences is not told twice", (count) => {
    const told = textsOf(articleOf(sentences.slice(0, count).join(" ")));
    expect(told).toHaveLength(count);
    expect(new Set(told).size).toBe(count);
  });

  test("the gist is never a key point, even where it has only common words", () => {
    const told = textsOf(
      articleOf("There is no more than this. There was no more after that one."),
    );
    expect(new Set(told).size).toBe(told.length);
  });

  test("at most as many as asked for", () => {
    expect(summarize(FERRY_STORY, { keyPoints: 2 }).keyPoints).toHaveLength(2);
    expect(summarize(FERRY_STORY, { keyPoints: 0 }).keyPoints).toEqual([]);
  });

  test("a sentence that says the same in other words is left out", () => {
    const text =
      "The Harbour Trust will buy the old pier from the cannery in June. The ferry runs six times a night. In June, the Trust will buy the old pier of the Harbour cannery. Eighty riders fit on board.";
    expect(textsOf(articleOf(text)).filter((sentence) => sentence.includes("pier"))).toHaveLength(
      1,
    );
  });
});

describe("the author's own description", () => {
  const description =
    "Porthmoor may run its night ferry again after nine years, if a June trial draws riders.";
  const summary = summarize({ ...FERRY_STORY, description });

  test("is the gist, word for word, without offsets", () => {
    expect(summary.gist).toEqual({ text: description });
    expect(summary.origin).toBe("author");
  });

  test("is not said again by a key point", () => {
    expect(summary.keyPoints.length).toBeGreaterThanOrEqual(3);
    expect(summary.keyPoints.map(({ text }) => text).join("\n")).not.toMatch(/may bring back/);
  });

  test("of a few words that are none of the headline's makes nothing surer", () => {
    const text =
      "The ribbon was blue and rather long. Its ends were sewn on both sides with thread.";
    const slogan = summarize({ ...FERRY_STORY, text, description: "The very best sales of all." });
    expect(slogan.origin).toBe("author");
    expect(slogan.confidence).toBeLessThan(0.35);
    expect(summary.confidence).toBeGreaterThanOrEqual(0.7);
  });

  test("of nothing but spaces counts for none", () => {
    expect(summarize({ ...FERRY_STORY, description: " \n" }).origin).toBe("extract");
  });
});

describe("other languages get the same care", () => {
  test.each([
    [
      "de",
      "Die Stadt Porthmoor will im Juni wieder eine Nachtfähre über die Lune fahren lassen. Außerdem zahlt der Kreis nichts. Sie soll sechsmal in der Nacht verkehren. Die Hafengesellschaft rechnet mit achtzig Fahrgästen je Fahrt. Stadträtin Ada Pell hält die Kosten von zwei Millionen Euro für zu hoch. Wer soll das bezahlen? Die alte Fähre fuhr zuletzt im Jahr 2015 über die Lune.",
      /^(?:Außerdem|Sie)\b/,
    ],
    [
      "fr",
      "La ville de Porthmoor veut relancer en juin le bac de nuit sur la Lune. En revanche, le canton ne paie rien. Il ferait six traversées par nuit. La société du port attend quatre-vingts passagers par traversée. La conseillère Ada Pell juge trop élevé le coût de deux millions d'euros. Qui va payer ? L'ancien bac a quitté la Lune en 2015.",
      /^(?:En revanche|Il)\b/,
    ],
    [
      "es",
      "La ciudad de Porthmoor quiere recuperar en junio el transbordador nocturno del Lune. Sin embargo, la provincia no paga nada. Ella lo sabe desde marzo. La autoridad del puerto espera ochenta pasajeros en cada viaje. La concejala Ada Pell considera excesivo el coste de dos millones de euros. ¿Quién va a pagar? El antiguo transbordador dejó el Lune en 2015.",
      /^(?:Sin embargo|Ella)\b/,
    ],
  ])("%s", (language, text, refused) => {
    const told = textsOf(articleOf(text, { language }));
    expect(told.length).toBeGreaterThanOrEqual(4);
    expect(told.join("\n")).not.toMatch(/\?/);
    // What leans stands right after what it leans on.
    for (const [at, line] of told.entries())
      if (refused.test(line)) expect(text).toContain(`${told[at - 1] ?? ""} ${line}`);
  });
});

test("a figure that the entry tells is not told again", () => {
  const summary = summarize(
    articleOf(
      "The keeper of the weir laid coir mats over it. In the first summer 46,300 young eels climbed the weir. The ferry cost £6,400 a year.",
    ),
  );
  const told = [summary.gist, ...summary.keyPoints].map(({ text }) => text).join(" ");
  expect(told).toContain("46,300 young eels");
  expect(summary.figures).toEqual([]);
});
