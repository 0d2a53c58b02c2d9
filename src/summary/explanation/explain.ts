import type { Article } from "../../article/article.ts";
import { documentOf, type Candidate, type Document } from "../document.ts";
import { likenessOf } from "../likeness.ts";
import { rank } from "../ranking/rank.ts";
import type { Ranking } from "../ranking/ranking.ts";
import { SAME, worthAdded } from "../selection.ts";
import type { Sentence, Summary } from "../summary.ts";
import { reasonsFor, type Reason } from "./reasons.ts";
import { REFUSAL_WORDS } from "./refusal-words.ts";

/** A sentence of the article with what was made of it. */
export interface Judged {
  readonly sentence: Sentence;
  /** G for the gist, the number of a key point, Q for the quotation; absent where it was left out. */
  readonly sign?: string;
  /** What it is worth by itself, and its place by that among all sentences, from 1. */
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
  const document = documentOf(article);
  const ranking = rank(document);
  const scale = document.candidates
    .map((candidate) => ({ candidate, worth: worthAdded(candidate, ranking) }))
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
  const said = others.flatMap(({ other }) => (other ? [other] : []));
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
