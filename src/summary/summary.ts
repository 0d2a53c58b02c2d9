/**
 * A sentence of a summary. Where it was taken from the source, `[start, end)` are its offsets in
 * `Article.text` (UTF-16 code units); `cut` lists the ranges inside them that were left out, `added` what was
 * put in and where, in square brackets or, before a gist that is told as "I", as "Ada Quill writes: ", so that the original can be shown. Offsets are absent where the words are the author's own summary or
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
  readonly places: readonly string[];
  readonly organisations: readonly string[];
  readonly timeline: readonly TimelineEntry[];
  readonly figures: readonly Figure[];
  /** Whole minutes to read the article in full, at least 1. */
  readonly minutes: number;
  /** Whose words the gist is: the author's front matter, the source's own sentences, or a model's. */
  readonly origin: "author" | "extract" | "model";
  /** How sure it is that the gist says what the article is about, 0 to 1; see `isGistDoubtful`. */
  readonly confidence?: number;
  /** Why the words are not a model's although one is configured, or which of the model's were refused. */
  readonly why?: string;
}

/** Below it, three in four gists don't tell the story as an editor would: it is for an editor to look at. */
export const LEAST_CONFIDENCE = 0.35;

/** Whether a gist is the program's own, and not surely what the article is about. */
export function isGistDoubtful({
  gist,
  origin,
  confidence = 1,
}: Pick<Summary, "gist" | "origin" | "confidence">): boolean {
  return origin === "extract" && gist.start !== undefined && confidence < LEAST_CONFIDENCE;
}
