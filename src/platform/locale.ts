/**
 * Returns the locale for formatting. CLDR's default region of a bare language may look foreign to most of its readers:
 * English dates have the day before the month here, and Arabic has Arabic digits. A language with a region is unchanged.
 */
export function regional(language: string): string {
  if (language === "en") return "en-GB";
  return language === "ar" ? "ar-EG" : language;
}

/** Writes the day of a time in UTC: "12 November 2030", or in the given form. */
export function writtenDay(
  language: string,
  day: Date,
  form: Intl.DateTimeFormatOptions = { dateStyle: "long" },
): string {
  const format = new Intl.DateTimeFormat(regional(language), { ...form, timeZone: "UTC" });
  const written = format.format(day);
  // CLDR has no ordinal for the first of a month: "1er décembre".
  const isFrench = new Intl.Locale(language).language === "fr";
  return isFrench ? written.replace(/(?<!\d)1(?= \p{L})/u, "1er") : written;
}

/** Marks between two items in one line. */
export interface Punctuation {
  /** The mark between a name and its publication. */
  readonly comma: string;
  /** The mark between a publication and its minutes. */
  readonly separator: string;
  /** The mark between the headlines of an issue. */
  readonly list: string;
  /** The mark between a date and the text after it. */
  readonly stop: string;
  /** The mark after a label. */
  readonly colon: string;
}

const LATIN: Punctuation = { comma: ", ", separator: " · ", list: "; ", stop: ". ", colon: ":" };

/** The marks of ideographs are as wide as themselves and have no spaces around them (JIS X 4051). */
const IDEOGRAPHIC: Punctuation = {
  comma: "、",
  separator: "\u3000",
  list: "／",
  stop: "。",
  colon: "：",
};

/** Returns the marks of a language. */
export function punctuationFor(language: string): Punctuation {
  const { script = "", language: spoken } = new Intl.Locale(language).maximize();
  if (["Jpan", "Hans", "Hant"].includes(script)) return IDEOGRAPHIC;
  if (spoken === "fr") return { ...LATIN, colon: "\u00A0:" };
  return script === "Arab" ? { ...LATIN, comma: "، ", list: "؛ " } : LATIN;
}
