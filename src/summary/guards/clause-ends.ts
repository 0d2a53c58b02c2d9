import type { Lexicon } from "../language/lexicon.ts";

/** ", she said on Monday", ", he told the Courier" at the end of what was said. */
const ATTRIBUTION =
  /,["”»’']{0,2}\s(?<who>\p{L}+)\s(?<said>\p{L}+)(?:\s(?<more>\p{L}+)[^,.]{0,40})?[.]$/u;
const LAST_WORD = /(?<word>\p{L}[\p{L}'’]*)[.!]$/u;

/**
 * Whether the end of a sentence ties it to one before, which its opening need not show: "…, she said", "…,
 * though", "That changed this", "Whether either will".
 */
export function endsLeaning(sentence: string, lexicon: Lexicon): boolean {
  const end = sentence.slice(-200);
  const { who = "", said = "", more } = ATTRIBUTION.exec(end)?.groups ?? {};
  if (isPersonal(who, lexicon) && lexicon.saying.has(said) && !opensClause(more, lexicon))
    return true;
  const last = LAST_WORD.exec(end)?.groups?.["word"] ?? "";
  return lexicon.closers.has(last.replace("’", "'").toLowerCase());
}

function isPersonal(word: string, { singularPronouns, pluralPronouns }: Lexicon): boolean {
  const lower = word.toLowerCase();
  return singularPronouns.has(lower) || pluralPronouns.has(lower);
}

/** "she said members would come" goes on with what she said; "on Monday" and "the Courier" do not. */
function opensClause(word: string | undefined, lexicon: Lexicon): boolean {
  if (word === undefined || /^\p{Lu}/u.test(word)) return false;
  return !lexicon.prepositions.has(word) && !lexicon.determiners.has(word);
}
