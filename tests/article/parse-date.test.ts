import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDate } from "../../src/article/dates.ts";

describe("a date and time with its zone", () => {
  it.each([
    ["RFC 822", "Mon, 01 Jun 26 08:30:00 GMT", "2026-06-01T08:30:00Z"],
    ["RFC 5322", "Mon, 1 Jun 2026 08:30:00 +0200", "2026-06-01T08:30:00+02:00"],
    ["RFC 5322 without seconds", "Mon, 1 Jun 2026 08:30 -0800", "2026-06-01T08:30:00-08:00"],
    ["RFC 850", "Monday, 01-Jun-26 08:30:00 GMT", "2026-06-01T08:30:00Z"],
    ["asctime with a zone", "Mon Jun 1 08:30:00 +0000 2026", "2026-06-01T08:30:00Z"],
    [
      "what JavaScript prints",
      "Mon Jun 01 2026 08:30:00 GMT+0200 (Central European Summer Time)",
      "2026-06-01T08:30:00+02:00",
    ],
    ["RFC 3339", "2026-06-01T08:30:00.123-05:00", "2026-06-01T08:30:00-05:00"],
    ["ISO 8601, basic", "20260601T083000Z", "2026-06-01T08:30:00Z"],
    ["ISO 8601 without a colon in the zone", "2026-06-01T08:30+0530", "2026-06-01T08:30:00+05:30"],
    ["a 12-hour clock", "June 1, 2026 8:30 PM EDT", "2026-06-01T20:30:00-04:00"],
    ["midnight on a 12-hour clock", "June 1, 2026 12:05 AM GMT", "2026-06-01T00:05:00Z"],
    ["a comma where none belongs", "Mon, 01 Jun, 2026 08:30:00 UTC", "2026-06-01T08:30:00Z"],
    ["a leap second", "2026-06-30T23:59:60Z", "2026-06-30T23:59:59Z"],
    ["seconds since 1970", "1780302600", "2026-06-01T08:30:00Z"],
    ["milliseconds since 1970", "1780302600000", "2026-06-01T08:30:00Z"],
  ])("%s", (_, written, iso) => {
    expect(parseDate(written)).toBe(iso);
  });

  it.each([
    ["EST", "-05:00"],
    ["PDT", "-07:00"],
    ["ET", "-05:00"],
    ["CEST", "+02:00"],
    ["MEZ", "+01:00"],
    ["BST", "+01:00"],
    ["IST", "+05:30"],
    ["JST", "+09:00"],
    ["AEDT", "+11:00"],
    ["NST", "-03:30"],
    ["UT", "Z"],
    ["GMT-01:01", "-01:01"],
    ["UTC+2", "+02:00"],
  ])("the zone %s", (zone, offset) => {
    expect(parseDate(`Mon, 01 Jun 2026 08:30:00 ${zone}`)).toBe(`2026-06-01T08:30:00${offset}`);
  });

  it.each([
    ["German", "Mo, 01 Jun 2026 08:30:00 +0200"],
    ["German in three letters", "Mi, 04 Mär 2026 08:30:00 +0100", "2026-03-04T08:30:00+01:00"],
    ["French", "lun, 01 juin 2026 08:30:00 +0200"],
    ["Spanish", "lun, 01 jun 2026 08:30:00 +0200"],
    ["Russian", "пн, 01 июня 2026 08:30:00 +0200"],
    ["Polish", "pon, 01 cze 2026 08:30:00 +0200"],
    ["Indonesian", "Sen, 01 Jun 2026 08:30:00 +0200"],
    ["Greek", "Δευ, 01 Ιούν 2026 08:30:00 +0200"],
    ["Hungarian", "2026-június-01T08:30+02:00"],
    ["Korean", "2026년 06월 01일 오후 8:30:00 +0200", "2026-06-01T20:30:00+02:00"],
  ])("in %s", (_, written, iso = "2026-06-01T08:30:00+02:00") => {
    expect(parseDate(written)).toBe(iso);
  });
});

