import type { Candidate } from "./candidate.ts";
import { isPronoun, sharedCount, termsOf } from "./language/lexicon.ts";
import { isNarrated, withoutQuotations } from "./language/quotations.ts";
import {
  FEW_SENTENCES,
  judgementOf,
  LONGEST_GIST,
  isFit,
  isPresentable,
  shownTogether,
  presentableOf,
  withDenials,
  type EntryContext,
} from "./passages.ts";
import { countWords } from "./language/segments.ts";
import { mostOf, NONE, shareOf, wordsOf } from "./sentence-features.ts";
import { leadOf, withLead } from "./attribution.ts";
import { itemsLine, itemsOf, plansFor, type Plan } from "./plans.ts";
import { GENRES, type Sentence } from "./summary.ts";
import type { Judgement } from "./judgement.ts";

/** A possible gist of an article: a sentence, or two or three consecutive ones. */
export interface Passage {
  readonly candidates: readonly Candidate[];
  readonly words: number;
  /** The plan that found the passage, and the introduction before it: see `leadOf`. */
  readonly plan: Plan;
  readonly lead: string | undefined;
  /** The items of a list as one line. */
  readonly line?: Sentence;
}

/** The most likely sentences and the first ones are tried as gists, this many of each. */
const LIKELIEST = 6;
const FIRST = 2;
const LONGEST_RUN = 3;
/** The maximum number of words of a claim together with its denial. */
const LONGEST_DENIED_GIST = 60;
/** German forms of address to the reader: "Rufen Sie an". The capital inside the sentence distinguishes them from "sie". */
const TO_READER = /[\p{L},]\s(?:Sie|Ihnen)(?!\p{L})/u;

/**
 * Returns the passages that each plan proposes as a gist. Those of the news plan and the opening are always included. In a
 * short article only single sentences are proposed, because its key points show the rest.
 */
export function passagesOf(context: EntryContext): readonly Passage[] {
  const longest = context.document.candidates.length <= FEW_SENTENCES ? 1 : LONGEST_RUN;
  const plans = plansFor(context);
  const news = runsOf(likeliestOf(context), longest, context);
  const nutGrafs = plans.has("feature")
    ? runsOf(nutGrafsOf(context), LONGEST_PLANNED, context)
    : [];
  const found = [
    ...news.map((run) => passageOf(run, context)),
    ...nutGrafs.map((run) => passageOf(run, context, "feature")),
    ...(["opinion", "post"] as const)
      .filter((plan) => plans.has(plan))
      .flatMap((plan) => news.map((run) => passageOf(run, context, plan))),
  ];
  const line = plans.has("list") ? itemsLine(itemsOf(context), context) : undefined;
  const distinct = new Map(
    found
      .filter(({ lead }) => lead !== undefined)
      .map((passage) => [
        `${passage.lead}` + passage.candidates.map(({ index }) => index).join(" "),
        passage,
      ]),
  );
  return [...withinLength([...distinct.values()]), ...(line ? [linePassage(line)] : [])];
}

/** Makes a passage of the items of a list. */
export function linePassage(line: Sentence): Passage {
  return { candidates: [], words: countWords(line.text), plan: "list", lead: "", line };
}

function runsOf(
  ones: readonly Candidate[],
  longest: number,
  context: EntryContext,
): readonly (readonly Candidate[])[] {
  return ones.flatMap((one) => runsWith(one, longest, context));
}

/** The passages of the feature plan have at most this many sentences. */
const LONGEST_PLANNED = 2;
const MOST_NUTS = 4;
/** A feature usually states its subject after the opening scene, between these sentences. */
const NUT_FROM = 2;
const NUT_UNTIL = 25;

/** Returns the sentences after the opening scene of a feature that may state its subject. */
function nutGrafsOf({ document, judgements }: EntryContext): readonly Candidate[] {
  const worth = (candidate: Candidate) =>
    judgementOf(candidate, judgements).content *
    (1 + sharedCount(candidate.terms, document.titleTerms));
  return presentableOf(document.candidates)
    .filter(({ index }) => index >= NUT_FROM && index < NUT_UNTIL)
    .toSorted((a, b) => worth(b) - worth(a))
    .slice(0, MOST_NUTS);
}

function withinLength(passages: readonly Passage[]): readonly Passage[] {
  const short = passages.filter(
    ({ words, candidates }) => words <= (isDenied(candidates) ? LONGEST_DENIED_GIST : LONGEST_GIST),
  );
  return short.length > 0 ? short : passages.filter(({ candidates }) => candidates.length === 1);
}

function isDenied(candidates: readonly Candidate[]): boolean {
  return candidates.some(({ deniedBy }) => deniedBy !== undefined);
}

export function passageOf(
  candidates: readonly Candidate[],
  context: EntryContext,
  plan: Plan = "news",
): Passage {
  const words = candidates.reduce((sum, candidate) => sum + candidate.words, 0);
  return { candidates, words, plan, lead: leadOf(plan, candidates, context) };
}

/** Returns the sentences that most likely have the main point, and the first ones of the article. */
function likeliestOf({ document, judgements }: EntryContext): readonly Candidate[] {
  const presentable = presentableOf(document.candidates);
  const own = presentable.filter(({ text }) => !TO_READER.test(withoutQuotations(text)));
  const open = own.length > 0 ? own : presentable;
  const pointOf = (candidate: Candidate) => {
    const { main, content } = judgementOf(candidate, judgements);
    return main * content;
  };
  const likeliest = open.toSorted((a, b) => pointOf(b) - pointOf(a)).slice(0, LIKELIEST);
  return [...new Set([...likeliest, ...open.slice(0, FIRST)])];
}

