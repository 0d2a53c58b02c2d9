import type { Article } from "../article/article.ts";
import { likelihood, loadTrees, type Trees } from "../platform/boosted-trees.ts";
import { once, remembering, STORIES_CACHED } from "../platform/remembering.ts";
import type { Candidate } from "./candidate.ts";
import { doubtsAbout, MOST_DOUBTED } from "./gist.ts";
import { sharedCount, termsOf } from "./language/lexicon.ts";
import { DOUBTED_BELOW, judgePoints, type JudgedPoint } from "./line-judgement.ts";
import { candidatesAt, entryContext, judgementOf, type EntryContext } from "./passages.ts";
import { coverOf, mostOf, NONE } from "./sentence-features.ts";
import type { Summary } from "./summary.ts";
import stored from "./entry-weights.json" with { type: "json" };

/** An entry as readers see it: the key points may be fewer than those of the summary. */
export type Printed = Pick<Summary, "gist" | "keyPoints" | "confidence">;

/**
 * Below this probability, an editor is asked. A missed failure costs twice as much as a needless question, and the
 * probabilities are calibrated.
 */
export const LEAST_SENDABLE = 2 / 3;

const trained = once(() => loadTrees(stored));

/** Returns the probability that an editor sends a printed entry with at most a light edit, from 0 to 1. */
export const sendableOf = remembering(
  STORIES_CACHED,
  ({ images: _images, ...article }: Article, { gist, keyPoints, confidence }: Printed) => [
    article,
    gist,
    keyPoints,
    confidence,
  ],
  (whole, printed) => {
    const context = entryContext(whole, printed.keyPoints.length);
    const sendable = likelihood(trained(), entryFeatures(context, printed));
    const gist = candidatesAt(context.document, printed.gist);
    // A gist without a place is the author's description, which no rule excludes.
    const isDoubted = gist.length > 0 && doubtsAbout(context, gist).length > 0;
    return isDoubted ? Math.min(MOST_DOUBTED, sendable) : sendable;
  },
);

interface Known {
  readonly context: EntryContext;
  readonly confidence: number;
  readonly gist: readonly Candidate[];
  readonly gistTerms: ReadonlySet<string>;
  /** The gist and the points, and their terms. */
  readonly shown: readonly Candidate[];
  readonly terms: ReadonlySet<string>;
  /** For each point, the probability that an editor keeps it below the lines above it. */
  readonly chances: readonly number[];
  readonly omitted: readonly Candidate[];
  /** Terms that the lines presuppose and that neither the title nor a line above gives. */
  readonly missing: number;
  readonly words: number;
}

/** Computes the features that predict how much an editor changes an entry. The trained weights depend on their order. */
export function entryFeatures(
  context: EntryContext,
  printed: Printed,
  lineWeights?: Trees,
): readonly number[] {
  const known = knowEntry(context, printed, lineWeights);
  return FEATURES.map((feature) => feature(known));
}

function knowEntry(
  context: EntryContext,
  { gist: sentence, keyPoints, confidence = 1 }: Printed,
  lineWeights?: Trees,
): Known {
  const { document, lexicon } = context;
  const gist = candidatesAt(document, sentence);
  const points = judgePoints(
    context,
    { sentence, candidates: gist, confidence },
    keyPoints,
    lineWeights,
  );
  const shown = [...gist, ...points.map(({ candidate }) => candidate)];
  const gistTerms = termsOf(sentence.text, lexicon.stopWords);
  const terms = new Set([...gistTerms, ...shown.flatMap((one) => [...one.terms])]);
  return {
    context,
    confidence,
    gist,
    gistTerms,
    shown,
    terms,
    chances: points.map(({ chance }) => chance),
    omitted: document.candidates.filter((one) => !shown.includes(one)),
    missing: missingIn(points, context),
    words: sentence.text.split(/\s+/).length + sumOf(points.map((one) => one.candidate.words)),
  };
}