describe("a time that names no zone", () => {
  it("is left out, and its date is kept", () => {
    expect(parseDate("2026-06-01 08:30:00")).toBe("2026-06-01");
    expect(parseDate("Mon Jun  1 08:30:00 2026")).toBe("2026-06-01");
  });

  it("is in the zone that the caller knows", () => {
    expect(parseDate("2026-06-01 08:30:00", "Z")).toBe("2026-06-01T08:30:00Z");
    expect(parseDate("Mon Jun  1 08:30:00 2026", "Z")).toBe("2026-06-01T08:30:00Z");
    expect(parseDate("2026-06-01T08:30:00+02:00", "Z")).toBe("2026-06-01T08:30:00+02:00");
  });
});

describe("a date alone", () => {
  it.each([
    ["2026-06-01", "2026-06-01"],
    ["20260601", "2026-06-01"],
    ["260601", "2026-06-01"],
    ["1 June 2026", "2026-06-01"],
    ["Mon, 01 Jun 2026", "2026-06-01"],
    ["01 Jun 94", "1994-06-01"],
    ["1 de junio de 2026", "2026-06-01"],
    ["2026年6月1日", "2026-06-01"],
    ["29 February 2024", "2024-02-29"],
  ])("%s", (written, iso) => {
    expect(parseDate(written)).toBe(iso);
  });
});

describe("what is no date, or two, or none that was ever, is none", () => {
  it.each([
    [""],
    ["yesterday"],
    ["3/4/2026"],
    ["30 February 2026"],
    ["29 Feb 2026"],
    ["2026-13-01"],
    ["2026-06-01T25:00:00Z"],
    ["2026-06-01T10:61:00Z"],
    ["2026-06-01T10:00:00+99:00"],
    ["2026-06-01T10:00:00+zz:00"],
    ["Mon, 01 Jun 2026 1:2:3:4 GMT"],
    ["Mon, Jun x 2026 11:47:32 GMT"],
    ["2026-06-01-01"],
    ["22026"],
    ["1 June 2026 or 2 June 2026"],
    ["2026 juin 08:30 26 08:30 Z"],
    ["0001-01-01T00:00:00Z"],
    [`1 June 2026${" ".repeat(200)}`],
  ])("%j", (written) => {
    expect(parseDate(written, "Z")).toBeUndefined();
  });
});

describe("every date that is written is read back", () => {
  const moment = fc.date({
    min: new Date("1900-01-01T00:00:00Z"),
    max: new Date("2199-12-31T00:00:00Z"),
    noInvalidDate: true,
  });

  it("in ISO 8601 and RFC 5322, to the second", () => {
    fc.assert(
      fc.property(moment, (date) => {
        const iso = date.toISOString().replace(/\.\d+/, "");
        expect(parseDate(date.toISOString())).toBe(iso);
        expect(parseDate(date.toUTCString())).toBe(iso);
      }),
    );
  });

  it("and whatever else is written gives a date in ISO 8601 that exists, or none", () => {
    const words = fc.constantFrom(
      ..."Mon, 01 31 Jun juin 2026 26 08:30 25:61:00 PM GMT +0200 +9999 T - / Z 年".split(" "),
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(words, { maxLength: 8 }).map((parts) => parts.join(" ")),
    );
    fc.assert(
      fc.property(text, (written) => {
        const iso = parseDate(written, "Z") ?? "2026-01-01";
        expect(iso).toMatch(/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d))?$/);
        expect(Number.isNaN(Date.parse(iso))).toBe(false);
      }),
    );
  });
});

it("a month or a year is filled up where a program wrote it, and no day where a person did", () => {
  expect(parseDate("2026-06", "Z")).toBe("2026-06-01");
  expect(parseDate("2026", "Z")).toBe("2026-01-01");
  expect(parseDate("2026-06")).toBeUndefined();
  expect(parseDate("2026")).toBeUndefined();
});
