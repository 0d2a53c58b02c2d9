import type { Candidate } from "../candidate.ts";
import type { Document } from "../document.ts";
import { likenessOf, sharedCount, stemOf, tokensIn } from "../language/lexicon.ts";

/** The expected content of a sentence, from the likelihoods of its terms and pairs. */
export interface Prospect {
  readonly terms: number;
  readonly pairs: number;
  /** The highest likelihood of a term. */
  readonly best: number;
}

/** Added to the number of words, so that short sentences do not get extreme values. */
const LENGTH_FLOOR = 15;

/** Computes the features of each sentence of an article, in the order of the trained weights. None depends on a language. */
export function sentenceFeatures(
  { candidates, titleTerms }: Document,
  covers: readonly number[],
  prospects: readonly Prospect[],
): readonly (readonly number[])[] {
  const count = candidates.length;
  const meanWords = candidates.reduce((sum, { words }) => sum + words, 0) / Math.max(1, count);
  const refused = candidates.filter(({ refusal }) => refusal !== undefined).length;
  const opening = new Set(candidates.slice(0, 3).flatMap(({ terms }) => Array.from(terms)));
  const first = candidates.find(({ refusal }) => refusal === undefined) ?? candidates[0];
  const recurring = recurringTerms(candidates);
  const seen = new Set<string>();
  let standalone = 0;
  return candidates.map((candidate, index) => {
    const { text, words, terms, refusal, recalls } = candidate;
    const { terms: byTerms = 0, pairs = 0, best = 0 } = prospects[index] ?? {};
    const novel = [...terms].filter((term) => !seen.has(term));
    const size = Math.max(1, terms.size);
    const length = Math.max(1, words);
    for (const term of novel) seen.add(term);
    const features = [
      index, // its position
      standalone, // its position among sentences that can stand alone
      index / Math.max(1, count - 1), // relative position, 0 to 1
      words,
      words / meanWords, // relative to the article's mean
      terms.size,
      terms.size / length,
      byTerms / (words + LENGTH_FLOOR), // expected content of its terms, by length
      pairs / (words + LENGTH_FLOOR), // expected content of its pairs, by length
      best, // its most likely term
      (covers[index] ?? 0) / length, // its share of the article's repeated terms, by length
      covers[index - 1] ?? 0, // the same of the sentence before
      sharedCount(terms, titleTerms) / size,
      likenessOf(terms, opening), // likeness to the first three sentences
      likenessOf(terms, first?.terms ?? terms), // likeness to the first that can stand alone
      novel.length / size,
      novel.filter((term) => recurring.has(term)).length / size, // share of new terms that recur later
      Number(refusal === "leaning"), // it depends on the one before
      Number(candidates[index + 1]?.refusal === "leaning"), // the next depends on it
      Number(candidates[index - 1]?.refusal !== undefined && index > 0), // the one before cannot stand alone
      refused / count, // share of the article that cannot stand alone
      count,
      text.match(/\p{N}+/gu)?.length ?? 0, // numbers
      Number(/^["“„«「]/.test(text)), // begins with a quotation
      quotedShare(text),
      recalls.length, // terms that it presupposes
    ];
    if (refusal === undefined) standalone++;
    return features;
  });
}

function recurringTerms(candidates: readonly Candidate[]): ReadonlySet<string> {
  const once = new Set<string>();
  const more = new Set<string>();
  for (const { terms } of candidates) {
    for (const term of terms) (once.has(term) ? more : once).add(term);
  }
  return more;
}

function quotedShare(text: string): number {
  const quoted = text.slice(0, 1000).match(/["“„«][^"“”„«»]*["”»]/g) ?? [];
  return quoted.join("").length / Math.max(1, text.length);
}

/** The number of most important terms. Terms near them are likely important too. */
const TOP_TERMS = 8;

const QUOTATION = /["“„«「]/;
/** A capitalised word inside a sentence. */
const NAME = /(?<=[\p{L}\p{M}\p{N},;’'”)]\s)\p{Lu}[\p{L}\p{M}]+/gu;

/** Counts of the sentences that contain a term. */
interface Company {
  /** The number of these sentences that can stand alone, that contain a quotation, and the number of their words. */
  standalone: number;
  quoting: number;
  words: number;
  /** The highest number of top terms in one of these sentences. */
  nearTop: number;
}

/**
 * Computes the features that predict whether a human summary uses a term, in the order of the terms' occurrences. The order
 * of the features is that of the trained weights. None depends on a language.
 */
export function termFeatures(
  { candidates, titleTerms }: Document,
  occurrences: ReadonlyMap<string, Occurrence>,
): readonly (readonly number[])[] {
  const last = Math.max(1, candidates.length);
  const ranks = ranksOf(occurrences);
  // Not spread into Math.max, because an article can have more terms than a call can have arguments.
  const most = [...occurrences.values()].reduce((most, { count }) => Math.max(most, count), 1);
  const companies = companiesOf(candidates, ranks);
  const names = namesIn(candidates);
  return [...occurrences].map(([term, { count, weight, first, last: end }], order) => {
    const rank = ranks.get(term) ?? 0;
    const { standalone = 0, quoting = 0, words = 0, nearTop = 0 } = companies.get(term) ?? {};
    return [
      rank,
      rank / occurrences.size,
      weight,
      count,
      count / last,
      count / most,
      Number(titleTerms.has(term)),
      order,
      occurrences.size,
      nearTop,
      first,
      first / last,
      end / last,
      (end - first) / last,
      words / count,
      standalone / count,
      quoting / count,
      Number(names.has(term)),
      Number(/\p{N}/u.test(term)),
      candidates.length,
    ];
  });
}

/** The rank of each term by weight, from 0. */
function ranksOf(occurrences: ReadonlyMap<string, Occurrence>): ReadonlyMap<string, number> {
  const byWeight = [...occurrences].sort(([, a], [, b]) => b.weight - a.weight);
  return new Map(byWeight.map(([term], rank) => [term, rank]));
}

function companiesOf(
  candidates: readonly Candidate[],
  ranks: ReadonlyMap<string, number>,
): ReadonlyMap<string, Company> {
  const companies = new Map<string, Company>();
  for (const { terms, text, words, refusal } of candidates) {
    const nearTop = [...terms].filter((term) => (ranks.get(term) ?? Infinity) < TOP_TERMS).length;
    const quoting = Number(QUOTATION.test(text));
    const standalone = Number(refusal === undefined);
    for (const term of terms) {
      const company = companies.get(term) ?? { standalone: 0, quoting: 0, words: 0, nearTop: 0 };
      company.standalone += standalone;
      company.quoting += quoting;
      company.words += words;
      company.nearTop = Math.max(company.nearTop, nearTop);
      companies.set(term, company);
    }
  }
  return companies;
}

function namesIn(candidates: readonly Candidate[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { text } of candidates) {
    for (const [name] of text.matchAll(NAME)) names.add(stemOf(name.toLowerCase()));
  }
  return names;
}

/** Returns the pairs of adjacent words, including stop words, each without its ending. */
export function pairsOf(text: string): ReadonlySet<string> {
  const pairs = new Set<string>();
  let previous: string | undefined;
  for (const { token, isPair } of tokensIn(text)) {
    const word = isPair ? token : stemOf(token.toLowerCase());
    if (previous !== undefined) pairs.add(`${previous} ${word}`);
    previous = word;
  }
  return pairs;
}

/** Computes the features that predict whether a human summary contains a pair of words. */
export function pairFeatures(
  pair: string,
  { weight, count, first }: Occurrence,
  { candidates, termLikelihood }: PairContext,
): readonly number[] {
  const [left = "", right = ""] = pair.split(" ");
  const last = Math.max(1, candidates.length);
  // A stop word is not a term. The value -1 separates it from an unlikely term.
  const a = termLikelihood.get(left) ?? -1;
  const b = termLikelihood.get(right) ?? -1;
  return [
    weight,
    count,
    first,
    first / last,
    Math.max(a, b),
    Math.min(a, b),
    b,
    candidates.length,
    left.length,
    right.length,
  ];
}

interface PairContext extends Pick<Document, "candidates"> {
  readonly termLikelihood: ReadonlyMap<string, number>;
}

/** The occurrences of a term or pair in an article. */
export interface Occurrence {
  /** The number of sentences that contain it. */
  count: number;
  /** The same, with more weight for early sentences. */
  weight: number;
  /** The indices of the first and the last of these sentences. */
  first: number;
  last: number;
}

/** The weight of the n-th sentence is 1 / (1 + n × this). */
const FADING = 0.3;

/** Counts the occurrences of everything that `has` returns, in the order of first occurrence. */
export function occurrencesOf(
  candidates: readonly Candidate[],
  has: (candidate: Candidate) => Iterable<string>,
): ReadonlyMap<string, Occurrence> {
  const found = new Map<string, Occurrence>();
  for (const candidate of candidates) {
    const { index } = candidate;
    const weight = 1 / (1 + index * FADING);
    for (const name of has(candidate)) {
      const known = found.get(name);
      if (known === undefined) {
        found.set(name, { count: 1, weight, first: index, last: index });
      } else {
        known.count++;
        known.weight += weight;
        known.last = index;
      }
    }
  }
  return found;
}
