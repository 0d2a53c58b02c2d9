import { perLanguage, primarySubtag, words } from "./lexicon.ts";
import written from "./abbreviations.json" with { type: "json" };

/**
 * Abbreviations by what may follow their full stop. Keys are lower case, without the last stop, and
 * with inner stops kept (`e.g`). They are sets, never a plain object: texts hold words such as
 * "constructor".
 */
export interface Abbreviations {
  /** A sentence never ends here: a title before a name, "e.g.", "vs.". */
  readonly open: ReadonlySet<string>;
  /** Only a number belongs to it: "No. 5", "pp. 12". */
  readonly beforeNumber: ReadonlySet<string>;
  /** A sentence may end here, and does when the next word looks like a beginning. */
  readonly either: ReadonlySet<string>;
}

/** What stands before a number in the names of things, whatever the language around them is. */
const IN_NAMES = "mk op fig";

type Lists = Partial<Record<keyof Abbreviations, string>>;
const OTHERS: Lists = written.others;
const LISTS = new Map<string, Lists>(
  Object.entries(written).flatMap(([languages, lists]) =>
    languages.split(" ").map((language) => [language, lists] as const),
  ),
);

/** The abbreviations of a language (BCP 47); those of personal titles where none are known: names travel with them. */
export const abbreviationsOf = perLanguage((primary): Abbreviations => {
  const { open, beforeNumber, either } = LISTS.get(primary) ?? OTHERS;
  return {
    open: words(open),
    beforeNumber: words(`${beforeNumber ?? ""} ${IN_NAMES}`),
    either: words(either),
  };
});

/** Languages that write an ordinal with a stop: "am 3. Oktober". */
const STOPPED_ORDINALS = words("de da nb no nn fi is cs sk sl hr sr bs hu et lv pl tr");

/** Languages in which r and l carry a syllable, so that "vlk" and "krv" are words. */
const SYLLABIC_CONSONANTS = words("cs sk sl hr sr bs mk");

/** Whether "3." in the middle of a sentence is an ordinal in this language. */
export function writesStoppedOrdinals(language: string): boolean {
  return STOPPED_ORDINALS.has(primarySubtag(language));
}

/** The letters that make a syllable in a language, in lower case and without their accents. */
export function vowelsOf(language: string): RegExp {
  return SYLLABIC_CONSONANTS.has(primarySubtag(language))
    ? /[aeiouyæøœаеёиоуыэюяієърлrl]/u
    : /[aeiouyæøœаеёиоуыэюяієъ]/u;
}
