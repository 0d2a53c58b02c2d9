import type { Lexicon } from "../../language/lexicon.ts";
import { isLabel } from "./is-label.ts";
import { isCountable, nounPhrase } from "./noun-phrase.ts";
import type { StatedNumber } from "./numbers.ts";

const SHORTEST = 8;
const LONGEST = 70;
/** A whole sentence may say it where no phrase does. */
const LONGEST_SENTENCE = 90;

/**
 * What a number counts, as a phrase of its sentence: the words that follow it, or the whole sentence
 * where that is short. Undefined where neither says it.
 */
export function countedBy(
  number: StatedNumber,
  sentence: string,
  language: string,
  lexicon: Lexicon,
): string | undefined {
  if (isLabel(number, sentence, language)) return undefined;
  const before = sentence.slice(0, number.start);
  const after = sentence.slice(number.end);
  const isCount = number.kind === "count";
  // "16% thought so": of whom, the sentence before says.
  if (number.kind === "share" && before.trim() === "" && !/^\sof\s/.test(after)) return undefined;
  if (isCount && !isCountable(after, language, lexicon)) return undefined;
  return (
    restOfClause(before, after, lexicon) ??
    (isCount ? nounPhrase(after, language, lexicon) : undefined) ??
    (number.kind === "measure" ? measured(before, after) : undefined) ??
    (isCount ? undefined : wholeSentence(sentence, lexicon))
  );
}

/** "people were killed in the floods", after a number that a clause begins with. */
function restOfClause(before: string, after: string, lexicon: Lexicon): string | undefined {
  if (before.trim() !== "" && !/(?:,\s(?:and|but|und|aber)|;)\s$/.test(before)) return undefined;
  const rest = /^\s(?<rest>\p{L}[^,;:.!?()"“”„«»—–]*(?:[.,]\d[^,;:.!?()"“”„«»—–]*)*)/u.exec(after);
  const said = rest?.groups?.["rest"]?.trim() ?? "";
  const fits = said.length >= SHORTEST && said.length <= LONGEST;
  return fits && standsAlone(said, lexicon) ? said : undefined;
}

/** Whether a phrase has no "it" or "them" that is outside it, and no "I". */
function standsAlone(
  phrase: string,
  { singularPronouns, pluralPronouns, demonstratives }: Lexicon,
): boolean {
  const words = phrase.toLowerCase().split(/[^\p{L}'’]+/u);
  return !words.some(
    (word) =>
      singularPronouns.has(word) ||
      pluralPronouns.has(word) ||
      demonstratives.has(word) ||
      /^(?:i|we|you|our|my|your|us|me|wir|ich|uns|mein)$/.test(word),
  );
}

/** A "brass ring" of 140 grams, and 300 metres "of visibility". */
function measured(before: string, after: string): string | undefined {
  const of = /^\sof\s\p{Ll}{4,}(?=[.,;])/u.exec(after)?.[0].trim();
  const thing = /(?:^|\s)(?:an?|the|one)\s(?<thing>(?:\p{Ll}+\s){1,3})of\s$/u.exec(before);
  return of ?? thing?.groups?.["thing"]?.trim();
}

function wholeSentence(sentence: string, lexicon: Lexicon): string | undefined {
  const said = sentence.replace(/[.!…]$/, "");
  // "Of the 81, 70% …": of whom, the sentence before says.
  if (/^Of the \d/.test(said)) return undefined;
  if (said.length > LONGEST_SENTENCE || /["“”„«»;:()]/.test(said)) return undefined;
  return standsAlone(said, lexicon) ? said : undefined;
}
