import { remembering, STORIES_CACHED } from "../../platform/remembering.ts";
import type { Article } from "../../article/article.ts";
import type { Document } from "../document.ts";
import { type Judgement, weighed } from "../judgement.ts";
import { type Lexicon, likenessOf, SAME, termsOf, stemOf } from "../language/lexicon.ts";
import { isNarrated } from "../language/quotations.ts";
import { DOUBTED_BELOW, judgePoints } from "../line-judgement.ts";
import { candidatesAt, entryContext, judgementOf, ruledOut } from "../passages.ts";
import { type Candidate, REFUSAL_WORDS } from "../candidate.ts";
import type { Summary, Sentence } from "../summary.ts";

export interface Judged {
  readonly sentence: Sentence;
  /** "G" for the gist, the number of a key point, or "Q" for the quotation. Absent if the sentence was not chosen. */
  readonly sign?: string;
  /** The probability that an editor keeps it. */
  readonly worth?: number;
  /** Its rank by `worth` among all sentences. The likeliest has rank 1. */
  readonly rank?: number;
  readonly reasons: readonly Reason[];
  /** Why it was not chosen. */
  readonly why?: string;
}

export interface Explanation {
  readonly sentences: number;
  /** In the order of the article. Sentences of a model or of the description are absent, as they have no place in it. */
  readonly chosen: readonly Judged[];
  /** Sentences that were not chosen: first those that a rule excludes, then the best of the others. */
  readonly nearMisses: readonly Judged[];
}

const NEAR_MISSES = 4;

/** Explains an article's summary: the place of each sentence, the reasons for it, and the sentences that were nearly chosen. */
export function explain(article: Article, summary: Summary): Explanation {
  const { document, termWeights, judgements } = weighed(article);
  const scale = document.candidates
    .map((candidate) => ({ candidate, worth: judgementOf(candidate, judgements).keep }))
    .toSorted((a, b) => b.worth - a.worth || a.candidate.index - b.candidate.index);
  const signed = signedSentences(summary).filter(({ sentence }) => sentence.start !== undefined);
  const judge = (candidate: Candidate): Omit<Judged, "sentence" | "sign"> => {
    const at = scale.findIndex((other) => other.candidate === candidate);
    return {
      rank: at + 1,
      worth: scale[at]?.worth ?? 0,
      reasons: reasonsFor(candidate, judgements, termWeights),
    };
  };
  const chosen = signed.map(({ sign, sentence }) => {
    const [candidate] = candidatesAt(document, sentence);
    const judged = candidate && sign !== "Q" ? judge(candidate) : { reasons: [] };
    return { sign, sentence, ...judged };
  });
  const taken = new Set(signed.flatMap(({ sentence }) => candidatesAt(document, sentence)));
  const ruled = new Set(ruledOut({ document, judgements }));
  // Sentences that a rule excludes come first, because an editor may know better.
  const left = scale
    .filter(({ candidate }) => !taken.has(candidate))
    .toSorted((a, b) => Number(ruled.has(b.candidate)) - Number(ruled.has(a.candidate)));
  return {
    sentences: document.candidates.length,
    chosen: chosen.toSorted((a, b) => (a.sentence.start ?? 0) - (b.sentence.start ?? 0)),
    nearMisses: left.slice(0, NEAR_MISSES).map(({ candidate }) => {
      const { text, start, end } = candidate;
      const why = whyNot(candidate, signed, document);
      return Object.assign(judge(candidate), { sentence: { text, start, end }, why });
    }),
  };
}

interface Signed {
  readonly sign: string;
  readonly sentence: Sentence;
}

function signedSentences({ gist, keyPoints, quote }: Summary): readonly Signed[] {
  return [
    { sign: "G", sentence: gist },
    ...keyPoints.map((sentence, at) => ({ sign: String(at + 1), sentence })),
    ...(quote ? [{ sign: "Q", sentence: quote }] : []),
  ];
}

/** Above this likeness, the chosen sentences contain much of the sentence. */
const ALIKE = 0.3;

function whyNot(candidate: Candidate, signed: readonly Signed[], document: Document): string {
  if (candidate.refusal) return REFUSAL_WORDS[candidate.refusal];
  const likeness = signed.map(({ sign, sentence }) => {
    const shares = candidatesAt(document, sentence).map(({ terms }) =>
      likenessOf(terms, candidate.terms),
    );
    return { sign, share: Math.max(0, ...shares) };
  });
  const [nearest] = likeness.toSorted((a, b) => b.share - a.share);
  if (nearest && nearest.share > SAME) return `it says the same as ${nameOf(nearest.sign)}`;
  return nearest && nearest.share > ALIKE
    ? "the chosen sentences already say much of it"
    : "the chosen sentences say more, or use fewer words";
}

function nameOf(sign: string): string {
  if (sign === "G") return "the summary";
  return sign === "Q" ? "the quotation" : `point ${sign}`;
}

/** An argument for a sentence, or against it if its worth is below 0. */
export interface Reason {
  readonly text: string;
  readonly worth: number;
}

