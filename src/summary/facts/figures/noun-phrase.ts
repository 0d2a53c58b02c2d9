import { primarySubtag, type Lexicon } from "../../language/lexicon.ts";

const LONGEST_WORDS = 4;
/** Nouns that say nothing by themselves. */
const EMPTY =
  /^(?:times|others|people|men|women|children|persons|things|points|ways|ones|members|cases|items|pieces|posts|Menschen|Leute|Personen|Mann)$/;
const COLLECTIVE = /^(?:people|men|women|children|fish|sheep|cattle|police|staff|aircraft)$/;
/** What may follow the noun and belongs to it: "of soap", "from Egypt", "were killed". */
const COMPLEMENT =
  /^\s(?:(?:of|from|in)\s(?:the\s)?\p{Lu}[\p{L}’'-]+(?:\s\p{Lu}[\p{L}’'-]+){0,3}(?=[\s,.;])|of\s\p{Ll}{3,}(?=[,.;])|(?:were|have been|had been)\s(?:killed|injured|wounded|arrested|displaced|rescued|detained|evacuated|infected|born|drowned)(?=[\s,.;]))/u;

/** Whether what follows a number may be a noun that it counts. */
export function isCountable(after: string, language: string, lexicon: Lexicon): boolean {
  const word = nextWord(after);
  if (word === "" || isEnd(word, lexicon)) return false;
  return !isGerman(language) || /^\s(?:\p{Lu}|\p{Ll}+en?\s\p{Lu})/u.test(after);
}

/**
 * The noun that a number counts with what is between, "young eels", and what belongs to it. Undefined
 * where the noun says nothing without its sentence ("people") or where there is none.
 */
export function nounPhrase(after: string, language: string, lexicon: Lexicon): string | undefined {
  const { words, end } = wordsToNoun(after, language, lexicon);
  const noun = words.at(-1) ?? "";
  if (!isNoun(noun, language) || (words.length === 1 && EMPTY.test(noun))) return undefined;
  // "11 contestant Ada Pells": a role and a name.
  if (!isGerman(language) && /^\p{Lu}/u.test(noun) && words.some((word) => /^\p{Ll}/u.test(word))) {
    return undefined;
  }
  // "12 Champions League games": the capital is a name's, which goes on.
  const next = nextWord(after.slice(end));
  if (/^\p{Lu}/u.test(noun) && !isGerman(language) && next !== "" && !isEnd(next, lexicon))
    return undefined;
  const complement = COMPLEMENT.exec(after.slice(end))?.[0] ?? "";
  // "of which" would be cut before its noun.
  const isCut = lexicon.stopWords.has(complement.replace(/^\sof\s/, ""));
  return after.slice(0, isCut ? end : end + complement.length).trim();
}

function wordsToNoun(after: string, language: string, lexicon: Lexicon) {
  const words: string[] = [];
  let end = 0;
  for (const { index, 0: whole, 1: word = "" } of after.matchAll(
    /\s(\p{L}[\p{L}\p{M}'’-]*)(?=[^\p{L}]|$)/gu,
  )) {
    // Anything but a space between two words ends the phrase.
    if (index !== end || words.length === LONGEST_WORDS || isEnd(word, lexicon)) break;
    words.push(word);
    end = index + whole.length;
    if (isNoun(word, language) && !isNoun(nextWord(after.slice(end)), language)) break;
  }
  return { words, end };
}

function isEnd(word: string, { stopWords, prepositions, calendar }: Lexicon): boolean {
  const lower = word.toLowerCase();
  return stopWords.has(lower) || prepositions.has(lower) || calendar.has(lower);
}

/** A plural in English; "status" and "class" are none. */
function isNoun(word: string, language: string): boolean {
  if (isGerman(language)) return /^\p{Lu}\p{Ll}{2,}$/u.test(word);
  return COLLECTIVE.test(word) || /^[\p{L}'’-]{2,}[^s'’u]s$/u.test(word);
}

function nextWord(after: string): string {
  return /^\s(\p{L}[\p{L}'’-]*)/u.exec(after)?.[1] ?? "";
}

function isGerman(language: string): boolean {
  return primarySubtag(language) === "de";
}
