import type { Candidate } from "../../src/summary/candidate.ts";
import type { Document } from "../../src/summary/document.ts";
import type { Ranking } from "../../src/summary/ranking/ranking.ts";

/** Set by hand, and left where moving any of them by a half changes little. None is tied to a language. */
const WEIGHTS = {
  /** For the first sentence; the n-th has an n-th of it. */
  lead: 0.75,
  /** At the top of the article, falling evenly to 0 at its end. */
  height: 0.6,
  opensParagraph: 0.05,
  figure: 0.1,
  quotes: -0.1,
  isAdditive: -0.3,
  /** Under eight words: more often an aside than a statement. */
  aside: -0.4,
  /** For each word: of two sentences that say as much, the shorter is better. */
  word: -0.024,
  /** For all terms of the article together. */
  coverage: 5,
  /** For all terms of the title together, on top of that. */
  titleCoverage: 0.6,
} as const;

const ASIDE_WORDS = 8;
/** "Pell also owns the ferry" is better where the other thing is there too. */
const ADDS =
  /^(?:\S+ ){0,5}(?:also|too|auch|ebenfalls|zudem|aussi|également|también|asimismo|anche|inoltre|também|ook|eveneens)(?!\p{L})/iu;

/** A term in the n-th sentence counts 1 / (1 + n × this). */
const FADING = 0.3;

/** The ranking as it was before it was trained: what training has to be better than. */
export function untrainedRanking(document: Document): Ranking {
  const { candidates } = document;
  return {
    alone: candidates.map((candidate) => worthAlone(candidate, candidates)),
    termWorth: worthOfTerms(document),
    pairWorth: new Map(),
    pairs: [],
    features: [],
  };
}

function worthAlone(candidate: Candidate, candidates: readonly Candidate[]): number {
  const { index, text, words, paragraph } = candidate;
  const last = Math.max(1, candidates.length - 1);
  const opensParagraph = candidates[index - 1]?.paragraph !== paragraph;
  return (
    WEIGHTS.lead / (1 + index) +
    WEIGHTS.height * (1 - index / last) +
    WEIGHTS.opensParagraph * Number(opensParagraph) +
    WEIGHTS.figure * Number(/\p{N}/u.test(text)) +
    WEIGHTS.quotes * Number(/["“„«「]/.test(text)) +
    WEIGHTS.isAdditive * Number(ADDS.test(text)) +
    WEIGHTS.aside * Number(words < ASIDE_WORDS) +
    WEIGHTS.word * words
  );
}

/**
 * A term is worth as much as the article comes back to it, early mentions counting more; what is said
 * in one sentence only is worth nothing unless the title says it.
 */
function worthOfTerms({ candidates, titleTerms }: Document): ReadonlyMap<string, number> {
  const mentions = new Map<string, number>();
  const weights = new Map<string, number>();
  for (const { index, terms } of candidates) {
    for (const term of terms) {
      mentions.set(term, (mentions.get(term) ?? 0) + 1);
      weights.set(term, (weights.get(term) ?? 0) + 1 / (1 + index * FADING));
    }
  }
  const isTheme = (term: string) => (mentions.get(term) ?? 0) > 1;
  const themes = [...weights].filter(([term]) => isTheme(term));
  const total = themes.reduce((sum, [, weight]) => sum + weight, 0);
  const worth = new Map(
    themes.map(([term, weight]) => [term, (WEIGHTS.coverage * weight) / total]),
  );
  for (const term of titleTerms) {
    if (!weights.has(term)) continue;
    // A title of one word would otherwise decide alone.
    const bonus = WEIGHTS.titleCoverage / Math.max(2, titleTerms.size);
    worth.set(term, (worth.get(term) ?? 0) + bonus);
  }
  return worth;
}
