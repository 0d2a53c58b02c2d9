import { bestBy, isIntroduced, type Candidate } from "./candidate.ts";
import type { GistChoice } from "./gist.ts";
import { SAME, likenessOf, termsOf } from "./language/lexicon.ts";
import {
  FEW_SENTENCES,
  judgementOf,
  LEAST_KEPT,
  isPresentable,
  shownTogether,
  presentableOf,
  withDenials,
  type EntryContext,
} from "./passages.ts";
import { worthAdded, worthsOf } from "./ranking/ranking.ts";
import type { Sentence } from "./summary.ts";

/** The text that readers have seen so far. */
export class Coverage {
  readonly candidates: Candidate[] = [];
  readonly terms: ReadonlySet<string>[] = [];
  readonly allTerms = new Set<string>();
  /** The sentences of the gist. */
  readonly gist: readonly Candidate[];
  /** The probability that the gist states the article's subject. */
  readonly confidence: number;
  text: string;

  constructor({ lexicon }: EntryContext, { sentence, candidates, confidence }: GistChoice) {
    const { text } = sentence;
    this.text = text;
    this.gist = candidates;
    this.confidence = confidence;
    this.#addTerms(termsOf(text, lexicon.stopWords));
    this.candidates.push(...candidates);
  }

  add(candidates: readonly Candidate[]): void {
    this.candidates.push(...candidates);
    for (const { terms } of candidates) this.#addTerms(terms);
  }

  #addTerms(terms: ReadonlySet<string>): void {
    this.terms.push(terms);
    for (const term of terms) this.allTerms.add(term);
  }

  likeness({ terms }: Candidate): number {
    return Math.max(0, ...this.terms.map((other) => likenessOf(terms, other)));
  }
}

/**
 * The least probability of being kept, absolute and as a share of the article's best sentence. A less likely sentence is
 * left out, even if fewer than three points remain. The share applies to languages without word lists, where all
 * probabilities are low.
 */
const LEAST = 0.32;
const LEAST_SHARE = 0.4;
/** After three points, a further one must have at least this probability. */
const LIKELY = 0.43;
const FEW = 3;

/** Chooses the sentences that an editor would keep beside the gist, in the article's order. Adds them to `coverage`. */
export function keyPointsOf(context: EntryContext, coverage: Coverage): readonly Sentence[] {
  const { document } = context;
  const count = Math.min(context.keyPoints, mostPoints(document.candidates.length));
  const least = leastChance(context);
  const open = presentableOf(document.candidates).filter(
    (candidate) =>
      mostWorth(candidate, context) >= least && isPresentable(withDenials([candidate], document)),
  );
  const interest = interestOf(context);
  const chosen: Candidate[] = [];
  while (chosen.length < count) {
    const next = bestBy(open, (candidate) => {
      const all = withDenials([candidate], document);
      if (all.some((one) => coverage.candidates.includes(one))) return undefined;
      const worth = pointWorth(candidate, context, coverage, interest);
      return worth !== undefined && worth >= (chosen.length < FEW ? least : LIKELY)
        ? worth
        : undefined;
    });
    if (!next) break;
    chosen.push(next);
    coverage.add(withDenials([next], document));
  }
  chosen.sort((a, b) => a.index - b.index);
  const followed = chosen.filter((candidate, at) =>
    isReadable(candidate, chosen[at - 1] ?? coverage.gist.at(-1), context),
  );
  return followed.map((candidate) => {
    const all = withDenials([candidate], document);
    const sentence = shownTogether(all, context, { known: coverage.text });
    coverage.text += ` ${sentence.text.replaceAll(/[[\]]/g, "")}`;
    return sentence;
  });
}

function leastChance({ document, judgements, lexicon }: EntryContext): number {
  if (document.candidates.length <= FEW_SENTENCES) return -Infinity;
  if (lexicon.stopWords.size > 0) return LEAST;
  const best = presentableOf(document.candidates).reduce(
    (most, candidate) => Math.max(most, judgementOf(candidate, judgements).keep),
    0,
  );
  return Math.min(LEAST, best * LEAST_SHARE);
}

