import type { DatePatterns } from "./date-patterns.ts";

/** A day, month, season, year or decade, as far as its words say. */
export interface Period {
  readonly year?: number | undefined;
  readonly iso: string | undefined;
  /** `MM-DD` of its beginning, or near: what sorts periods of one year. */
  readonly order: string;
  readonly precision: number;
  /** Whether it is only a year, which any number may look like. */
  readonly isYear: boolean;
  /** Whether its words alone might mean something else: "may", 2000. */
  readonly needsLead: boolean;
  /** Whether it has a word that narrows it: "mid-", "end of". */
  readonly isNarrowed: boolean;
  /** Whether it is more than one day or month, so that a year alone does not resolve it. */
  readonly isOpen?: boolean;
}

/** The period that a date's words name, undefined for a day that no month has. */
export function periodOf(text: string, patterns: DatePatterns): Period | undefined {
  const year = yearIn(text);
  if (patterns.day.some((day) => day.test(text))) return dayOf(text, year, patterns);
  if (patterns.season.test(text)) return seasonOf(year);
  if (patterns.month.test(text)) return monthOf(text, year, patterns);
  if (patterns.year.test(text)) return wholeYear(text, year);
  return patterns.decade.test(text) ? decadeOf(text) : undefined;
}

function yearIn(text: string): number | undefined {
  const year = /(?<!\d)(?:1[5-9]|20)\d\d(?!\d)/.exec(text)?.[0];
  return year === undefined ? undefined : Number(year);
}

function dayOf(
  text: string,
  year: number | undefined,
  { months }: DatePatterns,
): Period | undefined {
  const month = monthIn(text, months);
  const days = [...text.matchAll(/(?<!\d)\d{1,2}(?!\d)/g)].map(([day]) => day.padStart(2, "0"));
  const [day = "", last] = days;
  if (days.some((number) => Number(number) > lengthOf(month, year))) return undefined;
  const order = `${month}-${day}`;
  const base = { order, precision: 4, isYear: false, needsLead: false, isNarrowed: false };
  if (last !== undefined && year !== undefined) {
    return { ...base, year, iso: `${String(year)}-${order}/${String(year)}-${month}-${last}` };
  }
  const period = { ...base, iso: undefined, isOpen: last !== undefined };
  return year === undefined ? period : inYear(period, year);
}

function lengthOf(month: string, year = 2000): number {
  return new Date(Date.UTC(year, Number(month), 0)).getUTCDate();
}

function monthOf(text: string, year: number | undefined, { months }: DatePatterns): Period {
  const isNarrowed =
    !/^\p{L}+\.?(?:\W.*)?$/u.test(text) ||
    !months.some((month) => new RegExp(`^${month.source}`, "u").test(text));
  const order = `${monthIn(text, months)}${partOf(text)}`;
  const needsLead = year === undefined && !isNarrowed;
  const period = {
    order,
    iso: undefined,
    precision: isNarrowed ? 3.5 : 3,
    isYear: false,
    needsLead,
    isNarrowed,
  };
  return year === undefined ? period : inYear(period, year);
}

function monthIn(text: string, months: readonly RegExp[]): string {
  return String(months.findIndex((month) => month.test(text)) + 1).padStart(2, "0");
}

const LATE =
  /^(?:late|end|close|second|ende|jahresende|fin|la fin|finales|fines|fine|fim|final|eind)/i;
const MIDDLE = /^(?:mi[-dt]|half|medio|mediados|metà|meados)/i;

/** Where in its month a period lies, so that it is set between the days: "end of March" after March 28. */
function partOf(text: string): string {
  if (LATE.test(text)) return "-29";
  return MIDDLE.test(text) ? "-12" : "-00";
}

function wholeYear(text: string, year = 0): Period {
  const isNarrowed = !/^\d/.test(text);
  const order = LATE.test(text) ? "12-00" : MIDDLE.test(text) ? "06-00" : "00-00";
  return {
    year,
    iso: String(year),
    order,
    precision: 2,
    isYear: true,
    needsLead: true,
    isNarrowed,
  };
}

/** Half the world has its spring in September, and a winter lasts over New Year. */
function seasonOf(year = 0): Period {
  return {
    year,
    iso: undefined,
    order: "00-01",
    precision: 2.5,
    isYear: false,
    needsLead: false,
    isNarrowed: true,
  };
}

function decadeOf(text: string): Period | undefined {
  const digits = /\d+/.exec(text)?.[0] ?? "";
  const year = digits.length === 2 ? 1900 + Number(digits) : Number(digits);
  if (Number.isNaN(year)) return undefined;
  const iso = `${String(year)}/${String(year + 9)}`;
  return {
    year,
    iso,
    order: "00-00",
    precision: 1,
    isYear: false,
    needsLead: true,
    isNarrowed: true,
  };
}

/** The same period in a year that its own words do not name. */
export function inYear(period: Period, year: number): Period {
  if (period.year !== undefined) return period;
  if (period.isOpen) return { ...period, year };
  if (period.precision < 4)
    return { ...period, year, iso: `${String(year)}-${period.order.slice(0, 2)}` };
  return { ...period, year, iso: `${String(year)}-${period.order}` };
}
