import type { Article } from "../article/article.ts";
import { definiteSubject } from "./anaphora/introductions.ts";
import { bracketEdits, clippedEnd } from "./brackets.ts";
import type { Candidate } from "./candidate.ts";
import type { Document } from "./document.ts";
import type { Judgement } from "./judgement.ts";
import type { Lexicon } from "./language/lexicon.ts";
import type { Ranking } from "./ranking/ranking.ts";
import { countWords } from "./language/reading-time.ts";
import { likenessOf, sharedCount, termsOf } from "./language/terms.ts";
import { refusalOf } from "./refusal.ts";
import type { Refusal } from "./candidate.ts";
import { bestBy, isIntroduced, SAME, worthAdded } from "./selection.ts";
import { editedSentence, type Edit } from "./sentence.ts";
import { LEAST_CONFIDENCE, type Sentence } from "./summary.ts";
import { parentheticalIn } from "./trim.ts";

/** The gist and the key points, chosen together: nothing stands in both. */
export interface EntryText {
  readonly gist: Sentence;
  /** How sure it is that the gist is the article's main point, 0 to 1. */
  readonly confidence: number;
  readonly keyPoints: readonly Sentence[];
  readonly origin: "author" | "extract";
  readonly why?: string;
}

export interface EntryContext {
  readonly article: Article;
  readonly document: Document;
  readonly judgements: readonly Judgement[];
  readonly ranking: Ranking;
  readonly lexicon: Lexicon;
  /** At most so many. */
  readonly keyPoints: number;
}

/** What a sentence's form makes impossible: of those so refused, editors keep one in thirty. */
const NEVER: ReadonlySet<Refusal | undefined> = new Set<Refusal>([
  "caption",
  "boilerplate",
  "fragment",
  "half-quotation",
  "repeated",
  "too-long",
  "question",
]);

export function entryOf(context: EntryContext): EntryText {
  const { article } = context;
  const choice = gistOf(context);
  const description = descriptionOf(context, choice);
  const gist = description ?? choice?.sentence ?? { text: article.title };
  const told = new Told(context, gist, description ? undefined : choice?.candidates);
  return {
    gist,
    confidence: description
      ? Math.max(AUTHORS, choice?.confidence ?? 0)
      : (choice?.confidence ?? 0),
    keyPoints: keyPointsOf(context, told),
    origin: description ? "author" : "extract",
    ...whyOf(article, description, choice),
  };
}

function whyOf(
  article: Article,
  description: Sentence | undefined,
  choice: GistChoice | undefined,
): { readonly why?: string } {
  if (description) return {};
  const isLeftOut = Boolean(article.description?.trim());
  const reasons = [
    ...(isLeftOut
      ? ["the author's description can't be read alone, or is about something else"]
      : []),
    ...(choice?.why === undefined ? [] : [choice.why]),
  ];
  return reasons.length > 0 ? { why: reasons.join("; ") } : {};
}

/** How sure an author's own description is, where it passes what any sentence has to. */
const AUTHORS = 0.7;

interface GistChoice {
  readonly sentence: Sentence;
  readonly candidates: readonly Candidate[];
  readonly confidence: number;
  readonly why?: string;
}

const LONGEST_GIST = 45;
const EASY_GIST = 32;

function gistOf(context: EntryContext): GistChoice | undefined {
  const { document, judgements } = context;
  const open = standing(document.candidates);
  const best = bestBy(open, (candidate) => {
    const { main, keep } = judgementOf(candidate, judgements);
    const excess = Math.max(0, wordsOf(candidate, context) - LONGEST_GIST);
    return main * keep - excess;
  });
  if (!best) return fallback(context);
  const confidence = confidenceOf(judgementOf(best, judgements));
  if (confidence >= LEAST_CONFIDENCE || isOpening(best, context)) {
    const candidates = withNext(best, confidence, context);
    return { sentence: gistSentence(candidates, context), candidates, confidence };
  }
  const candidates = openingOf(context) ?? [best];
  return {
    sentence: gistSentence(candidates, context),
    candidates,
    confidence,
    why: "the gist is the article's opening, as no sentence surely tells what it is about",
  };
}

/** So sure of one sentence, a second adds nothing. */
const ENOUGH = 0.88;
/** The next goes on with the main point where it has it at least so likely, and is worth a line. */
const PART_OF_POINT = 0.04;
const WORTH_A_LINE = 0.5;

