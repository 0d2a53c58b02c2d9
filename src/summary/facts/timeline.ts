import { clauseStart } from "../language/segments.ts";
import {
  lacksVerb,
  type Lexicon,
  lexiconOf,
  likenessOf,
  sharedCount,
  termsOf,
} from "../language/lexicon.ts";
import { coverOf } from "../sentence-features.ts";
import { likelihood, type Trees } from "../../platform/boosted-trees.ts";
import type { Article } from "../../article/article.ts";
import type { Candidate } from "../candidate.ts";
import type { Document } from "../document.ts";
import { factTrees, sharedFeatures, type FactsContext } from "../fact-judgement.ts";
import { isNarrated, quotationsOf } from "../language/quotations.ts";
import { type Sentence, type TimelineEntry, editedSentence } from "../summary.ts";
import { type EventDate, eventDatesIn, UNKNOWN_YEAR } from "./event-dates.ts";

const ENTRIES = 6;
/** See `EventDate.precision`. */
const DAY = 4;
const MONTH = 3;

/** An event is shown from this probability on. A wrong or useless event costs more than a missing one. */
const LEAST_CHANCE = 0.65;

/**
 * Returns at most six sentences of the article with their dates, in date order: one for each date, the likeliest ones.
 * `editedSentence` may add words in brackets. Empty if the order of fewer than two events is known.
 */
export function timelineOf(
  article: Article,
  document: Document,
  context: FactsContext,
  weights: Trees = factTrees().timeline,
): readonly TimelineEntry[] {
  const events = datedLinesOf(article, document, context)
    .map((line) => Object.assign(line, { chance: likelihood(weights, line.row) }))
    .filter(({ chance }) => chance >= LEAST_CHANCE);
  const days = new Set(events.filter(({ date }) => date.precision === DAY).map(monthOf));
  const shown = new Map<string, DatedLine>();
  for (const event of events.toSorted((a, b) => b.chance - a.chance)) {
    // "November 2018" repeats "9 November 2018".
    if (event.date.precision === MONTH && days.has(monthOf(event))) continue;
    const key = event.date.when.toLowerCase();
    if (!shown.has(key)) shown.set(key, event);
    if (shown.size === ENTRIES) break;
  }
  if (!hasOrder([...shown.values()])) return [];
  return inOrder([...shown.values()]).map(({ date: { when, iso }, candidate }) => {
    const sentence = eventSentence(candidate, article.text);
    return iso === undefined ? { when, sentence } : { when, iso, sentence };
  });
}

/** Whether the order of at least two events is known. One event alone is not a timeline. */
function hasOrder(events: readonly DatedLine[]): boolean {
  const [known, others] = [events.filter(hasYear), events.filter((event) => !hasYear(event))];
  return [known, others].some((some) => new Set(some.map(({ date }) => date.order)).size > 1);
}

/** An event without a known year is placed at the time of the event before it in the article. */
function inOrder(events: readonly DatedLine[]): readonly DatedLine[] {
  let before: string | undefined;
  const placed = events
    .toSorted((a, b) => a.index - b.index)
    .map((event) => {
      if (hasYear(event)) before = event.date.order;
      return { event, order: before ?? event.date.order };
    });
  return placed.toSorted((a, b) => compared(a.order, b.order)).map(({ event }) => event);
}

function hasYear({ date }: Pick<DatedLine, "date">): boolean {
  return !date.order.startsWith(`${UNKNOWN_YEAR}-`);
}

