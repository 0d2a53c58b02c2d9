import { createRequire } from "node:module";
import type * as TinyLd from "tinyld";
import written from "./function-words.json" with { type: "json" };

// Enough to be sure, and quick with a long text.
const SAMPLE = 20_000;
const FEWEST_LETTERS = 40;
const SHORT_LETTERS = 150;

/**
 * The language (BCP 47) that a text is written in, told by its script, then by letters and small words
 * that only one language has, then by its letter groups. `fallback` (English by default) where the
 * text is too short to tell.
 */
export function detectLanguage(text: string, fallback = "en"): string {
  const sample = text.slice(0, SAMPLE).toLowerCase();
  const script = mainScript(sample);
  if (script === undefined) return fallback;
  const [usual, ...others] = LANGUAGES[script].split(" ");
  if (!usual || others.length === 0) return usual ?? fallback;
  const languages = [usual, ...others];
  const told = lettersIn(sample) < FEWEST_LETTERS ? undefined : tell(sample, languages);
  const base = fallback.toLowerCase().split("-")[0] ?? fallback;
  return told ?? (languages.includes(base) ? fallback : usual);
}

// The first language of a script is the one to assume where the text is too short to tell.
const LANGUAGES = {
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
} as const;

type Script = keyof typeof LANGUAGES;

const SCRIPTS = Object.keys(LANGUAGES)
  .filter(isScript)
  .map((script) => {
    const letters =
      script === "Kana"
        ? String.raw`[\p{Script=Hiragana}\p{Script=Katakana}]`
        : String.raw`\p{Script=${script}}`;
    return { script, letters: new RegExp(letters, "gu") };
  });

function isScript(name: string): name is Script {
  return Object.hasOwn(LANGUAGES, name);
}

function mainScript(sample: string): Script | undefined {
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

// Most texts are, and two looks at one tell it as well as one for each script.
function isMostlyLatin(sample: string): boolean {
  const others = lengthOf(sample, /[^\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]+/gu);
  return others * 3 < lengthOf(sample, /\p{Script=Latin}+/gu);
}

function tell(sample: string, languages: readonly string[]): string | undefined {
  const told = byLetters(sample, languages);
  if (told) return told;
  const likely = byFunctionWords(sample, languages);
  if (likely.length > 0) return byNgrams(sample, likely);
  return isEnoughForNgrams(sample) ? byNgrams(sample, languages) : undefined;
}

// Letter groups of a sentence or two in plain a to z look like any language's, Vietnamese above all. Accents narrow
// the choice to a few, so that even a short text can be told by its letter groups.
function isEnoughForNgrams(sample: string): boolean {
  return lettersIn(sample) >= SHORT_LETTERS || count(sample, /[^\P{L}\p{ASCII}]/gu) >= 2;
}

// Letters that one language of a script has and its neighbours have not; the first that occurs decides.
const TELLING_LETTERS: readonly (readonly [string, RegExp])[] = [
  ["uk", /[іїєґ]/g],
  ["be", /ў/g],
  ["mk", /[ѓќѕ]/g],
  ["sr", /[јљњћђ]/g],
  ["kk", /[әқңғұ]/g],
  ["ru", /[ыэ]/g],
  ["bg", /ъ/g],
  ["ur", /[ٹڈڑےں]/g],
  ["fa", /[پچژگکی]/g],
  ["ar", /[ةىيأإ]/g],
  ["vi", /[ơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữự]/g],
];

function byLetters(sample: string, languages: readonly string[]): string | undefined {
  const letters = lettersIn(sample);
  const telling = TELLING_LETTERS.find(
    ([language, own]) => languages.includes(language) && count(sample, own) > letters * 0.005,
  );
  return telling?.[0];
}

// The languages that a text may be in by its small words, the likeliest first. In running text every third word is
// one of these, so most often they leave one language, which spares loading the n-gram tables (75 ms); where several
// share many of them, the tables decide between these. One word over and over ("a", which seven languages have) says
// nothing, and counts a few times at most. A short text has few of these words, so their share has to be high.
function byFunctionWords(sample: string, languages: readonly string[]): readonly string[] {
  const words = sample.match(/[\p{L}\p{M}]+/gu) ?? [];
  const times = new Map<string, number>();
  for (const word of words) times.set(word, (times.get(word) ?? 0) + 1);
  const scores = [...FUNCTION_WORDS]
    .filter(([language]) => languages.includes(language))
    .map(([language, own]) => ({ language, hits: hitsOf(times, own, words.length) }))
    .sort((a, b) => b.hits - a.hits);
  const most = scores[0]?.hits ?? 0;
  if (most < 2 || most < words.length * (most < 4 ? 0.16 : 0.12)) return [];
  return scores.filter(({ hits }) => hits * 1.5 > most).map(({ language }) => language);
}

// What the tables do not have; and Vietnamese, which nobody writes without a letter of its own.
const BEYOND_NGRAMS: ReadonlySet<string> = new Set("ca hr sl mr ne vi".split(" "));

// Of languages that come with the likeliest first, that one where the tables don't have it.
function byNgrams(sample: string, languages: readonly string[]): string | undefined {
  const [first] = languages;
  if (languages.length === 1 || BEYOND_NGRAMS.has(first ?? "")) return first;
  const { detect }: typeof TinyLd = createRequire(import.meta.url)("tinyld");
  const only = languages.filter((language) => !BEYOND_NGRAMS.has(language));
  return detect(sample.slice(0, 2000), { only }) || undefined;
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

// By runs, which are a fifth as many as letters.
function lengthOf(text: string, runs: RegExp): number {
  return text.match(runs)?.reduce((sum, run) => sum + run.length, 0) ?? 0;
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

/** The small words that a language cannot do without, by language (ISO 639-1). */
export const FUNCTION_WORDS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(written).map(([language, words]) => [language, new Set(words.split(" "))]),
);
