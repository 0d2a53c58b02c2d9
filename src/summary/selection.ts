import type { Candidate } from "./candidate.ts";
import type { Ranking } from "./ranking/ranking.ts";

/** Two sentences say the same when they are liker than this. */
export const SAME = 0.6;

/** What readers have been told already. */
interface Covered {
  readonly terms: ReadonlySet<string>;
  readonly pairs: ReadonlySet<string>;
}

/** What a sentence adds to a summary that has said this already. */
export function worthAdded(
  { index, terms }: Candidate,
  { alone, termWorth, pairs, pairWorth }: Ranking,
  covered: Covered = NOTHING,
): number {
  let worth = alone[index] ?? 0;
  for (const term of terms) if (!covered.terms.has(term)) worth += termWorth.get(term) ?? 0;
  for (const pair of pairs[index] ?? []) {
    if (!covered.pairs.has(pair)) worth += pairWorth.get(pair) ?? 0;
  }
  return worth;
}

const NOTHING = { terms: new Set<string>(), pairs: new Set<string>() };

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
