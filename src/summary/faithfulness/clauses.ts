import { CLAUSE_BREAK } from "../language/segments.ts";
import { lexiconOf, sharedCount, termsOf } from "../language/lexicon.ts";
import { polarityWordsOf, type PolarityWords } from "../language/polarity-words.ts";

/** A part of a sentence that states one thing, as far as its marks tell. */
export interface Clause {
  readonly terms: ReadonlySet<string>;
  readonly isNegated: boolean;
  /** Whether some other word of it may stand for a negation. */
  readonly isDenying: boolean;
  readonly isHedged: boolean;
}

/** The clauses of a sentence (see `plainText`); none in a language whose "not" we don't know. */
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

/** Two clauses say the same, but for a "not" or a "may", where so much of one is in the other. */
const SAME_CLAUSE = 0.75;
const FEWEST_TERMS = 2;
/** A "not" in the source may be what a clause with one means where they share so much. */
const RELATED = 0.4;

/**
 * A "not" that a clause has and its source has not, or the other way round; and a "may" that got lost.
 * Only where the source says the same in nearly the same words: a paraphrase can't be told so.
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

/** The clauses of the source that say what this one says, the nearest only. */
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

/** Whether a clause's "not" is in no clause of the source that it could come from, though one says the rest. */
function isNew({ terms }: Clause, source: readonly Clause[]): boolean {
  const related = source.filter((other) => sharedCount(terms, other.terms) / terms.size >= RELATED);
  return related.length > 0 && !related.some(({ isDenying }) => isDenying);
}
