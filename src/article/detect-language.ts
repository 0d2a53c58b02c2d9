import type * as Eld from "eld/extrasmall";
import written from "./function-words.json" with { type: "json" };
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { once } from "../platform/remembering.ts";

// Enough for a sure answer, and quick on a long text.
const SAMPLE_CHARACTERS = 20_000;
const FEWEST_LETTERS = 25;
const ENOUGH_FOR_WORDS = 500;

/**
 * Detects the language (BCP 47) of a text: by its script, then by letters and function words that only one language
 * has, then by letter groups. Returns `fallback` (default English) if the text is too short.
 */
export function detectLanguage(text: string, fallback = "en"): string {
  const sample = text.slice(0, SAMPLE_CHARACTERS).toLowerCase();
  const script = mainScript(sample);
  if (script === undefined) return fallback;
  const languages = LANGUAGES[script]?.split(" ") ?? [];
  const [usual = fallback] = languages;
  if (languages.length < 2) return usual;
  const base = baseOf(fallback);
  const detected =
    lettersIn(sample) < FEWEST_LETTERS
      ? undefined
      : (byLetters(sample, languages) ??
        byFunctionWords(sample, languages) ??
        byLetterGroups(sample, languages, base));
  return detected ?? (languages.includes(base) ? fallback : usual);
}

/**
 * The language of a story: the declared one, unless the words contradict it. Themes come with `lang="en"`, and many
 * German and Arabic pages keep it.
 */
export function languageOf(
  text: string,
  declared: string | undefined,
  fallback: string | undefined,
): string {
  if (declared === undefined) return detectLanguage(text, fallback);
  const sample = text.slice(0, 5000).toLowerCase();
  const isLatin = new Intl.Locale(baseOf(declared)).maximize().script === "Latn";
  if (/\p{L}/u.test(sample) && isLatin !== isMostlyLatin(sample))
    return detectLanguage(text, declared);
  const words = wordsOf(sample);
  const ofDeclared = shareOfFunctionWords(words, declared);
  if (ofDeclared === undefined || ofDeclared > 0.2 || words.length < 60) return declared;
  const detected = detectLanguage(text, declared);
  const ofDetected = shareOfFunctionWords(words, detected) ?? 0;
  return ofDetected >= 0.15 && ofDetected > ofDeclared * 2 ? detected : declared;
}

function shareOfFunctionWords(words: readonly string[], language: string): number | undefined {
  const own = FUNCTION_WORDS.get(baseOf(language));
  return own && words.filter((word) => own.has(word)).length / words.length;
}

function baseOf(tag: string): string {
  return tag.toLowerCase().split("-")[0] ?? tag;
}

function wordsOf(text: string): readonly string[] {
  return text.match(/[\p{L}\p{M}]+/gu) ?? [];
}

// The first language of each script is the default for a text that is too short.
const LANGUAGES: Readonly<Record<string, string>> = {
  Latin: "en de fr es it pt nl sv da no fi pl cs sk hu ro tr id vi ca hr sl et lv lt is ga af tl",
  Cyrillic: "ru uk bg sr mk be kk mn tt",
  Arabic: "ar fa ur",
  Devanagari: "hi ne mr",
  Kana: "ja",
  Han: "zh",
  Hangul: "ko",
  Greek: "el",
  Hebrew: "he",
  Thai: "th",
  Lao: "lo",
  Khmer: "km",
  Myanmar: "my",
  Tamil: "ta",
  Telugu: "te",
  Kannada: "kn",
  Malayalam: "ml",
  Gujarati: "gu",
  Gurmukhi: "pa",
  Bengali: "bn",
  Sinhala: "si",
  Armenian: "hy",
  Georgian: "ka",
  Ethiopic: "am",
};

const SCRIPTS = Object.keys(LANGUAGES).map((script) => {
  const letters =
    script === "Kana"
      ? String.raw`[\p{Script=Hiragana}\p{Script=Katakana}]`
      : String.raw`\p{Script=${script}}`;
  return { script, letters: new RegExp(letters, "gu") };
});

function mainScript(sample: string): string | undefined {
  if (isMostlyLatin(sample)) return "Latin";
  const counts = new Map(SCRIPTS.map(({ script, letters }) => [script, count(sample, letters)]));
  // Japanese is written in Chinese characters too, but never without kana.
  const kana = counts.get("Kana") ?? 0;
  const han = counts.get("Han") ?? 0;
  counts.set("Kana", kana >= han * 0.03 ? (kana + han) * 3 : 0);
  // A Chinese or Korean character says as much as three letters of a product name beside it.
  counts.set("Han", kana >= han * 0.03 ? 0 : han * 3);
  counts.set("Hangul", (counts.get("Hangul") ?? 0) * 3);
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  return most && most[1] > 0 ? most[0] : undefined;
}

