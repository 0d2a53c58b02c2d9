import type { Article } from "../article/article.ts";
import type { Document } from "./document.ts";
import { readable } from "./candidate.ts";
import { figuresOf } from "./facts/figures.ts";
import type { FactsContext } from "./fact-judgement.ts";
import { notableGenres } from "./genre.ts";
import { timelineOf } from "./facts/timeline.ts";
import { peopleToShow } from "./shown-people.ts";
import { weighed } from "./judgement.ts";
import { lexiconOf, termsOf } from "./language/lexicon.ts";
import { takenBackBy } from "./denials.ts";
import { readingMinutes } from "./language/segments.ts";
import { overlaps, pullQuoteOf } from "./pull-quote.ts";
import type { Summary, Sentence } from "./summary.ts";
import type { Trees } from "../platform/boosted-trees.ts";
import { sendableOf } from "./entry-judgement.ts";
import { gistOf, type GistChoice } from "./gist.ts";
import { keyPointsOf } from "./key-points.ts";
import { entryContext, type EntryContext } from "./passages.ts";
import { itemPoints, itemsOf } from "./plans.ts";

interface SummarizeOptions {
  /** The maximum number of key points, 5 by default. A short article has fewer. */
  readonly keyPoints?: number;
}

/**
 * Summarises an article in its own sentences: a gist and up to five key points. The summary never shows a sentence that
 * depends on an omitted one, cuts a quotation or does not belong to the story. It shows a denied or corrected claim only
 * together with its denial or correction. If the author wrote a description, it becomes the gist.
 *
 * The result is deterministic and needs no network. Letters are not summarised, because an issue shows them in full. Of a
 * text as long as a book only the beginning is used, so that every summary takes at most a few seconds.
 */
export function summarize(whole: Article, { keyPoints = 5 }: SummarizeOptions = {}): Summary {
  const given = entryContext(whole, keyPoints);
  const { article, document, termWeights, judgements, genre } = given;
  const entry = entryOf(given);
  const shown = [entry.gist, ...entry.keyPoints];
  const context = {
    judgements,
    termWeights,
    genre,
    gist: entry.gist.text,
    shown: shown.map(({ text }) => text).join(" "),
  };
  const quote = pullQuoteOf(article, document, context, shown);
  const facts = factsOf(article, document, context);
  const confidence = Math.round(entry.confidence * 100) / 100;
  // A timeline whose sentences are all in the gist or the key points would only repeat them.
  const isRepeated = facts.timeline.every(({ sentence }) =>
    shown.some((line) => overlaps(line, sentence)),
  );
  return {
    articleId: article.id,
    gist: entry.gist,
    keyPoints: entry.keyPoints,
    ...(quote && { quote }),
    ...facts,
    ...(isRepeated && { timeline: [] }),
    minutes: readingMinutes(whole.text),
    origin: entry.origin,
    genre: notableGenres(genre),
    confidence,
    sendable: Math.round(sendableOf(whole, { ...entry, confidence }) * 100) / 100,
    ...(entry.why !== undefined && { why: entry.why }),
  };
}

type Facts = Pick<Summary, "people" | "timeline" | "figures">;

/**
 * Extracts people, dates and figures from an article, in its own words. Any list may be empty. All lists are empty in a
 * language for which Broadsheet has no word lists.
 */
export function factsOf(article: Article, document: Document, context: FactsContext): Facts {
  const read = { ...document, candidates: document.candidates.map(readable) };
  return {
    people: peopleToShow(article, document, context),
    timeline: timelineOf(article, read, context),
    figures: figuresOf(article, read, context),
  };
}

/** Returns a test for sentences that repeat a claim without its denial or correction in the article. */
export function takenBackIn(article: Article): (sentence: string) => boolean {
  const { stopWords } = lexiconOf(article.language);
  const isTakenBack = takenBackBy(weighed(article).document.candidates, article.language);
  return (text) => isTakenBack({ text, terms: termsOf(text, stopWords) });
}

/** The gist and the key points. They are chosen together, so that no sentence is in both. */
export interface EntryText {
  readonly gist: Sentence;
  /** The probability that the gist is the article's main point, 0 to 1. */
  readonly confidence: number;
  readonly keyPoints: readonly Sentence[];
  readonly origin: "author" | "extract";
  readonly why?: string;
}

/** Composes the entry of an article from its own sentences. */
export function entryOf(
  context: EntryContext,
  gistWeights?: Trees,
  lineWeights?: Trees,
): EntryText {
  const { article } = context;
  const choice = gistOf(context, gistWeights);
  return {
    gist: choice.sentence,
    confidence: choice.confidence,
    keyPoints: listedPoints(context, choice) ?? keyPointsOf(context, choice, lineWeights),
    origin: choice.origin,
    ...whyOf(article, choice),
  };
}

/** From this probability on, an article is summarised as a list, by its items. */
const SURELY_LIST = 0.4;

/** Returns the items of a list as key points. Undefined if it is no list, or if the gist already has the items. */
function listedPoints(
  context: EntryContext,
  { candidates }: GistChoice,
): readonly Sentence[] | undefined {
  if (context.genre.list < SURELY_LIST || candidates.length === 0) return undefined;
  const points = itemPoints(itemsOf(context), context.keyPoints, context);
  return points.length > 0 ? points : undefined;
}

function whyOf(article: Article, choice: GistChoice): { readonly why?: string } {
  const isLeftOut = choice.origin !== "author" && Boolean(article.description?.trim());
  const reasons = [
    ...(isLeftOut
      ? ["the author's description can't be read alone, or is about something else"]
      : []),
    ...(choice.why === undefined ? [] : [choice.why]),
  ];
  return reasons.length > 0 ? { why: reasons.join("; ") } : {};
}