/** A sentence that may be the gist, with the next where the point is told in two: "He is out of a job. He resigned on Monday." */
function withNext(
  best: Candidate,
  confidence: number,
  { document: { candidates }, judgements }: EntryContext,
): readonly Candidate[] {
  const next = candidates[best.index + 1];
  if (!next || NEVER.has(next.refusal) || confidence >= ENOUGH) return [best];
  const { main, content } = judgementOf(next, judgements);
  const isPart = main >= PART_OF_POINT && content >= WORTH_A_LINE;
  const isLong = candidates.length > FEW_SENTENCES;
  const isShort = best.words + next.words <= LONGEST_GIST;
  return isPart && isLong && isShort ? [best, next] : [best];
}

function judgementOf({ index }: Candidate, judgements: readonly Judgement[]): Judgement {
  return judgements[index] ?? { main: 0, keep: 0, content: 0 };
}

function confidenceOf({ main, keep }: Judgement): number {
  return Math.sqrt(main * keep);
}

function standing(candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.filter(({ refusal }) => !NEVER.has(refusal));
}

function isOpening(candidate: Candidate, { document }: EntryContext): boolean {
  return standing(document.candidates)[0] === candidate;
}

const SHORT_OPENING = 10;

/** The first sentence that can be read alone, with the next where it is very short. */
function openingOf({ document: { candidates } }: EntryContext): readonly Candidate[] | undefined {
  const first = candidates.find(({ refusal }) => refusal === undefined);
  if (!first) return undefined;
  const next = candidates[first.index + 1];
  const isLong = candidates.length > FEW_SENTENCES;
  const goesOn = isLong && first.words < SHORT_OPENING && next && !NEVER.has(next.refusal);
  return goesOn && first.words + next.words <= LONGEST_GIST ? [first, next] : [first];
}

/** One sentence as it is shown, or two that follow each other as one text. */
function gistSentence([first, second]: readonly Candidate[], context: EntryContext): Sentence {
  if (!first) return { text: context.article.title };
  if (!second) return shown(first, context, { isGist: true });
  const { text } = context.article;
  const start = first.start - first.connective;
  const edits = [
    ...(first.connective > 0 ? [{ start, end: first.start, text: "" }] : []),
    ...first.additions,
    // A heading or a picture's caption may stand between them.
    ...(isBlank(text.slice(first.end, second.start - second.connective))
      ? []
      : [{ start: first.end, end: second.start - second.connective, text: " " }]),
    ...second.additions.filter(
      ({ name, kind }) => kind === "short name" && !first.text.includes(name),
    ),
  ];
  const both = editedSentence(text, { start, end: second.end }, edits);
  return { ...both, text: both.text.replace(/\s+/g, " ") };
}

function isBlank(text: string): boolean {
  return text.trim() === "";
}

/** What may be shown of an article in which no sentence stands by itself, the least bad first. */
const LESSER_EVILS: readonly (readonly Refusal[])[] = [
  ["half-quotation", "question", "too-long"],
  ["fragment"],
  ["caption", "boilerplate", "repeated"],
];

/** What has fewer words is a thing in a list. */
const LIST_WORDS = 3;

function fallback(context: EntryContext): GistChoice | undefined {
  const { candidates, titleTerms } = context.document;
  for (const evils of LESSER_EVILS) {
    const pardoned = candidates.filter(({ refusal }) => refusal && evils.includes(refusal));
    const isList =
      pardoned.length > 1 &&
      pardoned.every(({ words, text }) => words < LIST_WORDS || /[:：]$/.test(text));
    if (isList && titleTerms.size > 0) return undefined;
    const best = bestBy(pardoned, (candidate) =>
      candidate.words + judgementOf(candidate, context.judgements).main > LONGEST_GIST
        ? 0
        : 1 + judgementOf(candidate, context.judgements).main,
    );
    if (best)
      return {
        sentence: shown(best, context, { isGist: true }),
        candidates: [best],
        confidence: 0,
      };
  }
  return undefined;
}

