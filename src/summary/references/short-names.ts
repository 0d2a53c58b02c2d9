import { isKnownPlace } from "../language/names/known-places.ts";
import { ORGANISATION_WORDS, THING_WORDS } from "../language/names/name-words.ts";
import { GIVEN_NAMES } from "../language/names/given-names.ts";
import type { Lexicon } from "../language/lexicon.ts";

const WORD = String.raw`(?:\p{Lu}\p{L}{0,3}\.(?= )|\p{Lu}[\p{L}\p{M}]*(?:['’-](?!s(?!\p{L}))\p{L}[\p{L}\p{M}]*)*)`;
const PARTICLE = "(?:de|da|di|du|van|von|der|bin|al|el|la|le)";
const RUN = new RegExp(
  String.raw`(?<![\p{L}\p{N}@#'’-])${WORD}(?: (?:${PARTICLE} ){0,2}${WORD})*`,
  "gu",
);
/** They go before a short name and do not say whose it is. */
const COURTESY = /^(?:Mr|Mrs|Ms|Miss|Mx|M|Mme|Mlle|Herrn?|Frau|Sr|Sra|Sig|Dhr|Mevr)\.?$/;

export interface NamesTold {
  /** Of each name of two words or more, the words that may stand for it later. */
  readonly full: readonly string[];
  /** Names of one word that it does not tell in full as well. */
  readonly short: readonly string[];
}

/** The names that a sentence tells in full, which may be people's, and the single words that may be short for one. */
export function namesTold(sentence: string, lexicon: Lexicon): NamesTold {
  const full: string[] = [];
  const short: string[] = [];
  for (const { 0: run, index } of sentence.matchAll(RUN)) {
    const words = run.split(" ").filter((word) => !isBeside(word, lexicon));
    const [first = "", ...others] = words;
    if (others.length === 0 && first !== "") short.push(first);
    if (others.length === 0 || !couldBeSomebody(words) || /\bthe $/i.test(sentence.slice(0, index)))
      continue;
    full.push(...others.filter((word) => word.length > 2));
    // "Kim Jong-un" has his family's name first.
    if (GIVEN_NAMES.has(first) || /^\p{Lu}\p{Ll}+-\p{Ll}+$/u.test(others.at(-1) ?? ""))
      full.push(first);
  }
  return { full, short: short.filter((name) => !full.includes(name)) };
}

/** "Mrs Pell", "Monday Pell", "When Ada Pell": no part of the name. */
function isBeside(word: string, { calendar, stopWords, prepositions }: Lexicon): boolean {
  const lower = word.toLowerCase();
  if (!/^\p{Lu}/u.test(word)) return false;
  return (
    COURTESY.test(word) || calendar.has(lower) || stopWords.has(lower) || prepositions.has(lower)
  );
}

function couldBeSomebody(words: readonly string[]): boolean {
  if (isKnownPlace(words.join(" ")) || isKnownPlace(words.at(-1) ?? "")) return false;
  // What comes before says what somebody is: "American Ada Pell".
  return !words.slice(-2).some((word) => {
    const lower = word.toLowerCase();
    return ORGANISATION_WORDS.has(lower) || THING_WORDS.has(lower) || /^\p{Lu}{2,}$/u.test(word);
  });
}
