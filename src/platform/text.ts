import { once } from "./remembering.ts";

/**
 * A text as one line. Header fields and headlines end at a line break, and a subject with one in it would be a second header
 * field (RFC 5322 §2.2).
 */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
}

/** Keeps the words before and after it on the same line. */
export const NO_BREAK_SPACE = "\u00A0";

/** Makes the first letter of a text a capital, if its script has capitals. */
export function capitalised(text: string): string {
  return text.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
}

/** Splits a text into characters as people see them (UAX #29). It is made at its first use, which takes 10 ms. */
export const graphemes = once(() => new Intl.Segmenter("en", { granularity: "grapheme" }));

/** Characters as people count them: an emoji or an accented letter is one (UAX #29). */
export function countCharacters(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let count = 0;
  for (const _ of graphemes().segment(text)) count++;
  return count;
}

/** A text in the form that is compared. Spaces, quotation marks, dashes, letter case and invisible characters do not count. */
export function folded(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[‘’‚‛]/g, "'")
    .replace(GUILLEMETS, (_, outward = "", inward = "") => `"${`${outward}${inward}`.trim()}"`)
    .replace(/[“”„‟«»「」『』]/g, '"')
    .replace(/[-‐‑–—―]+/g, "-")
    .replace(/[\u00AD\u200B-\u200F\u2060\u2066-\u2069\uFEFF]/g, "")
    .replace(/\s+/gu, " ")
    .trim()
    .toLowerCase();
}

/** French has spaces inside «…», German has none inside »…«. */
const GUILLEMETS = /«([^«»]*)»|»([^«»]*)«/g;

const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u;

/** Characters that are one column wide. Most texts in Latin letters have no others. */
const PLAIN = /^[\x20-\x7E\u00A0-\u00AC\u00AE-\u02FF\u2010-\u2027]*$/;

/** Columns a text takes on a terminal or in a plain-text mail: ideographs count two (UAX #11). */
export function columnsOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let columns = 0;
  for (const character of text) {
    if (/[\p{Mn}\p{Me}\p{Cf}]/u.test(character)) continue;
    columns += WIDE.test(character) ? 2 : 1;
  }
  return columns;
}

const FROM_THE_RIGHT = new Set(["Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm"]);

/** The direction of a language's script. */
export function directionOf(language: string): "ltr" | "rtl" {
  const script = new Intl.Locale(language).maximize().script ?? "";
  return FROM_THE_RIGHT.has(script) ? "rtl" : "ltr";
}

/** A text with the values of its `{placeholders}`. A placeholder without a value stays in the text. */
export function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (mark, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? mark) : mark,
  );
}

/**
 * The source of a regular expression with each letter in both cases: for one part of a pattern whose other parts are
 * case-sensitive. `(?i:…)` would mean the same, but V8 sometimes ignores it (nodejs/node#60030). Escapes and classes
 * don't change.
 */
export function anyCase(source: string): string {
  return source.replace(PIECE, (piece) => {
    const lower = piece.toLowerCase();
    const upper = piece.toUpperCase();
    const isLetter = !/^[\\[]/.test(piece) && lower !== upper && upper.length === lower.length;
    return isLetter ? `[${lower}${upper}]` : piece;
  });
}

/** An escape, a class, or a letter. */
const PIECE = /\\[pP]\{[^}]*\}|\\.|\[[^\]]*\]|\p{L}/gu;

/** A number with separators: 2,318. */
export function counted(count: number): string {
  return count.toLocaleString("en");
}

/** A number with its noun: "1 reader", "2,318 readers". */
export function many(count: number, one: string, several = `${one}s`): string {
  return `${counted(count)} ${count === 1 ? one : several}`;
}

/** A letter of a script that writes words without spaces. */
export const SPACELESS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
