import type { Candidate } from "./document.ts";
import { likenessOf } from "./likeness.ts";
import type { Ranking } from "./ranking/ranking.ts";

export interface Limits {
  /** At most so many sentences, and never more than `LONGEST_CHOICE`. */
  readonly sentences: number;
  /** At most so many words in all; Infinity for any number. */
  readonly words: number;
  /** What readers have seen already, as terms: it is not said again. */
  readonly shown?: readonly ReadonlySet<string>[];
  /** What a sentence loses for being wholly like one shown; in proportion where it is partly so. */
  readonly variety?: number;
  /** What a sentence loses for what it is, if anything. */
  readonly costOf?: (candidate: Candidate) => number;
  /** Whether a sentence that leans on the one before may follow it. */
  readonly mayFollow?: boolean;
  /** The last third of the sentences is left out where all would have more words each than this. */
  readonly wordsEach?: number;
}

/** The choice looks at so many of the best sentences, which bounds its time whatever the article's length. */
export const LONGEST_CHOICE = 400;

/** So many words a sentence are read with ease; each beyond costs `Ranking.effort`. */
const EASY_WORDS = 18;

/** Read as one text, a sentence that takes for known what is not told loses so much. */
const UNTOLD = 0.1;
/** Read one by one, such sentences are shown only where without them there would be fewer than this share. */
const LEAST = 0.6;

/** Two sentences say the same when they are liker than this. */
export const SAME = 0.6;

/**
 * The set of sentences that is worth most within the limits, in source order. Sentences that a guard
 * refuses are left out; so is what says the same as another.
 */
export function chooseSet(
  candidates: readonly Candidate[],
  ranking: Ranking,
  limits: Limits,
): readonly Candidate[] {
  const { sentences, shown = [], variety = 0, mayFollow = false, costOf } = limits;
  const pool = shortlist(candidates, ranking, mayFollow);
  const chosen: Candidate[] = [];
  const told = [...shown];
  const covered: Covered = {
    terms: new Set(told.flatMap((terms) => [...terms])),
    pairs: new Set(),
  };
  // Longer than this in all, a summary says less than a shorter one: what is added has to be worth it.
  let ease = sentences * EASY_WORDS;
  let used = 0;
  const nextBest = (untold: number | undefined) => {
    const room = mostWords(limits, chosen.length) - used;
    return bestBy(pool, (candidate) => {
      if (chosen.includes(candidate) || candidate.words > room) return undefined;
      if (!standsAfter(candidate, chosen)) return undefined;
      const unknown = isIntroduced(candidate, chosen, shown) ? 0 : untold;
      const likeness = Math.max(0, ...told.map((terms) => likenessOf(terms, candidate.terms)));
      if (unknown === undefined || likeness > SAME) return undefined;
      const cost = unknown + (costOf?.(candidate) ?? 0);
      const effort = ranking.effort * Math.max(0, candidate.words - Math.max(0, ease));
      return worthAdded(candidate, ranking, covered) - variety * likeness - effort - cost;
    });
  };
  while (chosen.length < sentences) {
    const isEnough = chosen.length >= sentences * LEAST;
    const next = mayFollow
      ? nextBest(UNTOLD)
      : (nextBest(undefined) ?? (isEnough ? undefined : nextBest(0)));
    if (next === undefined) break;
    chosen.push(next);
    told.push(next.terms);
    cover(covered, next, ranking);
    used += next.words;
    ease -= next.words;
  }
  return chosen.sort((a, b) => a.index - b.index);
}

/** So many words may stand in a summary that gets another sentence. */
function mostWords({ sentences, words, wordsEach = Infinity }: Limits, chosen: number): number {
  return chosen * 3 < sentences * 2 ? words : Math.min(words, sentences * wordsEach);
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

function shortlist(
  candidates: readonly Candidate[],
  ranking: Ranking,
  mayFollow: boolean,
): readonly Candidate[] {
  return candidates
    .filter(({ refusal }) => refusal === undefined || (mayFollow && refusal === "leaning"))
    .map((candidate) => ({ candidate, worth: worthAdded(candidate, ranking) }))
    .sort((a, b) => b.worth - a.worth || a.candidate.index - b.candidate.index)
    .slice(0, LONGEST_CHOICE)
    .map(({ candidate }) => candidate);
}

/** A sentence that leans on the one before stands only right after it. */
function standsAfter({ refusal, index }: Candidate, chosen: readonly Candidate[]): boolean {
  return refusal === undefined || chosen.some((other) => other.index === index - 1);
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
