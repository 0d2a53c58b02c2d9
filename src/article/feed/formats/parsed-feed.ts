import type { Image } from "../../article.ts";

/**
 * Text as a feed gives it. "either" is where a format does not say, or where nobody keeps to what it says:
 * titles in RSS are plain text by the book, and HTML in half of all feeds.
 */
export interface Markup {
  readonly value: string;
  readonly is: "html" | "text" | "either";
}

/** One item of a feed, whatever its format, before anything in it is resolved or cleaned. */
export interface ParsedItem {
  /** What the feed calls the item by: guid, atom:id, rdf:about, id. */
  readonly guid?: string | undefined;
  readonly title?: Markup | undefined;
  readonly link?: string | undefined;
  /** What the format has for the whole story. */
  readonly content?: Markup | undefined;
  /** What the format has for a summary; in RSS also, often, for the whole story. */
  readonly summary?: Markup | undefined;
  readonly date?: string | undefined;
  readonly authors: readonly string[];
  readonly tags: readonly string[];
  /** The item's own picture, the widest of several sizes. */
  readonly image?: Image | undefined;
  readonly language?: string | undefined;
  readonly base?: string | undefined;
  /** Base of the content alone. */
  readonly contentBase?: string | undefined;
}

export interface ParsedFeed {
  readonly title?: Markup | undefined;
  /** The site or page that the feed is of. */
  readonly link?: string | undefined;
  /** The feed's own address, where it says it. */
  readonly self?: string | undefined;
  readonly description?: Markup | undefined;
  readonly language?: string | undefined;
  readonly base?: string | undefined;
  readonly items: readonly ParsedItem[];
}

/** Markup of some text; undefined where there is none. */
export function markup(value: string | undefined, is: Markup["is"]): Markup | undefined {
  return value === undefined || value.trim() === "" ? undefined : { value, is };
}
