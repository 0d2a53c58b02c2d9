import type { Quotation } from "./quotations.ts";

/** What may begin right after a mark that opens: 'Nobody', '@porthmoor, '[Riders] came'. */
const WORD_FOLLOWS = /^'[\p{L}\p{N}[($£€@#]/u;
const CAPITAL_FOLLOWS = /^'(?!T(?:is|was)\b)(?:[[(@#]|\p{Lu})/u;
/** A sentence or a clause ended, so what follows is said by somebody: "Pell said: 'We came". */
const OPENS_SPEECH = /(?:^|[.!?…:,]["”'’)]?\s+|\n)$/u;

/** Speech reaches so far at most, and other words between apostrophes so far. */
const LONGEST_SPEECH = 600;
const LONGEST_WORDS = 200;

interface Opening {
  readonly start: number;
  readonly isSpeech: boolean;
}

/**
 * The quotations between apostrophes, 'as British newspapers type them', in order. An apostrophe is many
 * things, so only those are listed that close, those that open what is clearly speech and never close, and
 * marks after a full stop that nothing opened. "Riders' boats" and "the '90s" are none.
 */
export function apostropheQuotationsOf(text: string): readonly Quotation[] {
  const found: Quotation[] = [];
  let open: Opening | undefined;
  for (const { index, 0: mark } of text.matchAll(/\n\s*\n|'/g)) {
    if (open && !reaches(open, index)) open = abandon(open);
    if (mark !== "'") open = abandon(open);
    else if (opensSpeech(text, index)) {
      // Newspapers open each paragraph of a speech and close only the last, so all before is speech.
      abandon(open, index);
      open = { start: index, isSpeech: true };
    } else if (open?.isSpeech !== true && opens(text, index)) {
      open = { start: index, isSpeech: false };
    } else if (closes(text, index)) {
      if (open) found.push({ start: open.start, end: index + 1, isWhole: true });
      else if (endsSpeech(text, index))
        found.push({ start: index, end: index + 1, isWhole: false });
      open = undefined;
    }
  }
  abandon(open);
  return found;

  function abandon(opening: Opening | undefined, end?: number): undefined {
    if (opening?.isSpeech !== true) return;
    found.push({ start: opening.start, end: end ?? opening.start + 1, isWhole: false });
  }
}

function reaches({ start, isSpeech }: Opening, at: number): boolean {
  return at - start <= (isSpeech ? LONGEST_SPEECH : LONGEST_WORDS);
}

function opens(text: string, at: number): boolean {
  return /^$|[\s([“"—–-]/.test(text[at - 1] ?? "") && WORD_FOLLOWS.test(text.slice(at, at + 2));
}

function opensSpeech(text: string, at: number): boolean {
  if (!CAPITAL_FOLLOWS.test(text.slice(at, at + 5))) return false;
  return OPENS_SPEECH.test(text.slice(Math.max(0, at - 4), at)) && opens(text, at);
}

/** After "riders" it is a possessive where a word follows. */
function closes(text: string, at: number): boolean {
  const before = text[at - 1] ?? " ";
  const after = text[at + 1] ?? " ";
  if (/[\s([“]/.test(before) || /[\p{L}\p{N}]/u.test(after)) return false;
  return before !== "s" || !/\s/.test(after);
}

function endsSpeech(text: string, at: number): boolean {
  // "The U.S.' plans", and one kind of marks inside the other.
  return /(?<!\p{Lu})[.!?…]$/u.test(text.slice(at - 2, at)) && !/["”]/.test(text[at + 1] ?? "");
}
