import { sharedCount } from "../language/terms.ts";
import type { Article } from "../../article/article.ts";
import type { Candidate, Document } from "../document.ts";
import { primarySubtag } from "../language/lexicon.ts";
import { quotationsOf, withoutQuotations } from "../language/quotations.ts";
import type { Sentence, TimelineEntry } from "../summary.ts";
import { datesIn, type StatedDate, UNKNOWN_YEAR } from "./dates.ts";
import { ORGANISATION_WORDS, THING_WORDS } from "../language/names.ts";

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
  const told = withoutQuotations(text);
  // Without the writer's name beside it, "I" is nobody; and what follows a colon is left out.
  return !/:\W*$/.test(told) && FIRST_PERSON.get(primarySubtag(language))?.test(told) !== true;
}

function worthOf(
  candidate: Candidate,
  date: StatedDate,
  { titleTerms, candidates }: Document,
): number {
  const shared = sharedCount(candidate.terms, titleTerms);
  const excess = Math.max(0, candidate.text.length - GLANCE) / GLANCE;
  const lateness = candidate.index / candidates.length;
  const opens = date.start < 20 ? 0.5 : 0;
  return date.precision + 0.5 * Math.min(3, shared) + opens - excess - lateness;
}

/** An event line is best read in one glance. */
const GLANCE = 120;

/** A last relative clause after a comma adds to a sentence and does not change what it says. */
const RELATIVE_CLAUSE = /,\s(?:which|who|where)\s[^,;:"“”„«»()]{10,}(?=[.!]$)/;

/**
 * A sentence as a timeline shows it. Where it opens with a pronoun, what that stands for is in square
 * brackets in its place; where it is long, a last ", which …" is left out. The ranges of both are in
 * `cut`, so the source with its cuts is the text without its brackets. Undefined where a sentence leans
 * on another and it is not sure how.
 * @param people full and short names known to be people's
 */
function eventSentence(
  candidate: Candidate,
  previous: Candidate | undefined,
  date: StatedDate,
  people: ReadonlySet<string>,
): Sentence | undefined {
  const { text, start, end, refusal } = candidate;
  const referent = refusal === "leaning" ? referentOf(candidate, previous, people) : undefined;
  if (refusal === "leaning" && !referent) return undefined;
  const clause = relativeClauseOf(text, date);
  const from = referent ? referent.end : 0;
  const opening = referent ? `${text.slice(0, referent.start)}[${referent.name}]` : "";
  const shown = opening + text.slice(from, clause.start) + text.slice(clause.end);
  const cut = [referent, clause]
    .filter((range) => range !== undefined && range.start < range.end)
    .map((range) => ({ start: start + (range?.start ?? 0), end: start + (range?.end ?? 0) }));
  return { text: shown, start, end, ...(cut.length > 0 && { cut }) };
}

function relativeClauseOf(
  text: string,
  date: StatedDate,
): { readonly start: number; readonly end: number } {
  const found = text.length > GLANCE ? RELATIVE_CLAUSE.exec(text) : null;
  if (!found || found.index < date.end) return { start: text.length, end: text.length };
  return { start: found.index, end: found.index + found[0].length };
}

/** What a pronoun stands for, and its place in the sentence that leans on it. */
interface Referent {
  readonly name: string;
  /** Offsets of the pronoun in the sentence. */
  readonly start: number;
  readonly end: number;
}

const OPENING =
  /^(?:(?:On|In|At|By|During|After|Before|From|Since|Until|Earlier|Later)\s[^,]{2,40},\s)?(?<pronoun>[Hh]e|[Ss]he|[Ii]t)\s(?=\p{Ll})/u;
const NAME = String.raw`\p{Lu}[\p{L}\p{M}.’'-]*(?:\s(?:(?:de|da|van|von|der|al|bin|of|the)\s){0,2}\p{Lu}[\p{L}\p{M}.’'-]*){0,4}`;
const APPOSITION = String.raw`(?:,\s[^,]{2,80},)?`;
const VERB = String.raw`(?:is|are|was|has|had|says|said|will|would|may|can|took|went|came|made|met|told|began|left|won|lost|found|put|sent|gave|held|wrote|led|got|saw|ran|became|\p{Ll}{2,}(?:ed|es))`;
const SUBJECT = new RegExp(
  String.raw`^(?:(?:On|In|At|From)\s[^,]{2,40},\s)?(?<the>[Tt]he\s)?(?<name>${NAME})${APPOSITION}\s(?:(?:also|clearly|reportedly|first|then|later)\s)?${VERB}(?!\p{L})`,
  "u",
);

/**
 * What the pronoun that an English sentence opens with stands for: the subject of the sentence before
 * in the same paragraph, where that is a name of the right kind. "On March 28, it exercised its veto"
 * after "Russia is ahead of China" gives Russia. Undefined where there is any doubt.
 * @param people full and short names known to be people's
 */
function referentOf(
  sentence: Candidate,
  previous: Candidate | undefined,
  people: ReadonlySet<string>,
): Referent | undefined {
  const opening = OPENING.exec(sentence.text.slice(0, 120));
  const pronoun = opening?.groups?.["pronoun"];
  if (!pronoun || !opening || previous?.paragraph !== sentence.paragraph) return undefined;
  // After a bracket of the source's own, ours could not be told from it.
  if (/[[\]"“”„«»]/.test(sentence.text) || /["“”„«»]/.test(previous.text)) return undefined;
  const subject = SUBJECT.exec(previous.text.slice(0, 300))?.groups;
  const name = subject?.["name"];
  if (
    !name ||
    /^(?:He|She|It|They|The|This|That|There|These|Those|We|I|You|But|And|As|What|When)$/.test(
      name.split(" ")[0] ?? "",
    )
  )
    return undefined;
  const isPerson = people.has(name);
  if ((pronoun.toLowerCase() === "it") === isPerson) return undefined;
  if (isPerson && !isOnlyPerson(name, previous.text, pronoun.toLowerCase(), people))
    return undefined;
  const end = opening[0].trimEnd().length;
  return { name: `${subject["the"] ? "the " : ""}${name}`, start: end - pronoun.length, end };
}

/** Whether "he" or "she" can be nobody else whom the sentence before names. */
function isOnlyPerson(
  name: string,
  previous: string,
  pronoun: string,
  people: ReadonlySet<string>,
): boolean {
  const own = new Set(name.split(" "));
  const others = previous.match(/\p{Lu}[\p{L}\p{M}-]*/gu) ?? [];
  if (others.some((word) => people.has(word) && !own.has(word))) return false;
  // A name of two words that nothing shows to be a body's may be another person's.
  const runs = previous.match(/\p{Lu}\p{L}+(?:\s\p{Lu}[\p{L}.]+)+/gu) ?? [];
  if (runs.some((run) => run.split(" ").every((word) => !own.has(word) && !isNoPerson(word))))
    return false;
  return !(pronoun === "he" ? /\b(?:she|her|hers)\b/i : /\b(?:he|him|his)\b/i).test(previous);
}

function isNoPerson(word: string): boolean {
  return ORGANISATION_WORDS.has(word.toLowerCase()) || THING_WORDS.has(word.toLowerCase());
}
