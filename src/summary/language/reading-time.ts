/** Words a minute for an adult reading news, and the letters that take as long where words have no spaces. */
const WORDS_A_MINUTE = 220;
const CJK_LETTERS_A_MINUTE = 500;
/** South-East Asian scripts without spaces have about five letters to a word. */
const LETTERS_A_WORD = 5;

const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;
const UNSPACED = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu;
const WITHOUT_SPACES = new RegExp(`${CJK.source}|${UNSPACED.source}`, "u");

/** Whole minutes to read a text, at least 1. */
export function readingMinutes(text: string): number {
  return Math.max(1, Math.round(countWords(text) / WORDS_A_MINUTE));
}

/**
 * How many words a text has, counted between spaces. Where a script has none, letters count as the
 * words that take as long to read, so the count may be a fraction.
 */
export function countWords(text: string): number {
  if (!WITHOUT_SPACES.test(text)) return count(text, /\S+/g);
  const cjk = count(text, CJK);
  const unspaced = count(text, UNSPACED);
  const spaced = text.replace(CJK, " ").replace(UNSPACED, " ");
  const words = count(spaced, /[\p{L}\p{N}]\S*/gu);
  return words + (cjk * WORDS_A_MINUTE) / CJK_LETTERS_A_MINUTE + unspaced / LETTERS_A_WORD;
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