/** An author's description, where it says by itself what the article is about. */
function descriptionOf(
  { article, document, lexicon }: EntryContext,
  choice: GistChoice | undefined,
): Sentence | undefined {
  const text = article.description?.trim() ?? "";
  const words = countWords(text);
  if (text === "" || words > LONGEST_GIST + 5) return undefined;
  if (refusalOf(text, words, document.context) !== undefined) return undefined;
  const subject = definiteSubject(text, lexicon);
  const terms = termsOf(text, lexicon.stopWords);
  const shared = sharedCount(terms, document.titleTerms);
  if (subject && !subject.isRanked && !document.titleTerms.has(subject.term)) return undefined;
  const isAbout = shared >= Math.min(2, document.titleTerms.size);
  return isAbout || (choice?.confidence ?? 0) < LEAST_CONFIDENCE ? { text } : undefined;
}

interface Showing {
  readonly isGist?: boolean;
  /** Names that readers know already. */
  readonly known?: string;
}

/** A sentence as it is shown: with what it needs to be read alone, and without what is beside the point. */
function shown(
  candidate: Candidate,
  context: EntryContext,
  { isGist, known = "" }: Showing = {},
): Sentence {
  const { article, lexicon } = context;
  const { start, end, connective } = candidate;
  const clipped = clippedEnd(candidate);
  if (clipped !== end) return { text: article.text.slice(start, clipped), start, end: clipped };
  const additions = candidate.additions.filter(({ name }) => !known.includes(name));
  const trimmed =
    isGist && candidate.words > EASY_GIST
      ? parentheticalIn(candidate, lexicon, LONGEST_GIST)
      : undefined;
  const cuts: Edit[] = [
    ...bracketEdits(candidate, article.text),
    ...(trimmed ? [{ start: trimmed.start, end: trimmed.end, text: "" }] : []),
    ...(connective > 0 ? [{ start: start - connective, end: start, text: "" }] : []),
  ];
  const edits = withoutOverlaps([...additions, ...cuts]);
  return editedSentence(article.text, { start: start - connective, end }, edits);
}

function withoutOverlaps(edits: readonly Edit[]): readonly Edit[] {
  const kept: Edit[] = [];
  for (const edit of edits)
    if (kept.every((other) => edit.end <= other.start || edit.start >= other.end)) kept.push(edit);
  return kept;
}

function wordsOf(candidate: Candidate, { lexicon }: EntryContext): number {
  if (candidate.words <= EASY_GIST) return candidate.words;
  return parentheticalIn(candidate, lexicon, LONGEST_GIST)?.words ?? candidate.words;
}

/** What readers have been told so far. */
class Told {
  readonly candidates: Candidate[] = [];
  readonly terms: ReadonlySet<string>[] = [];
  readonly allTerms = new Set<string>();
  text: string;

  constructor({ lexicon }: EntryContext, gist: Sentence, candidates: readonly Candidate[] = []) {
    this.text = gist.text;
    this.#tell(termsOf(gist.text, lexicon.stopWords));
    this.candidates.push(...candidates);
  }

  add(candidate: Candidate): void {
    this.candidates.push(candidate);
    this.#tell(candidate.terms);
  }

  #tell(terms: ReadonlySet<string>): void {
    this.terms.push(terms);
    for (const term of terms) this.allTerms.add(term);
  }

  likeness({ terms }: Candidate): number {
    return Math.max(0, ...this.terms.map((other) => likenessOf(terms, other)));
  }
}

/**
 * Less likely to be kept than this, or than this share of the likeliest, a sentence is left out, though that leaves fewer
 * than three. The share is for articles of which little is known: in a language without word lists all are unlikely.
 */
const LEAST = 0.3;
const LEAST_SHARE = 0.4;
/** An article of so few sentences is told whole. */
const FEW_SENTENCES = 8;
/** Past three, a point must be likelier to be kept than to be struck. */
const LIKELY = 0.5;
const FEW = 3;

function keyPointsOf(context: EntryContext, told: Told): readonly Sentence[] {
  const { document } = context;
  const count = Math.min(context.keyPoints, mostPoints(document.candidates.length));
  const least = leastChance(context);
  const open = standing(document.candidates).filter(
    (candidate) => mostWorth(candidate, context) >= least,
  );
  const interest = interestOf(context);
  const chosen: Candidate[] = [];
  while (chosen.length < count) {
    const next = bestBy(open, (candidate) => {
      if (told.candidates.includes(candidate)) return undefined;
      const worth = pointWorth(candidate, context, told, interest);
      return worth !== undefined && worth >= (chosen.length < FEW ? least : LIKELY)
        ? worth
        : undefined;
    });
    if (!next) break;
    chosen.push(next);
    told.add(next);
  }
  chosen.sort((a, b) => a.index - b.index);
  const followed = chosen.filter((candidate, at) =>
    isFollowing(candidate, chosen[at - 1] ?? told.candidates[0]),
  );
  return followed.map((candidate) => {
    const sentence = shown(candidate, context, { known: told.text });
    told.text += ` ${sentence.text.replaceAll(/[[\]]/g, "")}`;
    return sentence;
  });
}

