import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { documentOf } from "../../../src/summary/document.ts";
import { datesIn } from "../../../src/summary/facts/dates.ts";
import { eventDatesIn } from "../../../src/summary/facts/event-dates.ts";
import { factsOf } from "../../../src/summary/summarize.ts";
import { figuresOf } from "../../../src/summary/facts/figures.ts";
import { numbersIn } from "../../../src/summary/facts/numbers.ts";
import { timelineOf } from "../../../src/summary/facts/timeline.ts";
import { growthOf } from "../../cpu-time.ts";
import { FERRY_STORY, articleOf } from "../article-of.ts";

const NOTHING = { people: [], timeline: [], figures: [] };

function facts(text: string, language = "en") {
  const article = articleOf(text, { language });
  return factsOf(article, documentOf(article));
}

test("the facts of a story, each in its own words", () => {
  const { people, timeline } = factsOf(FERRY_STORY, documentOf(FERRY_STORY));
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
  test.each([
    ["The pier cost $4.6 million.", "en", "4.6 million", 4_600_000, "$"],
    ["It cost £5m in all.", "en", "5m", 5_000_000, "£"],
    ["Some 33 per cent of riders left.", "en", "33", 33, "percent"],
    ["Two hundred and ten riders came.", "en", "Two hundred and ten", 210, "plain"],
    ["Das kostet 1.250,50 Euro.", "de", "1.250,50", 1250.5, "€"],
    ["Es waren 3 Mio. Fahrgäste.", "de", "3 Mio.", 3_000_000, "plain"],
    ["Zweiundvierzig Boote lagen dort.", "de", "Zweiundvierzig", 42, "plain"],
    ["Soixante-douze bateaux sont là.", "fr", "Soixante-douze", 72, "plain"],
    ["1 250 bateaux sont là.", "fr", "1 250", 1250, "plain"],
    ["乗客は三百人だった。", "ja", "三百", 300, "plain"],
  ])("%s", (text, language, written, value, kind) => {
    expect(numbersIn(text, language)).toMatchObject([
      { text: written, values: expect.arrayContaining([value]) as unknown, kinds: [kind] },
    ]);
  });

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
  expect(figuresOf(article, documentOf(article)).map(({ value }) => value)).toEqual([
    "1.2 million",
    "12,000",
    "1,200",
    "120",
  ]);
});

/** The events of a text that also tells of another one, since one alone is no timeline. */
function timeline(text: string, publishedAt?: string) {
  const whole = `${text} The weir was dug by monks in the autumn of 1850.`;
  const article = articleOf(whole, publishedAt === undefined ? {} : { publishedAt });
  return timelineOf(article, documentOf(article)).filter(({ when }) => !when.includes("1850"));
}

test("one event, or two whose order nobody knows, are no timeline", () => {
  expect(facts("The ferry sank on May 3, 1901 at the quay.").timeline).toEqual([]);
  expect(facts("The ferry sank in 1901 at the quay. The trial begins on June 3.").timeline).toEqual(
    [],
  );
});

test("a date in a clause that hangs on another is not of what the line says", () => {
  const text =
    "The council closed the pier, which a sailor had built in 1904, on 6 October 1964. The quay opened again in 1988.";
  expect(timeline(text).map(({ when }) => when)).toEqual(["6 October 1964", "1988"]);
});

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

test("dates without a year stand in the order of the calendar: the end of March after March 28", () => {
  const text =
    "The Trust met the riders in October at last. The Trust met the county at the end of March again. The Trust met the bakers on March 28 as well. The Trust met the pilots in mid-April for tea.";
  expect(timeline(text).map(({ when }) => when)).toEqual([
    "March 28",
    "end of March",
    "mid-April",
    "October",
  ]);
});

test("a month without a year that the paper's day has not reached was last year's", () => {
  const text =
    "The council met the riders in November at last. The council met the bakers on 5 January 2026 for tea. The council met the pilots in June 2025 at noon.";
  expect(timeline(text, "2026-01-20").map(({ when }) => when)).toEqual([
    "June 2025",
    "November",
    "5 January 2026",
  ]);
});

test("a date without a year stands behind what was told before it", () => {
  const text =
    "The mill was bought in March 2011 by the parish. The mill was mended in November by two men. The mill was sold in May 2018 to a baker.";
  expect(timeline(text).map(({ when }) => when)).toEqual(["March 2011", "November", "May 2018"]);
});

test("one entry a date, six at most", () => {
  const text = Array.from(
    { length: 9 },
    (_, year) => `The ferry was painted green in 190${String(year)} by the crew.`,
  );
  const article = articleOf(text.join(" "));
  expect(timelineOf(article, documentOf(article))).toHaveLength(6);
  expect(
    timeline(
      "The ferry sank on May 3, 1901 at the quay. The pilot swam on May 3, 1901 to the pier.",
    ),
  ).toHaveLength(1);
});

test("a month gives way to a day in it", () => {
  const text =
    "The horn was mended in November 2018 by two men. The horn was blown on 9 November 2018 at four.";
  expect(timeline(text).map(({ when }) => when)).toEqual(["9 November 2018"]);
});

function after(told: string, said = "In 2004, she sold the pier to the county.") {
  return timeline(`The mayor Ada Pell and the baker Tomas Reil came. ${told} ${said}`);
}

describe("a sentence that leans on the one before", () => {
  test("shows what its pronoun stands for in brackets, with the pronoun in the cut", () => {
    const text =
      "Porthmoor is ahead of its neighbours. In March 2004, it sold the old pier to the county.";
    const [entry] = timeline(text);
    expect(entry?.sentence.text).toBe(
      "In March 2004, [Porthmoor] sold the old pier to the county.",
    );
    const { start = 0, end = 0, cut = [] } = entry?.sentence ?? {};
    expect(text.slice(start, end)).toBe("In March 2004, it sold the old pier to the county.");
    expect(cut.map((range) => text.slice(range.start, range.end))).toEqual(["it"]);
  });

  test("names a person for he and she only, and only the one there is", () => {
    expect(after("Pell was the mayor.")[0]?.sentence.text).toBe(
      "In 2004, [Ada Pell] sold the pier to the county.",
    );
    expect(after("Pell was the mayor.", "In 2004, it was sold to the county.")).toEqual([]);
    expect(after("Pell met the baker Reil.")).toEqual([]);
    expect(after("Pell met his brother.")).toEqual([]);
  });

  test("is left out where the one before names no subject", () => {
    expect(
      timeline("There was a storm. In March 2004, it sold the old pier to the county."),
    ).toEqual([]);
  });

  test("is left out where the source has brackets of its own", () => {
    expect(
      timeline("Porthmoor is ahead. In March 2004, it sold the [old] pier to the county."),
    ).toEqual([]);
  });
});

test("what somebody says in a quotation, what I did and what is asked are no events", () => {
  expect(timeline("“The ferry sank in 1988 at the quay,” said Ada Pell.")).toEqual([]);
  expect(timeline("I spent the whole autumn of 2011 on the quay.")).toEqual([]);
  expect(timeline("Was the ferry sold in 1988 to the county?")).toEqual([]);
});
