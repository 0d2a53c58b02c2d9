import ar from "./labels/ar.json" with { type: "json" };
import de from "./labels/de.json" with { type: "json" };
import en from "./labels/en.json" with { type: "json" };
import es from "./labels/es.json" with { type: "json" };
import fr from "./labels/fr.json" with { type: "json" };
import he from "./labels/he.json" with { type: "json" };
import hi from "./labels/hi.json" with { type: "json" };
import it from "./labels/it.json" with { type: "json" };
import ja from "./labels/ja.json" with { type: "json" };
import ko from "./labels/ko.json" with { type: "json" };
import nl from "./labels/nl.json" with { type: "json" };
import pl from "./labels/pl.json" with { type: "json" };
import pt from "./labels/pt.json" with { type: "json" };
import ru from "./labels/ru.json" with { type: "json" };
import tr from "./labels/tr.json" with { type: "json" };
import uk from "./labels/uk.json" with { type: "json" };
import zh from "./labels/zh.json" with { type: "json" };
import zhHant from "./labels/zh-hant.json" with { type: "json" };
import { regional, writtenDay } from "../platform/locale.ts";
import { filled } from "../platform/text.ts";

/** Texts with a value of the issue, which the files of `labels/` write in braces. */
interface Sentences {
  readonly number: (number: string) => string;
  readonly andMore: (count: string) => string;
  /** The number of further stories in brief. */
  readonly andInBrief: (count: string) => string;
  /** The name of an advertisement's sponsor. */
  readonly paidFor: (sponsor: string) => string;
  /** The introduction of the headline from the issue of that day. */
  readonly follows: (date: string) => string;
  /** The reading times of the summary and of the article. */
  readonly reading: (here: string, inFull: string) => string;
  readonly lengthInFull: (words: string, minutes: string) => string;
  readonly reason: (newsletter: string) => string;
  /** The heading above the source of a brief. */
  readonly wholeStoryIn: (paper: string) => string;
  /** The editor of the issue: the text before and after the name. */
  readonly editedBy: readonly [before: string, after: string];
}

/** Texts that are the same in every issue: all other entries of a file in `labels/`. They are available to templates. */
export type Words = Readonly<
  Omit<typeof en, keyof Sentences | "minutes" | "quotes" | "archive" | "smallNumbers">
>;

/** A text with `#` for a number, by the plural category of Intl.PluralRules. */
export type Plurals = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>;

/** The texts of the pages of sent issues. `{year}` in `since` is a year. */
type ArchiveWords = Readonly<Omit<(typeof en)["archive"], "since" | "issues">> & {
  readonly since: Plurals;
  readonly issues: Plurals;
};

/** The texts of an email in one language. */
export interface Labels extends Sentences {
  readonly words: Words;
  readonly archive: ArchiveWords;
  readonly minutes: Plurals;
  readonly quotes: readonly [open: string, close: string];
  /** The words for two, three and so on. Empty if they depend on the counted noun. */
  readonly smallNumbers: readonly string[];
}

/** The content of a file in `labels/`. */
type Texts = Omit<typeof en, "minutes" | "archive"> & Pick<Labels, "minutes" | "archive">;

function labelsOf(texts: Texts): Labels {
  const { number, andMore, andInBrief, paidFor, follows, reading, lengthInFull, ...more } = texts;
  const { wholeStoryIn, editedBy, reason, smallNumbers, minutes, quotes, archive, ...words } = more;
  const [open = "", close = ""] = quotes;
  const [before = "", after = ""] = editedBy.split("{editor}");
  return {
    words,
    archive,
    minutes,
    quotes: [open, close],
    number: (value) => filled(number, { number: value }),
    smallNumbers: smallNumbers.split(" ").filter(Boolean),
    andMore: (count) => filled(andMore, { count }),
    andInBrief: (count) => filled(andInBrief, { count }),
    paidFor: (sponsor) => filled(paidFor, { sponsor }),
    follows: (date) => filled(follows, { date }),
    reading: (here, inFull) => filled(reading, { here, inFull }),
    lengthInFull: (length, time) => filled(lengthInFull, { words: length, minutes: time }),
    reason: (newsletter) => filled(reason, { newsletter }),
    wholeStoryIn: (paper) => filled(wholeStoryIn, { paper }),
    editedBy: [before, after],
  };
}

const ENGLISH = labelsOf(en);
const CATALOGUE: ReadonlyMap<string, Labels> = new Map([
  ["en", ENGLISH],
  ...Object.entries({ ar, de, es, fr, he, hi, it, ja, ko, nl, pl, pt, ru, tr, uk, zh }).map(
    ([language, texts]) => [language, labelsOf(texts)] as const,
  ),
  ["zh-Hant", labelsOf(zhHant)],
]);

/** The languages with labels, as BCP 47 tags. */
export const LABEL_LANGUAGES: readonly string[] = [...CATALOGUE.keys()].sort();

/** Returns the language of the labels for a language, by its primary subtag. Undefined if there are none. */
export function labelLanguage(language: string): string | undefined {
  const locale = new Intl.Locale(language).maximize();
  if (locale.language === "zh" && locale.script === "Hant") return "zh-Hant";
  return CATALOGUE.has(locale.language) ? locale.language : undefined;
}

/** Returns the labels of a language, or the English ones. */
export function labelsFor(language: string): Labels {
  return CATALOGUE.get(labelLanguage(language) ?? "en") ?? ENGLISH;
}

/** "9 minutes", with the plural and digits of the language. */
export function minutesIn(language: string, labels: Labels, count: number): string {
  return pluralIn(language, labels, labels.minutes, count);
}

/** Returns the text for a number, with the plural and digits of the language. */
export function pluralIn(language: string, labels: Labels, forms: Plurals, count: number): string {
  // A language without labels uses English ones, so the plural rules must be English too.
  const spoken = labels === ENGLISH ? "en" : language;
  const form = forms[new Intl.PluralRules(spoken).select(count)] ?? forms.other;
  return (form ?? "#").replace("#", numberIn(spoken, count));
}

/** "12 March", for a day written YYYY-MM-DD. */
export function dayIn(language: string, labels: Labels, day: string): string {
  const isSpoken = labels !== ENGLISH || new Intl.Locale(language).language === "en";
  const form = { day: "numeric", month: "long" } as const;
  return writtenDay(isSpoken ? language : "en", new Date(`${day}T12:00:00Z`), form);
}

/** Returns a small number as a word, as newspapers write it, and others in digits. */
export function spelledIn(language: string, { smallNumbers }: Labels, count: number): string {
  return smallNumbers[count - 2] ?? numberIn(language, count);
}

/** Returns a whole number in the digits and grouping of the language. */
export function numberIn(language: string, count: number): string {
  return new Intl.NumberFormat(regional(language)).format(count);
}
