import { isMoneyBefore } from "./kinds.ts";
import { scaleOfSign } from "./kanji-numbers.ts";
import type { Numerals } from "./numerals.ts";
import type { Bare } from "./bare.ts";

/** Not inside a word ("MI5") or a longer number; in scripts without spaces a number may follow a letter. */
const START = String.raw`(?:(?<![\p{L}\p{M}\d]|[\p{L}\d][.,'])|(?<=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]))`;
const FIGURES = new RegExp(String.raw`${START}\d+(?:[.,']\d+)*`, "gu");
const SPACED = new RegExp(String.raw`${START}(?:\d{1,3}(?: \d{3})+(?!\d)|\d+)(?:[.,']\d+)*`, "gu");

/** The numbers that a text writes in figures, with what multiplies them. */
export function figuresIn(plain: string, numerals: Numerals): readonly Bare[] {
  return [...plain.matchAll(numerals.isSpaced ? SPACED : FIGURES)].map(({ 0: figures, index }) => {
    const from = index + figures.length;
    const { factor, end } = scaleAfter(plain, from, index, numerals);
    return { start: index, end, values: read(figures, numerals), scale: factor };
  });
}

interface Scale {
  readonly factor: number;
  readonly end: number;
}

const SHORT = new Map([
  ["k", 1e3],
  ["m", 1e6],
  ["bn", 1e9],
  ["tn", 1e12],
]);

/** "hundred thousand", 万, or the "m" of "$5m", which without money is as often a metre. */
function scaleAfter(plain: string, from: number, start: number, { scales }: Numerals): Scale {
  const short = /^(?:bn|tn|[mk])(?!\p{L})/iu.exec(plain.slice(from, from + 3))?.[0];
  if (short !== undefined && (short.toLowerCase() === "bn" || isMoneyBefore(plain, start))) {
    return { factor: SHORT.get(short.toLowerCase()) ?? 1, end: from + short.length };
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
function read(figures: string, { decimal }: Numerals): readonly number[] {
  const compact = figures.replace(/[ ']/g, "");
  const marks = decimal === "either" ? ([".", ","] as const) : [decimal];
  const values = marks.map((mark) => valueOf(compact, mark)).filter((value) => value !== undefined);
  // 9.45 p.m. among commas, 24.12.2014: what is no number is several.
  return values.length > 0 ? [...new Set(values)] : compact.split(/[.,]/).map(Number);
}

function valueOf(figures: string, decimal: "." | ","): number | undefined {
  const [whole = "", fraction = "0", more] = figures.split(decimal);
  const groups = whole.split(decimal === "." ? "," : ".");
  if (more !== undefined || /\D/.test(fraction)) return undefined;
  const isGrouped =
    groups.length === 1 || /^\d{1,3}(?:\D\d{3})+$|^\d{1,2}(?:,\d\d)*,\d{3}$/.test(whole);
  return isGrouped ? Number(`${groups.join("")}.${fraction}`) : undefined;
}
