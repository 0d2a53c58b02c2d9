import type { Candidate } from "./candidate.ts";
import { isPronoun, likenessOf, termsOf } from "./language/lexicon.ts";
import { isNarrated, withoutQuotations } from "./language/quotations.ts";
import type { GistChoice } from "./gist.ts";
import { candidatesAt, judgementOf, withDenials, type EntryContext } from "./passages.ts";
import { coverOf, mostOf, NONE, shareOf, wordsOf } from "./sentence-features.ts";
import { GENRES, type Sentence } from "./summary.ts";
import { likelihood, loadTrees, type Trees } from "../platform/boosted-trees.ts";
import stored from "./line-weights.json" with { type: "json" };
import { once } from "../platform/remembering.ts";

const trained = once(() => loadTrees(stored));

/** Points below this probability are marked. Above it, more than half of the marks would be wrong. */
export const DOUBTED_BELOW = 0.5;

/** The gist of an entry, as far as the lines below it depend on it. */
export type EntryGist = Pick<GistChoice, "candidates" | "confidence" | "lead"> & {
  readonly sentence: { readonly text: string };
};

/** The lines above a line, which readers know already. */
export interface Above {
  /** The points in order, without the gist. */
  readonly points: readonly Candidate[];
  readonly lines: readonly ReadonlySet<string>[];
  readonly terms: ReadonlySet<string>;
  readonly last: Candidate | undefined;
}

/** Computes the features of lines of one entry, and the probability that an editor keeps a line below the lines above it. */
export interface LineJudge {
  /** The gist alone. */
  readonly start: Above;
  readonly below: (above: Above, point: Candidate) => Above;
  readonly features: (candidate: Candidate, above: Above) => readonly number[];
  readonly chance: (candidate: Candidate, above: Above) => number;
}

export function lineJudge(
  context: EntryContext,
  gist: EntryGist,
  weights: Trees = trained(),
): LineJudge {
  const { document, lexicon } = context;
  const known = knowEntry(context, gist);
  const own = new Map<Candidate, readonly number[]>();
  const gistTerms = termsOf(gist.sentence.text, lexicon.stopWords);
  const start: Above = {
    points: [],
    lines: [gistTerms],
    terms: gistTerms,
    last: gist.candidates.at(-1),
  };
  const features = (candidate: Candidate, above: Above) => {
    const fixed = own.get(candidate) ?? FIXED.map((feature) => feature(candidate, known));
    own.set(candidate, fixed);
    return [...fixed, ...RELATIVE.map((feature) => feature(candidate, above, known))];
  };
  return {
    start,
    below: ({ points, lines, terms }, point) => {
      const shown = withDenials([point], document);
      return {
        points: [...points, point],
        lines: [...lines, ...shown.map((one) => one.terms)],
        terms: new Set([...terms, ...shown.flatMap((one) => [...one.terms])]),
        last: shown.at(-1) ?? point,
      };
    },
    features,
    chance: (candidate, above) => likelihood(weights, features(candidate, above)),
  };
}

/** A key point as it is printed, with the probability that an editor keeps it below the lines above it. */
export interface JudgedPoint {
  readonly point: Sentence;
  readonly candidate: Candidate;
  readonly above: Above;
  readonly row: readonly number[];
  readonly chance: number;
}

/** Judges printed key points. Points without a place in the article are skipped. */
export function judgePoints(
  context: EntryContext,
  gist: EntryGist,
  points: readonly Sentence[],
  weights: Trees = trained(),
): readonly JudgedPoint[] {
  const judge = lineJudge(context, gist, weights);
  let next = judge.start;
  return points.flatMap((point): readonly JudgedPoint[] => {
    const [candidate] = candidatesAt(context.document, point);
    if (!candidate) return [];
    const above = next;
    next = judge.below(above, candidate);
    const row = judge.features(candidate, above);
    return [{ point, candidate, above, row, chance: likelihood(weights, row) }];
  });
}

/** The features of an entry that all its lines share. */
interface Known {
  readonly context: EntryContext;
  readonly gist: EntryGist;
  readonly descriptionTerms: ReadonlySet<string>;
  readonly mostMain: number;
  readonly mostKeep: number;
  readonly gistMain: number;
  readonly gistIndex: number;
  /** For each sentence, its rank by the probability of being kept. The likeliest has rank 0. */
  readonly ranks: readonly number[];
  /** For each sentence, the names that it has in common with an earlier one. */
  readonly knownNames: readonly ReadonlySet<string>[];
}

const FAR_SENTENCES = 40;

function knowEntry(context: EntryContext, gist: EntryGist): Known {
  const { article, document, judgements, lexicon } = context;
  const { candidates } = document;
  const order = [...candidates.keys()].toSorted(
    (a, b) => (judgements[b]?.keep ?? 0) - (judgements[a]?.keep ?? 0) || a - b,
  );
  const ranks: number[] = [];
  for (const [rank, index] of order.entries()) ranks[index] = rank;
  return {
    context,
    gist,
    descriptionTerms: termsOf(article.description ?? "", lexicon.stopWords),
    mostMain: mostOf(judgements.map(({ main }) => main)),
    mostKeep: mostOf(judgements.map(({ keep }) => keep)),
    gistMain:
      gist.candidates.length === 0
        ? NONE
        : mostOf(gist.candidates.map((one) => judgementOf(one, judgements).main)),
    gistIndex: gist.candidates[0]?.index ?? NONE,
    ranks,
    knownNames: knownNamesOf(candidates),
  };
}

