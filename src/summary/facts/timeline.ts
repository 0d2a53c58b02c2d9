import type { Article } from "../../article/article.ts";
import type { Candidate, Document } from "../document.ts";
import { primarySubtag } from "../language/lexicon.ts";
import { quotationsOf } from "../language/quotations.ts";
import type { Sentence, TimelineEntry } from "../summary.ts";
import { datesIn, type StatedDate, UNKNOWN_YEAR } from "./dates/dates.ts";
import { eventSentence, GLANCE } from "./event-sentence.ts";

const ENTRIES = 6;
/** See `StatedDate.precision`. */
const DAY = 4;
const MONTH = 3;

/**
 * What happened when, in date order: at most six sentences of the article that state a date, one a
 * date, the most telling of them. See `eventSentence` for what may be left out of a sentence or put in
 * brackets.
 * @param people full and short names known to be people's
 */
export function timelineOf(
  article: Article,
  document: Document,
  people: ReadonlySet<string>,
): readonly TimelineEntry[] {
  const events = eventsOf(article, document, people);
  const days = new Set(events.filter(({ date }) => date.precision === DAY).map(monthOf));
  const shown = new Map<string, Event>();
  for (const event of events.toSorted((a, b) => b.worth - a.worth)) {
    // "November 2018" beside "9 November 2018" is the same news, told twice.
    if (event.date.precision === MONTH && days.has(monthOf(event))) continue;
    const key = event.date.when.toLowerCase();
    if (!shown.has(key)) shown.set(key, event);
    if (shown.size === ENTRIES) break;
  }
  return inOrder([...shown.values()]).map(entryOf);
}

/** One that nothing says the year of happened about when what was told before it did. */
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
  readonly date: StatedDate;
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
  people: ReadonlySet<string>,
): readonly Event[] {
  const quoted = quotationsOf(text);
  let from = 0;
  return document.candidates.flatMap((candidate, position) => {
    if (!mayBeShown(candidate, language)) return [];
    while ((quoted[from]?.end ?? Infinity) <= candidate.start) from++;
    const near = quoted.slice(from, from + 5);
    const date = datesIn(candidate.text, language, publishedAt).find(
      ({ start }) =>
        !near.some(
          (quotation) =>
            quotation.start <= candidate.start + start && candidate.start + start < quotation.end,
        ),
    );
    const previous = document.candidates[position - 1];
    const sentence = date && eventSentence(candidate, previous, date, people);
    return date && sentence
      ? [{ date, sentence, index: candidate.index, worth: worthOf(candidate, date, document) }]
      : [];
  });
}

const FIRST_PERSON = new Map([
  ["en", /(?<!\p{L})(?:I|[Ww]e|[Mm]y|[Oo]ur|[Uu]s)(?!\p{L})/u],
  ["de", /(?<!\p{L})(?:[Ii]ch|[Ww]ir|mein|unser)(?!\p{L})/u],
  ["fr", /(?<!\p{L})(?:[Jj]e|[Jj]['’]|[Nn]ous|[Mm]on|[Nn]otre)(?!\p{L})/u],
]);

/** A leaning sentence may yet be told what it leans on. */
function mayBeShown({ refusal, text }: Candidate, language: string): boolean {
  if (refusal !== undefined && refusal !== "leaning") return false;
  const told = outsideQuotations(text);
  // Without the writer's name beside it, "I" is nobody; and what follows a colon is left out.
  return !/:\W*$/.test(told) && FIRST_PERSON.get(primarySubtag(language))?.test(told) !== true;
}

function outsideQuotations(text: string): string {
  return text.replace(/["“„«][^"“”„«»]*["“”»]/g, " ");
}

function worthOf(
  candidate: Candidate,
  date: StatedDate,
  { titleTerms, candidates }: Document,
): number {
  const shared = [...candidate.terms].filter((term) => titleTerms.has(term)).length;
  const excess = Math.max(0, candidate.text.length - GLANCE) / GLANCE;
  const lateness = candidate.index / candidates.length;
  const opens = date.start < 20 ? 0.5 : 0;
  return date.precision + 0.5 * Math.min(3, shared) + opens - excess - lateness;
}
