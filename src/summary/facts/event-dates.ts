import { calendarOf, datesIn, FREE, type NamedDate, type Third, type Usage } from "./dates.ts";

/** Sorts after every stated year. */
export const UNKNOWN_YEAR = 9999;

/** The date or period of an event in a sentence. `[start, end)` are offsets in the sentence. */
export interface EventDate {
  readonly when: string;
  /** ISO 8601: a day, a month, a year or an interval of them. */
  readonly iso?: string;
  readonly start: number;
  readonly end: number;
  /** Sorts dates by their beginning. Begins with `UNKNOWN_YEAR` if the year is unknown. */
  readonly order: string;
  /** From 4 for a day to 1 for a decade. */
  readonly precision: number;
}

/**
 * Returns the dates of a sentence at which an event happens, in its order. "By 2030", "the 2015 final" and "in 2000 cases"
 * are excluded. A missing year is derived from `publishedAt` (ISO 8601) if it is certain; otherwise the date has no `iso`.
 * Empty in a language without a date format of our own.
 */
export function eventDatesIn(
  sentence: string,
  language: string,
  publishedAt = "",
): readonly EventDate[] {
  const { usage } = calendarOf(language);
  if (!usage) return [];
  return mentionsIn(sentence, datesIn(sentence, language), usage).flatMap(
    (mention) => eventOf(mention, sentence, usage, publishedAt) ?? [],
  );
}

/** A date or two joined dates, with the words before them. */
interface Mention {
  readonly first: NamedDate;
  readonly second?: NamedDate;
  /** The text between the two dates. */
  readonly join: string;
  readonly lead: string;
  readonly leadStart: number;
}

/** The number of code units before a date that are searched for its introductory words. */
const LEAD_LETTERS = 40;

function mentionsIn(
  sentence: string,
  dates: readonly NamedDate[],
  { join, lead }: Usage,
): readonly Mention[] {
  const mentions: Mention[] = [];
  for (let at = 0; at < dates.length; at++) {
    const first = dates[at];
    if (!first) break;
    const next = dates[at + 1];
    const between = next ? sentence.slice(first.end, next.start) : "";
    const isPair = next !== undefined && join.test(between);
    const last = isPair ? next : first;
    if (isPair) at++;
    if (!FREE.after.test(sentence.slice(last.end))) continue;
    const before = sentence.slice(Math.max(0, first.start - LEAD_LETTERS), first.start);
    const leads = lead.exec(before);
    if (!leads && !FREE.before.test(before)) continue;
    const leadStart = leads ? first.start - before.length + leads.index : first.start;
    const found = { first, lead: leads?.groups?.["lead"] ?? "", leadStart };
    mentions.push(isPair ? { ...found, second: next, join: between } : { ...found, join: "" });
  }
  return mentions;
}

function eventOf(
  mention: Mention,
  sentence: string,
  usage: Usage,
  publishedAt: string,
): EventDate | undefined {
  const { first, second, join, lead, leadStart } = mention;
  const period = wholePeriod(first, second);
  if (!period || !happensThen(mention, sentence, period, usage)) return undefined;
  const isPair = second !== undefined && usage.pairLead.test(lead);
  const isBoundary = usage.boundary.test(lead);
  const isTwo = second !== undefined && !isPair && !usage.through.test(join);
  const keepsLead = !isTwo && (isPair || isBoundary || /^(?:last|next)$/i.test(lead));
  const start = keepsLead ? leadStart : first.start;
  const { end } = second ?? first;
  const isAhead = usage.ahead.test(sentence);
  const year = period.year ?? yearOf(period, lead, isAhead, publishedAt);
  const { iso } = year === undefined ? period : inYear(period, year);
  return {
    when: sentence.slice(start, end).trim(),
    ...(iso !== undefined && !isBoundary && !isTwo && { iso }),
    start,
    end,
    order: `${String(year ?? likelyYear(isAhead, publishedAt))}-${period.order}`,
    precision: period.precision,
  };
}

function wholePeriod(first: NamedDate, second: NamedDate | undefined): Period | undefined {
  const from = periodOf(first);
  if (!from || !second) return from;
  const to = periodOf(second);
  if (!to || to.precision !== from.precision) return undefined;
  const began = from.year === undefined && to.year !== undefined ? inYear(from, to.year) : from;
  const iso = began.iso && to.iso && began.iso <= to.iso ? `${began.iso}/${to.iso}` : undefined;
  return { ...began, iso, isOpen: true, isNarrowed: true };
}

/** Words that make the date part of a noun phrase: "the 2015 final", "Pell's 1944". */
const DETERMINED =
  /(?:^|[^\p{L}])(?:the|an?|his|her|its|their|our|this|that|\p{L}+['’]s|\p{L}+s['’])\s$/iu;

/** The second half of a period that began with a day alone: "du 15 au 17 juin". */
const HALF_A_PERIOD = /(?<!\p{N})\p{N}{1,2}[.º°]?\s?(?:\p{L}{1,5}|[–-])$/u;

/**
 * Whether the date is the time of an event. It needs a suitable introductory word, or must be clear without one. A date
 * before a noun is part of a name.
 */
