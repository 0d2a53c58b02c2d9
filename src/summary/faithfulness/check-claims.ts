import { clausesOf, type Clause } from "./clauses.ts";
import type { Evidence } from "./evidence.ts";
import { polarityWordsOf } from "../language/polarity-words.ts";
import { unfaithful, type Unfaithful } from "./unfaithful.ts";

/** Two clauses say the same, but for a "not" or a "may", where so much of one is in the other. */
const SAME = 0.75;
const FEWEST_TERMS = 2;
/** A "not" in the source may be what a clause with one means where they share so much. */
const RELATED = 0.4;

/**
 * A "not" that a clause has and its source has not, or the other way round; and a "may" that got lost.
 * Only where the source says the same in nearly the same words: a paraphrase can't be told so.
 */
export function turnedRound(
  plain: string,
  { clauses: source, language }: Evidence,
): Unfaithful | undefined {
  const words = polarityWordsOf(language);
  if (!words) return undefined;
  const isHedged = words.hedge.test(plain) || words.reserve.test(plain);
  for (const clause of clausesOf(plain, language)) {
    if (clause.terms.size < FEWEST_TERMS) continue;
    const alike = closest(clause, source);
    if (
      clause.isNegated
        ? isNew(clause, source)
        : alike.length > 0 && !clause.isDenying && alike.every(({ isNegated }) => isNegated)
    ) {
      return unfaithful("negation", "", () =>
        clause.isNegated ? "the article does not say “not” here" : "the article says “not” here",
      );
    }
    if (!isHedged && alike.length > 0 && alike.every((other) => other.isHedged)) {
      return unfaithful("hedge", "", () => "the article is not so certain here");
    }
  }
  return undefined;
}

/** The clauses of the source that say what this one says, the nearest only. */
function closest({ terms }: Clause, source: readonly Clause[]): readonly Clause[] {
  const rated = source.map((other) => ({ other, share: shareOf(terms, other.terms) }));
  const most = rated.reduce((most, { share }) => Math.max(most, share), SAME);
  return rated.filter(({ share }) => share >= Math.max(SAME, most - 0.1)).map(({ other }) => other);
}

/** Whether a clause's "not" is in no clause of the source that it could come from, though one says the rest. */
function isNew({ terms }: Clause, source: readonly Clause[]): boolean {
  const related = source.filter((other) => shareOf(terms, other.terms) >= RELATED);
  return related.length > 0 && !related.some(({ isDenying }) => isDenying);
}

function shareOf(terms: ReadonlySet<string>, others: ReadonlySet<string>): number {
  let shared = 0;
  for (const term of terms) if (others.has(term)) shared++;
  return shared / terms.size;
}