/**
 * Returns an upper bound of the worth of a sentence. If it is below the least worth, the sentence is never examined again.
 */
function mostWorth(candidate: Candidate, { judgements }: EntryContext): number {
  const { keep, content } = judgementOf(candidate, judgements);
  return Math.max(keep, content * FOLLOWING) + INTEREST * MOST_INTEREST;
}

/** Whether a sentence can be read in its place: alone, or directly after the sentence that it depends on. */
function isReadable(
  candidate: Candidate,
  previous: Candidate | undefined,
  { document, judgements, lexicon }: EntryContext,
): boolean {
  // Probabilities are low in languages without word lists, and short articles are shown completely.
  const isTold = lexicon.stopWords.size === 0 || document.candidates.length <= FEW_SENTENCES;
  const least = isTold ? 0 : LEAST_KEPT;
  const { keep, content } = judgementOf(candidate, judgements);
  if (previous && (previous.deniedBy ?? previous.index) === candidate.index - 1)
    return content >= least;
  return candidate.refusal !== "leaning" && keep >= least;
}

/** The penalty for full likeness to the text seen so far, in proportion above a small likeness. */
const VARIETY = 0.3;
const ALIKE = 0.3;
/** The penalty if the gist likely does not state the article's subject, so that the point lacks context. */
const UNSURE = 0.25;
/** The penalty for a point far down the article: news comes first. */
const LATE = 0.2;
const LATE_AFTER = 20;

/**
 * Returns the probability that an editor keeps a sentence, minus penalties. Undefined if readers already know its content.
 */
function pointWorth(
  candidate: Candidate,
  { judgements }: EntryContext,
  coverage: Coverage,
  interest: (candidate: Candidate, coverage: Coverage) => number,
): number | undefined {
  const likeness = coverage.likeness(candidate);
  if (likeness > SAME) return undefined;
  const { keep, content } = judgementOf(candidate, judgements);
  const follows = coverage.candidates.some(({ index }) => index === candidate.index - 1);
  if (candidate.refusal === "leaning" && !follows) return undefined;
  const isClear = isIntroduced(candidate, coverage.candidates, coverage.terms);
  const chance = follows ? Math.max(keep, content * FOLLOWING) : isClear ? keep : keep * UNCLEAR;
  return (
    chance * (1 - UNSURE * (1 - coverage.confidence)) +
    interest(candidate, coverage) -
    VARIETY * Math.max(0, likeness - ALIKE) -
    LATE * Math.min(1, candidate.index / LATE_AFTER)
  );
}

/** The weight of words from human summaries, beside an editor's judgement. */
const INTEREST = 0.06;
const MOST_INTEREST = 2;

/** Returns the gain in content by a sentence, in standard deviations from the article's mean, within bounds. */
function interestOf({ document, ranking }: EntryContext) {
  const { mean, deviation } = worthsOf(document.candidates, ranking);
  return (candidate: Candidate, coverage: Coverage) => {
    const added = worthAdded(candidate, ranking, { terms: coverage.allTerms, pairs: NO_PAIRS });
    return INTEREST * Math.max(-1, Math.min(MOST_INTEREST, (added - mean) / deviation));
  };
}

const NO_PAIRS: ReadonlySet<string> = new Set();

/** The factor for a sentence that follows the one that it depends on. */
const FOLLOWING = 0.8;
/** The factor for a sentence that presupposes something that readers don't know. */
const UNCLEAR = 0.6;

/** The only sentence is the gist. Two or three leave the rest as key points. Longer articles have three to five. */
function mostPoints(sentences: number): number {
  if (sentences <= 3) return sentences - 1;
  return Math.min(5, Math.max(3, Math.round(sentences / 5)));
}
