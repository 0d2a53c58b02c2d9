import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findDate, parseDate } from "../../src/article/dates.ts";

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
