import type { Reading } from "./reading.ts";

/** What a source is written in. A feed and an export (Ghost, Substack, Beehiiv) hold several articles. */
export type SourceFormat = "text" | "markdown" | "html" | "feed" | "export";

/** Something to read: decoded text and where it came from (a path or a URL). */
export interface Source {
  readonly format: SourceFormat;
  readonly location: string;
  readonly body: string;
  /** Files that belong to it, by name: the HTML of the posts that a Substack export lists. */
  readonly files?: ReadonlyMap<string, string>;
}

export interface Image {
  /** A path relative to the source file, or an absolute URL. */
  readonly src: string;
  /** What the picture shows, for those who don't see it. Empty means decorative. */
  readonly alt: string;
  readonly caption?: string;
  readonly credit?: string;
  readonly widthPx?: number;
  readonly heightPx?: number;
  /** The same, cut for the place that a lead, one of a pair or a row has for it: made when an issue is built. */
  readonly crops?: { readonly [Place in "lead" | "pair" | "row"]?: ImageFile | undefined };
}

/** A picture in an issue's folder, with its size. */
export interface ImageFile {
  readonly src: string;
  readonly widthPx: number;
  readonly heightPx: number;
}

export interface Caption {
  readonly text: string;
  readonly credit?: string;
}

/** A line of the source that is not part of the story, and why it was left out. */
export interface Dropped {
  readonly text: string;
  readonly reason: string;
}

/** One article of several at which reading broke, by its title, and what was thrown there. */
export interface Broken {
  readonly text: string;
  readonly error: unknown;
}

/**
 * One story, clean. `text` holds the paragraphs joined by a blank line, and every offset in a Summary
 * counts UTF-16 code units in it. Nothing of the source vanishes: what is not story is in `captions`
 * or `dropped`.
 */
export interface Article {
  /** Stable across runs: derived from the URL where there is one, else from title and text. */
  readonly id: string;
  /** Empty where the source has none; a title is never invented here. */
  readonly title: string;
  readonly url?: string;
  /** The name of the paper or site that published it. */
  readonly site?: string;
  readonly authors: readonly string[];
  /** ISO 8601: a date, or a date and time with zone. */
  readonly publishedAt?: string;
  /** BCP 47; a real language, never `und`. */
  readonly language: string;
  readonly tags: readonly string[];
  /** What the editor has stand above the headline: from front matter, never from a page or a feed. */
  readonly kicker?: string;
  /** How much the editor wants it, against 1 of any other: from front matter, never from a page or a feed. */
  readonly priority?: number;
  /** The author's own summary, from front matter or an export; of a page or feed where it is one. */
  readonly description?: string;
  /** A letter is the editor's own words: set whole, never summarised. Its `text` is Markdown. */
  readonly kind: "story" | "letter";
  /** A draft is left out of a build. */
  readonly draft?: true;
  /** Sanitised: only block and inline text markup, http(s) and mailto links. */
  readonly html: string;
  readonly text: string;
  readonly images: readonly Image[];
  readonly captions: readonly Caption[];
  readonly dropped: readonly Dropped[];
  /** How sure the reader is of it; absent where an earlier version read it. */
  readonly reading?: Reading;
  /** Where it was read from. */
  readonly source: string;
}
