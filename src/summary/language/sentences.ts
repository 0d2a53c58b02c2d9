import { missedStops, stopIsInside, type SplittingRules } from "./sentence-stops.ts";
import { abbreviationsOf, writesStoppedOrdinals } from "./abbreviations.ts";
import { lexiconOf, primarySubtag } from "./lexicon.ts";

/** A sentence's place in a text: `[start, end)` in UTF-16 code units, no white space at either end. */
export interface SentenceSpan {
  readonly start: number;
  readonly end: number;
  /** Counts the paragraphs from 0. */
  readonly paragraph: number;
}

/**
 * The sentences of a text, in order, in time linear in its length. A blank line always ends one.
 * `Intl.Segmenter` (UAX #29) proposes the stops; we know better about abbreviations, initials and
 * ordinals, and about stops inside quotations and parentheses.
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

function rulesOf(language: string): SplittingRules {
  const primary = primarySubtag(language);
  // Intl throws on a tag that is not well formed; the root rules do for it.
  const locale = /^[a-z]{2,3}$/.test(primary) ? primary : "und";
  return {
    language: primary,
    abbreviations: abbreviationsOf(language),
    lexicon: lexiconOf(language),
    writesStoppedOrdinals: writesStoppedOrdinals(language),
    segmenter: new Intl.Segmenter(locale, { granularity: "sentence" }),
  };
}

/** Where one sentence of a paragraph ends and the next begins, ascending, both ends left out. */
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

/** UAX #29 leaves a mark that opens right after a CJK stop with the sentence before. */
function beforeOpeningMark(block: string, at: number): number {
  const marks = /(?<=[。！？…])[\p{Ps}\p{Pi}]+$/u.exec(block.slice(Math.max(0, at - 4), at));
  return at - (marks?.[0].length ?? 0);
}

/** “… ” and « … » have a space before the mark that closes them; it ends their sentence, not the next. */
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

/** A bracket that does not close soon was never meant to hold the sentence, and does not keep it open. */
function isInBrackets(block: string, at: number, open: number): boolean {
  return open > 0 && /^[^(（]*[)）]/.test(block.slice(at, at + 250));
}

function withoutSpace(text: string, start: number, end: number): Range {
  const sentence = text.slice(start, end);
  const first = start + sentence.length - sentence.trimStart().length;
  return { start: first, end: first + sentence.trim().length };
}
