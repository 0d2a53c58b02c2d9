import { createRequire } from "node:module";
import type * as TinyLd from "tinyld";
import { FUNCTION_WORDS } from "./function-words.ts";

// Enough to be sure, and quick with a long text.
const SAMPLE = 20_000;
const FEWEST_LETTERS = 40;

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
  const told = count(sample, /\p{L}/gu) < FEWEST_LETTERS ? undefined : tell(sample, languages);
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

function tell(sample: string, languages: readonly string[]): string | undefined {
  return (
    byLetters(sample, languages) ??
    byFunctionWords(sample, languages) ??
    byNgrams(sample, languages)
  );
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
  const letters = count(sample, /\p{L}/gu);
  const telling = TELLING_LETTERS.find(
    ([language, own]) => languages.includes(language) && count(sample, own) > letters * 0.005,
  );
  return telling?.[0];
}

// In running text every third word is one of these, so they decide without loading the n-gram tables,
// which take 75 ms. Where two languages share many of them, the tables have to.
function byFunctionWords(sample: string, languages: readonly string[]): string | undefined {
  const words = sample.match(/[\p{L}\p{M}]+/gu) ?? [];
  const scores = [...FUNCTION_WORDS]
    .filter(([language]) => languages.includes(language))
    .map(([language, own]) => ({ language, hits: words.filter((word) => own.has(word)).length }))
    .sort((a, b) => b.hits - a.hits);
  const [first, second] = scores;
  if (!first || first.hits < 4 || first.hits < words.length * 0.12) return undefined;
  return first.hits >= (second?.hits ?? 0) * 1.5 ? first.language : undefined;
}

const BEYOND_NGRAMS: ReadonlySet<string> = new Set("ca hr sl mr ne".split(" "));

function byNgrams(sample: string, languages: readonly string[]): string | undefined {
  const { detect }: typeof TinyLd = createRequire(import.meta.url)("tinyld");
  const only = languages.filter((language) => !BEYOND_NGRAMS.has(language));
  return detect(sample.slice(0, 2000), { only }) || undefined;
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
