import { clauseStart } from "../language/segments.ts";
import { sharedCount, type Lexicon, lexiconOf } from "../language/lexicon.ts";
import type { Article } from "../../article/article.ts";
import type { Candidate } from "../candidate.ts";
import type { Document } from "../document.ts";
import { hasNarrator, quotationsOf, withoutQuotations } from "../language/quotations.ts";
import { type Sentence, type TimelineEntry, editedSentence } from "../summary.ts";
import { type EventDate, eventDatesIn, UNKNOWN_YEAR } from "./event-dates.ts";

const ENTRIES = 6;
/** See `EventDate.precision`. */
const DAY = 4;
const MONTH = 3;

/**
 * Returns at most six sentences of the article with their dates, in date order: one for each date, the most important ones.
 * `eventSentence` may add words in brackets.
 */
export function timelineOf(
  article: Article,
  document: Document,
  content: readonly number[] = [],
): readonly TimelineEntry[] {
  const events = eventsOf(article, document, content);
  const days = new Set(events.filter(({ date }) => date.precision === DAY).map(monthOf));
  const shown = new Map<string, Event>();
  for (const event of events.toSorted((a, b) => b.worth - a.worth)) {
    // "November 2018" repeats "9 November 2018".
    if (event.date.precision === MONTH && days.has(monthOf(event))) continue;
    const key = event.date.when.toLowerCase();
    if (!shown.has(key)) shown.set(key, event);
    if (shown.size === ENTRIES) break;
  }
  if (!hasOrder([...shown.values()])) return [];
  return inOrder([...shown.values()]).map(entryOf);
}

/** Whether the order of at least two events is known. One event alone is not a timeline. */
function hasOrder(events: readonly Event[]): boolean {
  const isKnown = ({ date }: Event) => !date.order.startsWith(`${UNKNOWN_YEAR}-`);
  const [known, others] = [events.filter(isKnown), events.filter((event) => !isKnown(event))];
  return [known, others].some((some) => new Set(some.map(({ date }) => date.order)).size > 1);
}

/** An event without a known year is placed at the time of the event before it in the article. */
function inOrder(events: readonly Event[]): readonly Event[] {
  let before: string | undefined;
  const placed = events.toSorted(asTold).map((event) => {
    const isKnown = !event.date.order.startsWith(`${UNKNOWN_YEAR}-`);
    if (isKnown) before = event.date.order;
    return { event, order: isKnown ? event.date.order : (before ?? event.date.order) };
  });
  return placed.toSorted((a, b) => compared(a.order, b.order)).map(({ event }) => event);
}

function asTold(a: Event, b: Event): number {
  return a.index - b.index;
}

function compared(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

interface Event {
  readonly date: EventDate;
  readonly sentence: Sentence;
  readonly index: number;
  readonly worth: number;
}

function monthOf({ date }: Event): string {
  return date.order.slice(0, "9999-12".length);
}

function entryOf({ date: { when, iso }, sentence }: Event): TimelineEntry {
  return { when, ...(iso !== undefined && { iso }), sentence };
}

function eventsOf(
  { text, language, publishedAt }: Article,
  document: Document,
  content: readonly number[],
): readonly Event[] {
  const lexicon = lexiconOf(language);
  const quoted = quotationsOf(text);
  let from = 0;
  return document.candidates.flatMap((candidate) => {
    if (!mayBeShown(candidate, lexicon)) return [];
    if ((content[candidate.index] ?? 1) < LEAST_CONTENT) return [];
    while ((quoted[from]?.end ?? Infinity) <= candidate.start) from++;
    const near = quoted.slice(from, from + 5);
    const date = eventDatesIn(candidate.text, language, publishedAt).find(
      ({ start }) =>
        isOfMainClause(candidate.text, start, lexicon) &&
        !near.some(
          (quotation) =>
            quotation.start <= candidate.start + start && candidate.start + start < quotation.end,
        ),
    );
    const sentence = date && eventSentence(candidate, text);
    return date && sentence
      ? [
          {
            date,
            sentence,
            index: candidate.index,
            worth: worthOf(candidate, date, document) + 2 * (content[candidate.index] ?? 0),
          },
        ]
      : [];
  });
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

/** A sentence below this probability of being worth a line is not an event of the story. */
const LEAST_CONTENT = 0.3;

/** Whether a sentence may be an event. `eventSentence` rejects the ones that depend on another sentence. */
function mayBeShown({ refusal, text, words }: Candidate, lexicon: Lexicon): boolean {
  if (words > MOST_WORDS) return false;
  if (refusal !== undefined && refusal !== "leaning") return false;
  const unquoted = withoutQuotations(text);
  // Without the writer's name, "I" refers to no known person. A colon at the end introduces text that would be missing.
  return !/:\W*$/.test(unquoted) && !hasNarrator(unquoted, lexicon);
}

function worthOf(
  candidate: Candidate,
  date: EventDate,
  { titleTerms, candidates }: Document,
): number {
  const shared = sharedCount(candidate.terms, titleTerms);
  const lateness = candidate.index / candidates.length;
  const opens = date.start < 20 ? 0.5 : 0;
  return date.precision + 0.5 * Math.min(3, shared) + opens - lateness;
}

/** An event should be readable at a glance. Of judged events up to this length 57 % were right, of longer ones 34 %. */
const MOST_WORDS = 26;

/**
 * Returns the sentence as a timeline shows it, with the name that its opening pronoun refers to. Undefined if the sentence
 * depends on another one.
 */
function eventSentence(candidate: Candidate, article: string): Sentence | undefined {
  if (candidate.refusal === "leaning") return undefined;
  const additions = candidate.additions.filter(({ kind }) => kind === "pronoun");
  return editedSentence(article, candidate, additions);
}