/** Returns the sentence alone, and with its direct neighbours. */
function runsWith(
  one: Candidate,
  longest: number,
  { document }: EntryContext,
): readonly (readonly Candidate[])[] {
  const { candidates } = document;
  const runs: (readonly Candidate[])[] = [];
  for (let length = 1; length <= longest; length++)
    for (let from = Math.max(0, one.index - length + 1); from <= one.index; from++) {
      const run = candidates.slice(from, from + length);
      if (run.length < length) break;
      const whole = withDenials(run, document);
      if (isPresentable(whole)) runs.push(whole);
    }
  return runs;
}

/** Returns a passage as readers see it, with its introduction. */
export function passageSentence(passage: Passage, context: EntryContext): Sentence {
  const { candidates, lead, line } = passage;
  if (line) return line;
  const sentence = candidates[0]
    ? shownTogether(candidates, context, lead)
    : { text: context.article.title };
  return withLead(sentence, lead);
}

/** The features of one sentence of a passage. */
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

/** The features of an article that all its passages share. */
interface Known {
  readonly context: EntryContext;
  readonly descriptionTerms: ReadonlySet<string>;
  /** The highest values of any sentence. */
  readonly mostMain: number;
  readonly mostKeep: number;
  /** The index of the first sentence that can be shown. */
  readonly opening: number;
}

interface Weighed {
  readonly known: Known;
  readonly members: readonly Member[];
  readonly first: Member;
  readonly second: Member | undefined;
  readonly terms: ReadonlySet<string>;
  readonly passage: Passage;
}

type Feature = (weighed: Weighed) => number;

/** Positions beyond this are treated as equal. */
const FAR_SENTENCES = 30;

/** The trained weights depend on this order. */
const FEATURES: Readonly<Record<string, Feature>> = {
  main: ({ first }) => first.main,
  keep: ({ first }) => first.keep,
  content: ({ first }) => first.content,
  mostMain: ({ members }) => mostMainOf(members),
  leastKeep: ({ members }) => Math.min(...members.map(({ keep }) => keep)),
  leastContent: ({ members }) => Math.min(...members.map(({ content }) => content)),
  secondMain: ({ second }) => second?.main ?? NONE,
  secondKeep: ({ second }) => second?.keep ?? NONE,
  secondContent: ({ second }) => second?.content ?? NONE,
  thirdContent: ({ members }) => members[2]?.content ?? NONE,
  // The difference between the best sentence of the article and the best of the passage.
  missedMain: ({ members, known }) => known.mostMain - mostMainOf(members),
  articleMain: ({ known }) => known.mostMain,
  articleKeep: ({ known }) => known.mostKeep,
  words: ({ passage }) => passage.words,
  firstWords: ({ first }) => first.words,
  sentences: ({ members }) => members.length,
  index: ({ first }) => Math.min(FAR_SENTENCES, first.index),
  isOpening: ({ first, known }) => Number(first.index === known.opening),
  leans: ({ first }) => Number(first.leans),
  pointsBack: ({ first }) => Number(first.pointsBack),
  additions: ({ first }) => first.additions,
  secondLeansOrPointsBack: ({ second }) =>
    second ? Number(second.leans || second.pointsBack) : NONE,
  titleShare: ({ terms, known }) => shareOf(terms, known.context.document.titleTerms),
  titleTerms: ({ known }) => known.context.document.titleTerms.size,
  descriptionShare: ({ terms, known }) => shareOf(terms, known.descriptionTerms),
  isNarrated: ({ members }) => Number(members.some((one) => one.isNarrated)),
  pronouns: ({ first }) => first.pronouns,
  hasQuotation: ({ members }) => Number(members.some(({ hasQuotation }) => hasQuotation)),
  opensQuoting: ({ first }) => Number(first.opensQuoting),
  isNut: ({ passage }) => Number(passage.plan === "feature"),
  isLine: ({ passage }) => Number(passage.line !== undefined),
  ...Object.fromEntries(
    GENRES.filter((genre) => genre !== "live blog").map((genre): [string, Feature] => [
      genre,
      ({ known }) => known.context.genre[genre],
    ]),
  ),
  isLanguageKnown: ({ known }) => Number(known.context.lexicon.stopWords.size > 0),
};

const IN_ORDER = Object.values(FEATURES);

/** Computes the features that predict an editor's judgement of each passage as a gist. */
export function gistFeatures(
  context: EntryContext,
  passages: readonly Passage[],
): readonly (readonly number[])[] {
  const known = gistFacts(context);
  const used = new Set(passages.flatMap(({ candidates }) => candidates));
  const memberOf = new Map([...used].map((candidate) => [candidate, member(candidate, context)]));
  return passages.map((passage) => {
    const members = passage.candidates.flatMap((candidate) => memberOf.get(candidate) ?? []);
    const [first = NOTHING, second] = members;
    const terms = new Set(members.flatMap((one) => [...one.terms]));
    const weighed: Weighed = { known, members, first, second, terms, passage };
    return IN_ORDER.map((feature) => feature(weighed));
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

function gistFacts(context: EntryContext): Known {
  const { article, document, judgements, lexicon } = context;
  return {
    context,
    descriptionTerms: termsOf(article.description ?? "", lexicon.stopWords),
    mostMain: mostMainOf(judgements),
    mostKeep: mostOf(judgements.map(({ keep }) => keep)),
    opening: document.candidates.find(isFit)?.index ?? 0,
  };
}

function member(candidate: Candidate, context: EntryContext): Member {
  const { index, text, words, terms, refusal, pointsBack, additions } = candidate;
  const { lexicon } = context;
  return {
    ...judgementOf(candidate, context.judgements),
    index,
    words,
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
  return mostOf(judgements.map(({ main }) => main));
}
