import type { Lexicon } from "./language/lexicon.ts";
import { stemOf } from "./language/terms.ts";

const LONGEST_WORDS = 4;
/** What may stand between "the" and its noun, and the words that end it. */
const WORDS = /^(?<word>\p{Ll}[\p{L}-]*)(?<mark>,?)\s/u;
/** "The pilot, who died" is known from before; "the ship, the Lune Star," is named here. */
const GOES_ON = /^(?:who|which|whose)$/;

/**
 * What a sentence is about as a term, where it opens with "the" and a noun alone, "The studio became …",
 * "All three riders were …", and the noun was said before: whoever reads only this sentence asks which
 * studio. Undefined where what follows the noun tells, "The captain of the ferry", and in languages
 * that say "the" of anything.
 * @param told the terms of the sentences before
 */
export function definiteSubject(
  sentence: string,
  { definites, stopWords, prepositions, verbs }: Lexicon,
  told: ReadonlySet<string>,
): string | undefined {
  const opening = /^(?<first>\p{Lu}\p{Ll}+) /u.exec(sentence)?.groups?.["first"] ?? "";
  if (!definites.has(opening.toLowerCase())) return undefined;
  let rest = sentence.slice(opening.length + 1).replace(/^(?:the |two |three |four |five )+/, "");
  let noun = "";
  for (let count = 0; count <= LONGEST_WORDS; count++) {
    const { word = "", mark = "" } = WORDS.exec(rest)?.groups ?? {};
    if (word === "") return undefined;
    if (isEnd(word)) break;
    noun = word;
    rest = rest.slice(word.length + mark.length + 1);
    if (mark !== "") break;
  }
  const next = /^\p{L}+/u.exec(rest)?.[0] ?? "";
  const isNamedHere = prepositions.has(next) || /^(?:that|and|or|to)$/.test(next);
  const hasComma = sentence.slice(0, sentence.length - rest.length).endsWith(", ");
  const isTold = told.has(stemOf(noun)) && noun !== "";
  if (!isTold || (hasComma ? !GOES_ON.test(next) : isNamedHere || GOES_ON.test(next)))
    return undefined;
  return stemOf(noun);

  function isEnd(word: string): boolean {
    return (
      stopWords.has(word) ||
      prepositions.has(word) ||
      verbs.has(word) ||
      (noun !== "" && /(?:ed|ly)$/.test(word))
    );
  }
}
