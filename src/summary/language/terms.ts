/** Scripts written without spaces between words: each pair of letters stands for a word. */
const CHINESE_AND_JAPANESE = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー`;
const SOUTH_EAST_ASIAN = String.raw`\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}`;
const KOREAN = String.raw`\p{Script=Hangul}`;
const UNSPACED = new RegExp(`[${CHINESE_AND_JAPANESE}]+|[${SOUTH_EAST_ASIAN}]+|[${KOREAN}]+`, "u");
/** A number stands before a word of such a script without a space: "12票" is two tokens. */
const SPACED = String.raw`[[\p{L}\p{M}\p{N}]--[${CHINESE_AND_JAPANESE}${SOUTH_EAST_ASIAN}${KOREAN}]]+`;
const TOKEN = new RegExp(`${UNSPACED.source}|${SPACED}`, "gv");
const UNSPACED_START = new RegExp(`^(?:${UNSPACED.source})`, "u");

/** Letters that make up the stem of a longer word: "minister" and "ministers" are one term. */
const STEM_LENGTH = 7;

/**
 * What a text is about, as terms to compare texts by: words in lower case without their endings and
 * without stop words; for scripts without spaces, pairs of letters.
 */
export function termsOf(text: string, stopWords: ReadonlySet<string>): ReadonlySet<string> {
  const terms = new Set<string>();
  for (const [token] of text.matchAll(TOKEN)) {
    if (UNSPACED_START.test(token)) for (const pair of pairsOf(token)) terms.add(pair);
    else if (isTerm(token.toLowerCase(), stopWords)) terms.add(stemOf(token.toLowerCase()));
  }
  return terms;
}

/** A word as written, or two letters of a script without spaces, and where it begins. */
interface Token {
  readonly token: string;
  readonly index: number;
  readonly isPair: boolean;
}

/** The words of a text one after another; for scripts without spaces, the overlapping pairs of letters. */
export function* tokensIn(text: string): Generator<Token> {
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (!UNSPACED_START.test(token)) yield { token, index, isPair: false };
    else for (const pair of pairsOf(token)) yield { token: pair, index, isPair: true };
  }
}

/** Whether a word in lower case says what a text is about. */
export function isTerm(word: string, stopWords: ReadonlySet<string>): boolean {
  return !stopWords.has(word) && (word.length > 1 || /\p{N}/u.test(word));
}

/** A word in lower case without its ending. */
export function stemOf(word: string): string {
  if (word.length <= 3 || /\p{N}/u.test(word)) return word;
  const stem = word.slice(0, STEM_LENGTH);
  return stem.endsWith("s") && stem.length > 3 ? stem.slice(0, -1) : stem;
}

function pairsOf(letters: string): readonly string[] {
  const characters = Array.from(letters);
  if (characters.length === 1) return characters;
  return characters.slice(1).map((character, index) => `${characters[index] ?? ""}${character}`);
}

/** How many terms two texts have in common. */
export function sharedCount(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const [short, long] = a.size < b.size ? [a, b] : [b, a];
  let shared = 0;
  for (const term of short) if (long.has(term)) shared++;
  return shared;
}

/** The share of the shorter text's terms that the other has too. */
export function likenessOf(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  return sharedCount(a, b) / Math.max(1, Math.min(a.size, b.size));
}

/** Two sentences say the same when they are liker than this. */
export const SAME = 0.6;
