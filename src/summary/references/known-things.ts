import type { Lexicon } from "../language/lexicon.ts";
import { stemOf } from "../language/terms.ts";

/** A noun phrase in small letters after its article. */
const PHRASE =
  /(?<![\p{L}’'])(?<article>[Aa]n?|[Tt]he|[Bb]oth|th(?:is|ese)) (?<words>\p{Ll}[\p{L}'’-]*(?: \p{Ll}[\p{L}'’-]*){0,4})/gu;
/** What follows a noun that is told right here: "the quarry where they worked". */
const TELLS =
  /^(?:of|that|who|whose|where|which|in|on|at|for|to|from|with|between|against|and|or)$/;

/**
 * The nouns, as terms, that a sentence speaks of as known: "the quarry", "this quarry", with nothing after it that says
 * which, and no "a quarry" beside it. None in languages that say "the" of anything.
 */
export function knownThings(sentence: string, lexicon: Lexicon): readonly string[] {
  if (lexicon.definites.size === 0 || !/\b(?:[Tt]he|[Bb]oth|this|these) /.test(sentence)) return [];
  const told = new Set<string>();
  const known = new Set<string>();
  for (const { groups } of sentence.matchAll(PHRASE)) {
    const { article = "", words = "" } = groups ?? {};
    const all = words.split(" ");
    const found = all.findIndex((word, at) => endsPhrase(word, at, lexicon));
    const end = found === -1 ? all.length : found;
    const noun = all[end - 1];
    if (noun === undefined) continue;
    if (/^an?$/i.test(article)) told.add(stemOf(noun));
    else if (!TELLS.test(all[end] ?? "")) known.add(stemOf(noun));
  }
  return [...known].filter((noun) => !told.has(noun));
}

function endsPhrase(word: string, at: number, { stopWords, prepositions }: Lexicon): boolean {
  return (
    stopWords.has(word) ||
    prepositions.has(word) ||
    /n['’]t$/.test(word) ||
    (at > 0 && /(?:ed|ly)$/.test(word))
  );
}
