import { lexiconOf, primarySubtag } from "../language/lexicon.ts";
import { stemOf } from "../language/terms.ts";
import { numeralsOf, type Numerals } from "./numerals.ts";

/** A number with the words beside it, which may say what it counts. */
export interface Counted extends Quantity {
  /** The stem of the word right after it; empty where a stop word or a mark is there. */
  readonly noun: string;
  /** The stems of the words near it, in its clause. */
  readonly near: ReadonlySet<string>;
}

const NEAR_LETTERS = 40;
/** What parts one count from the next. */
const BREAK = /[,;:]| and | und | et | y | e | en /;

/** The numbers of one sentence (see `plainText`), each with the words beside it. */
export function countedIn(sentence: string, language: string): readonly Counted[] {
  const { stopWords } = lexiconOf(language);
  return quantitiesIn(sentence, language).map((quantity) => {
    const after = sentence.slice(quantity.end);
    const next = /^[ -](\p{L}[\p{L}\p{M}]*)/u.exec(after)?.[1]?.toLowerCase() ?? "";
    const before = sentence.slice(Math.max(0, quantity.start - NEAR_LETTERS), quantity.start);
    const near = `${before.split(BREAK).at(-1) ?? ""} ${after.slice(0, NEAR_LETTERS).split(BREAK)[0] ?? ""}`;
    const { text, start, end, values, kinds } = quantity;
    return {
      text,
      start,
      end,
      values,
      kinds,
      noun: next === "" || stopWords.has(next) ? "" : stemOf(next),
      near: stemsOf(near),
    };
  });
}

const SHARE =
  /(?<![\p{L}\d])(\p{L}+|\d{1,2}) (?:in|out of)(?: every)? (\p{L}+|\d{1,3})(?![\p{L}\d])/giu;

/** An English sentence (see `plainText`) with "nine in ten" as "90%". */
export function sharesInFigures(sentence: string, language: string): string {
  if (primarySubtag(language) !== "en") return sentence;
  const { words } = numeralsOf(language);
  const valueOf = (word: string) =>
    words.get(word.toLowerCase()) ?? (word.toLowerCase() === "one" ? 1 : Number(word));
  return sentence.replaceAll(SHARE, (whole: string, part: string, all: string) => {
    const [some, base] = [valueOf(part), valueOf(all)];
    return some < base && base <= 100 ? `${String((100 * some) / base)}%` : whole;
  });
}

/** Words that say a number is not to be taken to the last figure, and on which side of it the true one is. */
const ROUNDING: readonly (readonly [side: -1 | 0 | 1, words: RegExp])[] = [
  [-1, /(?:nearly|almost|just under|close to|up to) \$?$/i],
  [1, /(?:more than|over|just over|at least|in excess of|upwards of) \$?$/i],
  [0, /(?:about|around|some|roughly|approximately|or so|an estimated) \$?$/i],
];
/** A rounded number is at most so far from the true one. */
const MOST_ROUNDED = 0.12;

/** Whether a number of an English sentence is one of the source in fewer figures, and says so: "nearly 100 million" for 96. */
export function isRoundingOf(
  { values, start }: Counted,
  other: Counted,
  sentence: string,
): boolean {
  const side = ROUNDING.find(([, words]) =>
    words.test(sentence.slice(Math.max(0, start - 16), start)),
  )?.[0];
  if (side === undefined) return false;
  return values.some((value) =>
    other.values.some(
      (exact) =>
        Math.abs(value - exact) <= MOST_ROUNDED * exact &&
        (side === 0 || Math.sign(exact - value) === side),
    ),
  );
}

function stemsOf(text: string): ReadonlySet<string> {
  return new Set(
    Array.from(text.toLowerCase().matchAll(/[\p{L}\p{M}]+/gu), ([word]) => stemOf(word)),
  );
}

/** A number that a text states; `[start, end)` are offsets in the text, its unit not inside. */
interface Quantity {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** What it may stand for: "1.250" is two things where a language has both signs. */
  readonly values: readonly number[];
  /** "percent", a currency's sign, or "plain". The first number of "10 to 15 percent" may be either. */
  readonly kinds: readonly string[];
}

