/** Counts that need no knowledge of a text's language. */
export interface TextMeasure {
  /** Characters, without spaces. */
  readonly chars: number;
  /** In scripts without spaces, two to three characters count as one word. */
  readonly words: number;
  readonly sentences: number;
  readonly commas: number;
  readonly capitals: number;
  readonly digits: number;
  readonly letters: number;
  /** Characters of menus and labels rather than sentences, such as | · » › © @ / : # * + > */
  readonly signs: number;
  readonly quotes: number;
  readonly endsSentence: boolean;
}

const SENTENCE_END = /[.!?…。！？؟।॥։۔]/u;
const CLOSED = /[.!?…。！？؟।॥։۔][\s"'”’»›)\]」』）】*]{0,4}$/u;
const LETTER = 1;
const DIGIT = 2;
const CAPITAL = 3;
const COMMA = 4;
const STOP = 5;
const SIGN = 6;
const QUOTE = 7;
const WIDE = 8;
const OTHER = 0;

// A table look-up is faster than regular expressions. Each character is classified at its first use, because all of
// them take 60 ms.
const CLASSES = new Uint8Array(0x10000);
const MET = 0x80;

function classAt(code: number): number {
  const known = CLASSES[code] ?? 0;
  if (known !== 0) return known - MET;
  const is = classOf(String.fromCharCode(code));
  CLASSES[code] = MET + is;
  return is;
}

function classOf(char: string): number {
  if (
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u.test(
      char,
    )
  )
    return WIDE;
  if (/\p{Lu}/u.test(char)) return CAPITAL;
  if (/[\p{L}\p{M}]/u.test(char)) return LETTER;
  if (/\p{Nd}/u.test(char)) return DIGIT;
  if (/[,،、，;；]/u.test(char)) return COMMA;
  if (SENTENCE_END.test(char)) return STOP;
  if (/[|·•»›©@/:#*+>→▸►_=~]/u.test(char)) return SIGN;
  return /["“”„‘«「」『』]/u.test(char) ? QUOTE : OTHER;
}

/** The number of words for each character of a script without spaces: 2.5 characters make about one word. */
const WORDS_A_WIDE = 0.4;

export function measureText(text: string): TextMeasure {
  const counts = new Float64Array(9);
  let words = 0;
  let sentences = 0;
  let blanks = 0;
  let wasWord = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const is = classAt(code);
    counts[is] = (counts[is] ?? 0) + 1;
    const isWord = is === LETTER || is === CAPITAL || is === DIGIT;
    if (isWord && !wasWord) words++;
    if (code === 0x20) blanks++;
    // An apostrophe or hyphen continues its word.
    wasWord = isWord || (wasWord && (code === 0x27 || code === 0x2019 || code === 0x2d));
    if (is === STOP && (code > 0x3000 || !isFollowed(text, at))) sentences++;
  }
  const [, letters = 0, digits = 0, capitals = 0, commas = 0, , signs = 0, quotes = 0, wide = 0] =
    counts;
  return {
    chars: text.length - blanks,
    words: words + Math.ceil(wide * WORDS_A_WIDE),
    sentences,
    commas,
    capitals,
    digits,
    letters: letters + capitals + wide,
    signs,
    quotes,
    endsSentence: CLOSED.test(text.slice(-8)),
  };
}

// In "3.5" and "example.com" the full stop does not end a sentence.
function isFollowed(text: string, at: number): boolean {
  if (at + 1 >= text.length) return false;
  const next = classAt(text.charCodeAt(at + 1));
  return next === LETTER || next === CAPITAL || next === DIGIT || next === STOP;
}

/** The number of words, comparable across scripts. */
export function countWords(text: string): number {
  return measureText(text).words;
}

/** Whether a line ends like a sentence, apart from closing quotes and brackets. */
export function endsSentence(text: string): boolean {
  return measureText(text.slice(-8)).endsSentence;
}

/** Whether the script of two lines joins them without a space. */
export function joinsWithoutSpace(before: string, after: string): boolean {
  return WIDE_END.test(before) || WIDE_START.test(after);
}

// Korean characters are wide, but Korean has spaces.
const UNSPACED = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3001-\u3030\uff01-\uff60]`;
const WIDE_END = new RegExp(`${UNSPACED}$`, "u");
const WIDE_START = new RegExp(`^${UNSPACED}`, "u");

/** The width in columns of a terminal. East Asian characters take two. */
export function widthOf(text: string): number {
  return (
    text.length +
    (text.match(/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff01-\uff60]/g)?.length ??
      0)
  );
}
