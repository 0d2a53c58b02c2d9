import type { Candidate } from "./candidate.ts";
import type { Passage } from "./gist-passages.ts";
import type { Judgement } from "./judgement.ts";
import { isPronoun } from "./language/lexicon.ts";
import { isNarrated } from "./language/narrators.ts";
import { sharedCount, termsOf } from "./language/terms.ts";
import { gistWords, judgementOf, standing, type EntryContext } from "./passages.ts";

/** What is known of one sentence of a passage. */
interface Member extends Judgement {
  readonly index: number;
  readonly words: number;
  readonly pronouns: number;
  readonly isNarrated: boolean;
  readonly hasQuotation: boolean;
  readonly opensQuoting: boolean;
  readonly terms: ReadonlySet<string>;
  readonly leans: boolean;
  readonly pointsBack: boolean;
  readonly additions: number;
}

/** What is known of an article, for all of its passages. */
interface Known {
  readonly context: EntryContext;
  readonly descriptionTerms: ReadonlySet<string>;
  /** The most that one sentence has. */
  readonly mostMain: number;
  readonly mostKeep: number;
  /** Where the first sentence stands that may be shown. */
  readonly opening: number;
}

interface At {
  readonly known: Known;
  readonly members: readonly Member[];
  readonly first: Member;
  readonly second: Member | undefined;
  readonly terms: ReadonlySet<string>;
  readonly passage: Passage;
}

type Feature = (at: At) => number;

const NONE = -1;
/** Further down the article it makes no difference. */
const FAR = 30;

const FEATURES: readonly Feature[] = [
  ({ first }) => first.main,
  ({ first }) => first.keep,
  ({ first }) => first.content,
  ({ members }) => mostMainOf(members),
  ({ members }) => Math.min(...members.map(({ keep }) => keep)),
  ({ members }) => Math.min(...members.map(({ content }) => content)),
  ({ second }) => second?.main ?? NONE,
  ({ second }) => second?.keep ?? NONE,
  ({ second }) => second?.content ?? NONE,
  ({ members }) => members[2]?.content ?? NONE,
  // What the article has and the passage misses.
  ({ members, known }) => known.mostMain - mostMainOf(members),
  ({ known }) => known.mostMain,
  ({ known }) => known.mostKeep,
  ({ passage }) => passage.words,
  ({ first }) => first.words,
  ({ members }) => members.length,
  ({ first }) => Math.min(FAR, first.index),
  ({ first, known }) => Number(first.index === known.opening),
  ({ first }) => Number(first.leans),
  ({ first }) => Number(first.pointsBack),
  ({ first }) => first.additions,
  ({ second }) => (second ? Number(second.leans || second.pointsBack) : NONE),
  ({ terms, known }) => shareOf(terms, known.context.document.titleTerms),
  ({ known }) => known.context.document.titleTerms.size,
  ({ terms, known }) => shareOf(terms, known.descriptionTerms),
  ({ members }) => Number(members.some((one) => one.isNarrated)),
  ({ first }) => first.pronouns,
  ({ members }) => Number(members.some(({ hasQuotation }) => hasQuotation)),
  ({ first }) => Number(first.opensQuoting),
  ({ known }) => Number(known.context.lexicon.stopWords.size > 0),
];

/** What an editor's verdict on each passage as a gist is foretold by; the order is that of the trained weights. */
export function gistFeatures(
  context: EntryContext,
  passages: readonly Passage[],
): readonly (readonly number[])[] {
  const known = knowArticle(context);
  const weighed = new Set(passages.flatMap(({ candidates }) => candidates));
  const memberOf = new Map(
    [...weighed].map((candidate) => [candidate, member(candidate, context)]),
  );
  return passages.map((passage) => {
    const members = passage.candidates.flatMap((candidate) => memberOf.get(candidate) ?? []);
    const [first = NOTHING, second] = members;
    const terms = new Set(members.flatMap((one) => [...one.terms]));
    const at: At = { known, members, first, second, terms, passage };
    return FEATURES.map((feature) => feature(at));
  });
}

const NOTHING: Member = {
  main: 0,
  keep: 0,
  content: 0,
  index: NONE,
  words: 0,
  pronouns: 0,
  isNarrated: false,
  hasQuotation: false,
  opensQuoting: false,
  terms: new Set(),
  leans: false,
  pointsBack: false,
  additions: 0,
};

function knowArticle(context: EntryContext): Known {
  const { article, document, judgements, lexicon } = context;
  return {
    context,
    descriptionTerms: termsOf(article.description ?? "", lexicon.stopWords),
    mostMain: mostMainOf(judgements),
    mostKeep: judgements.reduce((most, { keep }) => Math.max(most, keep), 0),
    opening: standing(document.candidates)[0]?.index ?? 0,
  };
}

function member(candidate: Candidate, context: EntryContext): Member {
  const { index, text, terms, refusal, pointsBack, additions } = candidate;
  const { lexicon } = context;
  return {
    ...judgementOf(candidate, context.judgements),
    index,
    words: gistWords(candidate, context),
    pronouns: wordsOf(text).filter((word) => isPronoun(word, lexicon)).length,
    isNarrated: isNarrated(text, lexicon),
    hasQuotation: /["“„«]/u.test(text),
    opensQuoting: /^["“„«]/u.test(text),
    terms,
    leans: refusal === "leaning",
    pointsBack,
    additions: additions.length,
  };
}

function mostMainOf(judgements: readonly Pick<Judgement, "main">[]): number {
  return judgements.reduce((most, { main }) => Math.max(most, main), 0);
}

function shareOf(terms: ReadonlySet<string>, all: ReadonlySet<string>): number {
  return all.size === 0 ? NONE : sharedCount(terms, all) / all.size;
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? [];
}