/** The numbers of a text (see `plainText`), in figures and, in the languages we know, in words. */
function quantitiesIn(plain: string, language: string): readonly Quantity[] {
  const numerals = numeralsOf(language);
  const figures = figuresIn(plain, numerals);
  const taken = new Set(figures.map(({ end }) => end));
  const all = [
    ...figures,
    ...numberWordsIn(plain, numerals).filter(({ end }) => !taken.has(end)),
    ...kanjiNumbersIn(plain),
  ].toSorted((a, b) => a.start - b.start);
  return all.map((number, index) => quantityOf(number, all[index + 1], plain));
}

/** In "10 to 15 million euros" what the second number is may go for the first. */
function quantityOf(number: Bare, next: Bare | undefined, plain: string): Quantity {
  const { start, end } = number;
  const isRange =
    next !== undefined && /^ ?(?:[-~]|\p{L}{1,5}) ?$/u.test(plain.slice(end, next.start));
  const both = isRange ? [number, next] : [number];
  const scales = new Set(both.map(({ scale }) => scale));
  return {
    text: plain.slice(start, end),
    start,
    end,
    values: [...scales].flatMap((scale) => number.values.map((value) => value * scale)),
    kinds: [...new Set(both.map((each) => kindOf(each, plain)))],
  };
}

/** A number before its unit is known. */
interface Bare {
  readonly start: number;
  readonly end: number;
  readonly values: readonly number[];
  /** What the values are multiplied by: "million". */
  readonly scale: number;
}

/** Not inside a word ("MI5") or a longer number; in scripts without spaces a number may follow a letter. */
const START = String.raw`(?:(?<![\p{L}\p{M}\d]|[\p{L}\d][.,'])|(?<=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]))`;
const FIGURES = new RegExp(String.raw`${START}\d+(?:[.,']\d+)*`, "gu");
const SPACED = new RegExp(String.raw`${START}(?:\d{1,3}(?: \d{3})+(?!\d)|\d+)(?:[.,']\d+)*`, "gu");

/** The numbers that a text writes in figures, with what multiplies them. */
function figuresIn(plain: string, numerals: Numerals): readonly Bare[] {
  return [...plain.matchAll(numerals.isSpaced ? SPACED : FIGURES)].map(({ 0: figures, index }) => {
    const from = index + figures.length;
    const { factor, end } = scaleAfter(plain, from, index, numerals);
    return { start: index, end, values: valuesOf(figures, numerals), scale: factor };
  });
}

interface Scale {
  readonly factor: number;
  readonly end: number;
}

const SHORT_SCALES = new Map([
  ["k", 1e3],
  ["m", 1e6],
  ["bn", 1e9],
  ["tn", 1e12],
]);

/** "hundred thousand", 万, or the "m" of "$5m", which without money is as often a metre. */
function scaleAfter(plain: string, from: number, start: number, { scales }: Numerals): Scale {
  const short = /^(?:bn|tn|[mk])(?!\p{L})/iu.exec(plain.slice(from, from + 3))?.[0];
  if (short !== undefined && (short.toLowerCase() === "bn" || isMoneyBefore(plain, start))) {
    return { factor: SHORT_SCALES.get(short.toLowerCase()) ?? 1, end: from + short.length };
  }
  let factor = 1;
  let end = from;
  for (;;) {
    const sign = scaleOfSign(plain[end]);
    const word = /^[ -]?(\p{L}+)\.?/u.exec(plain.slice(end, end + 16));
    const next = sign ?? scales.get(word?.[1]?.toLowerCase() ?? "");
    if (next === undefined) return { factor, end };
    factor *= next;
    end += sign === undefined ? (word?.[0].length ?? 0) : 1;
  }
}

