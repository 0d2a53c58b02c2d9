import { oneLine } from "./clean-text.ts";
import type { Article } from "./article.ts";
import { once } from "../platform/remembering.ts";

/**
 * Converts a date of a feed, page or export to ISO 8601. It reads ISO 8601 and RFC 3339, RFC 822 and 850, asctime,
 * zone names, 12-hour clocks, month names in many languages, and seconds since 1970. Undefined if the text is not a
 * date, is ambiguous (3/4/2024), or does not exist (30 February).
 *
 * Without `zone`, a time that has no zone is cut to its date, and a bare year or month is refused. With `zone`, as
 * for dates that programs write, both are completed.
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

// W3CDTF allows a date to end at its year or month, and ISO 8601 allows it to omit hyphens.
function shortIso(line: string, zone: "Z" | undefined): string | undefined {
  const [, year, month = "01", day = "01"] =
    (zone && /^(\d{4})(?:-(\d{2}))?$/.exec(line)) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(line) ?? [];
  if (year === undefined)
    return /^\d{6}$/.test(line) ? dayOf(line.replace(/(..)(..)(..)/, "20$1-$2-$3")) : undefined;
  return dayOf(`${year}-${month}-${day}`);
}

function dayAndClock(line: string, zone: "Z" | undefined): string | undefined {
  const clock = findClock(line);
  // A second time, or a part that looks like a time but is invalid, makes the whole line unreliable.
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
  /** The line without its time and zone. */
  readonly rest: string;
}

const HALF = String.raw`a\.?m\.?|p\.?m\.?|오전|오후|午前|午後|上午|下午`;
const HOUR_MINUTE = String.raw`(?<hour>\d{1,2})[:hH](?<minute>\d{2})(?::(?<second>\d{2})(?:[.,]\d{1,9})?)?(?![:\d])`;
const ZONE = String.raw`(?:GMT|UTC?)?\s?[+-]\d{1,2}(?::?\d{2})?(?!\d)|[A-Z]{1,4}(?![\p{L}\d+-])`;
const CLOCK = new RegExp(
  String.raw`(?:(?<=\d)[T_]|(?<![\d:]))(?:(?<before>${HALF})\s?)?${HOUR_MINUTE}(?:\s?(?<after>${HALF})(?!\p{L}))?(?:\s?(?<zone>${ZONE}))?`,
  "iu",
);

