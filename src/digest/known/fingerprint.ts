/**
 * What an article is known by when it comes again, under another guid, date or address, or mended. All of it
 * is of what its source says, before a page completes it.
 */
export interface Fingerprint {
  /** The article's own: of a feed its guid's, else of its address or its words. */
  readonly id: string;
  /** The address without what varies between two mentions of it, where it is this article's alone. */
  readonly link?: string;
  readonly title: string;
  /** A hash of the text's letters; empty where it has none. */
  readonly letters: string;
  /** 64 bits that change little when the text does, in hexadecimal; only of a text that is long enough. */
  readonly likeness?: string;
  /** The source of the config that it came from, as `SourceOutcome.source`. */
  readonly source: string;
}
