import type { Candidate, Document } from "../document.ts";
import { stemOf } from "../language/terms.ts";
import type { Occurrence } from "./occurrences.ts";

/** Terms of the article that it is most about, for which others may stand close to. */
const TOP_TERMS = 8;

const QUOTATION = /["“„«「]/;
/** A capital after a word, and not at the start of a sentence. */
const NAME = /(?<=[\p{L}\p{M}\p{N},;’'”)]\s)\p{Lu}[\p{L}\p{M}]+/gu;

/** What a term shows beside where it occurs. */
interface Company {
  /** In how many of its sentences: that can stand by themselves, that quote, and their words. */
  standing: number;
  quoting: number;
  words: number;
  /** Most of the article's top terms that one of its sentences has. */
  nearTop: number;
}

/**
 * What is known of each term of an article to tell whether a human summary would use it, the terms in the
 * order of their occurrences. The order of the features is that of the trained weights. None of them is
 * tied to a language.
 */
export function termFeatures(
  { candidates, titleTerms }: Document,
  occurrences: ReadonlyMap<string, Occurrence>,
): readonly (readonly number[])[] {
  const last = Math.max(1, candidates.length);
  const ranks = ranksOf(occurrences);
  // Not spread into Math.max: an article can have more terms than a call takes arguments.
  const most = [...occurrences.values()].reduce((most, { count }) => Math.max(most, count), 1);
  const companies = companiesOf(candidates, ranks);
  const names = namesIn(candidates);
  return [...occurrences].map(([term, { count, weight, first, last: end }], order) => {
    const rank = ranks.get(term) ?? 0;
    const { standing = 0, quoting = 0, words = 0, nearTop = 0 } = companies.get(term) ?? {};
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
      standing / count,
      quoting / count,
      Number(names.has(term)),
      Number(/\p{N}/u.test(term)),
      candidates.length,
    ];
  });
}

/** Terms by weight, from 0. */
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
    const standing = Number(refusal === undefined);
    for (const term of terms) {
      const company = companies.get(term) ?? { standing: 0, quoting: 0, words: 0, nearTop: 0 };
      company.standing += standing;
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