function findClock(line: string): Clock | undefined {
  const match = CLOCK.exec(line);
  if (!match?.groups) return undefined;
  const { hour = "", minute = "", second = "00", before, after, zone } = match.groups;
  const hours = hourOfDay(Number(hour), before ?? after);
  if (hours === undefined || Number(minute) > 59 || Number(second) > 60) return undefined;
  const offset = zone === undefined ? undefined : zoneOffset(zone);
  // Most clocks have no leap second, so it becomes the last second of its minute.
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

// English weekdays are removed first, because loading the names of all languages takes 20 ms.
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

// RFC 5322 §4.3: two digits below 50 belong to this century.
function wholeYear(_: string, day: string, month: string, year: string): string {
  const century = year.length === 4 ? "" : Number(year) < 50 ? "20" : "19";
  return `${day} ${SHORT_MONTHS.get(month.toLowerCase()) ?? month} ${century}${year}`;
}

// Programs cut month names to three letters, also in languages that have other abbreviations.
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

// Zone names as feeds and pages use them (RFC 822 §5.1, and common use). "ET" does not state whether summer time
// holds; feed readers assume standard time, and so does this table. IST is India's zone, as for most authors who
// write it.
const ZONES = `
  -10 HST · -9 AKST · -8 AKDT PST PT · -7 PDT MST MT · -6 MDT CST CT · -5 CDT EST ET COT PET · -4 EDT AST CLT
  -3:30 NST · -3 ADT BRT ART · -2:30 NDT · 0 Z UT UTC GMT WET · 1 BST WEST CET MET MEZ WAT
  2 CEST MEST MESZ EET CAT SAST · 3 EEST MSK TRT EAT · 4 GST · 5 PKT · 5:30 IST · 5:45 NPT · 7 WIB ICT
  8 HKT SGT MYT PHT AWST · 9 JST KST · 9:30 ACST · 10 AEST · 10:30 ACDT · 11 AEDT · 12 NZST · 13 NZDT`;

/** Minutes east of UTC by name. */
const OFFSET_MINUTES: ReadonlyMap<string, number> = new Map(
  ZONES.split(/[·\n]/)
    .map((line) => line.trim().split(" "))
    .flatMap(([offset = "", ...names]) => names.map((name) => [name, minutesIn(offset)] as const)),
);

function minutesIn(offset: string): number {
  const [hours = "0", minutes = "0"] = offset.replace("-", "").split(":");
  const size = Number(hours) * 60 + Number(minutes);
  return offset.startsWith("-") ? -size : size;
}

/** Converts a zone ("EST", "GMT+2", "-0800") to ISO 8601 ("Z", "+05:30"). Undefined if no place has it. */
function zoneOffset(written: string): string | undefined {
  const zone = written.toUpperCase();
  const named = OFFSET_MINUTES.get(zone);
  if (named !== undefined) return isoOffset(named);
  const [, sign, hours = "", minutes = "0"] =
    /^(?:GMT|UTC?)?\s?([+-])(\d{1,2}):?(\d{2})?$/.exec(zone) ?? [];
  if (sign === undefined || Number(hours) > 14 || Number(minutes) > 59) return undefined;
  return isoOffset(minutesIn(`${sign}${hours}:${minutes}`.replace("+", "")));
}

function isoOffset(minutes: number): string {
  if (minutes === 0) return "Z";
  const size = Math.abs(minutes);
  const [hours, rest] = [Math.floor(size / 60), size % 60].map((part) =>
    String(part).padStart(2, "0"),
  );
  return `${minutes < 0 ? "-" : "+"}${hours}:${rest}`;
}

interface FoundDate {
  /** ISO 8601: a date and time if the line gives a zone, otherwise a date. */
  readonly iso: string;
  readonly rest: string;
}

export function findDate(text: string): FoundDate | undefined {
  if (text.length > 120 || !/\d{4}/.test(text)) return undefined;
  return findNumeric(text) ?? findNamed(text, DAY_FIRST) ?? findNamed(text, MONTH_FIRST);
}

/** Whether the text beside a date only belongs to the date: "Published", a weekday, a time, a zone. */
export function isDateNoise(rest: string): boolean {
  const words = rest.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? [];
  return words.length <= 8 && words.every((word) => DATE_NOISE.has(word) || weekdays().has(word));
}

/** Whether a capitalised word is a month or weekday, and so not a name. Only English and German capitalise them. */
export function isCalendarWord(word: string): boolean {
  const plain = word.toLowerCase().replace(/[.,]+$/, "");
  return ENGLISH_MONTHS.has(plain) || CAPITALISED.has(plain);
}

const CAPITALISED: ReadonlySet<string> = new Set(
  `monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
   januar februar märz mai juni juli oktober dezember montag dienstag mittwoch donnerstag freitag samstag
   sonnabend sonntag`.split(/\s+/),
);

const DATE_NOISE: ReadonlySet<string> = new Set(
  `published updated posted date last modified first created on at by the of and an hour ago original
   am pm a m p et est edt pt pst pdt ct cst cdt gmt utc bst cet cest ist jst kst h uhr z t
   veröffentlicht aktualisiert stand vom am um den le publié mis à jour modifié el publicado actualizado
   em atualizado pubblicato aggiornato il alle ore op om gepubliceerd bijgewerkt publicerad uppdaterad publisert
   oppdatert opdateret kl opublikowano aktualizacja dnia godz опубликовано обновлено в yayınlanma güncelleme
   公開 更新 配信 发布 发表 日期 時間 时间 입력 수정 승인 نشر آخر تحديث`.split(/\s+/),
);

const TIME = String.raw`(?:(?:T|,?\s+(?:at\s+)?)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s?(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?`;
const YEAR_FIRST = new RegExp(String.raw`(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)${TIME}`);
const EAST_ASIAN = /(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]/;
const YEAR_LAST = /(?<!\d)(\d{1,2})([./-])\s?(\d{1,2})\2\s?(\d{4})(?!\d)/;

function findNumeric(text: string): FoundDate | undefined {
  const iso = YEAR_FIRST.exec(text);
  if (iso) return found(text, iso, [iso[1], iso[3], iso[4]], iso.slice(5));
  const eastAsian = EAST_ASIAN.exec(text);
  if (eastAsian) return found(text, eastAsian, [eastAsian[1], eastAsian[2], eastAsian[3]]);
  const last = YEAR_LAST.exec(text);
  return last ? found(text, last, dayAndMonth(last)) : undefined;
}

// 3/4/2024 is March in Ohio and April in Kent. With full stops the day comes first, unless it is above 12.
function dayAndMonth([, a, mark, b, year]: RegExpExecArray): (string | undefined)[] {
  const [first, second] = [Number(a), Number(b)];
  if (second > 12) return [year, a, b];
  if (first > 12 || mark === "." || first === second) return [year, b, a];
  return [];
}

const DAY_FIRST = new RegExp(
  String.raw`(?<!\d)(?<day>\d{1,2})(?:st|nd|rd|th|er|º|\.)?\s(?:de\s|of\s)?(?<month>[^\s\d.,]{3,12})\.?,?\s(?:de\s)?(?<year>\d{4})(?!\d)${TIME}`,
);
const MONTH_FIRST = new RegExp(
  String.raw`(?<month>[^\s\d.,]{3,12})\.?\s(?<day>\d{1,2})(?:st|nd|rd|th)?,?\s(?<year>\d{4})(?!\d)${TIME}`,
);

function findNamed(text: string, pattern: RegExp): FoundDate | undefined {
  const match = pattern.exec(text);
  const { day, month: name, year } = match?.groups ?? {};
  const plain = name?.toLowerCase() ?? "";
  const month = match && (ENGLISH_MONTHS.get(plain) ?? monthsOfTheWorld().get(plain));
  return match && month
    ? found(text, match, [year, String(month), day], match.slice(4))
    : undefined;
}

function found(
  text: string,
  match: RegExpExecArray,
  [year, month, day]: readonly (string | undefined)[],
  time: readonly (string | undefined)[] = [],
): FoundDate | undefined {
  if (!year || !month || !day) return undefined;
  const date = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  if (!isReal(date)) return undefined;
  const rest = `${text.slice(0, match.index)} ${text.slice(match.index + match[0].length)}`;
  return { iso: date + timeOf(time), rest };
}

// A time without a zone is ambiguous, so only the date is kept.
function timeOf([hour, minute, second = "00", zone]: readonly (string | undefined)[]): string {
  if (!hour || !minute || !zone || Number(hour) > 23 || Number(minute) > 59) return "";
  const offset = zoneOffset(zone);
  return offset === undefined ? "" : `T${hour.padStart(2, "0")}:${minute}:${second}${offset}`;
}

// `Date` turns 30 February into 1 March. Years before 1600 are typing errors.
function isReal(date: string): boolean {
  const parsed = new Date(`${date}T00:00:00Z`);
  return date >= "1600" && !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(date);
}

const ENGLISH_MONTHS: ReadonlyMap<string, number> = new Map(
  `january february march april may june july august september october november december`
    .split(" ")
    .flatMap((name, index): [string, number][] => [
      [name, index + 1],
      [name.slice(0, 3), index + 1],
      [name.slice(0, 4), index + 1],
    ]),
);

const LANGUAGES = "de fr es it pt nl sv nb da fi pl cs sk hu ro tr ru uk bg el id vi ca".split(" ");

// Intl needs about 20 ms, so it is asked once, and only if English has no answer.
const monthsOfTheWorld = once(() => {
  return new Map(
    LANGUAGES.flatMap((language) =>
      (["long", "short"] as const).flatMap((month) => {
        const inDate = new Intl.DateTimeFormat(language, {
          day: "numeric",
          month,
          timeZone: "UTC",
        });
        return Array.from({ length: 12 }, (_, index): [string, number] => {
          const parts = inDate.formatToParts(new Date(Date.UTC(2024, index, 5)));
          const name = parts.find(({ type }) => type === "month")?.value ?? "";
          return [name.toLowerCase().replace(/\.$/, ""), index + 1];
        });
      }),
    ),
  );
});

const weekdays = once(() => {
  return new Set(
    ["en", ...LANGUAGES].flatMap((language) =>
      (["long", "short"] as const).flatMap((weekday) => {
        const format = new Intl.DateTimeFormat(language, { weekday, timeZone: "UTC" });
        return Array.from({ length: 7 }, (_, index) =>
          format
            .format(new Date(Date.UTC(2024, 0, index + 1)))
            .toLowerCase()
            .replace(/\.$/, ""),
        );
      }),
    ),
  );
});

const DAY_MS = 86_400_000;

/** Whether an article is dated before a moment. A date lasts to the end of its day. */
export function isDatedBefore(
  { publishedAt }: Pick<Article, "publishedAt">,
  moment: Date | undefined,
): boolean {
  const time = Date.parse(publishedAt ?? "");
  if (moment === undefined || Number.isNaN(time)) return false;
  return time + (publishedAt?.includes("T") ? 0 : DAY_MS) < moment.getTime();
}
