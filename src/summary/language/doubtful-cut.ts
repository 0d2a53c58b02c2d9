import { abbreviationsOf } from "./abbreviations.ts";
import { lexiconOf, type Lexicon } from "./lexicon.ts";
import { isVowelless } from "./sentences.ts";

/** How far either side of a cut is looked. */
const REACH = 60;
/** A longer word, counted with its stop, is hardly ever an abbreviation. */
const LONGEST_SHORT = 6;

/**
 * Whether a text that is cut at `at`, before or after the white space there, may be cut inside a name: where the
 * full stop may belong to an abbreviation that `splitSentences` doesn't know, "the Nova Spec. | 4". It says what
 * somebody should read again, not what is wrong.
 */
export function isDoubtfulCut(text: string, at: number, language: string): boolean {
  const before = text.slice(Math.max(0, at - REACH), at);
  const after = text.slice(at, at + REACH);
  const said = before.trimEnd();
  const right = after.trimStart();
  if (right === "" || isBetweenParagraphs(before, after)) return false;
  const [, written = "", mark] = LAST_WORD.exec(said) ?? [];
  if (written === "") return false;
  const lexicon = lexiconOf(language);
  if (mark === "." && mayBeShort({ said, written, right, language, lexicon })) return true;
  return isNameBefore(right, lexicon) && standsInSentence(`${written}${mark ?? ""}`, text);
}

function isBetweenParagraphs(before: string, after: string): boolean {
  const gap = `${/\s*$/.exec(before)?.[0] ?? ""}${/^\s*/.exec(after)?.[0] ?? ""}`;
  return /\n\s*\n|\u2029/.test(gap);
}

const LAST_WORD = /(?<![\p{L}\p{N}])([\p{L}\p{N}][\p{L}\p{N}\p{M}.'’&-]*?)([.!])$/u;

interface Cut {
  readonly said: string;
  readonly written: string;
  readonly right: string;
  readonly language: string;
  readonly lexicon: Lexicon;
}

function mayBeShort({ said, written, right, language, lexicon }: Cut): boolean {
  if (/^\p{Ll}(?!\p{Lu})/u.test(right)) return true;
  if (/^[ap]\.?m$/i.test(written)) return isNameBefore(right, lexicon);
  const { beforeNumber, either } = abbreviationsOf(language);
  const key = written.toLowerCase();
  const isKnown = beforeNumber.has(key) || either.has(key) || isVowelless(said, language);
  const isShort = SHORT_NAME.test(written) && !/\p{Nd}\s?\p{L}+\.$/u.test(said);
  if (LONE_LETTER.test(right) && !isFunctionWord(right, lexicon)) return isShort || isKnown;
  return NUMBER.test(right) && (isShort || isKnown);
}

/** "Spec", "Bau", but neither "it" nor "BBC". */
const SHORT_NAME = /^\p{Lu}\p{Ll}{1,3}$/u;
const NUMBER = /^\p{Nd}|^(?=[IVXLC]{2})[IVXLC]+\b|^[VX]\b/u;
const LONE_LETTER = /^\p{Lu}(?![\p{L}\p{N}\p{M}'’.])/u;

/** A capital that begins no sentence for sure: "The" and "She" do. */
function isNameBefore(right: string, lexicon: Lexicon): boolean {
  return lexicon.stopWords.size > 0 && /^\p{Lu}/u.test(right) && !isFunctionWord(right, lexicon);
}

function isFunctionWord(right: string, { stopWords, connectives }: Lexicon): boolean {
  const word = (/^\p{L}+/u.exec(right)?.[0] ?? "").toLowerCase();
  return stopWords.has(word) || connectives.has(word);
}

/** Whether a short word, with the mark after it, also stands where a sentence surely goes on. */
function standsInSentence(word: string, text: string): boolean {
  if (!/^\p{Lu}/u.test(word) || (word.endsWith(".") && word.length > LONGEST_SHORT)) return false;
  const escaped = word.replace(/[.!]/g, "[$&]");
  const inside = new RegExp(
    String.raw`(?<![\p{L}\p{N}])${escaped}(?:[,;:]|\s+\p{Ll}(?!\p{Lu}))`,
    "u",
  );
  return inside.test(text);
}
