import { CLAUSE_BREAK } from "../language/segments.ts";
import { lexiconOf, sharedCount, termsOf } from "../language/lexicon.ts";
import { polarityWordsOf, type PolarityWords } from "../language/polarity-words.ts";

/** A part of a sentence between marks, which makes one statement. */
export interface Clause {
  readonly terms: ReadonlySet<string>;
  readonly isNegated: boolean;
  /** Whether the clause is negated or contains another word that can express a negation. */
  readonly isDenying: boolean;
  readonly isHedged: boolean;
}

/** Returns the clauses of a sentence that `plainText` normalised. Empty in a language whose negations are unknown. */
export function clausesOf(sentence: string, language: string): readonly Clause[] {
  const words = polarityWordsOf(language);
  if (!words) return [];
  const { stopWords } = lexiconOf(language);
  return sentence.split(CLAUSE_BREAK).flatMap((part) => {
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

/** The share of common terms above which two clauses make the same statement, apart from a "not" or a "may". */
const SAME_CLAUSE = 0.75;
const FEWEST_TERMS = 2;
/** The share of common terms above which a "not" in the article may be the origin of the one in the clause. */
const RELATED = 0.4;

/**
 * Returns the fault of a sentence that has a "not" which its source lacks, or lacks a "not" or a "may" which its source
 * has. Only nearly identical sentences can be compared this way, not paraphrases.
 */
export function turnedRound(
  plain: string,
  source: readonly Clause[],
  language: string,
): readonly [kind: "negation" | "hedge", message: string] | undefined {
  const words = polarityWordsOf(language);
  if (!words) return undefined;
  const isHedged = words.hedge.test(plain) || words.reserve.test(plain);
  for (const clause of clausesOf(plain, language)) {
    if (clause.terms.size < FEWEST_TERMS) continue;
    const alike = closest(clause, source);
    if (clause.isNegated && isNew(clause, source))
      return ["negation", "the article does not say “not” here"];
    const isDenied = alike.length > 0 && alike.every(({ isNegated }) => isNegated);
    if (isDenied && !clause.isDenying) return ["negation", "the article says “not” here"];
    if (!isHedged && alike.length > 0 && alike.every((other) => other.isHedged))
      return ["hedge", "the article is not so certain here"];
  }
  return undefined;
}

/** Returns the clauses of the source that are most similar to this one. */
function closest({ terms }: Clause, source: readonly Clause[]): readonly Clause[] {
  const rated = source.map((other) => ({
    other,
    share: sharedCount(terms, other.terms) / terms.size,
  }));
  const most = rated.reduce((most, { share }) => Math.max(most, share), SAME_CLAUSE);
  return rated
    .filter(({ share }) => share >= Math.max(SAME_CLAUSE, most - 0.1))
    .map(({ other }) => other);
}

/** Whether a clause of the source says the same as this one, but no similar clause contains a "not". */
function isNew({ terms }: Clause, source: readonly Clause[]): boolean {
  const related = source.filter((other) => sharedCount(terms, other.terms) / terms.size >= RELATED);
  return related.length > 0 && !related.some(({ isDenying }) => isDenying);
}
