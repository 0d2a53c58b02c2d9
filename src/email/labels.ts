import { ja, ko, zh, zhHant, hi, tr } from "./labels/asian.ts";
import { en, de, nl } from "./labels/germanic.ts";
import { fr, es, it, pt } from "./labels/romance.ts";
import { ar, he } from "./labels/semitic.ts";
import { pl, ru, uk } from "./labels/slavic.ts";
import type { Labels } from "./labels/labels.ts";

export type { Labels };

const CATALOGUE = new Map<string, Labels>(
  Object.entries({ ar, de, en, es, fr, he, hi, it, ja, ko, nl, pl, pt, ru, tr, uk, zh }),
);

/** The labels of a language, by its primary subtag; English where the catalogue has none. */
export function labelsFor(language: string): Labels {
  const locale = new Intl.Locale(language).maximize();
  if (locale.language === "zh" && locale.script === "Hant") return zhHant;
  return CATALOGUE.get(locale.language) ?? en;
}

/** "9 minutes", in the language's own plural and digits. */
export function minutesIn(language: string, labels: Labels, count: number): string {
  // A language without a catalogue is labelled in English, so its plural rules are English too.
  const spoken = labels === en ? "en" : language;
  const form = labels.minutes[new Intl.PluralRules(spoken).select(count)] ?? labels.minutes.other;
  return (form ?? "#").replace("#", numberIn(spoken, count));
}

/** A whole number in the digits and grouping of the language. */
export function numberIn(language: string, count: number): string {
  return new Intl.NumberFormat(regional(language)).format(count);
}

/**
 * The region a bare language is set in where CLDR's default would look foreign to most of its
 * readers: the day before the month in English, Arabic digits in Arabic. A language that names its
 * region is taken at its word.
 */
export function regional(language: string): string {
  if (language === "en") return "en-GB";
  return language === "ar" ? "ar-EG" : language;
}
