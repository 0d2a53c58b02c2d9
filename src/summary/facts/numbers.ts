import written from "./numbers.json" with { type: "json" };
import { numeralsOf, type Numerals } from "./numerals.ts";

/** A number of a text, in figures or in words. `[start, end)` are its offsets. They include the scale but not the unit. */
export interface StatedNumber {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** The possible values: "1.250" has two if the language uses both decimal marks. */
  readonly values: readonly number[];
  /**
   * "percent", a currency sign ("¤" for a small unit such as cents), or "plain". In "10 to 15 percent" the first number has
   * both "percent" and "plain".
   */
  readonly kinds: readonly string[];
  /** The end of its percent sign or currency, if that is written after it. */
  readonly unitEnd?: number;
  /** "parts" is a group of figures that is not one number: "24.12.2014". */
  readonly form: "figures" | "words" | "parts";
}

/**
 * Returns the numbers of a text in its order. Figures are recognised in every language, together with their scale. Words
 * are recognised in de, en, es, fr, it, nl, pt, Chinese and Japanese.
 */
export function numbersIn(text: string, language: string): readonly StatedNumber[] {
  const numerals = numeralsOf(language);
  const figures = figuresIn(text, numerals);
  const taken = new Set(figures.map(({ end }) => end));
  const all = [
    ...figures,
    ...numberWordsIn(text, numerals).filter(({ end }) => !taken.has(end)),
    ...signNumbersIn(text),
  ].toSorted((a, b) => a.start - b.start);
  return all.map((number, index) => statedNumber(number, all[index + 1], text));
}

/** In "10 to 15 million euros", the scale and unit of the second number may also belong to the first. */
function statedNumber(number: Bare, next: Bare | undefined, text: string): StatedNumber {
  const { start, end, form } = number;
  const isRange =
    next !== undefined && /^\s?(?:[-–~]|\p{L}{1,5})\s?$/u.test(text.slice(end, next.start));
  const both = isRange ? [number, next] : [number];
  const scales = new Set(both.map(({ scale }) => scale));
  const units = both.map((each) => unitOf(each, text));
  const unitEnd = units[0]?.end;
  return {
    text: text.slice(start, end),
    start,
    end,
    values: [...scales].flatMap((scale) => number.values.map((value) => value * scale)),
    kinds: [...new Set(units.map(({ kind }) => kind))],
    ...(unitEnd !== undefined && { unitEnd }),
    form,
  };
}

/** A number whose unit is not yet known. */
interface Bare {
  readonly start: number;
  readonly end: number;
  readonly values: readonly number[];
  /** The factor of the values: "million". */
  readonly scale: number;
  readonly form: StatedNumber["form"];
}

/** The number must not be inside a word ("MI5") or a longer number. In scripts without spaces it may follow a letter. */
const START = String.raw`(?:(?<![\p{L}\p{M}\d]|[\p{L}\d][.,'])|(?<=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]))`;
const FIGURES = new RegExp(String.raw`${START}\d+(?:[.,']\d+)*`, "gu");
const SPACED = new RegExp(String.raw`${START}(?:\d{1,3}(?:\s\d{3})+(?!\d)|\d+)(?:[.,']\d+)*`, "gu");