function leastChance({ document, judgements, lexicon }: EntryContext): number {
  if (document.candidates.length <= FEW_SENTENCES) return -Infinity;
  if (lexicon.stopWords.size > 0) return LEAST;
  const best = standing(document.candidates).reduce(
    (most, candidate) => Math.max(most, judgementOf(candidate, judgements).keep),
    0,
  );
  return Math.min(LEAST, best * LEAST_SHARE);
}

/** More than this no sentence can be worth, whatever is told: what can't reach the least is not looked at again. */
function mostWorth(candidate: Candidate, { judgements }: EntryContext): number {
  const { keep, content } = judgementOf(candidate, judgements);
  return Math.max(keep, content * FOLLOWING) + INTEREST * MOST_INTEREST;
}

/** Whether a sentence can be read where it will stand: by itself, or right after the one that it leans on. */
function isFollowing({ refusal, index }: Candidate, previous: Candidate | undefined): boolean {
  return refusal !== "leaning" || previous?.index === index - 1;
}

/** What a point loses for being wholly like what is told, in proportion past a small likeness. */
const VARIETY = 0.3;
const ALIKE = 0.3;
/** So many words are read with ease; what each beyond costs. */
const EASY_POINT = 18;
const EFFORT = 0.008;
/** What a point far down the article loses: news comes first. */
const LATE = 0.1;
const LATE_AFTER = 20;

/** How likely an editor keeps a sentence beside what is told, less what it costs; undefined where that says it already. */
function pointWorth(
  candidate: Candidate,
  { judgements }: EntryContext,
  told: Told,
  interest: (candidate: Candidate, told: Told) => number,
): number | undefined {
  const likeness = told.likeness(candidate);
  if (likeness > SAME) return undefined;
  const { keep, content } = judgementOf(candidate, judgements);
  const follows = told.candidates.some(({ index }) => index === candidate.index - 1);
  if (candidate.refusal === "leaning" && !follows) return undefined;
  const isClear = isIntroduced(candidate, told.candidates, told.terms);
  const chance = follows ? Math.max(keep, content * FOLLOWING) : isClear ? keep : keep * UNCLEAR;
  return (
    chance +
    interest(candidate, told) -
    VARIETY * Math.max(0, likeness - ALIKE) -
    EFFORT * Math.max(0, candidate.words - EASY_POINT) -
    LATE * Math.min(1, candidate.index / LATE_AFTER)
  );
}

/** What the words of human summaries count beside an editor's judgement. */
const INTEREST = 0.07;
const MOST_INTEREST = 2;

/** How much of what a human summary would say a sentence adds, in deviations from the article's mean, bounded. */
function interestOf({ document, ranking }: EntryContext) {
  const worths = document.candidates.map((candidate) => worthAdded(candidate, ranking));
  const mean = worths.reduce((sum, worth) => sum + worth, 0) / Math.max(1, worths.length);
  const square = worths.reduce((sum, worth) => sum + (worth - mean) ** 2, 0);
  const deviation = Math.sqrt(square / Math.max(1, worths.length)) || 1;
  return (candidate: Candidate, told: Told) => {
    const added = worthAdded(candidate, ranking, { terms: told.allTerms, pairs: NO_PAIRS });
    return INTEREST * Math.max(-1, Math.min(MOST_INTEREST, (added - mean) / deviation));
  };
}

const NO_PAIRS: ReadonlySet<string> = new Set();

/** Of a sentence that follows what it leans on. */
const FOLLOWING = 0.8;
/** Of one that speaks of what readers were not told. */
const UNCLEAR = 0.6;

/** One sentence is all gist; two or three leave the rest as key points; from there three to five. */
function mostPoints(sentences: number): number {
  if (sentences <= 3) return sentences - 1;
  return Math.min(5, Math.max(3, Math.round(sentences / 5)));
}
