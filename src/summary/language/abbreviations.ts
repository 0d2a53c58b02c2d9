import { perLanguage, primarySubtag, words } from "./lexicon.ts";
import written from "./abbreviations.json" with { type: "json" };

/**
 * Abbreviations of a language, grouped by the words that may follow their full stop. Keys are in lower case, without the
 * last stop but with inner ones (`e.g`). They are sets and not plain objects, because texts contain words such as
 * "constructor".
 */
export interface Abbreviations {
  /** Abbreviations that never end a sentence: a title before a name, "e.g.", "vs.". */
  readonly open: ReadonlySet<string>;
  /** Abbreviations only before a number: "No. 5", "pp. 12". */
  readonly beforeNumber: ReadonlySet<string>;
  /** Abbreviations that may end a sentence. They do if the next word looks like a beginning. */
  readonly either: ReadonlySet<string>;
}

/** Abbreviations before a number in names of things, in every language. */
const IN_NAMES = "mk op fig";

type Lists = Partial<Record<keyof Abbreviations, string>>;
const OTHERS: Lists = written.others;
const LISTS = new Map<string, Lists>(
  Object.entries(written).flatMap(([languages, lists]) =>
    languages.split(" ").map((language) => [language, lists] as const),
  ),
);

/**
 * Returns the abbreviations of a language (BCP 47). A language without a list has the personal titles, because names occur
 * in every language.
 */
export const abbreviationsOf = perLanguage((primary): Abbreviations => {
  const { open, beforeNumber, either } = LISTS.get(primary) ?? OTHERS;
  return {
    open: words(open),
    beforeNumber: words(`${beforeNumber ?? ""} ${IN_NAMES}`),
    either: words(either),
  };
});

/** Languages that write ordinals with a full stop: "am 3. Oktober". */
const STOPPED_ORDINALS = words("de da nb no nn fi is cs sk sl hr sr bs hu et lv pl tr");

/** Languages in which r and l can form a syllable, so that "vlk" and "krv" are words. */
const SYLLABIC_CONSONANTS = words("cs sk sl hr sr bs mk");

/** Whether "3." inside a sentence is an ordinal in this language. */
export function writesStoppedOrdinals(language: string): boolean {
  return STOPPED_ORDINALS.has(primarySubtag(language));
}

/** Returns a pattern of the letters that can form a syllable, in lower case and without accents. */
export function vowelsOf(language: string): RegExp {
  return SYLLABIC_CONSONANTS.has(primarySubtag(language))
    ? /[aeiouyæøœаеёиоуыэюяієърлrl]/u
    : /[aeiouyæøœаеёиоуыэюяієъ]/u;
}
