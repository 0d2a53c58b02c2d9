import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { datesIn } from "../../../src/summary/facts/dates.ts";
import { eventDatesIn } from "../../../src/summary/facts/event-dates.ts";

function found(sentence: string, language = "en", publishedAt?: string) {
  return eventDatesIn(sentence, language, publishedAt).map(({ when, iso }) => [when, iso]);
}

describe("English dates", () => {
  test("a part of a month is kept with it, and a day keeps none of its preposition", () => {
    expect(found("Pell visited in mid-April.")).toEqual([["mid-April", undefined]]);
    expect(found("At the end of March, Pell left.")).toEqual([["end of March", undefined]]);
    expect(found("On March 28, Pell left.")).toEqual([["March 28", undefined]]);
  });
});

describe("a year that is not stated", () => {
  test("is the paper's, for what is past", () => {
    expect(found("Pell visited in mid-April.", "en", "2024-04-20")).toEqual([
      ["mid-April", "2024-04"],
    ]);
    expect(found("Pell left on March 28.", "en", "2024-04-20T08:00:00Z")).toEqual([
      ["March 28", "2024-03-28"],
    ]);
  });

  test("is the paper's for what is to come, where the sentence looks ahead", () => {
    expect(found("Pell will visit in October.", "en", "2024-04-20")).toEqual([
      ["October", "2024-10"],
    ]);
    expect(found("Pell visited in October.", "en", "2024-04-20")).toEqual([["October", undefined]]);
  });

  test("is left open where the month may be the one just past", () => {
    expect(found("The trial is expected to end in December.", "en", "2024-01-20")).toEqual([
      ["December", undefined],
    ]);
  });

  test("is told by last and next", () => {
    expect(found("Pell left last October.", "en", "2024-04-20")).toEqual([
      ["last October", "2023-10"],
    ]);
    expect(found("Pell leaves next March.", "en", "2024-04-20")).toEqual([
      ["next March", "2025-03"],
    ]);
  });

  test("is open where the paper has no date", () => {
    expect(found("Pell will visit in October.")).toEqual([["October", undefined]]);
  });
});

test("half of a period is none, and neither is a German number before a noun", () => {
  expect(found("Le quai ferme du 15 au 17 juin.", "fr")).toEqual([]);
  expect(found("Das Dorf von 2000 Menschen feiert.", "de")).toEqual([]);
});

test("a language without a calendar has none", () => {
  expect(found("Satama suljettiin 9. tammikuuta 2014.", "fi")).toEqual([]);
  expect(found("On May 12, 2014 the ferry sank.", "zh")).toEqual([]);
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

  test("a period of years is one date, with its hyphen", () => {
    expect(found("Pell sailed from 1890-1941 alone.")).toEqual([["from 1890-1941", "1890/1941"]]);
  });
});
