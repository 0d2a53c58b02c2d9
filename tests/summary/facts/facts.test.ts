import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { documentOf } from "../../../src/summary/document.ts";
import { factsOf } from "../../../src/summary/facts/facts.ts";
import { growthOf } from "../../cpu-time.ts";
import { articleOf, FERRY_STORY } from "../article-of.ts";

const NOTHING = { people: [], timeline: [], figures: [] };

function facts(text: string, language = "en") {
  const article = articleOf(text, { language });
  return factsOf(article, documentOf(article));
}

test("the facts of a story, each in its own words", () => {
  const { people, timeline } = factsOf(FERRY_STORY, documentOf(FERRY_STORY));
  expect(people).toContainEqual({ name: "Ada Pell", role: "runs the bakery on the quay" });
  expect(people).toContainEqual({ name: "Tomas Reil", role: "Councillor" });
  expect(timeline.map(({ when }) => when)).toEqual(["2015", "June 3"]);
});

describe("a text that is no news story has no facts", () => {
  test.each([
    ["nothing", "", "en"],
    ["white space", " \n\n ", "en"],
    ["one word", "Harbour", "en"],
    ["a list", "Bring:\n- a coat\n- a torch", "en"],
    ["a transcript", "PELL: When did you come?\n\nREIL: At nine, by boat.", "en"],
    ["capitals", "ADA PELL, A BAKER, CAME TO THE QUAY IN LISBON AND SAW THE HARBOUR TRUST.", "en"],
    ["code", "const constructor = __proto__; if (a < 12) { return toString; }", "en"],
    ["Chinese", "2014年5月12日，渡轮停航了，没有人来码头。", "zh"],
    ["Arabic", "توقفت العبارة في 12 مايو 2014 ولم يأت أحد.", "ar"],
    ["Thai", "เรือข้ามฟากหยุดวิ่งเมื่อวันที่ 12 พฤษภาคม 2014", "th"],
    [
      "a language without words of ours",
      "Lautta lopetti 12. toukokuuta 2014, sanoi Ada Pell.",
      "fi",
    ],
    ["a tag that is no language", "On May 12, 2014 the baker Ada Pell came.", "x"],
  ])("%s", (_, text, language) => {
    expect(facts(text, language)).toEqual(NOTHING);
  });
});

const PHRASES = [
  "On May 12, 2014, the baker Ada Pell came to Lisbon with 300 riders.",
  "Porthmoor is ahead of its neighbours. On March 28, it sold the pier.",
  "On May 12, 2014, the riders of the old night ferry to Lisbon came to the quay of the town with the baker from the harbour, which had been shut.",
  "Tomas Reil, a pilot, said: “We came in 1988 [by boat].”",
  "She paid £4,000 in mid-April.",
  "渡轮停航了 2014年。",
  "constructor __proto__ Constructor Proto said",
  "\n\n",
  "the mayor, ",
  "Mr. ",
  "’s ",
  "(",
  "”",
];
const articles = fc
  .record({
    text: fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 200 }),
      fc.array(fc.constantFrom(...PHRASES), { maxLength: 20 }).map((phrases) => phrases.join(" ")),
    ),
    title: fc.string({ maxLength: 20 }),
    language: fc.constantFrom("en", "de", "fr", "es", "it", "pt-BR", "nl", "zh", "x"),
    publishedAt: fc.constantFrom("2014-06-01", "2014-06-01T08:00:00+02:00", "soon"),
  })
  .map(({ text, ...fields }) => articleOf(text, fields));

test("property: every fact is the source's own words, and what a cut replaced is in brackets", () => {
  fc.assert(
    fc.property(articles, (article) => {
      const { people, timeline, figures } = factsOf(article, documentOf(article));
      const { text } = article;
      for (const { name, role = "" } of people)
        expect([text.includes(name), role.length]).toEqual([true, Math.min(role.length, 80)]);
      for (const { value, what } of figures)
        expect([text.includes(value), text.includes(what)]).toEqual([true, true]);
      for (const { when, sentence } of timeline) {
        const { start = -1, end = -1, cut = [] } = sentence;
        expect(text.slice(start, end)).toContain(when);
        const source = text.slice(start, end);
        let kept = source;
        for (const range of cut.toReversed()) {
          kept = kept.slice(0, range.start - start) + kept.slice(range.end - start);
        }
        const bare = source.includes("[") ? sentence.text : sentence.text.replace(/\[[^\]]+\]/, "");
        expect(bare).toBe(kept);
      }
      expect([people.length <= 9, timeline.length <= 6, figures.length <= 4]).toEqual([
        true,
        true,
        true,
      ]);
    }),
  );
});

/** Work on so many sentences that each have a date, a name and a number. */
function manyFacts(count: number): () => unknown {
  const text = Array.from({ length: count }, (_, at) => {
    const letter = String.fromCharCode(97 + (at % 26));
    return `On May 3, 1901 the baker Ada Pell${letter} sold ${String(at)} loaves.`;
  });
  const article = articleOf(text.join(" "));
  const document = documentOf(article);
  return () => factsOf(article, document);
}

test.each(["Photo: ", "Image | ", "The Harbour Trust and "])(
  "a sentence of 60,000 times %j has no facts, and the one after it has its own",
  (piece) => {
    const text = `${piece.repeat(60_000)}\n\nAda Pell, who runs the bakery, came to Porthmoor on June 3.`;
    expect(facts(text).people).toMatchObject([{ name: "Ada Pell" }]);
  },
);

test("ten times the sentences do not take a hundred times as long", () => {
  const limit = 40;
  expect(growthOf([manyFacts(200), manyFacts(2000)], { limit })).toBeLessThan(limit);
});
