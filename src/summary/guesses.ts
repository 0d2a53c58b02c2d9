import type { Lexicon } from "./language/lexicon.ts";

const OPENING = /^(?:\p{Lu}\p{Ll}+ )??(?<who>\p{L}\p{Ll}+s) (?:have |had )?(?<verb>\p{Ll}+) /u;

/** "Analysts speculated that": a guess, and of people without a name. A fact says more. */
export function isGuess(sentence: string, { guesses }: Lexicon): boolean {
  return guesses.has(OPENING.exec(sentence)?.groups?.["verb"] ?? "");
}
