import { lexiconOf } from "../language/lexicon.ts";
import { termsOf } from "../language/terms.ts";
import { polarityWordsOf, type PolarityWords } from "../language/polarity-words.ts";

/** A part of a sentence that states one thing, as far as its marks tell. */
export interface Clause {
  readonly terms: ReadonlySet<string>;
  readonly isNegated: boolean;
  /** Whether some other word of it may stand for a negation. */
  readonly isDenying: boolean;
  readonly isHedged: boolean;
}

const BREAK = /[;:()[\]"“”„«»。！？、，]|,(?= )| - /u;

/** The clauses of a sentence (see `plainText`); none in a language whose "not" we don't know. */
export function clausesOf(sentence: string, language: string): readonly Clause[] {
  const words = polarityWordsOf(language);
  if (!words) return [];
  const { stopWords } = lexiconOf(language);
  return sentence.split(BREAK).flatMap((part) => {
    const terms = termsOf(part, stopWords);
    return terms.size === 0 ? [] : [clauseOf(part, terms, words)];
  });
}

function clauseOf(
  part: string,
  terms: ReadonlySet<string>,
  { negation, denial, hedge }: PolarityWords,
): Clause {
  const isNegated = negation.test(part);
  return {
    terms,
    isNegated,
    isDenying: isNegated || denial.test(part),
    isHedged: hedge.test(part),
  };
}