// A quick test for the most common case: two passes instead of one for each script.
function isMostlyLatin(sample: string): boolean {
  const others = lengthOf(sample, /[^\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]+/gu);
  return others * 3 < lengthOf(sample, /\p{Script=Latin}+/gu);
}

// Letters of languages that the tables of letter groups lack, and of Vietnamese, which they cover badly. No language
// further down the list has the letters of an earlier one, so the first match decides.
const OWN_LETTERS: readonly (readonly [string, RegExp])[] = [
  ["kk", /[қғұ]/g],
  ["tt", /[әҗ]/g],
  ["mn", /[өү]/g],
  ["mk", /[ѓќѕ]/g],
  ["vi", /[ơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữự]/g],
];

function byLetters(sample: string, languages: readonly string[]): string | undefined {
  const letters = lettersIn(sample);
  return OWN_LETTERS.find(
    ([language, own]) => languages.includes(language) && count(sample, own) > letters * 0.005,
  )?.[0];
}

// Detects the language by function words. In running text they are about every third word, so they usually leave one
// language, and the tables of letter groups need not be loaded. The count of one word is limited, because "a" alone
// (which seven languages have) proves nothing. A short text has too few of them.
function byFunctionWords(sample: string, languages: readonly string[]): string | undefined {
  if (lettersIn(sample) < ENOUGH_FOR_WORDS) return undefined;
  const words = wordsOf(sample);
  const times = new Map<string, number>();
  for (const word of words) times.set(word, (times.get(word) ?? 0) + 1);
  const [best, next] = [...FUNCTION_WORDS]
    .filter(([language]) => languages.includes(language))
    .map(([language, own]) => ({ language, hits: hitsOf(times, own, words.length) }))
    .sort((a, b) => b.hits - a.hits);
  if (!best || best.hits < words.length * 0.12) return undefined;
  return (next?.hits ?? 0) * 1.5 > best.hits ? undefined : best.language;
}

function hitsOf(
  times: ReadonlyMap<string, number>,
  own: ReadonlySet<string>,
  words: number,
): number {
  const counts = [...own].map((word) => times.get(word) ?? 0).filter((count) => count > 0);
  const most = Math.max(2, words * 0.05);
  const hits = counts.reduce((sum, count) => sum + Math.min(count, most), 0);
  return counts.length > 1 ? hits : 0;
}

function lettersIn(text: string): number {
  return lengthOf(text, /\p{L}+/gu);
}

// Counting runs of letters is faster: there are a fifth as many.
function lengthOf(text: string, runs: RegExp): number {
  return text.match(runs)?.reduce((sum, run) => sum + run.length, 0) ?? 0;
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

/** Function words by language (ISO 639-1). */
export const FUNCTION_WORDS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(written).map(([language, words]) => [language, new Set(words.split(" "))]),
);

/** Letter groups can't distinguish Malay from Indonesian, which has ten times the writers. */
const MALAY = "ms";

/** Below this score a text is mostly names, or in a language that the tables lack. */
const LEAST_SCORE = 0.4;

/** The least difference of scores by which another language must fit better than the usual one. */
const LEAST_MARGIN = 0.05;

/**
 * Detects the language (ISO 639-1) by letter groups; undefined if the `usual` language fits about as well. Loading
 * the tables takes a fifth of a second, so this is the last resort.
 */
function byLetterGroups(
  text: string,
  languages: readonly string[],
  usual: string,
): string | undefined {
  const scores = Object.entries(detector().detect(text).getScores());
  const fits = new Map(scores.map(([code, score]) => [code === MALAY ? "id" : code, score]));
  const [language = "", score = 0] =
    [...fits].filter(([code]) => languages.includes(code)).sort((a, b) => b[1] - a[1])[0] ?? [];
  const ofUsual = fits.get(usual) ?? (languages.includes(usual) && !isKnown(usual) ? score : 0);
  return score >= LEAST_SCORE && score - ofUsual >= LEAST_MARGIN ? language : undefined;
}

function isKnown(language: string): boolean {
  return language === "id" || Object.values(detector().info().Languages).includes(language);
}

/** The package is an ES module, and readers are synchronous and can't wait for `import()`. */
const detector = once(() => {
  const { eld }: typeof Eld = createRequire(import.meta.url)(
    fileURLToPath(import.meta.resolve("eld/extrasmall")),
  );
  return eld;
});