/** What figures may stand for: 1,250.5 and 1.250,5, and 12'500 as the Swiss write it. */
function valuesOf(figures: string, { decimal }: Numerals): readonly number[] {
  const compact = figures.replace(/[ ']/g, "");
  const marks = decimal === "either" ? ([".", ","] as const) : [decimal];
  const values = marks
    .map((mark) => valueOfFigures(compact, mark))
    .filter((value) => value !== undefined);
  // 9.45 p.m. among commas, 24.12.2014: what is no number is several.
  return values.length > 0 ? [...new Set(values)] : compact.split(/[.,]/).map(Number);
}

function valueOfFigures(figures: string, decimal: "." | ","): number | undefined {
  const [whole = "", fraction = "0", more] = figures.split(decimal);
  const groups = whole.split(decimal === "." ? "," : ".");
  if (more !== undefined || /\D/.test(fraction)) return undefined;
  const isGrouped =
    groups.length === 1 || /^\d{1,3}(?:\D\d{3})+$|^\d{1,2}(?:,\d\d)*,\d{3}$/.test(whole);
  return isGrouped ? Number(`${groups.join("")}.${fraction}`) : undefined;
}

const patterns = new WeakMap<Numerals, RegExp>();

interface NumberWord {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

/** The numbers that a text writes in words: "two hundred and ten", "a thousand", "third". */
function numberWordsIn(plain: string, numerals: Numerals): readonly Bare[] {
  if (numerals.words.size === 0) return [];
  const pattern = patterns.get(numerals) ?? patternOf(numerals);
  patterns.set(numerals, pattern);
  const words = [...plain.matchAll(pattern)].map(({ 0: word, index }) => ({
    word: word.toLowerCase(),
    start: index,
    end: index + word.length,
  }));
  return grouped(words, plain, numerals).flatMap((group) => {
    const value = valueOfWords(group, numerals);
    const [first, last] = [group[0], group.at(-1)];
    if (value === undefined || !first || !last) return [];
    return [{ start: first.start, end: last.end, values: [value], scale: 1 }];
  });
}

function patternOf({ words, ordinals, scales }: Numerals): RegExp {
  const all = [...words.keys(), ...ordinals.keys(), ...scales.keys()];
  const longestFirst = all.toSorted((a, b) => b.length - a.length).join("|");
  return new RegExp(String.raw`(?<![\p{L}\p{M}\d])(?:${longestFirst})(?![\p{L}\p{M}])`, "giu");
}

/** Words that make one number: each scale belongs to what is before it, and after one the number may go on. */
function grouped(
  words: readonly NumberWord[],
  plain: string,
  numerals: Numerals,
): readonly NumberWord[][] {
  const groups: NumberWord[][] = [];
  for (const word of words) {
    const last = groups.at(-1)?.at(-1);
    if (last && joins(last, word, plain.slice(last.end, word.start), numerals))
      groups.at(-1)?.push(word);
    else groups.push([word]);
  }
  return groups;
}

function joins(
  last: NumberWord,
  word: NumberWord,
  gap: string,
  { scales, words, and }: Numerals,
): boolean {
  if (scales.has(word.word)) return gap === " " || gap === "-";
  const goesOn = gap === " " || (and !== "" && gap === ` ${and} `);
  return goesOn && scales.has(last.word) && words.has(word.word);
}

function valueOfWords(
  group: readonly NumberWord[],
  { words, ordinals, scales, plurals }: Numerals,
): number | undefined {
  const [first = { word: "" }] = group;
  const ordinal = ordinals.get(first.word);
  if (ordinal !== undefined) return ordinal;
  // "millions of people" is no number.
  if (group.length === 1 && plurals.has(first.word)) return undefined;
  let total = 0;
  let current: number | undefined;
  for (const { word } of group) {
    const factor = scales.get(word);
    if (factor === undefined) current = (current ?? 0) + (words.get(word) ?? 0);
    else if (factor === 100) current = (current ?? 1) * factor;
    else [total, current] = [total + (current ?? 1) * factor, undefined];
  }
  return total + (current ?? 0);
}

const KANJI_DIGITS = new Map(
  Array.from("〇一二三四五六七八九", (sign, value) => [sign, value] as const),
);
const KANJI_SCALES = new Map([
  ["十", 10],
  ["百", 100],
  ["千", 1000],
  ["천", 1000],
  ["万", 1e4],
  ["萬", 1e4],
  ["만", 1e4],
  ["亿", 1e8],
  ["億", 1e8],
  ["억", 1e8],
  ["兆", 1e12],
  ["조", 1e12],
]);

/** What 万 and its like multiply figures by. */
function scaleOfSign(sign: string | undefined): number | undefined {
  return KANJI_SCALES.get(sign ?? "");
}

/** A single sign is a number only before what it counts: 三人, but not 三国; 十分 is "enough". */
const KANJI_NUMBER =
  /[二三四五六七八九两两兩百千十][〇零一二三四五六七八九十百千万萬亿億兆]+|[二三四五六七八九十两兩](?=[人名个個件年月日歳岁次回位家所台本枚倍円元割%])/gu;

/** The numbers that a Chinese or Japanese text writes in words. */
function kanjiNumbersIn(plain: string): readonly Bare[] {
  return [...plain.matchAll(KANJI_NUMBER)].flatMap(({ 0: signs, index }) => {
    // 千万, "by all means", has no digit.
    if (signs.length > 1 && !/[一二三四五六七八九两兩]/u.test(signs)) return [];
    return [{ start: index, end: index + signs.length, values: [valueOfSigns(signs)], scale: 1 }];
  });
}

function valueOfSigns(signs: string): number {
  const plain = signs.replace(/[两兩]/gu, "二").replaceAll("零", "〇");
  if (!/[十百千万萬亿億兆]/u.test(plain))
    return Number(Array.from(plain, (sign) => KANJI_DIGITS.get(sign) ?? 0).join(""));
  let total = 0;
  let below = 0;
  let digit: number | undefined;
  for (const sign of plain) {
    const scale = KANJI_SCALES.get(sign);
    if (scale === undefined) digit = KANJI_DIGITS.get(sign) ?? 0;
    else if (scale < 1e4) [below, digit] = [below + (digit ?? 1) * scale, undefined];
    else [total, below, digit] = [total + (below + (digit ?? 0)) * scale, 0, undefined];
  }
  return total + below + (digit ?? 0);
}

const PERCENT_AFTER =
  /^ ?(?:%|per ?cent|prozent|pour ?cent|por ?ciento|per ?cento|por ?cento|procent|процент|パーセント|퍼센트|٪)/iu;
/** 百分之四十 */
const PERCENT_BEFORE = /百分之$/u;

/** A currency's sign, and how the languages begin its word. */
const CURRENCIES: readonly (readonly [sign: string, words: string])[] = [
  ["$", "d[oó]l+ar|usd|ドル|달러|美元|доллар|دولار"],
  ["€", "euro|eur|евро|ユーロ|유로|欧元"],
  ["£", "pound|pfund|livre|libra|sterlin|pond|gbp|ポンド|파운드|英镑|фунт"],
  ["¥", "yen|yuan|jpy|cny|rmb|renminbi|円|元|엔|위안|иен|юан"],
  ["₹", "rupee|rupie|roupie|rupia|inr|रुपये"],
  ["₩", "won(?!\\p{L})|원"],
  ["₽", "r[ou]+bl|rubel|рубл"],
  ["₺", "lira|tl(?!\\p{L})"],
];

const SIGN_BEFORE = /([$€£¥₹₩₽₺]) ?$/u;
const CODE_BEFORE = /(?<!\p{L})(USD|EUR|GBP|JPY|CNY|INR) $/u;
const CURRENCY_AFTER = CURRENCIES.map(
  ([sign, words]) =>
    [sign, new RegExp(`^ ?(?:\\p{L}{2,12} )?(?:[${sign}]|${words})`, "iu")] as const,
);

/** "percent", a currency's sign, or "plain". */
function kindOf({ start, end }: Bare, plain: string): string {
  const after = plain.slice(end, end + 24);
  const before = plain.slice(Math.max(0, start - 8), start);
  if (PERCENT_AFTER.test(after) || PERCENT_BEFORE.test(before)) return "percent";
  const code = CODE_BEFORE.exec(before)?.[1];
  const sign =
    SIGN_BEFORE.exec(before)?.[1] ??
    (code && CURRENCY_AFTER.find(([, pattern]) => pattern.test(code))?.[0]);
  return sign ?? CURRENCY_AFTER.find(([, pattern]) => pattern.test(after))?.[0] ?? "plain";
}

/** Whether money's sign stands right before a place. */
function isMoneyBefore(plain: string, at: number): boolean {
  return SIGN_BEFORE.test(plain.slice(Math.max(0, at - 2), at));
}