function compared(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** A sentence with the date of its event, and the features of both. */
export interface DatedLine {
  readonly date: EventDate;
  readonly candidate: Candidate;
  readonly index: number;
  readonly row: readonly number[];
}

function monthOf({ date }: DatedLine): string {
  return date.order.slice(0, "9999-12".length);
}

/** No sentence above this length is an event that can be read at a glance. */
const MOST_WORDS = 40;

/** Returns the sentences that state a date outside quotations and can be read alone. Claims that the article denies are left out. */
export function datedLinesOf(
  { text, language, publishedAt }: Article,
  document: Document,
  context: FactsContext,
): readonly DatedLine[] {
  const lexicon = lexiconOf(language);
  const quoted = quotationsOf(text);
  let from = 0;
  const found = document.candidates.flatMap((candidate): Dated[] => {
    const { refusal, words, deniedBy, start } = candidate;
    if (words > MOST_WORDS || deniedBy !== undefined) return [];
    if (refusal !== undefined && refusal !== "fragment") return [];
    while ((quoted[from]?.end ?? Infinity) <= start) from++;
    const near = quoted.slice(from, from + 5);
    const dates = eventDatesIn(candidate.text, language, publishedAt).filter(
      (date) => !near.some((it) => it.start <= start + date.start && start + date.start < it.end),
    );
    const date =
      dates.find((one) => isOfMainClause(candidate.text, one.start, lexicon)) ?? dates[0];
    return date && !isStamp(candidate.text, date) ? [{ date, candidate, dates }] : [];
  });
  const known = { ...context, lexicon, gistTerms: termsOf(context.gist, lexicon.stopWords) };
  return found.map((dated) => {
    const { date, candidate } = dated;
    const row = [found.length, ...featuresOf(dated, document, known)];
    return { date, candidate, index: candidate.index, row };
  });
}

/** An event needs at least this number of words beside its date. */
const FEWEST_WORDS = 4;

/** Whether a line is only a date with a time or a name: "12:54 EST, 22 August 2013.", "Ada Pell (@adapell) May 12, 2013". */
function isStamp(text: string, { start, end }: EventDate): boolean {
  const rest = `${text.slice(0, start)} ${text.slice(end)}`.replace(/\([^()]*\)/g, " ");
  return (rest.match(/\p{L}+/gu) ?? []).length < FEWEST_WORDS;
}

interface Dated {
  readonly candidate: Candidate;
  readonly date: EventDate;
  readonly dates: readonly EventDate[];
}

type Known = FactsContext & {
  readonly lexicon: Lexicon;
  readonly gistTerms: ReadonlySet<string>;
};

function featuresOf(
  { candidate, date, dates }: Dated,
  { titleTerms }: Document,
  context: Known,
): readonly number[] {
  const { lexicon } = context;
  const { text, terms, words, refusal, additions } = candidate;
  const clause = text.slice(clauseStart(text, date.start), date.start);
  const opening = (/^[^\p{L}]*(\p{L}+)/u.exec(text)?.[1] ?? "").toLowerCase();
  const lower = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  const after = text.slice(date.end);
  return [
    ...sharedFeatures(candidate.index, context),
    date.precision,
    Number(!hasYear({ date })),
    Number(date.iso !== undefined),
    Number(date.order.slice(0, 4)),
    date.start,
    date.start / text.length,
    dates.length,
    Number(isOfMainClause(text, date.start, lexicon)),
    clause.match(/\p{L}+/gu)?.length ?? 0,
    text.slice(0, date.start).match(/[,;:–—(-]/gu)?.length ?? 0,
    Number(/^[.!]?$/.test(after.trim())),
    Number(after.startsWith(",")),
    after.length,
    words,
    text.length,
    sharedCount(terms, titleTerms),
    sharedCount(terms, context.gistTerms),
    likenessOf(terms, context.gistTerms),
    coverOf(terms, context.termWeights),
    candidate.recalls.length,
    Number(candidate.pointsBack),
    Number(refusal === "fragment"),
    Number(lacksVerb(text, lexicon)),
    additions.length,
    Number(isNarrated(text, lexicon)),
    Number(/["“„«]/u.test(text)),
    Number(/[@:#]/u.test(text)),
    Number(text.startsWith("(")),
    Number(lexicon.subordinators.has(opening)),
    Number(lexicon.prepositions.has(opening)),
    lower.filter((word) => lexicon.saying.has(word)).length,
    lower.filter((word) => lexicon.subordinators.has(word)).length,
    lower.filter((word) => lexicon.relatives.has(word)).length,
    lower.filter((word) => word.endsWith("ed")).length,
    text.match(/\p{N}+/gu)?.length ?? 0,
    text.match(/(?<=[\p{L}\p{N},] )\p{Lu}\p{L}+/gu)?.length ?? 0,
    Number(context.shown.includes(text)),
  ];
}

/** Whether the date belongs to the main clause. In "The ferry, which opened in 1904, closed" it does not. */
function isOfMainClause(
  sentence: string,
  at: number,
  { subordinators, relatives }: Lexicon,
): boolean {
  const clause = sentence.slice(clauseStart(sentence, at), at).toLowerCase();
  const words = clause.match(/\p{L}+/gu) ?? [];
  // "after May 12" has no verb before the date.
  return !words.some(
    (word, place) =>
      (subordinators.has(word) || relatives.has(word)) && words.length - place > WORDS_OF_CLAUSE,
  );
}

/** The opening word of a clause, its subject and its verb. */
const WORDS_OF_CLAUSE = 3;

/** Returns the sentence as a timeline shows it, with the name that its opening pronoun refers to. */
function eventSentence(candidate: Candidate, article: string): Sentence {
  const additions = candidate.additions.filter(({ kind }) => kind === "pronoun");
  return editedSentence(article, candidate, additions);
}
