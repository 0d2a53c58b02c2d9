import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { documentOf } from "../../../src/summary/document.ts";
import { datesIn } from "../../../src/summary/facts/dates.ts";
import { eventDatesIn } from "../../../src/summary/facts/event-dates.ts";
import { factsOf, summarize } from "../../../src/summary/summarize.ts";
import { figuresOf } from "../../../src/summary/facts/figures.ts";
import { numbersIn } from "../../../src/summary/facts/numbers.ts";
import { timelineOf } from "../../../src/summary/facts/timeline.ts";
import { BARE_ENTRY, EVERY_FACT } from "../../../bench/bare-article.ts";
import { growthOf } from "../../cpu-time.ts";
import { FERRY_STORY, articleOf } from "../article-of.ts";

const NOTHING = { people: [], timeline: [], figures: [] };

function facts(text: string, language = "en") {
  const article = articleOf(text, { language });
  return factsOf(article, documentOf(article), BARE_ENTRY);
}

test("the facts of a story, each in its own words", () => {
  const { people, timeline } = summarize(FERRY_STORY);
  expect(people).toContainEqual({ name: "Ada Pell", role: "runs the bakery on the quay" });
  expect(people).toContainEqual({ name: "Tomas Reil", role: "Councillor" });
  // Nothing says whether June 3 is before or after 2015.
  expect(timeline).toEqual([]);
});

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
  ["a language without words of ours", "Lautta lopetti 12. toukokuuta 2014, sanoi Ada Pell.", "fi"],
  ["a tag that is no language", "On May 12, 2014 the baker Ada Pell came.", "x"],
])("a text that is no news story has no facts: %s", (_, text, language) => {
  expect(facts(text, language)).toEqual(NOTHING);
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
      const { people, timeline, figures } = summarize(article);
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
      expect([people.length <= 6, timeline.length <= 6, figures.length <= 4]).toEqual([
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
  return () => factsOf(article, document, BARE_ENTRY);
}

test.each(["Photo: ", "Image | ", "The Harbour Trust and "])(
  "a sentence of 60,000 times %j has no facts, and the one after it has its own",
  (piece) => {
    const text = `${piece.repeat(60_000)}\n\nAda Pell, who runs the bakery, came to Porthmoor on June 3.`;
    const { people } = documentOf(articleOf(text));
    expect(people.known).toMatchObject([{ name: "Ada Pell" }]);
  },
);

test("ten times the sentences do not take a hundred times as long", () => {
  const limit = 40;
  expect(growthOf([manyFacts(200), manyFacts(2000)], { limit })).toBeLessThan(limit);
});

test("property: a date is where it says, and its ISO form is a real day, month or year", () => {
  const months = ["January", "Feb.", "May", "Sept.", "December", "mars", "März"];
  const sentences = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          ...months,
          "in",
          "on",
          "the",
          "between",
          "and",
          "to",
          "from",
          "mid-",
          "1990s",
          ",",
        ),
        fc.nat({ max: 2100 }).map(String),
        fc.string({ unit: "grapheme", maxLength: 5 }),
      ),
      { maxLength: 15 },
    )
    .map((words) => words.join(" "));
  fc.assert(
    fc.property(
      sentences,
      fc.constantFrom("en", "de", "fr"),
      fc.constantFrom("", "2024-02-29", "soon"),
      (sentence, language, publishedAt) => {
        for (const { when, iso, start, end } of eventDatesIn(sentence, language, publishedAt)) {
          expect(sentence.slice(start, end).trim()).toBe(when);
          for (const part of iso?.split("/") ?? []) {
            expect(part).toMatch(/^\d{4}(?:-\d\d){0,2}$/);
            expect(Number.isNaN(Date.parse(part))).toBe(false);
          }
        }
      },
    ),
  );
});

