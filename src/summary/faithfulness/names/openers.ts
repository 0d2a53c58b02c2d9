import { FUNCTION_WORDS } from "../../../article/function-words.ts";
import { isKnownPlace } from "../../language/names/known-places.ts";
import { GIVEN_NAMES } from "../../language/names/given-names.ts";
import { abbreviationsOf } from "../../language/abbreviations.ts";
import { lexiconOf, primarySubtag } from "../../language/lexicon.ts";
import { numeralsOf } from "../numbers/numerals.ts";
import type { Named } from "./named.ts";

/** Whether a word that begins a sentence has its capital for that: the source or the language writes it small. */
export function isOpener(text: string, key: string, { lowered, language }: Named): boolean {
  if (lowered.has(key) || FUNCTION_WORDS.get(primarySubtag(language))?.has(key)) return true;
  if (abbreviationsOf(language).open.has(key) || numeralsOf(language).words.has(key)) return true;
  const { stopWords, prepositions, subordinators, connectives, determiners, calendar } =
    lexiconOf(language);
  const words = [stopWords, prepositions, subordinators, connectives, determiners, calendar];
  const plain = text.toLowerCase();
  // "We're" and "C'est" begin or end with a small word.
  return [key, plain, ...plain.split("'")].some((word) => words.some((list) => list.has(word)));
}

/** Endings of words that are no names, where one of them begins a sentence. */
const ENDINGS = new Map([
  ["fr", /(?:s|ment|ant|ée?|er|ir|x|tion)$/],
  ["es", /(?:s|mente|ndo|ad[oa]|id[oa]|[aei]r|ción)$/],
  ["pt", /(?:s|mente|ndo|ad[oa]|id[oa]|[aei]r|ção)$/],
  ["it", /(?:mente|ndo|at[oaie]|ut[oaie]|it[oaie]|[aei]re|zione)$/],
  ["nl", /(?:en|ende|heid|ing)$/],
]);
const SINGULAR_SUBJECT =
  /^(?::|,|'s\b| (?:is|was|has|had|will|would|can|could|may|might|said|told|did|does|and|\p{Ll}+ed|\p{Ll}{2,}[^s]s)(?!\p{L}))/u;
/** English nouns that need no article, and adverbs. */
const BARE =
  /(?:s|ing|ly|ed|ion|ment|ity|ness|ance|ence|age|ism|al|ic|ive|ous)$|^(?:police|staff|people|media|almost|last|more|less|most|despite|research|evidence|data|work|part|news|life|top|former|other|another|local|early|late)$/;

/**
 * Whether a word that begins a sentence and is not in the source may be no name. In English one that a verb
 * for one follows is taken for a name; in a language that we have no words for, none is.
 */
export function mayOpen(text: string, after: string, language: string): boolean {
  if (/^\p{Lu}{2}/u.test(text) || GIVEN_NAMES.has(text) || isKnownPlace(text)) return false;
  const primary = primarySubtag(language);
  if (primary === "en") return BARE.test(text.toLowerCase()) || !SINGULAR_SUBJECT.test(after);
  return ENDINGS.get(primary)?.test(text) ?? true;
}
