/** A date found in a line, and what else the line says. */
export interface FoundDate {
  /** ISO 8601: a date and time where the line gives a zone, else the date. */
  readonly iso: string;
  readonly rest: string;
}

/** The first date in a short text. */
export function findDate(text: string): FoundDate | undefined {
  if (text.length > 120 || !/\d{4}/.test(text)) return undefined;
  return findNumeric(text) ?? findNamed(text, DAY_FIRST) ?? findNamed(text, MONTH_FIRST);
}

/** Whether what stands beside a date only dates it: "Published", a weekday, a time, a zone. */
export function isDateNoise(rest: string): boolean {
  const words = rest.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? [];
  return words.length <= 8 && words.every((word) => DATE_NOISE.has(word) || weekdays().has(word));
}

/** Whether a capitalised word is a month or a weekday, and so no name: only English and German capitalise them. */
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

// 3/4/2024 is March in Ohio and April in Kent. With full stops the day comes first, unless it cannot.
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

// A time without a zone is a different moment for every reader, so only the date is kept.
function timeOf([hour, minute, second = "00", zone]: readonly (string | undefined)[]): string {
  if (!hour || !minute || !zone || Number(hour) > 23 || Number(minute) > 59) return "";
  const offset = /^[+-]/.test(zone) ? zone.replace(/^(...):?(..)$/, "$1:$2") : "Z";
  return `T${hour.padStart(2, "0")}:${minute}:${second}${offset === "+00:00" ? "Z" : offset}`;
}

// Date rolls 30 February over to 1 March, and years before 1600 are typing errors.
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

let worldMonths: ReadonlyMap<string, number> | undefined;
let worldWeekdays: ReadonlySet<string> | undefined;

// Asking Intl costs some 20 ms, so it is asked once, and only when English has no answer.
function monthsOfTheWorld(): ReadonlyMap<string, number> {
  worldMonths ??= new Map(
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
  return worldMonths;
}

function weekdays(): ReadonlySet<string> {
  worldWeekdays ??= new Set(
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
  return worldWeekdays;
}
