import type { Article } from "../../article/article.ts";
import type { Candidate } from "../candidate.ts";
import { documentOf, weighedOf, type Document } from "../document.ts";
import { likenessOf, stemOf } from "../language/terms.ts";
import { judgeSentences } from "../judgement.ts";
import { rank, TRAINED } from "../ranking/rank.ts";
import type { Ranking } from "../ranking/ranking.ts";
import { SAME, worthAdded } from "../selection.ts";
import type { Sentence, Summary } from "../summary.ts";
import { logOddsOf } from "../../platform/boosted-trees.ts";
import { SENTENCE_FEATURES, type Ground } from "../ranking/features.ts";
import type { Refusal } from "../candidate.ts";

/** A sentence of the article with what was made of it. */
export interface Judged {
  readonly sentence: Sentence;
  /** G for the gist, the number of a key point, Q for the quotation; absent where it was left out. */
  readonly sign?: string;
  /** How likely an editor keeps it, 0 to 1, and its place by that among all sentences, from 1. */
  readonly worth?: number;
  readonly rank?: number;
  readonly reasons: readonly Reason[];
  /** Why it was left out. */
  readonly why?: string;
}

export interface Explanation {
  /** How many sentences the article has. */
  readonly sentences: number;
  /** In the order of the article. What a model or the author wrote stands nowhere in it and is not here. */
  readonly chosen: readonly Judged[];
  /** Left out, though worth nearly as much; the worthiest first. */
  readonly nearMisses: readonly Judged[];
}

const NEAR_MISSES = 4;

