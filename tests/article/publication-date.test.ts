import * as fc from "fast-check";
import { expect, it } from "vitest";
import { parseDate, findDate } from "../../src/article/dates.ts";

it.each([
  ["2024-05-08", "2024-05-08"],
  ["2024/5/8", "2024-05-08"],
  ["2024-05-08T09:30:00Z", "2024-05-08T09:30:00Z"],
  ["2024-05-08 09:30:00 +0000", "2024-05-08T09:30:00Z"],
  ["2024-05-08 09:30 -07:00", "2024-05-08T09:30:00-07:00"],
  ["2024-05-08 09:30", "2024-05-08"],
  ["8 May 2024", "2024-05-08"],
  ["Wednesday, May 8th, 2024 at 9:30 am", "2024-05-08"],
  ["Wed, 08 May 2024 09:30:00 GMT", "2024-05-08T09:30:00Z"],
  ["8. Mai 2024", "2024-05-08"],
  ["8 de mayo de 2024", "2024-05-08"],
  ["8 mai 2024", "2024-05-08"],
  ["8 maggio 2024", "2024-05-08"],
  ["8 maja 2024", "2024-05-08"],
  ["8 мая 2024", "2024-05-08"],
  ["8 Mayıs 2024", "2024-05-08"],
  ["2024年5月8日", "2024-05-08"],
  ["2024년 5월 8일", "2024-05-08"],
  ["08.05.2024", "2024-05-08"],
  ["25/12/2024", "2024-12-25"],
  ["12/25/2024", "2024-12-25"],
])("%s is %s", (text, iso) => {
  expect(parseDate(text)).toBe(iso);
});

it.each([
  ["03/04/2024 is two dates", "03/04/2024"],
  ["30 February is none", "30 February 2024"],
  ["a thirteenth month is none", "2024-13-01"],
  ["a year alone is none", "2024"],
  ["a sentence with a date is no date", "He came on 8 May 2024 and stayed"],
  ["no month of any language", "8 Foo 2024"],
])("%s", (_, text) => {
  expect(parseDate(text)).toBeUndefined();
});

it("a byline's date is found, and what stands beside it", () => {
  expect(findDate("By Ida Holm November 19, 2019")).toMatchObject({ iso: "2019-11-19" });
});

it("any day comes back as it was written", () => {
  const day = fc.date({
    min: new Date("1600-01-01"),
    max: new Date("2999-12-31"),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(day, (date) => {
      const iso = date.toISOString().slice(0, 10);
      const english = date.toLocaleDateString("en-GB", { dateStyle: "long", timeZone: "UTC" });
      expect(parseDate(iso)).toBe(iso);
      expect(parseDate(english)).toBe(iso);
    }),
  );
});
