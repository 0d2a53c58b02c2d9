import { bestBy, isIntroduced, type Candidate } from "./candidate.ts";
import type { GistChoice } from "./gist.ts";
import { SAME, likenessOf, termsOf } from "./language/lexicon.ts";
import {
  FEW_SENTENCES,
  judgementOf,
  LEAST_KEPT,
  isTellable,
  shownTogether,
  standing,
  withDenials,
  type EntryContext,
} from "./passages.ts";
import { worthAdded, worthsOf } from "./ranking/ranking.ts";
import type { Sentence } from "./summary.ts";

/** What readers have been told so far. */
export class Told {
  readonly candidates: Candidate[] = [];
  readonly terms: ReadonlySet<string>[] = [];
  readonly allTerms = new Set<string>();
  /** The sentences of the gist. */
  readonly gist: readonly Candidate[];
  /** How sure it is that readers know by the gist what the article is about. */
  readonly confidence: number;
  text: string;

  constructor({ lexicon }: EntryContext, { sentence, candidates, confidence }: GistChoice) {
    const { text } = sentence;
    this.text = text;
    this.gist = candidates;
    this.confidence = confidence;
    this.#tell(termsOf(text, lexicon.stopWords));
    this.candidates.push(...candidates);
  }

  add(candidates: readonly Candidate[]): void {
    this.candidates.push(...candidates);
    for (const { terms } of candidates) this.#tell(terms);
  }

  #tell(terms: ReadonlySet<string>): void {
    this.terms.push(terms);
    for (const term of terms) this.allTerms.add(term);
  }

  likeness({ terms }: Candidate): number {
    return Math.max(0, ...this.terms.map((other) => likenessOf(terms, other)));
  }
}

/**
 * Less likely to be kept than this, or than this share of the likeliest, a sentence is left out, though that leaves fewer
 * than three. The share is for articles of which little is known: in a language without word lists all are unlikely.
 */
const LEAST = 0.32;
const LEAST_SHARE = 0.4;
/** Past three, a point must be about as likely to be kept as to be struck. */
const LIKELY = 0.43;
const FEW = 3;

/** What an editor would likely keep beside what is told, in the article's order. Adds it to what is told. */
export function keyPointsOf(context: EntryContext, told: Told): readonly Sentence[] {
  const { document } = context;
  const count = Math.min(context.keyPoints, mostPoints(document.candidates.length));
  const least = leastChance(context);
  const open = standing(document.candidates).filter(
    (candidate) =>
      mostWorth(candidate, context) >= least && isTellable(withDenials([candidate], document)),
  );
  const interest = interestOf(context);
  const chosen: Candidate[] = [];
  while (chosen.length < count) {
    const next = bestBy(open, (candidate) => {
      const all = withDenials([candidate], document);
      if (all.some((one) => told.candidates.includes(one))) return undefined;
      const worth = pointWorth(candidate, context, told, interest);
      return worth !== undefined && worth >= (chosen.length < FEW ? least : LIKELY)
        ? worth
        : undefined;
    });
    if (!next) break;
    chosen.push(next);
    told.add(withDenials([next], document));
  }
  chosen.sort((a, b) => a.index - b.index);
  const followed = chosen.filter((candidate, at) =>
    isReadable(candidate, chosen[at - 1] ?? told.gist.at(-1), context),
  );
  return followed.map((candidate) => {
    const all = withDenials([candidate], document);
    const sentence = shownTogether(all, context, { known: told.text });
    told.text += ` ${sentence.text.replaceAll(/[[\]]/g, "")}`;
    return sentence;
  });
}

function leastChance({ document, judgements, lexicon }: EntryContext): number {
  if (document.candidates.length <= FEW_SENTENCES) return -Infinity;
  if (lexicon.stopWords.size > 0) return LEAST;
  const best = standing(document.candidates).reduce(
    (most, candidate) => Math.max(most, judgementOf(candidate, judgements).keep),
    0,
  );
  return Math.min(LEAST, best * LEAST_SHARE);
}

/** More than this no sentence can be worth, whatever is told: what can't reach the least is not looked at again. */
function mostWorth(candidate: Candidate, { judgements }: EntryContext): number {
  const { keep, content } = judgementOf(candidate, judgements);
  return Math.max(keep, content * FOLLOWING) + INTEREST * MOST_INTEREST;
}

/** Whether a sentence can be read where it will stand: by itself, or right after the one that it leans on. */
function isReadable(
  candidate: Candidate,
  previous: Candidate | undefined,
  { document, judgements, lexicon }: EntryContext,
): boolean {
  // In a language without word lists all are unlikely, and a short article is told whole.
  const isTold = lexicon.stopWords.size === 0 || document.candidates.length <= FEW_SENTENCES;
  const least = isTold ? 0 : LEAST_KEPT;
  const { keep, content } = judgementOf(candidate, judgements);
  if (previous && (previous.deniedBy ?? previous.index) === candidate.index - 1)
    return content >= least;
  return candidate.refusal !== "leaning" && keep >= least;
}

/** What a point loses for being wholly like what is told, in proportion past a small likeness. */
const VARIETY = 0.3;
const ALIKE = 0.3;
/** What a point loses where readers surely don't know by the gist what the article is about: it has nothing to lean on. */
const UNSURE = 0.25;
/** What a point far down the article loses: news comes first. */
const LATE = 0.2;
const LATE_AFTER = 20;

/** How likely an editor keeps a sentence beside what is told, less what it costs; undefined where that says it already. */
function pointWorth(
  candidate: Candidate,
  { judgements }: EntryContext,
  told: Told,
  interest: (candidate: Candidate, told: Told) => number,
): number | undefined {
  const likeness = told.likeness(candidate);
  if (likeness > SAME) return undefined;
  const { keep, content } = judgementOf(candidate, judgements);
  const follows = told.candidates.some(({ index }) => index === candidate.index - 1);
  if (candidate.refusal === "leaning" && !follows) return undefined;
  const isClear = isIntroduced(candidate, told.candidates, told.terms);
  const chance = follows ? Math.max(keep, content * FOLLOWING) : isClear ? keep : keep * UNCLEAR;
  return (
    chance * (1 - UNSURE * (1 - told.confidence)) +
    interest(candidate, told) -
    VARIETY * Math.max(0, likeness - ALIKE) -
    LATE * Math.min(1, candidate.index / LATE_AFTER)
  );
}

/** What the words of human summaries count beside an editor's judgement. */
const INTEREST = 0.06;
const MOST_INTEREST = 2;

/** How much of what a human summary would say a sentence adds, in deviations from the article's mean, bounded. */
function interestOf({ document, ranking }: EntryContext) {
  const { mean, deviation } = worthsOf(document.candidates, ranking);
  return (candidate: Candidate, told: Told) => {
    const added = worthAdded(candidate, ranking, { terms: told.allTerms, pairs: NO_PAIRS });
    return INTEREST * Math.max(-1, Math.min(MOST_INTEREST, (added - mean) / deviation));
  };
}

const NO_PAIRS: ReadonlySet<string> = new Set();

/** Of a sentence that follows what it leans on. */
const FOLLOWING = 0.8;
/** Of one that speaks of what readers were not told. */
const UNCLEAR = 0.6;

/** One sentence is all gist; two or three leave the rest as key points; from there three to five. */
function mostPoints(sentences: number): number {
  if (sentences <= 3) return sentences - 1;
  return Math.min(5, Math.max(3, Math.round(sentences / 5)));
}
