import {
  abbreviationsOf,
  writesStoppedOrdinals,
  type Abbreviations,
  vowelsOf,
} from "./abbreviations.ts";
import { lexiconOf, perLanguage, type Lexicon } from "./lexicon.ts";

/** The place of a sentence in a text: `[start, end)` in UTF-16 code units, without white space at either end. */
export interface SentenceSpan {
  readonly start: number;
  readonly end: number;
  /** The number of the paragraph, from 0. */
  readonly paragraph: number;
}

/**
 * Splits a text into sentences, in linear time. A blank line always ends one. `Intl.Segmenter` (UAX #29) proposes the
 * boundaries. Our rules correct it at abbreviations, initials and ordinals, and inside quotations and parentheses.
 */
export function splitSentences(text: string, language: string): readonly SentenceSpan[] {
  const rules = rulesOf(language);
  const spans: SentenceSpan[] = [];
  for (const [paragraph, { start, end }] of paragraphsOf(text).entries()) {
    const block = text.slice(start, end);
    let from = 0;
    for (const to of [...boundaries(block, rules), block.length]) {
      const span = withoutSpace(text, start + from, start + to);
      if (span.start < span.end) spans.push({ ...span, paragraph });
      from = to;
    }
  }
  return spans;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function paragraphsOf(text: string): readonly Range[] {
  const gaps = [...text.matchAll(/\n[^\S\n]*\n\s*|\u2029\s*/g)];
  const starts = [0, ...gaps.map((gap) => gap.index + gap[0].length)];
  return starts
    .map((start, index) => ({ start, end: gaps[index]?.index ?? text.length }))
    .filter(({ start, end }) => text.slice(start, end).trim() !== "");
}

const rulesOf = perLanguage((primary): SplittingRules => ({
  language: primary,
  abbreviations: abbreviationsOf(primary),
  lexicon: lexiconOf(primary),
  writesStoppedOrdinals: writesStoppedOrdinals(primary),
  // Intl throws for a malformed tag. The root rules are used instead.
  segmenter: new Intl.Segmenter(/^[a-z]{2,3}$/.test(primary) ? primary : "und", {
    granularity: "sentence",
  }),
}));

/** Returns the boundaries between the sentences of a paragraph, in ascending order. */
function boundaries(block: string, rules: SplittingRules): readonly number[] {
  const proposed = Array.from(rules.segmenter.segment(block), ({ index }) =>
    afterClosingMark(block, beforeOpeningMark(block, index)),
  );
  const all = [...new Set([...proposed, ...missedStops(block, rules)])].sort((a, b) => a - b);
  const kept: number[] = [];
  let start = 0;
  let seen = 0;
  let open = 0;
  for (const at of all) {
    open = openBrackets(block, seen, at, open);
    seen = at;
    if (at === 0 || isInBrackets(block, at, open) || stopIsInside(block, start, at, rules))
      continue;
    kept.push(at);
    start = at;
    open = 0;
  }
  return kept;
}

/** UAX #29 puts an opening mark directly after a CJK stop into the sentence before. */
function beforeOpeningMark(block: string, at: number): number {
  const marks = /(?<=[。！？…])[\p{Ps}\p{Pi}]+$/u.exec(block.slice(Math.max(0, at - 4), at));
  return at - (marks?.[0].length ?? 0);
}

/** In “… ” and « … » a space precedes the closing mark, which belongs to the sentence before. */
function afterClosingMark(block: string, at: number): number {
  const mark = /^[”»]\s+(?=[\p{Lu}\p{Nd}\p{Pi}„"])/u.exec(block.slice(at, at + 6));
  return at + (mark?.[0].length ?? 0);
}

function openBrackets(block: string, from: number, to: number, before: number): number {
  let open = before;
  for (let index = from; index < to; index++) {
    const character = block[index];
    if (character === "(" || character === "（") open++;
    if (open > 0 && (character === ")" || character === "）")) open--;
  }
  return open;
}

/** Whether a boundary lies inside brackets. A bracket that is not closed soon does not count. */
function isInBrackets(block: string, at: number, open: number): boolean {
  return open > 0 && /^[^(（]*[)）]/.test(block.slice(at, at + 250));
}

function withoutSpace(text: string, start: number, end: number): Range {
  const sentence = text.slice(start, end);
  const first = start + sentence.length - sentence.trimStart().length;
  return { start: first, end: first + sentence.trim().length };
}

interface SplittingRules {
  readonly language: string;
  readonly abbreviations: Abbreviations;
  readonly lexicon: Lexicon;
  readonly writesStoppedOrdinals: boolean;
  readonly segmenter: Intl.Segmenter;
}

/** The rules examine this many code units on either side of a boundary, so that splitting stays linear for any text. */
const REACH = 60;

/** UAX #29 misses a boundary before a digit or a word such as "iPhone": "…over. 81 percent". */
const HIDDEN_STOP = /(?<=(\p{Ll}{2,})[.!?]["”’»)]?)\s+(?=[\p{Sc}\p{Nd}]|\p{Ll}\p{Lu}\p{Ll})/gu;

/** A missing space after a sentence, where markup was lost: "…said.The harbour". */
const GLUED = /(?<=\p{Ll}{2}[.!?]["”»]?)(?=(\p{Lu}\p{Ll}*)\s)/gu;

/** Stops that Unicode does not recognise: the Armenian and Greek ones as typed on a Latin keyboard. */
const LANGUAGE_STOPS = new Map([
  ["hy", /(?<=:)(?=\s)/g],
  ["el", /(?<=;)(?=\s)/g],
]);

/** Returns the boundaries of a paragraph that `Intl.Segmenter` misses. */
function missedStops(block: string, rules: SplittingRules): readonly number[] {
  const { abbreviations, lexicon, language } = rules;
  const hidden = [...block.matchAll(HIDDEN_STOP)]
    .filter(({ 1: word = "", index }) => {
      const said = block.slice(Math.max(0, index - REACH), index);
      return !isVowelless(said, language) && !mayAbbreviate(word, abbreviations);
    })
    .map((match) => match.index + match[0].length);
  const glued = [...block.matchAll(GLUED)]
    .filter((match) => lexicon.stopWords.has((match[1] ?? "").toLowerCase()))
    .map(({ index }) => index);
  const ofLanguage = [...block.matchAll(LANGUAGE_STOPS.get(language) ?? /(?!)/g)];
  const clauses = language === "th" ? thaiClauses(block) : [];
  return [...hidden, ...glued, ...ofLanguage.map(({ index }) => index), ...clauses];
}

/** Thai has no stops, but a space ends a clause. Long paragraphs are split there, except before a conjunction. */
function thaiClauses(block: string): readonly number[] {
  if (block.length <= 200) return [];
  const breaks: number[] = [];
  for (const space of block.matchAll(/(?<=\p{Script=Thai})\s+(?=\p{Script=Thai})/gu)) {
    const next = space.index + space[0].length;
    if (next - (breaks.at(-1) ?? 0) < 80) continue;
    if (/^(?:และ|แต่|หรือ|ซึ่ง|โดย|เพราะ|ว่า|ที่|เพื่อ|ๆ)/u.test(block.slice(next, next + 8))) continue;
    breaks.push(next);
  }
  return breaks;
}

/** Whether the sentence that began at `start` continues after the proposed boundary `at`. */
function stopIsInside(block: string, start: number, at: number, rules: SplittingRules): boolean {
  const left = block.slice(Math.max(start, at - REACH), at);
  const right = block.slice(at, at + REACH).trimStart();
  const said = left.trimEnd();
  if (said === "" || right === "") return true;
  if (/[\n\r\u2028]\s*$/.test(left))
    return isSoftLineBreak(block.slice(start, start + 2), said, right);
  if (/^[\p{P}\s]+$/u.test(right) && right.length < 10) return true;
  const isGlued = said === left;
  if (isEnumerator(said, isGlued) || isOmission(said, right)) return true;
  if (goesOnInCase(said, right) || goesOnInScript(said, right, isGlued)) return true;
  if (isAttribution(said, right, rules.lexicon)) return true;
  return said.endsWith(".") && isAbbreviating(said, right, rules);
}

/** Whether a line was broken for its width: the sentence began with a capital, has no stop yet, and continues in lower case. */
function isSoftLineBreak(opening: string, said: string, right: string): boolean {
  return (
    !/^\p{Ll}/u.test(opening) && !/[\p{Sentence_Terminal}:;]$/u.test(said) && /^\p{Ll}/u.test(right)
  );
}

/** Whether the text is the number of a list item: "1." or "a.)" alone, or "2." without a space before its word. */
function isEnumerator(said: string, isGlued: boolean): boolean {
  if (isGlued && /(?:^|\P{N})\p{Nd}{1,2}\.$/u.test(said)) return true;
  return /^(?:[\p{Pd}•*⁃]\s*)?(?:\p{Nd}{1,3}|\p{L}|[ivxIVX]{1,4})[.)）]{1,2}$/u.test(said);
}

/** Whether "[…]" marks an omission and not the end of a quotation. */
function isOmission(said: string, right: string): boolean {
  return /[[(](?:\.\.\.|…)[\])]["”’»]?$/.test(said) && !/^\p{Lu}/u.test(right);
}

/** Whether the next text continues the sentence: it begins in lower case or with a comma. "iPhone" begins a sentence. */
function goesOnInCase(said: string, right: string): boolean {
  if (/^(?:[\p{Pd}\s]*\p{Ll}(?!\p{Lu})|[,;:)\]}’”»])/u.test(right)) return true;
  return /[!?]["”’»]?$/.test(said) && /^\p{Pd}/u.test(right);
}

/** Whether a Japanese particle or a Korean ending connects a closed quotation with the next text. */
function goesOnInScript(said: string, right: string, isGlued: boolean): boolean {
  if (!/["”’」』）]$/.test(said) || !isGlued) return false;
  return /^(?:[、とのはがをにでもやだ]|って|など|\p{Script=Hangul})/u.test(right);
}

/** Whether an attribution follows: "“Why not?” Pell asked." is one sentence. */
function isAttribution(said: string, right: string, { saying }: Lexicon): boolean {
  if (!/[.!?…]\s?["”’»]$/.test(said)) return false;
  const verb = /^(?:\p{Lu}[\p{L}'’-]*\s){1,3}(\p{Ll}+)/u.exec(right)?.[1];
  return verb !== undefined && saying.has(verb);
}

function isAbbreviating(said: string, right: string, rules: SplittingRules): boolean {
  const { open, beforeNumber, either } = rules.abbreviations;
  const word = abbreviationKey(lastWord(said));
  if (open.has(word)) return true;
  const isShort = isVowelless(said, rules.language);
  if ((isShort || beforeNumber.has(word)) && NUMBER.test(right)) return true;
  if (/^[ap]\.?m$/.test(word)) return isTimeDetail(right, rules);
  if (/^\p{L}$/u.test(word) && /^\p{L}\./u.test(right)) return true;
  const isOrdinal = rules.writesStoppedOrdinals && /^\p{Nd}{1,2}$/u.test(word);
  const mayGoOn = isShort || isOrdinal || INITIALS.test(said) || either.has(word);
  return mayGoOn && !beginsSentence(right, rules.lexicon);
}

/** The text after "No." and "Mk.". */
const NUMBER = /^[\p{Nd}#]|^[IVXLC]+\b/u;

/** Initials: "J.", "U.S." and "h. c." */
const INITIALS = /(?:^|[^\p{L}])(?:\p{Lu}|\p{L}(?:\.\s?\p{L})+)\.$/u;

/**
 * Whether the last word looks like an abbreviation, because it has no vowel: "Mk.", "vgl.". "5 kg.", "TVs" and "the BBC"
 * may end a sentence.
 */
function isVowelless(said: string, language: string): boolean {
  const word = VOWELLESS.exec(said)?.[1]?.normalize("NFD").toLowerCase();
  return word !== undefined && !vowelsOf(language).test(word);
}

const VOWELLESS =
  /(?<=^|[\s\p{Pi}\p{Ps}\p{Pd}"])(?<!\p{Nd}\s?)([\p{Script=Latin}\p{Script=Cyrillic}]\p{Ll}{1,4})\.$/u;

/** Whether the text continues after an hour: "5 p.m. Friday", "6 a.m. EST". Other text more often begins a sentence. */
function isTimeDetail(right: string, { lexicon, abbreviations }: SplittingRules): boolean {
  const next = abbreviationKey(/^[\p{L}.]+/u.exec(right)?.[0] ?? "");
  if (/^\p{Lu}{2,4}\b/u.test(right)) return true;
  return lexicon.calendar.has(next) || abbreviations.open.has(next);
}

/** Whether the text begins a sentence: with a function word or an opening quotation mark. A name continues the sentence. */
function beginsSentence(right: string, { stopWords, connectives }: Lexicon): boolean {
  if (/^["“„«]/.test(right)) return true;
  if (/^\p{Lu}\./u.test(right)) return false;
  const next = (/^\p{L}+/u.exec(right)?.[0] ?? "").toLowerCase();
  return stopWords.has(next) || connectives.has(next);
}

function lastWord(text: string): string {
  return /\S*$/.exec(text.trimEnd())?.[0] ?? "";
}

/** Returns an abbreviation as the lists have it: "then-Sen." as "sen", "l'on." as "on". */
function abbreviationKey(word: string): string {
  return word
    .replace(/^(?:[^\p{L}\p{N}]+|[\p{L}\p{N}]{2,}-)|\.$/gu, "")
    .replace(/^(?:[ld]|un|qu|[dnsc]?[aeou]ll)['’](?=\p{L})/iu, "")
    .toLowerCase();
}

/** Whether a word may be an abbreviation. In a language without a list, any short word may be one. */
function mayAbbreviate(word: string, { open, beforeNumber, either }: Abbreviations): boolean {
  if (open.has(word) || beforeNumber.has(word) || either.has(word)) return true;
  return either.size === 0 && word.length < 5;
}

/** Returns at most this many code units of a text, cut between paragraphs, or between words in an endless one. */
export function beginningOf(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const beginning = text.slice(0, longest);
  const end = [beginning.lastIndexOf("\n\n"), beginning.lastIndexOf(" ")].find(
    (at) => at > longest / 2,
  );
  return beginning.slice(0, end).toWellFormed();
}

/** The reading speed of an adult for news, in words per minute, and in letters for scripts without spaces. */
const WORDS_A_MINUTE = 220;
const CJK_LETTERS_A_MINUTE = 500;
/** The average word length in South-East Asian scripts without spaces. */
const LETTERS_A_WORD = 5;

const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;
const UNSPACED = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu;
const WITHOUT_SPACES = new RegExp(`${CJK.source}|${UNSPACED.source}`, "u");

/** Returns the reading time of a text in whole minutes, at least 1. */
export function readingMinutes(text: string): number {
  return Math.max(1, Math.round(countWords(text) / WORDS_A_MINUTE));
}

/**
 * Returns the number of words of a text. In scripts without spaces, letters count by their reading time, so that the result
 * may be a fraction.
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

/** The marks between two clauses of a sentence. */
export const CLAUSE_BREAK = /[;:()[\]"“”„«»。！？、，]|,(?= )| - /u;
const EACH_BREAK = new RegExp(CLAUSE_BREAK.source, "gu");

/** Returns the start of the clause that contains an offset of a sentence. */
export function clauseStart(sentence: string, at: number): number {
  const last = [...sentence.slice(0, at).matchAll(EACH_BREAK)].at(-1);
  return last ? last.index + last[0].length : 0;
}