function missingIn(
  points: readonly JudgedPoint[],
  { document: { titleTerms } }: EntryContext,
): number {
  return sumOf(
    points.map(
      ({ candidate, above }) =>
        candidate.recalls.filter((term) => !above.terms.has(term) && !titleTerms.has(term)).length,
    ),
  );
}

/** A sentence that likely has the main point. */
const LIKELY_MAIN = 0.4;
const FIRST_FEW = 5;

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function leastOf(values: readonly number[]): number {
  return values.length === 0 ? NONE : Math.min(...values);
}

function mainOf(ones: readonly Candidate[], { judgements }: EntryContext): readonly number[] {
  return ones.map((one) => judgementOf(one, judgements).main);
}

function numbersIn(ones: readonly Candidate[]): ReadonlySet<string> {
  return new Set(ones.flatMap(({ text }) => text.match(/\p{N}[\p{N}.,]*/gu) ?? []));
}

/** Returns the share of the title's terms in some terms. Terms that few sentences have count more. */
function titleShare(terms: ReadonlySet<string>, { document }: EntryContext): number {
  const { candidates, titleTerms } = document;
  let [all, own] = [0, 0];
  for (const term of titleTerms) {
    const count = candidates.filter((one) => one.terms.has(term)).length;
    if (count === 0) continue;
    const rarity = Math.log((candidates.length + 1) / (count + 0.5));
    all += rarity;
    if (terms.has(term)) own += rarity;
  }
  return all === 0 ? NONE : own / all;
}

type Feature = (known: Known) => number;

const FEATURES: readonly Feature[] = [
  ({ confidence }) => confidence,
  ({ gist }) => gist.length,
  ({ gist, context }) => (gist.length === 0 ? NONE : mostOf(mainOf(gist, context))),
  ({ gist, context }) => leastOf(gist.map((one) => judgementOf(one, context.judgements).keep)),
  ({ gist, context }) => leastOf(gist.map((one) => judgementOf(one, context.judgements).content)),
  ({ context: { judgements } }) => mostOf(judgements.map(({ main }) => main)),
  ({ context: { judgements } }) => mostOf(judgements.map(({ keep }) => keep)),
  ({ omitted, context }) => mostOf(mainOf(omitted, context)),
  ({ omitted, context }) => mainOf(omitted, context).filter((main) => main >= LIKELY_MAIN).length,
  ({ omitted, context }) => mostOf(omitted.map((one) => judgementOf(one, context.judgements).keep)),
  ({ chances }) => chances.length,
  ({ chances }) => leastOf(chances),
  ({ chances }) => sumOf(chances),
  ({ chances }) => sumOf(chances.map((chance) => 1 - chance)),
  ({ chances }) => chances.filter((chance) => chance < DOUBTED_BELOW).length,
  ({ chances }) => chances[0] ?? NONE,
  ({ gistTerms, context }) => titleShare(gistTerms, context),
  ({ terms, context }) => titleShare(terms, context),
  ({ terms, context: { document } }) =>
    document.titleTerms.size - sharedCount(document.titleTerms, terms),
  ({ gistTerms, context }) => coverOf(gistTerms, context.termWeights),
  ({ terms, context }) => coverOf(terms, context.termWeights),
  ({ missing }) => missing,
  ({ gist, context: { document } }) =>
    sumOf(
      gist.map(({ recalls }) => recalls.filter((term) => !document.titleTerms.has(term)).length),
    ),
  ({ words }) => words,
  ({ gistTerms }) => gistTerms.size,
  ({ gist }) => gist[0]?.index ?? NONE,
  ({ shown }) => numbersIn(shown).size,
  ({ shown, context }) => {
    const own = numbersIn(shown);
    const first = numbersIn(context.document.candidates.slice(0, FIRST_FEW));
    return [...first].filter((number) => !own.has(number)).length;
  },
  ({ context: { document } }) => document.candidates.length,
];
