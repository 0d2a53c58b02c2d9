import type { Candidate, Document } from "../document.ts";
import { sumOfTrees } from "../ranking/forest.ts";
import { TRAINED } from "../ranking/rank.ts";
import type { Ranking } from "../ranking/ranking.ts";
import { SENTENCE_FEATURES, type Ground } from "../ranking/sentence-features.ts";
import { stemOf } from "../language/terms.ts";

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
export function reasonsFor(
  candidate: Candidate,
  document: Document,
  ranking: Ranking,
): readonly Reason[] {
  const middle = middleOf(document, ranking);
  const own = ranking.features[candidate.index] ?? [];
  const whole = sumOfTrees(TRAINED.sentences, own);
  const found = GROUNDS.map((ground) => {
    const changed = own.map((value, at) =>
      SENTENCE_FEATURES[at] === ground ? (middle.features[at] ?? 0) : value,
    );
    const trees = TRAINED.sentence * (whole - sumOfTrees(TRAINED.sentences, changed));
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
