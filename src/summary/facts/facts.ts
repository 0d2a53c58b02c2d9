import type { Article } from "../../article/article.ts";
import { isOfStory, readable } from "../candidate.ts";
import type { Document } from "../document.ts";
import { lexiconOf, primarySubtag, words as wordsOf } from "../language/lexicon.ts";
import written from "../language/names.json" with { type: "json" };
import {
  GIVEN_NAMES,
  isKnownPlace,
  runsIn,
  type Run,
  ORGANISATION_WORDS,
} from "../language/names.ts";
import { peopleToShow } from "../people/people.ts";
import type { Summary } from "../summary.ts";
import { ANY, figuresOf, type FactsContext } from "./figures.ts";
import { timelineOf } from "./timeline.ts";

export type Facts = Pick<Summary, "people" | "places" | "organisations" | "timeline" | "figures">;

/**
 * Who, where, when and how much: what an article states, in its own words. Any list may be empty; all
 * are in a language that we have no words for.
 */
export function factsOf(article: Article, document: Document, context: FactsContext = ANY): Facts {
  const { lowered, people } = document;
  const read = { ...document, candidates: document.candidates.map(readable) };
  const named = namedIn(read, article.language, lowered);
  return {
    people: peopleToShow(people.known, article.title, context.shown),
    places: placesOf(named, people.names),
    organisations: organisationsOf(named),
    timeline: timelineOf(article, read, context.content),
    figures: figuresOf(article, read, context),
  };
}

/** A sentence with its runs of capitalised words. */
interface NamedSentence {
  readonly text: string;
  readonly runs: readonly Run[];
}

/** The sentences of the story in English; none in other languages, in which names of places and bodies can't be told. */
function namedIn(
  { candidates }: Document,
  language: string,
  lowered: ReadonlySet<string>,
): readonly NamedSentence[] {
  if (primarySubtag(language) !== "en") return [];
  const context = { lexicon: lexiconOf(language), lowered };
  return candidates
    .filter(isOfStory)
    .map(({ text }): NamedSentence => ({ text, runs: runsIn(text, context) }));
}

const PLACES = 6;
/** How often "in Thornsea" has to be said before an unknown name is taken for a place. */
const ENOUGH = 2;

/** Last words, and first words, of the names of places. */
const LANDMARKS = wordsOf(written.landmarks);
const NO_PLACES = wordsOf(written.noPlaces);

/**
 * The places of an English article, the most named first: countries, states and large cities, names
 * such as "River Wether", and what something is "in" more than once.
 * @param people names known to be people's
 */
function placesOf(
  sentences: readonly NamedSentence[],
  people: ReadonlySet<string>,
): readonly string[] {
  const named = new Map<string, number>();
  const located = new Map<string, number>();
  const ofPeople = new Set<string>();
  for (const { text, runs } of sentences) {
    for (const { words, start, end } of runs) {
      const name = words.join(" ");
      for (const part of partsOfPerson(words)) ofPeople.add(part);
      if (people.has(name) || words.length > 4 || /^ Times\b/.test(text.slice(end))) continue;
      if (isKnownPlace(name) || isLandmark(words)) named.set(name, (named.get(name) ?? 0) + 1);
      else if (couldBePlace(words, text.slice(0, start), text.slice(end)))
        located.set(name, (located.get(name) ?? 0) + 1);
    }
  }
  for (const [name, count] of located) if (count >= ENOUGH) named.set(name, count);
  // "Mario Valencia" is not in Spain, nor "Florence Pell" in Italy.
  for (const name of ofPeople) named.delete(name);
  return mostNamed(named, PLACES);
}

function partsOfPerson(words: readonly string[]): readonly string[] {
  const [first = "", second] = words;
  if (second === undefined || !GIVEN_NAMES.has(first) || isLandmark(words)) return [];
  const isOrganisation = words.some((word) => ORGANISATION_WORDS.has(word.toLowerCase()));
  return isOrganisation ? [] : [first, words.at(-1) ?? first];
}

function isLandmark(words: readonly string[]): boolean {
  if (words.length < 2 || words.length > 3) return false;
  const last = (words.at(-1) ?? "").toLowerCase();
  return LANDMARKS.has(last) || /^(?:River|Lake|Mount|Cape|Loch)$/.test(words[0] ?? "");
}

function couldBePlace(words: readonly string[], before: string, after: string): boolean {
  if (words.length > 2 || !/(?:^|\s)(?:[Ii]n|[Nn]ear|town of|city of|village of)\s$/.test(before))
    return false;
  // "in Pell's kitchen", "in Lune Buses stock" and "in October" are no places.
  if (/^['’]|^\s(?:\p{Lu}|vs?\.\s)/u.test(after)) return false;
  return words.every(
    (word) =>
      /^\p{Lu}\p{Ll}{2,}/u.test(word) &&
      !ORGANISATION_WORDS.has(word.toLowerCase()) &&
      !NO_PLACES.has(word),
  );
}

const ORGANISATIONS = 6;

/** Last words of the names of organisations. */
const ORGANISATION_ENDS = wordsOf(written.organisationEnds);
/** First words that are followed by "of". */
const ORGANISATION_BEGINS = wordsOf(written.organisationBegins);
const GOES_ON = /^ (?:(?:of|for|on) |(?:and|&) \p{Lu})/u;
const NO_ORGANISATIONS = /^Oval Office$|\b(?:Christmas|Birthday|Garden) Party$/;
const ACRONYMS = wordsOf(written.acronyms);

/**
 * The organisations of an English article, the most named first: names that end in a word such as
 * "Council" or begin with one such as "Ministry of".
 */
function organisationsOf(sentences: readonly NamedSentence[]): readonly string[] {
  const named = new Map<string, number>();
  for (const { text, runs } of sentences) {
    for (const [at, run] of runs.entries()) {
      const name = nameOf(run, runs[at + 1], text);
      if (name !== undefined) named.set(name, (named.get(name) ?? 0) + 1);
    }
  }
  return mostNamed(named, ORGANISATIONS);
}

function nameOf(run: Run, next: Run | undefined, text: string): string | undefined {
  const { words, start, end } = run;
  const last = (words.at(-1) ?? "").toLowerCase().replace(/\.$/, "");
  const between = next ? text.slice(end, next.start) : "";
  // "the National" and "Forces" are what is left of longer names.
  if (words.length === 1 && ACRONYMS.has(last.toUpperCase()) && last.toUpperCase() === words[0])
    return words[0];
  const name = words.join(" ");
  if (isKnownPlace(name) || NO_ORGANISATIONS.test(name)) return undefined;
  // "Drug Administration" was preceded by "Food and".
  if (/\p{Lu}\p{L}+ (?:and|&) $/u.test(text.slice(0, start))) return undefined;
  if (next && ORGANISATION_BEGINS.has(last) && /^ (?:of|for)(?: the)? $/.test(between)) {
    return next.words.length <= 4 && !GOES_ON.test(text.slice(next.end))
      ? text.slice(start, next.end)
      : undefined;
  }
  if (words.length < 2 || words.length > 6 || !ORGANISATION_ENDS.has(last)) return undefined;
  // "Committee of …" and "Trust and County" go on.
  return GOES_ON.test(text.slice(end)) ? undefined : name;
}

/** The names counted most, at most so many; those counted alike in the order they were counted. */
function mostNamed(named: ReadonlyMap<string, number>, most: number): readonly string[] {
  return [...named]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, most)
    .map(([name]) => name);
}
