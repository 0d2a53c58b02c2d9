import type { Candidate } from "./document.ts";
import type { Lexicon } from "./language/lexicon.ts";
import { countWords } from "./language/reading-time.ts";
import { lacksVerb } from "./verbs.ts";

/** What is left has to be a sentence, and to say something. */
const SHORTEST_WORDS = 10;
/** From the last comma to the full stop, with nothing in it that may belong to what is before. */
const TAIL = /, (?<word>\p{L}+) (?:(?! -)[^,;:()"“”„«»—–])+(?=\.$)/u;

export interface TrailingAside {
  /** Offsets in the article. */
  readonly start: number;
  readonly end: number;
  /** Of the sentence without it. */
  readonly words: number;
}

/**
 * ", which opened in 1904" at the end of a sentence, or ", including two riders": what is before it says
 * the same without it. Undefined where there is none, and in languages whose words for it we don't know.
 */
export function trailingAside(candidate: Candidate, lexicon: Lexicon): TrailingAside | undefined {
  const found = TAIL.exec(candidate.text);
  if (!found || !lexicon.asides.has(found.groups?.["word"] ?? "")) return undefined;
  const rest = candidate.text.slice(0, found.index);
  const words = countWords(rest);
  if (words < SHORTEST_WORDS || lacksVerb(rest, lexicon)) return undefined;
  const start = candidate.start + found.index;
  return { start, end: start + found[0].length, words };
}