/** A capitalised word inside a sentence. */
const NAME = /(?<=[\p{L}\p{M}\p{N},;’'”)]\s)\p{Lu}[\p{L}\p{M}]+/gu;

function knownNamesOf(candidates: readonly Candidate[]): readonly ReadonlySet<string>[] {
  const seen = new Set<string>();
  return candidates.map(({ text, terms }) => {
    const names = termsOf((text.slice(0, 1000).match(NAME) ?? []).join(" "), NO_WORDS);
    const known = new Set([...names].filter((name) => seen.has(name)));
    for (const term of terms) seen.add(term);
    return known;
  });
}

const NO_WORDS: ReadonlySet<string> = new Set();

type Fixed = (candidate: Candidate, known: Known) => number;

const FIXED: readonly Fixed[] = [
  (one, { context }) => judgementOf(one, context.judgements).main,
  (one, { context }) => judgementOf(one, context.judgements).keep,
  (one, { context }) => judgementOf(one, context.judgements).content,
  ({ index }, { ranks }) => ranks[index] ?? 0,
  (one, { context, mostKeep }) => mostKeep - judgementOf(one, context.judgements).keep,
  (_, { mostKeep }) => mostKeep,
  (_, { mostMain, gistMain }) => mostMain - gistMain,
  (_, { gistMain }) => gistMain,
  (_, { gist }) => gist.confidence,
  (_, { gistIndex }) => Math.min(FAR_SENTENCES, gistIndex),
  ({ index }, { gistIndex }) =>
    Math.max(-FAR_SENTENCES, Math.min(FAR_SENTENCES, index - gistIndex)),
  ({ words }) => words,
  ({ index }) => Math.min(FAR_SENTENCES, index),
  ({ index }, { context }) => index / Math.max(1, context.document.candidates.length - 1),
  (_, { context }) => context.document.candidates.length,
  ({ refusal }) => Number(refusal === "leaning"),
  ({ pointsBack }) => Number(pointsBack),
  ({ additions }) => additions.length,
  ({ connective }) => Number(connective > 0),
  ({ text }, { context }) => Number(isNarrated(text, context.lexicon)),
  ({ text }, { context }) =>
    wordsOf(withoutQuotations(text)).filter((word) => isPronoun(word, context.lexicon)).length,
  ({ text }) => Number(/["“„«]/u.test(text)),
  ({ text }) => Number(/^["“„«]/u.test(text)),
  ({ text }) => 1 - withoutQuotations(text).length / Math.max(1, text.length),
  ({ text }) => text.match(/\p{N}+/gu)?.length ?? 0,
  ({ terms }, { context }) => shareOf(terms, context.document.titleTerms),
  (_, { context }) => context.document.titleTerms.size,
  ({ terms }, { descriptionTerms }) => shareOf(terms, descriptionTerms),
  ({ index }, { context }) => context.judgements[index - 1]?.keep ?? NONE,
  ({ index }, { context }) => context.judgements[index + 1]?.keep ?? NONE,
  ({ terms }, { context }) => coverOf(terms, context.termWeights),
  (_, { context }) => Number(context.lexicon.stopWords.size > 0),
  ...GENRES.filter((genre) => genre !== "live blog").map(
    (genre): Fixed =>
      (_, { context }) =>
        context.genre[genre],
  ),
];

type Relative = (candidate: Candidate, above: Above, known: Known) => number;

function isBelow({ index }: Candidate, { last }: Above): boolean {
  return last !== undefined && last.index === index - 1;
}

function missing({ recalls }: Candidate, { terms }: Above): number {
  return recalls.filter((term) => !terms.has(term)).length;
}

const RELATIVE: readonly Relative[] = [
  (one, above) => Number(isBelow(one, above)),
  ({ index }, { last }) => (last ? Math.min(20, index - last.index) : NONE),
  ({ terms }, { lines }) => Math.max(...lines.map((line) => likenessOf(terms, line))),
  ({ terms }, { lines: [gist] }) => (gist ? likenessOf(terms, gist) : 0),
  ({ terms }, above) =>
    [...terms].filter((term) => !above.terms.has(term)).length / Math.max(1, terms.size),
  ({ terms }, above, { context: { document } }) =>
    [...terms].filter((term) => document.titleTerms.has(term) && !above.terms.has(term)).length,
  (_, above, { context: { document } }) => shareOf(above.terms, document.titleTerms),
  missing,
  (one, above) => Number(one.pointsBack && !isBelow(one, above)),
  (one, above) => Number(one.refusal === "leaning" && !isBelow(one, above)),
  ({ index }, { terms }, { knownNames, context: { document } }) =>
    [...(knownNames[index] ?? [])].filter(
      (name) => !terms.has(name) && !document.titleTerms.has(name),
    ).length,
  (_, { points }) => points.length,
  ({ terms }, above, { context }) => coverOf(terms, context.termWeights, above.terms),
];