/** Where an article's summary stands in it, why there, and what was nearly chosen. */
export function explain(article: Article, summary: Summary): Explanation {
  const document = documentOf(weighedOf(article));
  const ranking = rank(document);
  const judgements = judgeSentences(weighedOf(article), document, ranking);
  const scale = document.candidates
    .map((candidate) => ({ candidate, worth: judgements[candidate.index]?.keep ?? 0 }))
    .toSorted((a, b) => b.worth - a.worth || a.candidate.index - b.candidate.index);
  const signed = signedSentences(summary).filter(({ sentence }) => sentence.start !== undefined);
  const judge = (candidate: Candidate): Omit<Judged, "sentence" | "sign"> => {
    const at = scale.findIndex((other) => other.candidate === candidate);
    return {
      rank: at + 1,
      worth: scale[at]?.worth ?? 0,
      reasons: reasonsFor(candidate, document, ranking),
    };
  };
  const chosen = signed.map(({ sign, sentence }) => {
    const candidate = candidateAt(document, sentence);
    const judged = candidate && sign !== "Q" ? judge(candidate) : { reasons: [] };
    return { sign, sentence, ...judged };
  });
  const taken = new Set(signed.map(({ sentence }) => candidateAt(document, sentence)));
  const left = scale.filter(({ candidate }) => !taken.has(candidate));
  return {
    sentences: document.candidates.length,
    chosen: chosen.toSorted((a, b) => (a.sentence.start ?? 0) - (b.sentence.start ?? 0)),
    nearMisses: left.slice(0, NEAR_MISSES).map(({ candidate }) => {
      const { text, start, end } = candidate;
      const why = whyNot(candidate, { signed, document, ranking });
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

function candidateAt({ candidates }: Document, { start = -1, end = -1 }: Sentence) {
  return candidates.find((candidate) => candidate.start < end && start < candidate.end);
}

interface Choice {
  readonly signed: readonly Signed[];
  readonly document: Document;
  readonly ranking: Ranking;
}

function whyNot(candidate: Candidate, { signed, document, ranking }: Choice): string {
  if (candidate.refusal) return REFUSAL_WORDS[candidate.refusal];
  const others = signed.map(({ sign, sentence }) => ({
    sign,
    other: candidateAt(document, sentence),
  }));
  const told = others.find(({ other }) => other && likenessOf(other.terms, candidate.terms) > SAME);
  if (told) return `it says the same as ${nameOf(told.sign)}`;
  const worth = worthAdded(candidate, ranking);
  const said = others.flatMap(({ other }) => other ?? []);
  const terms = new Set(said.flatMap((other) => Array.from(other.terms)));
  const pairs = new Set(said.flatMap((other) => Array.from(ranking.pairs[other.index] ?? [])));
  const added = worthAdded(candidate, ranking, { terms, pairs });
  const ofWords = worth - (ranking.alone[candidate.index] ?? 0);
  if (worth - added > ofWords / 2) return "much of it is said by what was chosen";
  return "what was chosen says more, or in fewer words";
}

function nameOf(sign: string): string {
  if (sign === "G") return "the gist";
  return sign === "Q" ? "the quotation" : `point ${sign}`;
}

/** Something that speaks for a sentence, or against it where its worth is below 0. */
export interface Reason {
  readonly text: string;
  readonly worth: number;
}

/** Less than this decides nothing. */
const LEAST = 0.05;
const MOST_REASONS = 4;

/**
 * What speaks most for a sentence and against it: by how much its worth would change if, in one respect, it
 * were like the middle one of its article.
 */
function reasonsFor(candidate: Candidate, document: Document, ranking: Ranking): readonly Reason[] {
  const middle = middleOf(document, ranking);
  const own = ranking.features[candidate.index] ?? [];
  const whole = logOddsOf(TRAINED.sentences, own);
  const found = GROUNDS.map((ground) => {
    const changed = own.map((value, at) =>
      SENTENCE_FEATURES[at] === ground ? (middle.features[at] ?? 0) : value,
    );
    const trees = TRAINED.sentence * (whole - logOddsOf(TRAINED.sentences, changed));
    return { ground, worth: trees + besideTrees(ground, candidate, ranking, middle) };
  });
  return found
    .filter(({ worth }) => Math.abs(worth) >= LEAST)
    .toSorted((a, b) => Math.abs(b.worth) - Math.abs(a.worth))
    .slice(0, MOST_REASONS)
    .map(({ ground, worth }) => ({
      text: WORDS[ground](candidate, document, ranking, worth),
      worth,
    }));
}

const GROUNDS: readonly Ground[] = [...new Set(SENTENCE_FEATURES)];

interface Middle {
  readonly features: readonly number[];
  readonly words: number;
  readonly terms: number;
}

/** The median of every feature among the sentences that can stand. */
function middleOf({ candidates }: Document, ranking: Ranking): Middle {
  const standing = candidates.filter(({ refusal }) => refusal === undefined);
  const compared = standing.length > 0 ? standing : candidates;
  return {
    features: SENTENCE_FEATURES.map((_, at) =>
      median(compared.map(({ index }) => ranking.features[index]?.[at] ?? 0)),
    ),
    words: median(compared.map(({ words }) => words)),
    terms: median(compared.map((candidate) => worthOfWords(candidate, ranking))),
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

/** Words cost, and terms are worth something, whatever the trees say. */
function besideTrees(ground: Ground, candidate: Candidate, ranking: Ranking, middle: Middle) {
  if (ground === "length") return TRAINED.word * (candidate.words - middle.words);
  if (ground === "centre") return worthOfWords(candidate, ranking) - middle.terms;
  return 0;
}

function worthOfWords(
  { index, terms }: Candidate,
  { termWorth, pairWorth, pairs }: Ranking,
): number {
  let worth = 0;
  for (const term of terms) worth += termWorth.get(term) ?? 0;
  for (const pair of pairs[index] ?? []) worth += pairWorth.get(pair) ?? 0;
  return worth;
}

type Wording = (
  candidate: Candidate,
  document: Document,
  ranking: Ranking,
  worth: number,
) => string;

const WORDS: Readonly<Record<Ground, Wording>> = {
  place: ({ index }, { candidates }) =>
    index === 0 ? "it comes first" : `its place: sentence ${index + 1} of ${candidates.length}`,
  length: ({ words }, _document, _ranking, worth) =>
    `${worth > 0 ? "it is short" : "it is long"}: ${Math.round(words)} words`,
  centre: (candidate, _document, ranking, worth) =>
    worth > 0
      ? `it tells what the article is about: ${topWords(candidate, ranking)}`
      : "it tells less of what the article is about",
  title: ({ text, terms }, { titleTerms }, _ranking, worth) =>
    worth > 0
      ? `it has words of the headline: ${wordsFor(
          [...terms].filter((term) => titleTerms.has(term)),
          text,
        )}`
      : "it has little of the headline",
  opening: (_candidate, _document, _ranking, worth) =>
    worth > 0 ? "it takes up how the article opens" : "it is far from how the article opens",
  news: (_candidate, _document, _ranking, worth) =>
    worth > 0 ? "it says something new" : "most of it was said before",
  context: (_candidate, _document, _ranking, worth) =>
    worth > 0
      ? "it fits among the sentences around it"
      : "the sentences around it speak against it",
  form: ({ text }, _document, _ranking, worth) => {
    const quotes = /["“„«「]/.test(text);
    if (worth > 0) return /\p{N}/u.test(text) ? "it gives a figure" : "it is plainly told";
    return quotes ? "it is somebody's own words" : "it gives no figure";
  },
};

const TOP_WORDS = 4;

function topWords({ text, terms }: Candidate, { termWorth }: Ranking): string {
  const best = [...terms].toSorted((a, b) => (termWorth.get(b) ?? 0) - (termWorth.get(a) ?? 0));
  return wordsFor(best.slice(0, TOP_WORDS), text);
}

/** Terms as the sentence writes them. */
function wordsFor(terms: readonly string[], text: string): string {
  const written = new Map<string, string>();
  for (const [word] of text.matchAll(/[\p{L}\p{M}\p{N}]+/gu)) {
    const stem = stemOf(word.toLowerCase());
    if (!written.has(stem)) written.set(stem, word);
  }
  return terms.map((term) => written.get(term) ?? term).join(", ");
}

/** Why a sentence is refused, for people. */
const REFUSAL_WORDS: Readonly<Record<Refusal, string>> = {
  caption: "it is the caption of a picture",
  boilerplate: "it is a credit, a notice or a call to click",
  question: "it asks, and the answer would be missing",
  "half-quotation": "it holds half of a quotation, or one without its speaker",
  fragment: "it is not a whole sentence",
  "too-long": "it is too long to be shown whole",
  leaning: "it leans on a sentence before it",
  repeated: "it was said before",
};
