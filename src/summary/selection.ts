import type { Candidate } from "./document.ts";
import { likenessOf } from "./language/terms.ts";
import type { Ranking } from "./ranking/ranking.ts";

export interface Limits {
  /** At most so many sentences. */
  readonly sentences: number;
  /** What readers have seen already, as terms: it is not said again. */
  readonly shown?: readonly ReadonlySet<string>[];
  /** What a sentence loses for being wholly like one shown; in proportion where it is partly so. */
  readonly variety?: number;
  /** What a sentence loses for what it is, if anything. */
  readonly costOf?: (candidate: Candidate) => number;
}

/** The choice looks at so many of the best sentences, which bounds its time whatever the article's length. */
const LONGEST_CHOICE = 400;

/** So many words a sentence are read with ease; each beyond costs `Ranking.effort`. */
const EASY_WORDS = 18;

/** Sentences that take for known what is not told are shown only where without them there would be fewer than this share. */
const LEAST = 0.6;

/** Two sentences say the same when they are liker than this. */
export const SAME = 0.6;

/**
 * The set of sentences that is worth most within the limits, in source order. Sentences that are
 * refused are left out; so is what says the same as another.
 */
export function chooseSet(
  candidates: readonly Candidate[],
  ranking: Ranking,
  limits: Limits,
): readonly Candidate[] {
  const { sentences, shown = [], variety = 0, costOf } = limits;
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
      const cost = costOf?.(candidate) ?? 0;
      const effort = ranking.effort * Math.max(0, candidate.words - Math.max(0, ease));
      return worthAdded(candidate, ranking, covered) - variety * likeness - effort - cost;
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

/** What a sentence adds to a summary that has said this already. */
export function worthAdded(
  { index, terms }: Candidate,
  { alone, termWorth, pairs, pairWorth }: Ranking,
  covered: { readonly [Part in keyof Covered]: ReadonlySet<string> } = NOTHING,
): number {
  let worth = alone[index] ?? 0;
  for (const term of terms) if (!covered.terms.has(term)) worth += termWorth.get(term) ?? 0;
  for (const pair of pairs[index] ?? []) {
    if (!covered.pairs.has(pair)) worth += pairWorth.get(pair) ?? 0;
  }
  return worth;
}

const NOTHING = { terms: new Set<string>(), pairs: new Set<string>() };

function shortlist(candidates: readonly Candidate[], ranking: Ranking): readonly Candidate[] {
  return candidates
    .filter(({ refusal }) => refusal === undefined)
    .map((candidate) => ({ candidate, worth: worthAdded(candidate, ranking) }))
    .sort((a, b) => b.worth - a.worth || a.candidate.index - b.candidate.index)
    .slice(0, LONGEST_CHOICE)
    .map(({ candidate }) => candidate);
}

/** Whether what a sentence takes for known has been said in what readers have before them. */
export function isIntroduced(
  { recalls, pointsBack, index }: Candidate,
  chosen: readonly Candidate[] = [],
  shown: readonly ReadonlySet<string>[] = [],
): boolean {
  if (pointsBack && !chosen.some((other) => other.index === index - 1)) return false;
  return recalls.every(
    (term) =>
      shown.some((terms) => terms.has(term)) ||
      chosen.some((other) => other.index < index && other.terms.has(term)),
  );
}

/** The candidate worth most, undefined ones left out; of equals the first. */
export function bestBy(
  candidates: readonly Candidate[],
  worthOf: (candidate: Candidate) => number | undefined,
): Candidate | undefined {
  let best: Candidate | undefined;
  let most = -Infinity;
  for (const candidate of candidates) {
    const worth = worthOf(candidate) ?? -Infinity;
    if (worth > most) [best, most] = [candidate, worth];
  }
  return best;
}
