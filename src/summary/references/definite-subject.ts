import type { Lexicon } from "../language/lexicon.ts";
import { stemOf } from "../language/terms.ts";

const LONGEST_WORDS = 4;
/** What may stand between "the" and its noun, and the words that end it. */
const WORD = /^(?<word>\p{Ll}[\p{L}'’-]*)(?<mark>,?)\s/u;
/** "The pilot, who died" is known from before; "the ship, the Lune Star," is named here. */
const GOES_ON = /^(?:who|which|whose)$/;
/** Of "the largest harbour" and "the first ferry" there is one. */
const RANKED = /^(?:\p{L}{2,}est|first|second|third|last|next|most|least|only|best|worst|same)$/u;

/** Of the words in -ly, those that are no adverbs. */
const ADVERB = /(?<!^(?:fami|ral|al|supp|assemb|rep|bul|monopo|anoma|f|jel|bel))ly$/;

export interface DefiniteSubject {
  /** The noun, as a term. */
  readonly term: string;
  /** Whether the sentence itself says which one, however it was told before. */
  readonly isRanked: boolean;
}

/**
 * What a sentence is about, where it opens with "the" and a noun alone, "The studio became …", "All three riders
 * were …": whoever reads only this sentence asks which studio. Undefined where what follows the noun tells,
 * "The captain of the ferry", and in languages that say "the" of anything.
 */
export function definiteSubject(sentence: string, lexicon: Lexicon): DefiniteSubject | undefined {
  const opening = /^(?<first>\p{Lu}\p{Ll}+) /u.exec(sentence)?.groups?.["first"] ?? "";
  if (!lexicon.definites.has(opening.toLowerCase())) return undefined;
  let rest = sentence.slice(opening.length + 1).replace(/^(?:the |two |three |four |five )+/, "");
  let noun = "";
  let isRanked = false;
  for (let count = 0; count <= LONGEST_WORDS; count++) {
    const { word = "", mark = "" } = WORD.exec(rest)?.groups ?? {};
    if (word === "") return undefined;
    if (endsPhrase(word, noun, rest, lexicon)) break;
    isRanked ||= RANKED.test(word);
    noun = word;
    rest = rest.slice(word.length + mark.length + 1);
    if (mark !== "") break;
  }
  const hasComma = sentence.slice(0, sentence.length - rest.length).endsWith(", ");
  if (noun === "" || ADVERB.test(noun) || isTold(rest, hasComma, lexicon)) return undefined;
  return { term: stemOf(noun), isRanked };
}

/** Whether a word is not of the noun phrase any more. "The plan" and "the new plan was" have no verb in them. */
function endsPhrase(word: string, noun: string, rest: string, lexicon: Lexicon): boolean {
  const { stopWords, prepositions, verbs } = lexicon;
  if (stopWords.has(word) || prepositions.has(word) || /n['’]t$/.test(word)) return true;
  if (noun === "") return false;
  if (word.endsWith("ed") || ADVERB.test(word)) return true;
  const next = WORD.exec(rest.slice(word.length + 1))?.groups?.["word"] ?? "";
  return verbs.has(word) && !(verbs.has(next) && stopWords.has(next));
}

function isTold(rest: string, hasComma: boolean, { prepositions }: Lexicon): boolean {
  const next = /^\p{L}+/u.exec(rest)?.[0] ?? "";
  if (hasComma) return !GOES_ON.test(next);
  return prepositions.has(next) || /^(?:that|and|or|to)$/.test(next) || GOES_ON.test(next);
}
