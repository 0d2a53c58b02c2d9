import { oneLine } from "./clean-text.ts";
import { findDate, isDateNoise } from "./publication-date.ts";
import { zoneOffset } from "./time-zones.ts";

/**
 * The ISO 8601 form of a date as feeds, pages and exports write it: ISO 8601 and RFC 3339, RFC 822 and 850,
 * asctime, with zone names, 12-hour clocks, month names in many languages, or seconds since 1970. Undefined
 * where it is none, may be two (3/4/2024), or does not exist (30 February).
 *
 * A time that names no zone is a different moment for every reader, and a year is no day: without `zone`, only
 * the date of the one is kept and the other is none. With it, as for what programs write, both are filled up.
 */
export function parseDate(written: string, zone?: "Z"): string | undefined {
  if (written.length > 120) return undefined;
  const line = oneLine(written.normalize("NFKC").replace(/\([^()]*\)/g, " "));
  return (
    sinceEpoch(line) ??
    shortIso(line, zone) ??
    dayAndClock(line.replace(BASIC_ISO, "$1-$2-$3T$4:$5:$6"), zone)
  );
}

function sinceEpoch(line: string): string | undefined {
  if (!/^\d{10}(?:\d{3})?$/.test(line)) return undefined;
  const ms = line.length === 10 ? Number(line) * 1000 : Number(line);
  return new Date(ms).toISOString().replace(/\.\d+/, "");
}

const BASIC_ISO = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})/;

// W3CDTF lets a date end at its year or month, and ISO 8601 lets it do without hyphens.
function shortIso(line: string, zone: "Z" | undefined): string | undefined {
  const [, year, month = "01", day = "01"] =
    (zone && /^(\d{4})(?:-(\d{2}))?$/.exec(line)) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(line) ?? [];
  if (year === undefined)
    return /^\d{6}$/.test(line) ? dayOf(line.replace(/(..)(..)(..)/, "20$1-$2-$3")) : undefined;
  return dayOf(`${year}-${month}-${day}`);
}

function dayAndClock(line: string, zone: "Z" | undefined): string | undefined {
  const clock = findClock(line);
  // What has the marks of a time but cannot be one, or two of them, says that the whole is not to be relied on.
  if (/\d:\d/.test(clock?.rest ?? line)) return undefined;
  if (clock === undefined) return dayOf(line);
  const day = dayOf(clock.rest);
  if (day === undefined) return undefined;
  const offset = clock.zone ?? zone;
  return offset === undefined ? day : `${day}T${clock.time}${offset}`;
}

interface Clock {
  /** HH:MM:SS */
  readonly time: string;
  readonly zone?: string | undefined;
  /** The line without time and zone. */
  readonly rest: string;
}

const HALF = String.raw`a\.?m\.?|p\.?m\.?|오전|오후|午前|午後|上午|下午`;
const TIME = String.raw`(?<hour>\d{1,2})[:hH](?<minute>\d{2})(?::(?<second>\d{2})(?:[.,]\d{1,9})?)?(?![:\d])`;
const ZONE = String.raw`(?:GMT|UTC?)?\s?[+-]\d{1,2}(?::?\d{2})?(?!\d)|[A-Z]{1,4}(?![\p{L}\d+-])`;
const CLOCK = new RegExp(
  String.raw`(?:(?<=\d)[T_]|(?<![\d:]))(?:(?<before>${HALF})\s?)?${TIME}(?:\s?(?<after>${HALF})(?!\p{L}))?(?:\s?(?<zone>${ZONE}))?`,
  "iu",
);

function findClock(line: string): Clock | undefined {
  const match = CLOCK.exec(line);
  if (!match?.groups) return undefined;
  const { hour = "", minute = "", second = "00", before, after, zone } = match.groups;
  const hours = hourOfDay(Number(hour), before ?? after);
  if (hours === undefined || Number(minute) > 59 || Number(second) > 60) return undefined;
  const offset = zone === undefined ? undefined : zoneOffset(zone);
  // A leap second is the last second of its minute for everybody who has no such second.
  const seconds = second === "60" ? "59" : second;
  const left = `${line.slice(0, match.index)} ${line.slice(match.index + match[0].length)}`;
  const rest = offset === undefined && zone !== undefined ? `${left} ${zone}` : left;
  return { time: `${String(hours).padStart(2, "0")}:${minute}:${seconds}`, zone: offset, rest };
}

function hourOfDay(hour: number, half: string | undefined): number | undefined {
  if (half === undefined) return hour <= 23 ? hour : undefined;
  if (hour > 12) return hour <= 23 ? hour : undefined;
  return (hour % 12) + (/^p|오후|午後|下午/i.test(half) ? 12 : 0);
}

// English weekdays go first, because asking for those of all languages takes 20 ms.
const WEEKDAY = /^(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\.?,?\s+/i;

function dayOf(line: string): string | undefined {
  const plain = oneLine(line)
    .replace(WEEKDAY, "")
    .replace(DAY_MONTH_YEAR, wholeYear)
    .replace(YEAR_MONTH_DAY, "$3 $2 $1");
  const found = findDate(plain);
  if (!found || /\d/.test(found.rest) || !isDateNoise(found.rest)) return undefined;
  return found.iso;
}

// "06-Nov-94" (RFC 850), "01 Jan 04" (RFC 822), "13 Feb, 2012"; and "2004-July-13".
const DAY_MONTH_YEAR =
  /(?<!\d)(\d{1,2})[-\s.]{1,2}(\p{L}[\p{L}\p{M}]{2,11})[-\s.,]{1,2}(\d{2}|\d{4})(?!\d)/u;
const YEAR_MONTH_DAY = /^(\d{4})[-\s](\p{L}[\p{L}\p{M}]{2,11})[-\s](\d{1,2})(?!\d)/u;

// RFC 5322 §4.3: two digits below 50 are of this century.
function wholeYear(_: string, day: string, month: string, year: string): string {
  const century = year.length === 4 ? "" : Number(year) < 50 ? "20" : "19";
  return `${day} ${SHORT_MONTHS.get(month.toLowerCase()) ?? month} ${century}${year}`;
}

// Programs cut month names to three letters also where nobody who writes the language does.
const SHORT_MONTHS: ReadonlyMap<string, string> = new Map([
  ["jän", "jan"],
  ["fév", "feb"],
  ["фев", "feb"],
  ["mär", "mar"],
  ["mrz", "mar"],
  ["μάρ", "mar"],
  ["μάι", "may"],
  ["ιούν", "jun"],
  ["ιούλ", "jul"],
  ["aoû", "aug"],
  ["αύγ", "aug"],
  ["сен", "sep"],
  ["ноя", "nov"],
]);
