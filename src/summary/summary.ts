import type { Article } from "../article/article.ts";
import { BroadsheetError } from "../errors.ts";
import { countWords } from "./language/segments.ts";

/**
 * A sentence of a summary. Where it was taken from the source, `[start, end)` are its offsets in
 * `Article.text` (UTF-16 code units); `cut` lists the ranges inside them that were left out. `added` lists what
 * was put in and where: in square brackets or, before a gist in the first person, as "Ada Quill writes: ". So the original can be shown. Offsets are absent where the words are the author's own summary or
 * a model's.
 */
export interface Sentence {
  readonly text: string;
  readonly start?: number;
  readonly end?: number;
  readonly cut?: readonly { readonly start: number; readonly end: number }[];
  readonly added?: readonly { readonly at: number; readonly text: string }[];
  /** Of a model's sentence: those of the article that it was checked against, by their places. */
  readonly sources?: readonly { readonly start: number; readonly end: number }[];
}

export interface Quote extends Sentence {
  /** As the source names the speaker. */
  readonly speaker: string;
}

export interface Person {
  readonly name: string;
  readonly role?: string;
}

export interface TimelineEntry {
  /** The date or period as the source states it. */
  readonly when: string;
  /** ISO 8601, where it can be resolved. */
  readonly iso?: string;
  readonly sentence: Sentence;
}

export interface Figure {
  readonly value: string;
  readonly unit?: string;
  /** What it counts. */
  readonly what: string;
}

/** The kinds of text that were labelled (bench/judged/genre.ndjson), and live blogs, of which the corpora have none. */
export const GENRES = [
  "news",
  "opinion",
  "list",
  "post",
  "feature",
  "interview",
  "release",
  "other",
  "live blog",
] as const;

/**
 * What kind of text an article is. A list may be a how-to, a post speaks in the first person, a feature opens with a scene, a
 * release announces what its author made. Other is fiction, reference and results.
 */
export type Genre = (typeof GENRES)[number];

/** How likely an article is of each kind; the sum is 1. */
export type GenreChances = Readonly<Record<Genre, number>>;

/** What a reader gets of one article. Any list may be empty: empty is better than wrong. */
export interface Summary {
  readonly articleId: string;
  /** What the article is about: a sentence, or two or three that follow each other in it. */
  readonly gist: Sentence;
  /**
   * Three to five where the article has them, in the order of the source, the gist not among them. One that the article
   * takes back is followed by the sentences that do.
   */
  readonly keyPoints: readonly Sentence[];
  readonly quote?: Quote;
  readonly people: readonly Person[];
  readonly timeline: readonly TimelineEntry[];
  readonly figures: readonly Figure[];
  /** Whole minutes to read the article in full, at least 1. */
  readonly minutes: number;
  /** Whose words the gist is: the author's front matter, the source's own sentences, or a model's. */
  readonly origin: "author" | "extract" | "model";
  /** What kind of text the article is: how likely each kind is, those that are likely at all. */
  readonly genre?: Partial<GenreChances>;
  /** How sure it is that the gist says what the article is about, 0 to 1. */
  readonly confidence?: number;
  /** Why the words are not a model's although one is configured, or which of the model's were refused. */
  readonly why?: string;
}

/** Below it, three in four gists don't tell the story as an editor would: the headline alone is shown where there is little room. */
export const LEAST_CONFIDENCE = 0.35;
/** Below it an editor is asked. A missed failure costs twice a needless question: of sixty read blind, .45 to .55 cost least. */
export const LEAST_SURE = 0.5;

/** A change to a passage of the article: `[start, end)` of its text, in UTF-16 code units, becomes `text`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * A passage of an article with some edits, which must lie in it and not overlap. What they take out is in `cut`, what they
 * put in in `added`: so the source without the one and the text without the other are the same.
 */
export function editedSentence(
  article: string,
  { start, end }: { readonly start: number; readonly end: number },
  edits: readonly Edit[],
): Sentence {
  const ordered = edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
  let text = "";
  let at = start;
  for (const edit of ordered) {
    text += article.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  text += article.slice(at, end);
  const cut = ordered.filter((edit) => edit.end > edit.start);
  const added = ordered.filter((edit) => edit.text !== "");
  return {
    text,
    start,
    end,
    ...(cut.length > 0 && { cut: cut.map((edit) => ({ start: edit.start, end: edit.end })) }),
    ...(added.length > 0 && {
      added: added.map((edit) => ({ at: edit.start, text: edit.text })),
    }),
  };
}

interface Dated {
  /** ISO 8601: a day, a month, a year or an interval of them. */
  readonly iso?: string | undefined;
}

/**
 * Events in the order of time. What can't be told apart ("2018" and "May 2018") stays as it was given, and so
 * does what has no date: it follows the event that it was told after.
 */
export function inOrderOfTime<Event extends Dated>(events: readonly Event[]): Event[] {
  const ordered: { readonly dates: Dates | undefined; readonly events: Event[] }[] = [];
  let last: Event[] | undefined;
  for (const event of events) {
    const dates = datesOf(event);
    if (dates === undefined && last) {
      last.push(event);
      continue;
    }
    last = [event];
    const later = ordered.findIndex((other) => isBefore(dates, other.dates));
    ordered.splice(later < 0 ? ordered.length : later, 0, { dates, events: last });
  }
  return ordered.flatMap((group) => group.events);
}

/** ISO dates sort as texts; a month ends with the last text that begins with it. */
interface Dates {
  readonly first: string;
  readonly last: string;
}

function datesOf({ iso = "" }: Dated): Dates | undefined {
  const [from = "", to = from] = iso.split("/");
  return /^\d{4}(?!\d)/.test(from) ? { first: from, last: `${to}~` } : undefined;
}

/** Only where one is over when the other begins is it certain; an order by that can be had in one pass. */
function isBefore(one: Dates | undefined, other: Dates | undefined): boolean {
  return one !== undefined && other !== undefined && one.last < other.first;
}

/** Why an article cannot be in a digest, where it says too little to be told. */
export function tooThin(article: Article): BroadsheetError | undefined {
  if (article.kind === "letter" || countWords(article.text) >= 3) return undefined;
  return new BroadsheetError("CONTENT_NO_STORY", `${article.source} has no sentence to summarise`, {
    where: { file: article.source },
    fix: "give the whole article, or leave the file out",
  });
}