function happensThen(
  { second, lead, leadStart }: Mention,
  sentence: string,
  { needsLead, isNarrowed }: Period,
  { boundary, plainLead, pairLead }: Usage,
): boolean {
  const before = sentence.slice(0, leadStart);
  if (HALF_A_PERIOD.test(`${before}${lead}`.trimEnd().slice(-LEAD_LETTERS))) return false;
  const opens = /^["“„«]?$/.test(before.trim());
  if (lead === "") return !DETERMINED.test(before) && (!needsLead || (isNarrowed && opens));
  const isPair = second !== undefined && pairLead.test(lead);
  if (boundary.test(lead)) return opens || isPair;
  if (/\sthe$/i.test(lead)) return isNarrowed && plainLead.test(lead);
  return plainLead.test(lead) || isPair;
}

/**
 * Returns a year that is good enough for sorting if `yearOf` is undecided. "in November", read in January, is in the past
 * unless the sentence is about the future.
 */
function likelyYear(isAhead: boolean, publishedAt: string): number {
  const now = Number(/^\d{4}/.exec(publishedAt)?.[0] ?? UNKNOWN_YEAR);
  return isAhead || now === UNKNOWN_YEAR ? now : now - 1;
}

/** Within this many months, "in December" in an article of January may be in the past. */
const NEAR_PAST = 4;

/** Returns the year of a date without one, if the publication date makes it certain. */
function yearOf(
  period: Period,
  lead: string,
  isAhead: boolean,
  publishedAt: string,
): number | undefined {
  const [, year, month, day = "31"] = /^(\d{4})-(\d\d)(?:-(\d\d))?/.exec(publishedAt) ?? [];
  if (!year || !month) return undefined;
  const now = Number(year);
  const isPast = period.order.slice(0, 5).padEnd(5, "-00") <= `${month}-${day}`;
  if (/^last$/i.test(lead)) return period.order.slice(0, 2) < month ? now : now - 1;
  if (/^next$/i.test(lead)) return period.order.slice(0, 2) > month ? now : now + 1;
  const monthsBack = (Number(month) - Number(period.order.slice(0, 2)) + 12) % 12;
  if (isPast) return now;
  return isAhead && monthsBack > NEAR_PAST ? now : undefined;
}

/** A day, month, season, year or decade, as precisely as its words state it. */
interface Period {
  readonly year?: number | undefined;
  readonly iso: string | undefined;
  /** The `MM-DD` of its beginning, or near it. It sorts periods of one year. */
  readonly order: string;
  readonly precision: number;
  /** Whether its words alone could mean something else: "may", 2000. */
  readonly needsLead: boolean;
  /** Whether a word narrows it: "mid-", "end of". */
  readonly isNarrowed: boolean;
  /** Whether it is longer than one day or month. Then a year alone does not give an ISO date. */
  readonly isOpen?: boolean;
}

/** The sort position of each third in its month and year: "end of March" comes after March 28. */
const IN_MONTH: Readonly<Record<Third, string>> = { early: "-00", mid: "-12", late: "-29" };
const IN_YEAR: Readonly<Record<Third, string>> = { early: "00-00", mid: "06-00", late: "12-00" };

/** Returns the period of a date. Undefined for a day that the month lacks. */
function periodOf(date: NamedDate): Period | undefined {
  const { kind, year = 0, month = 0, third = "early" } = date;
  const isNarrowed = date.third !== undefined;
  const base = { iso: undefined, needsLead: false, isNarrowed };
  switch (kind) {
    case "day":
      return dayOf(date);
    case "month": {
      const order = twoDigits(month) + IN_MONTH[third];
      const needsLead = date.year === undefined && !isNarrowed;
      const period = { ...base, order, precision: isNarrowed ? 3.5 : 3, needsLead };
      return date.year === undefined ? period : inYear(period, year);
    }
    case "season":
      // In half of the world, spring is in September, and winter lasts over New Year.
      return { ...base, year, order: "00-01", precision: 2.5, isNarrowed: true };
    case "year":
      return {
        ...base,
        year,
        iso: String(year),
        order: IN_YEAR[third],
        precision: 2,
        needsLead: true,
      };
    case "decade":
      return {
        ...base,
        year,
        iso: `${String(year)}/${String(year + 9)}`,
        order: "00-00",
        precision: 1,
        needsLead: true,
        isNarrowed: true,
      };
    default:
      return undefined;
  }
}

function dayOf({ text, month = 0, days, year }: NamedDate): Period | undefined {
  const [day = 0, last] = days;
  const length = new Date(Date.UTC(year ?? 2000, month, 0)).getUTCDate();
  if (days.some((number) => number > length)) return undefined;
  const order = `${twoDigits(month)}-${twoDigits(day)}`;
  const base = { order, precision: 4, needsLead: false, isNarrowed: false };
  if (last === undefined) {
    const period = { ...base, iso: undefined };
    return year === undefined ? period : inYear(period, year);
  }
  // "March 3 and 5" are two days, not a period.
  const isPeriod = year !== undefined && day <= last && !/\sand\s/.test(text);
  const iso = isPeriod
    ? `${String(year)}-${order}/${String(year)}-${twoDigits(month)}-${twoDigits(last)}`
    : undefined;
  return { ...base, year, iso, isOpen: true };
}

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}

/** Returns the period in the given year, unless its own words state the year. */
function inYear(period: Period, year: number): Period {
  if (period.year !== undefined) return period;
  if (period.isOpen) return { ...period, year };
  const iso = `${String(year)}-${period.precision < 4 ? period.order.slice(0, 2) : period.order}`;
  return { ...period, year, iso };
}