describe("dates as a text names them", () => {
  test("property: a day is found as each language writes it", () => {
    const languages = fc.constantFrom(..."en en-GB de fr es it pt nl pl ja".split(" "));
    const days = fc.date({
      min: new Date("1600-01-01"),
      max: new Date("2099-12-31"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(days, languages, (date, language) => {
        const written = new Intl.DateTimeFormat(language, {
          dateStyle: "long",
          timeZone: "UTC",
        }).format(date);
        const text = `Porthmoor, ${written}; Pell.`;
        const [found] = datesIn(text, language);
        expect(found).toMatchObject({
          kind: "day",
          year: date.getUTCFullYear(),
          month: date.getUTCMonth() + 1,
          days: [date.getUTCDate()],
        });
        expect(text.slice(found?.start, found?.end)).toBe(found?.text);
      }),
    );
  });

  test.each([
    ["The quay opened in mid-April.", "en", { kind: "month", month: 4, third: "mid" }],
    [
      "Il ferme fin juillet.",
      "fr",
      { kind: "month", month: 7, third: "late", text: "fin juillet" },
    ],
    ["A fire early April 8 hurt two.", "en", { kind: "day", month: 4, days: [8], text: "April 8" }],
    [
      "They met on 14-23 July.",
      "en",
      { kind: "day", month: 7, days: [14, 23], text: "14-23 July" },
    ],
    ["It closed in the early 1990s.", "en", { kind: "decade", year: 1990, third: "early" }],
    ["Built on 2031-03-28.", "en", { kind: "day", month: 3, days: [28], year: 2031 }],
    ["Le 16 juillet 10 bateaux partent.", "fr", { kind: "day", days: [16], text: "16 juillet" }],
  ])("%s", (text, language, expected) => {
    expect(datesIn(text, language)).toMatchObject([expected]);
  });

  test("a short month needs its number: Mar-a-Lago is no month", () => {
    expect(datesIn("Jan Pell sailed to Mar-a-Lago on Sept. 3.", "en")).toMatchObject([
      { text: "Sept. 3" },
    ]);
  });
});

function valuesIn(text: string, language = "en") {
  return numbersIn(text, language).map(({ values }) => values[0]);
}

describe("numbers", () => {
  test("what is no one number is in parts", () => {
    expect(numbersIn("Built on 24.12.2014 at the quay.", "en")).toMatchObject([{ form: "parts" }]);
  });

  test("property: a number is read as it was written, wherever it stands", () => {
    const languages = fc.constantFrom("en", "de", "fr", "it", "nl");
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 9_999_999 }), languages, (value, language) => {
        const written = new Intl.NumberFormat(language)
          .format(value)
          .replace(/[\u202F\u00A0]/g, " ");
        const text = `Porthmoor ${written} Pell.`;
        const [found] = numbersIn(text, language);
        expect(found?.values).toContain(value);
        expect(text.slice(found?.start, found?.end)).toBe(written);
      }),
    );
  });

  test("property: places are in the text, in order and apart", () => {
    const words = fc.constantFrom(
      ..."two million $5m 1,250 24.12.2014 33% hundred and – 三百人 9.45 quay,".split(" "),
    );
    fc.assert(
      fc.property(
        fc.array(words),
        fc.constantFrom("en", "de", "fr", "ja", "xx"),
        (parts, language) => {
          const text = parts.join(" ");
          let last = 0;
          for (const { start, end, text: found, values } of numbersIn(text, language)) {
            expect(text.slice(start, end)).toBe(found);
            expect(start).toBeGreaterThanOrEqual(last);
            expect(values.every(Number.isFinite)).toBe(true);
            last = end;
          }
        },
      ),
    );
  });

  test("words are numbers only in the languages that have them", () => {
    expect(valuesIn("two thousand boats")).toEqual([2000]);
    expect(valuesIn("two thousand boats", "pl")).toEqual([]);
  });
});

test("at most four, the most telling first, one a sentence", () => {
  const sentences = ["12 mats", "120 mats", "1,200 mats", "12,000 mats", "1.2 million mats"];
  const text = sentences.map((count) => `The keeper laid ${count} on the weir.`).join(" ");
  const article = articleOf(text);
  expect(figuresOf(article, documentOf(article), BARE_ENTRY).map(({ value }) => value)).toEqual([
    "1.2 million",
    "12,000",
    "1,200",
    "120",
  ]);
});

/** The events of a text that also tells of another one, since one alone is no timeline. */
function timeline(text: string) {
  const article = articleOf(`${text} The weir was dug by monks in the autumn of 1850.`);
  return timelineOf(article, documentOf(article), BARE_ENTRY, EVERY_FACT).filter(
    ({ when }) => !when.includes("1850"),
  );
}

test("events stand in the order of their dates, each with its sentence and its place", () => {
  const text =
    "The quay was closed on 6 October 1964 by the council. The quay had been built in May 1926 by hand. The quay opened again in 1988 with a band.";
  const entries = timeline(text);
  expect(entries.map(({ when, iso }) => [when, iso])).toEqual([
    ["May 1926", "1926-05"],
    ["6 October 1964", "1964-10-06"],
    ["1988", "1988"],
  ]);
  for (const { sentence } of entries) {
    expect(text.slice(sentence.start, sentence.end)).toBe(sentence.text);
    expect(sentence.cut).toBeUndefined();
  }
});

test("the stamp of a page or of a message is no event", () => {
  const stamps =
    "12:54 EST, 22 August 2013.\n\nAda Pell (@adapell) November 8, 2017.\n\nOn May 12, 2014, the Harbour Trust sold the ferry.";
  expect(timeline(stamps).map(({ when }) => when)).toEqual(["May 12, 2014"]);
});

test("a role is whole, without an infinitive, and a contraction is not part of a name", () => {
  const text =
    "The Harbour Trust decided to ban Courier blogger Tomas Reil from the quay. According to police chief Ada Pell, the quay is safe. Nowadays I'm glad of it. “I'm Mary Brand,” said a rider.";
  const { possible } = documentOf(articleOf(text)).people;
  expect(possible.map(({ name, role }) => [name, role])).toEqual(
    expect.arrayContaining([
      ["Tomas Reil", "Courier blogger"],
      ["Ada Pell", "police chief"],
    ]),
  );
  expect(possible.map(({ name }) => name).filter((name) => name.includes("I'm"))).toEqual([]);
});

test("six entries at most", () => {
  const text = Array.from(
    { length: 9 },
    (_, year) => `The ferry was painted green in 190${String(year)} by the crew.`,
  );
  const article = articleOf(text.join(" "));
  expect(timelineOf(article, documentOf(article), BARE_ENTRY, EVERY_FACT)).toHaveLength(6);
});

test("a sentence that leans on the one before shows what its pronoun stands for in brackets, with the pronoun in the cut", () => {
  const text =
    "Porthmoor is ahead of its neighbours. In March 2004, it sold the old pier to the county.";
  const [entry] = timeline(text);
  expect(entry?.sentence.text).toBe("In March 2004, [Porthmoor] sold the old pier to the county.");
  const { start = 0, end = 0, cut = [] } = entry?.sentence ?? {};
  expect(text.slice(start, end)).toBe("In March 2004, it sold the old pier to the county.");
  expect(cut.map((range) => text.slice(range.start, range.end))).toEqual(["it"]);
});
