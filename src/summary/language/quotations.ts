import { listedWord, type Lexicon } from "./lexicon.ts";

/** Words in quotation marks. `[start, end)` includes both marks. */
export interface Quotation {
  readonly start: number;
  readonly end: number;
  /** False if one of the marks is missing. */
  readonly isWhole: boolean;
}

/** The closing marks of each opening mark: English “…”, German „…“ and »…«, French «…», Swedish ”…”, CJK 「…」. */
const CLOSERS = new Map([
  ['"', '"'],
  ["“", "”"],
  ["„", "“”"],
  ["”", "”"],
  ["«", "»"],
  ["»", "«"],
  ["「", "」"],
  ["『", "』"],
  ["‘", "’"],
]);

/** The maximum length of a quotation without a closing mark. */
const LONGEST = 600;

/** Returns the quotations of a text in order. A quotation ends at a blank line, because newspapers do not close it there. */
export function quotationsOf(text: string): readonly Quotation[] {
  const found: Quotation[] = [];
  let open: number | undefined;
  const abandon = (at: number) => {
    if (open !== undefined)
      found.push({ start: open, end: Math.min(at, open + LONGEST), isWhole: false });
    open = undefined;
  };
  for (const { index, 0: mark } of text.matchAll(/\n\s*\n|["“”„«»「」『』‘’]/g)) {
    if (mark.startsWith("\n")) abandon(index);
    else if (open !== undefined && closes(text, open, index)) {
      found.push({ start: open, end: index + 1, isWhole: true });
      open = undefined;
    } else if (opens(text, index, open)) {
      abandon(index);
      open = index;
    } else if (open === undefined && isStrayCloser(text, index)) {
      found.push({ start: index, end: index + 1, isWhole: false });
    }
  }
  abandon(text.length);
  return found;
}

function closes(text: string, open: number, at: number): boolean {
  const mark = text[at] ?? "";
  if (CLOSERS.get(text[open] ?? "")?.includes(mark) !== true) return false;
  if (mark === "’") return !/[\p{L}\p{N}]/u.test(text[at + 1] ?? "");
  // A straight mark after a space and before a word opens another quotation. The last one was not closed.
  return mark !== '"' || !(isSpace(text[at - 1]) && !isSpace(text[at + 1]));
}

function opens(text: string, at: number, open: number | undefined): boolean {
  const mark = text[at] ?? "";
  const previous = text[at - 1] ?? " ";
  const startsWord = /[\p{L}\p{N}¿¡([.…'‘$€£#@]/u.test(text[at + 1] ?? " ");
  const followsWord = /[\p{L}\p{N}]/u.test(previous);
  // Inside a quotation only the same kind of mark begins a new one. Others are nested.
  if (open !== undefined && text[open] !== mark) return false;
  if ("“„「『".includes(mark)) return mark !== "“" || startsWord || isSpace(text[at + 1]);
  if (mark === "«") return !followsWord;
  if (mark === '"' || mark === "‘") return startsWord && !followsWord;
  return (mark === "»" || mark === "”") && startsWord && /[\s(]/.test(previous);
}

/** Whether a closing mark has no opening mark. 6" is a length, and ’ an apostrophe. */
function isStrayCloser(text: string, at: number): boolean {
  const mark = text[at] ?? "";
  if (mark === "’" || mark === "‘") return false;
  return mark !== '"' || !/\p{N}/u.test(text[at - 1] ?? "");
}

function isSpace(character: string | undefined): boolean {
  return character === undefined || /\s/.test(character);
}

/** Text directly after an opening mark: 'None', '@porthmoor, '[Riders] came'. */
const WORD_FOLLOWS = /^'[\p{L}\p{N}[($£€@#]/u;
const CAPITAL_FOLLOWS = /^'(?!T(?:is|was)\b)(?:[[(@#]|\p{Lu})/u;
/** The end of a sentence or clause, so that a speaker's words follow: "Pell said: 'We came". */
const OPENS_SPEECH = /(?:^|[.!?…:,]["”'’)]?\s+|\n)$/u;

/** The maximum length of speech, and of other words, between apostrophes. */
const LONGEST_SPEECH = 600;
const LONGEST_WORDS = 200;

interface OpenApostrophe {
  readonly start: number;
  readonly isSpeech: boolean;
}

/**
 * Returns the quotations between apostrophes, 'as British newspapers type them', in order. An apostrophe has many uses.
 * Therefore only these are included: closed quotations, clear openings of speech that are never closed, and marks after a
 * full stop without an opening. "Riders' boats" and "the '90s" are not quotations.
 */
export function apostropheQuotationsOf(text: string): readonly Quotation[] {
  const found: Quotation[] = [];
  let open: OpenApostrophe | undefined;
  for (const { index, 0: mark } of text.matchAll(/\n\s*\n|'/g)) {
    if (open && !reaches(open, index)) open = abandon(open);
    if (mark !== "'") open = abandon(open);
    else if (opensSpeech(text, index)) {
      // Newspapers put an opening mark at each paragraph of a speech and a closing mark only at the last one. So all text
      // before is speech.
      abandon(open, index);
      open = { start: index, isSpeech: true };
    } else if (open?.isSpeech !== true && apostropheOpens(text, index)) {
      open = { start: index, isSpeech: false };
    } else if (apostropheCloses(text, index)) {
      if (open) found.push({ start: open.start, end: index + 1, isWhole: true });
      else if (endsSpeech(text, index))
        found.push({ start: index, end: index + 1, isWhole: false });
      open = undefined;
    }
  }
  abandon(open);
  return found;

  function abandon(opening: OpenApostrophe | undefined, end?: number): undefined {
    if (opening?.isSpeech !== true) return;
    found.push({ start: opening.start, end: end ?? opening.start + 1, isWhole: false });
  }
}

function reaches({ start, isSpeech }: OpenApostrophe, at: number): boolean {
  return at - start <= (isSpeech ? LONGEST_SPEECH : LONGEST_WORDS);
}

function apostropheOpens(text: string, at: number): boolean {
  return /^$|[\s([“"—–-]/.test(text[at - 1] ?? "") && WORD_FOLLOWS.test(text.slice(at, at + 2));
}

function opensSpeech(text: string, at: number): boolean {
  if (!CAPITAL_FOLLOWS.test(text.slice(at, at + 5))) return false;
  return OPENS_SPEECH.test(text.slice(Math.max(0, at - 4), at)) && apostropheOpens(text, at);
}

/** Whether an apostrophe closes a quotation. After an s and before another word it is a possessive: "riders' boats". */
function apostropheCloses(text: string, at: number): boolean {
  const before = text[at - 1] ?? " ";
  const after = text[at + 1] ?? " ";
  if (/[\s([“]/.test(before) || /[\p{L}\p{N}]/u.test(after)) return false;
  return before !== "s" || !/\s/.test(after);
}

function endsSpeech(text: string, at: number): boolean {
  // "The U.S.' plans", and marks of one kind inside the other.
  return /(?<!\p{Lu})[.!?…]$/u.test(text.slice(at - 2, at)) && !/["”]/.test(text[at + 1] ?? "");
}

/** Replaces each quotation of a sentence with a space. */
export function withoutQuotations(sentence: string): string {
  return sentence.replace(/["“„«][^"“”„«»]*["“”»]/g, " ");
}

const NUMBERED = /\b(?:War|Phase|Part|Type|Class|Title|Stage|Elizabeth|Charles|James|Francis) $/;

/** Whether a sentence is in the first person outside its quotations, which are another person's words. */
export function isNarrated(quoting: string, lexicon: Lexicon): boolean {
  if (lexicon.narrators.size === 0) return false;
  const sentence = withoutQuotations(quoting);
  return [...sentence.matchAll(/[\p{L}\p{M}]+(?:['’]\p{L}+)?/gu)].some(({ 0: word, index }) => {
    if (!lexicon.narrators.has(listedWord(word, sentence, index, lexicon))) return false;
    // "World War I" contains a numeral.
    return word !== "I" || !NUMBERED.test(sentence.slice(Math.max(0, index - 12), index));
  });
}
