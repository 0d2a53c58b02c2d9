import type { Article } from "../article/article.ts";
import { type Document, documentOf, type Readable, weighedOf } from "./document.ts";
import { remembering, once } from "../platform/remembering.ts";
import { likelihood, loadTrees, type Trees, type StoredTrees } from "../platform/boosted-trees.ts";
import { genreOf } from "./genre.ts";
import { coverOf, NONE, sentenceFeatures, shareOf, termWeightsOf } from "./sentence-features.ts";
import { bestBy, REFUSAL_WORDS, type Candidate } from "./candidate.ts";
import { isPronoun, lexiconOf, type Lexicon, likenessOf, termsOf } from "./language/lexicon.ts";
import { polarityWordsOf, type PolarityWords } from "./language/polarity-words.ts";
import { withoutQuotations } from "./language/quotations.ts";
import stored from "./judgement-weights.json" with { type: "json" };

/** The probabilities of an editor's judgements of a sentence, each from 0 to 1. */
export interface Judgement {
  /** It has the article's main point. */
  readonly main: number;
  /** It is worth a line and can be read alone, with its additions. */
  readonly keep: number;
  /** It is worth a line if readers know its context. */
  readonly content: number;
}

export type JudgementWeights = Readonly<Record<keyof Judgement, Trees>>;

export function compileJudgement(
  weights: Readonly<Record<keyof Judgement, StoredTrees>>,
): JudgementWeights {
  return {
    main: loadTrees(weights.main),
    keep: loadTrees(weights.keep),
    content: loadTrees(weights.content),
  };
}

const trained = once(() => compileJudgement(stored));

/** Predicts an editor's judgement of each sentence, with trees trained by `npm run train:judgement` (bench/judged/). */
export function judgeSentences(
  article: Pick<Article, "language" | "description">,
  document: Document,
  weights: JudgementWeights = trained(),
): readonly Judgement[] {
  return passageFeatures(article, document).map((row) => ({
    main: likelihood(weights.main, row),
    keep: likelihood(weights.keep, row),
    content: likelihood(weights.content, row),
  }));
}

/** The number of articles in the cache: the size of a usual issue. Each takes some hundred kilobytes. */
const AT_HAND = 24;

/**
 * The document, term weights, judgements and genre of an article. The summary, the subject, the check, the preview and each edit
 * of its story need them, so they are cached.
 */
export const weighed = remembering(
  AT_HAND,
  ({ title, text, html, language, captions, description, authors, tags, url }: Weighable) => [
    [title, text, html, language, captions],
    [description, authors, tags, url],
  ],
  (whole) => {
    const article = weighedOf(whole);
    const document = documentOf(article);
    const termWeights = termWeightsOf(document.candidates);
    const judgements = judgeSentences(article, document);
    return { document, termWeights, judgements, genre: genreOf(article) };
  },
);

type Weighable = Readable & Pick<Article, "description" | "authors" | "tags" | "url">;

/** The features of an article that all its sentences share. */
interface Known {
  readonly candidates: readonly Candidate[];
  readonly lexicon: Lexicon;
  readonly polarity: PolarityWords | undefined;
  readonly titleTerms: ReadonlySet<string>;
  readonly descriptionTerms: ReadonlySet<string>;
  /** The sentence with the largest share of the article's repeated terms. */
  readonly central: Candidate | undefined;
  /** For each sentence, its words outside quotations. */
  readonly unquotedWords: readonly (readonly string[])[];
  readonly quotedShare: number;
  readonly narratedShare: number;
  /** For each paragraph, its number of sentences. */
  readonly paragraphSizes: ReadonlyMap<number, number>;
  readonly likest: readonly number[];
}

interface At {
  readonly candidate: Candidate;
  readonly known: Known;
  readonly index: number;
  /** The words of the sentence in lower case, and those outside quotations. */
  readonly words: readonly string[];
  readonly unquotedWords: readonly string[];
  /** The first word, in lower case. */
  readonly first: string;
}

type Feature = (at: At) => number;

function opensPronoun({ first, known }: At): number {
  return Number(isPronoun(first, known.lexicon));
}

function opensConnective({ first, known: { lexicon } }: At): number {
  return Number(lexicon.connectives.has(first) || lexicon.conjunctions.has(first));
}