/** Returns the numbers in figures, with their scale. */
function figuresIn(text: string, numerals: Numerals): readonly Bare[] {
  return [...text.matchAll(numerals.isSpaced ? SPACED : FIGURES)].map(
    ({ 0: figures, index }): Bare => {
      const { factor, end } = scaleAfter(text, index + figures.length, index, numerals);
      const values = valuesOf(figures, numerals);
      const isOne = values.length > 0;
      return {
        start: index,
        end,
        values: isOne ? values : figures.split(/[.,]/).map(Number),
        scale: factor,
        form: isOne ? "figures" : "parts",
      };
    },
  );
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
/** The full stop of an abbreviation belongs to it ("Mio."); that of "million." ends a sentence. */
const LONGEST_SHORT = 3;

/** Returns the scale after a number: "hundred thousand", 万, or the "m" of "$5m". Without money, "m" may mean metre. */
function scaleAfter(text: string, from: number, start: number, { scales }: Numerals): Scale {
  const short = /^(?:bn|tn|[mk])(?!\p{L})/iu.exec(text.slice(from, from + 3))?.[0];
  if (
    short !== undefined &&
    (short.toLowerCase() === "bn" || SIGN_BEFORE.test(before(text, start)))
  )
    return { factor: SHORT_SCALES.get(short.toLowerCase()) ?? 1, end: from + short.length };
  let factor = 1;
  let end = from;
  for (;;) {
    const sign = SIGN_SCALES.get(text[end] ?? "");
    const [whole = "", word = "", stop = ""] =
      /^[\s-]?(\p{L}+)(\.?)/u.exec(text.slice(end, end + 16)) ?? [];
    const next = sign ?? scales.get(word.toLowerCase());
    if (next === undefined) return { factor, end };
    factor *= next;
    end += sign !== undefined ? 1 : whole.length - (word.length > LONGEST_SHORT ? stop.length : 0);
  }
}

/**
 * Returns the possible values of figures: 1,250.5 and 1.250,5, and the Swiss 12'500. Empty for 24.12.2014, and for 9.45
 * p.m. in a language with decimal commas.
 */
function valuesOf(figures: string, { decimal }: Numerals): readonly number[] {
  const compact = figures.replace(/[\s']/g, "");
  const marks = decimal === "either" ? ([".", ","] as const) : [decimal];
  const values = marks
    .map((mark) => valueOfFigures(compact, mark))
    .filter((value) => value !== undefined);
  return [...new Set(values)];
}

function valueOfFigures(figures: string, decimal: "." | ","): number | undefined {
  const [whole = "", fraction = "0", more] = figures.split(decimal);
  const groups = whole.split(decimal === "." ? "," : ".");
  if (more !== undefined || /\D/.test(fraction)) return undefined;
  const isGrouped =
    groups.length === 1 || /^\d{1,3}(?:\D\d{3})+$|^\d{1,2}(?:,\d\d)*,\d{3}$/.test(whole);
  return isGrouped ? Number(`${groups.join("")}.${fraction}`) : undefined;
}

interface NumberWord {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

/** Returns the numbers in words: "two hundred and ten", "a thousand", "third". */
function numberWordsIn(text: string, numerals: Numerals): readonly Bare[] {
  if (!numerals.anyWord) return [];
  const words = [...text.matchAll(numerals.anyWord)].map(({ 0: word, index }) => ({
    word: word.toLowerCase(),
    start: index,
    end: index + word.length,
  }));
  return grouped(words, text, numerals).flatMap((group) => {
    const value = valueOfWords(group, numerals);
    const [first, last] = [group[0], group.at(-1)];
    if (value === undefined || !first || !last) return [];
    const { start } = first;
    return [{ start, end: last.end, values: [value], scale: 1, form: "words" }];
  });
}

/** Groups words into numbers. A scale belongs to the words before it, and the number may continue after it. */
function grouped(
  words: readonly NumberWord[],
  text: string,
  numerals: Numerals,
): readonly NumberWord[][] {
  const groups: NumberWord[][] = [];
  for (const word of words) {
    const last = groups.at(-1)?.at(-1);
    if (last && joins(last, word, text.slice(last.end, word.start), numerals))
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
  // "millions of people" states no number.
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

const SIGN_DIGITS = new Map(Array.from(written.signs.digits, (sign, value) => [sign, value]));
/** The factors of 万 and similar signs. */
const SIGN_SCALES = new Map<string, number>(Object.entries(written.signs.scales));

/** A single sign is a number only before a counted noun: 三人, but not 三国. 十分 means "enough". */
const SIGN_NUMBER =
  /[二三四五六七八九两兩百千十][〇零一二三四五六七八九十百千万萬亿億兆]+|[二三四五六七八九十两兩](?=[人名个個件年月日歳岁次回位家所台本枚倍円元割%])/gu;

/** Returns the numbers in Chinese or Japanese signs. */
function signNumbersIn(text: string): readonly Bare[] {
  return [...text.matchAll(SIGN_NUMBER)].flatMap(({ 0: signs, index: start }) => {
    // 千万, "by all means", contains no digit.
    if (signs.length > 1 && !/[一二三四五六七八九两兩]/u.test(signs)) return [];
    const values = [valueOfSigns(signs)];
    return [{ start, end: start + signs.length, values, scale: 1, form: "words" }];
  });
}

function valueOfSigns(signs: string): number {
  const plain = signs.replace(/[两兩]/gu, "二").replaceAll("零", "〇");
  if (!/[十百千万萬亿億兆]/u.test(plain))
    return Number(Array.from(plain, (sign) => SIGN_DIGITS.get(sign) ?? 0).join(""));
  let total = 0;
  let below = 0;
  let digit: number | undefined;
  for (const sign of plain) {
    const scale = SIGN_SCALES.get(sign);
    if (scale === undefined) digit = SIGN_DIGITS.get(sign) ?? 0;
    else if (scale < 1e4) [below, digit] = [below + (digit ?? 1) * scale, undefined];
    else [total, below, digit] = [total + (below + (digit ?? 0)) * scale, 0, undefined];
  }
  return total + below + (digit ?? 0);
}

const PERCENT_AFTER = new RegExp(String.raw`^\s?(?:${written.percent})`, "iu");
/** 百分之四十 */
const PERCENT_BEFORE = /百分之$/u;
const SIGN_BEFORE = /([$€£¥₹₩₽₺])\s?$/u;
const CODE_BEFORE = /(?<!\p{L})(USD|EUR|GBP|JPY|CNY|INR)\s$/u;
/** The sign of each currency, with the beginnings of its words. */
const CURRENCIES_AFTER = Object.entries(written.currencies).map(
  ([sign, words]) =>
    [
      sign,
      new RegExp(String.raw`^\s?(?:\p{L}{2,12}\s)?(?:[${sign}]|(?:${words})\p{L}*)`, "iu"),
    ] as const,
);

function before(text: string, at: number): string {
  return text.slice(Math.max(0, at - 8), at);
}

/** Returns the unit of a number, and its end if it is written after the number. */
function unitOf(
  { start, end }: Bare,
  text: string,
): { readonly kind: string; readonly end?: number } {
  const after = text.slice(end, end + 24);
  const percent = PERCENT_AFTER.exec(after)?.[0];
  if (percent !== undefined) return { kind: "percent", end: end + percent.length };
  const lead = before(text, start);
  if (PERCENT_BEFORE.test(lead)) return { kind: "percent" };
  const code = CODE_BEFORE.exec(lead)?.[1];
  const sign = SIGN_BEFORE.exec(lead)?.[1] ?? (code && currencyAt(code)?.kind);
  if (sign) return { kind: sign };
  const currency = currencyAt(after);
  return currency ? { kind: currency.kind, end: end + currency.length } : { kind: "plain" };
}

function currencyAt(after: string) {
  for (const [kind, pattern] of CURRENCIES_AFTER) {
    const length = pattern.exec(after)?.[0].length;
    if (length !== undefined) return { kind, length };
  }
  return undefined;
}
