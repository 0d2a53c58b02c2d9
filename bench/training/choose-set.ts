import type { Candidate } from "../../src/summary/candidate.ts";
import { likenessOf, SAME } from "../../src/summary/language/lexicon.ts";
import type { Ranking } from "../../src/summary/ranking/ranking.ts";
import { bestBy, isIntroduced } from "../../src/summary/candidate.ts";
import { worthAdded } from "../../src/summary/ranking/ranking.ts";

interface Limits {
  /** At most so many sentences. */
  readonly sentences: number;
  /** What readers have seen already, as terms: it is not said again. */
  readonly shown?: readonly ReadonlySet<string>[];
  /** What a sentence loses for being wholly like one shown; in proportion where it is partly so. */
  readonly variety?: number;
  /** What each word costs beyond those that a summary of its length is read with ease. */
  readonly effort?: number;
}

/** The choice looks at so many of the best sentences, which bounds its time whatever the article's length. */
const LONGEST_CHOICE = 400;

/** So many words a sentence are read with ease; each beyond costs `Limits.effort`. */
const EASY_WORDS = 18;

/** Sentences that take for known what is not told are shown only where without them there would be fewer than this share. */
const LEAST = 0.6;

/**
 * The set of sentences that is worth most within the limits, in source order. Sentences that are
 * refused are left out; so is what says the same as another.
 */
export function chooseSet(
  candidates: readonly Candidate[],
  ranking: Ranking,
  limits: Limits,
): readonly Candidate[] {
  const { sentences, shown = [], variety = 0, effort = 0 } = limits;
  const pool = shortlist(candidates, ranking);
  const chosen: Candidate[] = [];
  const told = [...shown];
  const covered: Covered = {
    terms: new Set(told.flatMap((terms) => [...terms])),
    pairs: new Set(),
  };
  // Longer than this in all, a summary says less than a shorter one: what is added has to be worth it.
  let ease = sentences * EASY_WORDS;
  const nextBest = (open: readonly Candidate[]) =>
    bestBy(open, (candidate) => {
      if (chosen.includes(candidate)) return undefined;
      const likeness = Math.max(0, ...told.map((terms) => likenessOf(terms, candidate.terms)));
      if (likeness > SAME) return undefined;
      const cost = effort * Math.max(0, candidate.words - Math.max(0, ease));
      return worthAdded(candidate, ranking, covered) - variety * likeness - cost;
    });
  while (chosen.length < sentences) {
    const isEnough = chosen.length >= sentences * LEAST;
    const introduced = pool.filter((candidate) => isIntroduced(candidate, chosen, shown));
    const next = nextBest(introduced) ?? (isEnough ? undefined : nextBest(pool));
    if (next === undefined) break;
    chosen.push(next);
    told.push(next.terms);
    cover(covered, next, ranking);
    ease -= next.words;
  }
  return chosen.sort((a, b) => a.index - b.index);
}

/** What a summary has said already. */
interface Covered {
  readonly terms: Set<string>;
  readonly pairs: Set<string>;
}

function cover({ terms, pairs }: Covered, next: Candidate, ranking: Ranking): void {
  for (const term of next.terms) terms.add(term);
  for (const pair of ranking.pairs[next.index] ?? []) pairs.add(pair);
}

function shortlist(candidates: readonly Candidate[], ranking: Ranking): readonly Candidate[] {
  return candidates
    .filter(({ refusal }) => refusal === undefined)
    .map((candidate) => ({ candidate, worth: worthAdded(candidate, ranking) }))
    .sort((a, b) => b.worth - a.worth || a.candidate.index - b.candidate.index)
    .slice(0, LONGEST_CHOICE)
    .map(({ candidate }) => candidate);
}