function opensQuoting({ candidate }: At): number {
  return Number(/^["“„«「‘]/u.test(candidate.text));
}

const FORM: Readonly<Record<string, Feature>> = {
  ...Object.fromEntries(
    Object.keys(REFUSAL_WORDS).map((refusal): [string, Feature] => [
      refusal,
      ({ candidate }) => Number(candidate.refusal === refusal),
    ]),
  ),
  pointsBack: ({ candidate }) => Number(candidate.pointsBack),
  connective: ({ candidate }) => Number(candidate.connective > 0),
  opensPronoun,
  opensPointing: ({ first, known }) =>
    Number(known.lexicon.pointers.has(first) || known.lexicon.demonstratives.has(first)),
  opensConnective,
  opensDefinite: ({ first, known }) => Number(known.lexicon.definites.has(first)),
  opensDetermined: ({ first, known }) => Number(known.lexicon.determiners.has(first)),
  opensClause: ({ first, known }) => Number(known.lexicon.subordinators.has(first)),
  opensPreposition: ({ first, known }) => Number(known.lexicon.prepositions.has(first)),
  opensName: ({ candidate, first, known }) =>
    Number(/^\p{Lu}/u.test(candidate.text) && !known.lexicon.stopWords.has(first)),
  opensQuoting,
  opensNumber: ({ candidate, first, known }) =>
    Number(/^\p{N}/u.test(candidate.text) || known.lexicon.counts.has(first)),
  pronouns: ({ unquotedWords, known }) =>
    unquotedWords.filter((it) => isPronoun(it, known.lexicon)).length,
  narrators: ({ unquotedWords, known }) =>
    unquotedWords.filter((it) => known.lexicon.narrators.has(it)).length,
  saying: ({ unquotedWords, known }) =>
    Number(unquotedWords.some((it) => known.lexicon.saying.has(it))),
  guesses: ({ unquotedWords, known }) =>
    Number(unquotedWords.some((it) => known.lexicon.guesses.has(it))),
  labels: ({ unquotedWords, known }) =>
    unquotedWords.filter((it) => known.lexicon.labels.has(it)).length,
  stopShare: ({ words, known }) => {
    return words.filter((it) => known.lexicon.stopWords.has(it)).length / Math.max(1, words.length);
  },
  negation: ({ candidate, known }) =>
    Number(known.polarity?.negation.test(candidate.text) ?? false),
  hedge: ({ candidate, known }) => Number(known.polarity?.hedge.test(candidate.text) ?? false),
  names: ({ candidate }) => candidate.text.match(/(?<=[\p{L}\p{N},] )\p{Lu}\p{L}+/gu)?.length ?? 0,
  capitals: ({ candidate }) =>
    (candidate.text.match(/\p{Lu}/gu)?.length ?? 0) / Math.max(1, candidate.text.length),
  money: ({ candidate }) => Number(/[\p{Sc}%]/u.test(candidate.text)),
  years: ({ candidate }) => candidate.text.match(/\b(?:19|20)\d\d\b/gu)?.length ?? 0,
  calendar: ({ words, known }) => words.filter((it) => known.lexicon.calendar.has(it)).length,
  marks: ({ candidate }) => candidate.text.match(/[,;:–—()-]/gu)?.length ?? 0,
  asks: ({ candidate }) => Number(/[?？؟]/u.test(candidate.text)),
  calls: ({ candidate }) => Number(/[!！]/u.test(candidate.text)),
  trails: ({ candidate }) => Number(/(?:…|\.\.)/u.test(candidate.text)),
  colons: ({ candidate }) => Number(/:/u.test(candidate.text)),
  inflected: ({ unquotedWords }) => unquotedWords.filter((it) => /(?:ed|ing)$/.test(it)).length,
  letters: ({ candidate }) => candidate.text.length / Math.max(1, candidate.words),
};

const PLACE: Readonly<Record<string, Feature>> = {
  fromEnd: ({ known, index }) => Math.min(30, known.candidates.length - index),
  paragraph: ({ candidate }) => candidate.paragraph,
  paragraphSize: ({ candidate, known }) => known.paragraphSizes.get(candidate.paragraph) ?? 1,
  likest: ({ known, index }) => known.likest[index] ?? 0,
  opensParagraph: ({ candidate, known, index }) =>
    Number(known.candidates[index - 1]?.paragraph !== candidate.paragraph),
};

const ABOUT: Readonly<Record<string, Feature>> = {
  title: ({ candidate, known }) => shareOf(candidate.terms, known.titleTerms),
  titleTerms: ({ known }) => known.titleTerms.size,
  description: ({ candidate, known }) => shareOf(candidate.terms, known.descriptionTerms),
  first: ({ candidate, known }) =>
    likenessOf(candidate.terms, known.candidates[0]?.terms ?? candidate.terms),
  central: ({ candidate, known }) =>
    likenessOf(candidate.terms, known.central?.terms ?? candidate.terms),
  isKnownLanguage: ({ known }) => Number(known.lexicon.verbs.size > 0),
  hasWords: ({ known }) => Number(known.lexicon.stopWords.size > 0),
  articleQuoted: ({ known }) => known.quotedShare,
  articleNarrated: ({ known }) => known.narratedShare,
};

/** The features of the sentences before and after that are added to each row. */
const NEAR: readonly Feature[] = [
  ({ candidate }) => Number(candidate.refusal !== undefined),
  opensPronoun,
  opensConnective,
  opensQuoting,
  ({ candidate }) => candidate.words,
];

const OWN = [FORM, PLACE, ABOUT].flatMap((group) => Object.values(group));

/** Computes the features that predict an editor's judgement of each sentence. The trained weights depend on their order. */
export function passageFeatures(
  article: Pick<Article, "language" | "description">,
  document: Document,
): readonly (readonly number[])[] {
  const termWeights = termWeightsOf(document.candidates);
  const features = sentenceFeatures(document, termWeights);
  const known = knowArticle(article, document, termWeights);
  const ats = document.candidates.map((candidate, index): At => {
    const words = wordsOf(candidate.text);
    const unquotedWords = known.unquotedWords[index] ?? [];
    return { candidate, known, index, words, unquotedWords, first: firstWord(candidate.text) };
  });
  return ats.map((at, index) => {
    const near = [ats[index - 1], ats[index + 1]];
    return [
      features[index] ?? [],
      OWN.map((feature) => feature(at)),
      near.flatMap((other) => NEAR.map((feature) => (other ? feature(other) : NONE))),
    ].flat();
  });
}

function knowArticle(
  { language, description = "" }: Pick<Article, "language" | "description">,
  { candidates, titleTerms }: Document,
  termWeights: ReadonlyMap<string, number>,
): Known {
  const lexicon = lexiconOf(language);
  const unquoted = candidates.map(({ text }) => withoutQuotations(text));
  const letters = candidates.reduce((sum, { text }) => sum + text.length, 0);
  const outside = unquoted.reduce((sum, text) => sum + text.length, 0);
  const unquotedWords = unquoted.map(wordsOf);
  const narrated = unquotedWords.filter((own) => own.some((it) => lexicon.narrators.has(it)));
  const paragraphSizes = new Map<number, number>();
  for (const { paragraph } of candidates)
    paragraphSizes.set(paragraph, (paragraphSizes.get(paragraph) ?? 0) + 1);
  return {
    candidates,
    lexicon,
    polarity: polarityWordsOf(language),
    titleTerms,
    descriptionTerms: termsOf(description, lexicon.stopWords),
    central: bestBy(candidates, ({ terms }) => coverOf(terms, termWeights)),
    unquotedWords,
    quotedShare: 1 - outside / Math.max(1, letters),
    narratedShare: narrated.length / Math.max(1, candidates.length),
    paragraphSizes,
    likest: likestBefore(candidates),
  };
}

/**
 * A sentence is compared with the first sentences of the article, up to this number: most repetitions repeat the opening.
 */
const COMPARED = 40;

function likestBefore(candidates: readonly Candidate[]): readonly number[] {
  return candidates.map(({ terms }, index) =>
    candidates
      .slice(0, Math.min(index, COMPARED))
      .reduce((most, other) => Math.max(most, likenessOf(terms, other.terms)), 0),
  );
}

function firstWord(text: string): string {
  return (/^[^\p{L}\p{N}]*([\p{L}\p{M}]+)/u.exec(text)?.[1] ?? "").toLowerCase();
}

function wordsOf(text: string): readonly string[] {
  return (
    text
      .slice(0, 1000)
      .toLowerCase()
      .match(/[\p{L}\p{M}]+(?:['’][\p{L}]+)?/gu) ?? []
  );
}