/** Reasons with a smaller effect on the log-odds are not shown. */
const LEAST_WORTH = 0.05;

/** Returns the arguments for and against a sentence, as log odds relative to the article's median. */
function reasonsFor(
  candidate: Candidate,
  judgements: readonly Judgement[],
  termWeights: TermWeights,
): readonly Reason[] {
  const own = judgementOf(candidate, judgements);
  return GROUNDS.map(({ worthOf, speaksFor, speaksAgainst }) => {
    const worth = worthOf(own) - median(judgements.map(worthOf));
    return { worth, text: worth > 0 ? speaksFor(candidate, termWeights) : speaksAgainst };
  })
    .filter(({ worth }) => Math.abs(worth) >= LEAST_WORTH)
    .toSorted((a, b) => Math.abs(b.worth) - Math.abs(a.worth));
}

type TermWeights = ReadonlyMap<string, number>;

interface Ground {
  readonly worthOf: (judgement: Judgement) => number;
  readonly speaksFor: (candidate: Candidate, termWeights: TermWeights) => string;
  readonly speaksAgainst: string;
}

const GROUNDS: readonly Ground[] = [
  {
    worthOf: ({ main }) => logOdds(main),
    speaksFor: (candidate, termWeights) =>
      `it says what the article is about: ${topWords(candidate, termWeights)}`,
    speaksAgainst: "it says less about the topic of the article",
  },
  {
    worthOf: ({ content }) => logOdds(content),
    speaksFor: () => "it deserves a line",
    speaksAgainst: "it is a minor point, or off the topic",
  },
  {
    worthOf: ({ keep, content }) => logOdds(keep) - logOdds(content),
    speaksFor: () => "it can be read by itself",
    speaksAgainst: "it depends on the sentences around it",
  },
];

function logOdds(chance: number): number {
  const bounded = Math.min(0.99, Math.max(0.01, chance));
  return Math.log(bounded / (1 - bounded));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

const TOP_WORDS = 4;

function topWords({ text, terms }: Candidate, termWeights: TermWeights): string {
  const best = [...terms].toSorted((a, b) => (termWeights.get(b) ?? 0) - (termWeights.get(a) ?? 0));
  return wordsFor(best.slice(0, TOP_WORDS), text);
}

/** Returns terms as the sentence writes them. */
function wordsFor(terms: readonly string[], text: string): string {
  const written = new Map<string, string>();
  for (const [word] of text.matchAll(/[\p{L}\p{M}\p{N}]+/gu)) {
    const stem = stemOf(word.toLowerCase());
    if (!written.has(stem)) written.set(stem, word);
  }
  return terms.map((term) => written.get(term) ?? term).join(", ");
}

/** A key point that an editor would probably strike. */
export interface LineDoubt {
  readonly text: string;
  /** The reason, as a part of a sentence: it has no full stop. */
  readonly why: string;
}

/** Returns the key points in the article's own words that an editor would probably strike, each with the reason. */
export const lineDoubts = remembering(
  STORIES_CACHED,
  ({ images: _images, ...article }: Article, { gist, keyPoints, confidence }: Summary) => [
    article,
    gist,
    keyPoints,
    confidence,
  ],
  doubtsIn,
);

/** Returns the probability that an editor keeps a sentence by itself. Undefined if it is not in the article. */
export function keptChance(article: Article, sentence: Sentence): number | undefined {
  const { document, judgements } = weighed(article);
  const chances = candidatesAt(document, sentence).map((one) => judgementOf(one, judgements).keep);
  return chances.length > 0 ? Math.min(...chances) : undefined;
}

function doubtsIn(
  whole: Article,
  { gist, keyPoints, confidence = 1 }: Summary,
): readonly LineDoubt[] {
  if (keyPoints.length === 0) return [];
  const context = entryContext(whole, keyPoints.length);
  const { document, lexicon } = context;
  const candidates = candidatesAt(document, gist);
  const points = judgePoints(context, { sentence: gist, candidates, confidence }, keyPoints);
  return points.flatMap(({ point, candidate, chance }, at): LineDoubt[] => {
    if (chance >= DOUBTED_BELOW) return [];
    const shown = [gist, ...points.slice(0, at).map((other) => other.point)];
    return [
      {
        text: point.text,
        why: reasonOf(
          candidate,
          lexicon,
          shown.map(({ text }) => text),
        ),
      },
    ];
  });
}

function reasonOf(
  { text, terms, refusal }: Candidate,
  lexicon: Lexicon,
  shown: readonly string[],
): string {
  const isSaid = shown.some((other) => likenessOf(termsOf(other, lexicon.stopWords), terms) > SAME);
  if (isSaid) return "it repeats a line above it";
  if (isNarrated(text, lexicon)) return 'readers can\'t know who says "I" or "we" in it';
  if (refusal !== undefined) return REFUSAL_WORDS[refusal];
  return "it is a minor point, or off the topic";
}
