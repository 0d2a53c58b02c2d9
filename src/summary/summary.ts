import type { Article } from "../article/article.ts";
import { BroadsheetError } from "../errors.ts";
import { countWords } from "./language/segments.ts";

/**
 * A sentence of a summary, with what is needed to show the original. `[start, end)` is its place in `Article.text`, in
 * UTF-16 code units. `cut` lists the ranges inside it that were removed. `added` lists the inserted text and its positions:
 * words in square brackets, or an introduction such as "Ada Quill writes: ". Offsets are absent if the words come from the
 * author's description or from a model.
 */
export interface Sentence {
  readonly text: string;
  readonly start?: number;
  readonly end?: number;
  readonly cut?: readonly { readonly start: number; readonly end: number }[];
  readonly added?: readonly { readonly at: number; readonly text: string }[];
  /** The places of the article's sentences that a sentence of a model was checked against. */
  readonly sources?: readonly { readonly start: number; readonly end: number }[];
}

export interface Quote extends Sentence {
  /** The speaker's name, as the article writes it. */
  readonly speaker: string;
}

export interface Person {
  readonly name: string;
  readonly role?: string;
}

export interface TimelineEntry {
  /** The date or period, as the article writes it. */
  readonly when: string;
  /** ISO 8601; absent if the date cannot be resolved. */
  readonly iso?: string;
  readonly sentence: Sentence;
}

export interface Figure {
  readonly value: string;
  readonly unit?: string;
  /** The noun that the figure counts or measures. */
  readonly what: string;
}

/** The labelled kinds of text (bench/judged/genre.ndjson). Rules detect live blogs, because the corpora contain none. */
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
 * The kind of text of an article. "list" includes how-tos, "post" is written in the first person, "feature" opens with a
 * scene, and "release" is an announcement by the maker of something. "other" is fiction, reference and results.
 */
export type Genre = (typeof GENRES)[number];

/** The probability of each kind for one article. The sum is 1. */
export type GenreChances = Readonly<Record<Genre, number>>;

/** The summary of one article, as readers see it. Any list may be empty: an empty list is better than a wrong one. */
export interface Summary {
  readonly articleId: string;
  /** The main point of the article: one sentence, or two or three consecutive ones. */
  readonly gist: Sentence;
  /**
   * Three to five sentences if the article has enough, in the article's order, without the gist. A sentence that the
   * article denies or corrects is followed by the denial or correction.
   */
  readonly keyPoints: readonly Sentence[];
  readonly quote?: Quote;
  readonly people: readonly Person[];
  readonly timeline: readonly TimelineEntry[];
  readonly figures: readonly Figure[];
  /** Reading time of the whole article in whole minutes, at least 1. */
  readonly minutes: number;
  /** The writer of the gist: "author" of the description, "extract" for the article's sentences, or a model. */
  readonly origin: "author" | "extract" | "model";
  /** The likely kinds of text with their probabilities. */
  readonly genre?: Partial<GenreChances>;
  /** The probability that the gist states the article's main point, 0 to 1. */
  readonly confidence?: number;
  /** The probability that an editor sends the gist and the key points with at most a light edit, 0 to 1. */
  readonly sendable?: number;
  /** Why a configured model did not write this summary, or why some of its sentences or the gist are doubtful. */
  readonly why?: string;
}

/** Below this confidence, editors reject three of four gists. Compact places then show only the headline. */
export const LEAST_CONFIDENCE = 0.35;
/** Below this confidence, the gist is the reason to ask an editor. Above it, the lines below the gist are. */
export const LEAST_SURE = 0.5;

/** Replaces `[start, end)` of an article's text with `text`. Offsets are UTF-16 code units. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Applies edits to a passage of an article. The edits must lie inside the passage and must not overlap. `cut` lists the
 * removed ranges and `added` the inserted text, so that the original can be restored.
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
 * Sorts events by time. Events whose order is unknown ("2018" and "May 2018") keep their given order. An event without a
 * date stays behind the event that it followed.
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

/** The first and last day as ISO texts, which sort by time. The "~" makes a month or year end after each of its days. */
interface Dates {
  readonly first: string;
  readonly last: string;
}

function datesOf({ iso = "" }: Dated): Dates | undefined {
  const [from = "", to = from] = iso.split("/");
  return /^\d{4}(?!\d)/.test(from) ? { first: from, last: `${to}~` } : undefined;
}

/** Two periods have a certain order only if one ends before the other begins. */
function isBefore(one: Dates | undefined, other: Dates | undefined): boolean {
  return one !== undefined && other !== undefined && one.last < other.first;
}

/** Returns the reason why an article is too short to be summarised. */
export function tooThin(article: Article): BroadsheetError | undefined {
  if (article.kind === "letter" || countWords(article.text) >= 3) return undefined;
  return new BroadsheetError("CONTENT_NO_STORY", `${article.source} has no sentence to summarise`, {
    where: { file: article.source },
    fix: "give the whole article, or leave the file out",
  });
}
