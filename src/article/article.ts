import type { LetterBlock } from "./letter-block.ts";

/**
 * What a source is written in. A feed, an export (Ghost, Substack, Beehiiv) and an archive (Notion) hold several
 * articles, and OPML names feeds. A document (Word, PDF, a mail) was made into HTML when it was opened.
 */
export type SourceFormat =
  "text" | "markdown" | "html" | "document" | "feed" | "export" | "archive" | "opml";

/** Something to read: decoded text and where it came from (a path or a URL). */
export interface Source {
  readonly format: SourceFormat;
  readonly location: string;
  readonly body: string;
  /** Files that belong to it, by name: the HTML of the posts that a Substack export lists, the pages in an archive. */
  readonly files?: ReadonlyMap<string, string>;
  readonly document?: DocumentFields;
}

/** What a document says of itself outside of its text. */
interface DocumentFields {
  /** How its body is read: as a text, as a page with more on it than a story, or as a story alone. */
  readonly form?: "text" | "page";
  readonly title?: string | undefined;
  readonly authors?: readonly string[];
  readonly publishedAt?: string | undefined;
  readonly dropped?: readonly Dropped[];
  readonly reading?: Reading;
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
  /** The point that a crop keeps in view, as shares of the width and the height from the top left: 0 to 1. */
  readonly focus?: readonly [x: number, y: number] | undefined;
  /** What was seen of the file when an issue was built. */
  readonly look?: PictureLook | undefined;
  /** The same, cut for the place that a lead, one of a pair or a row has for it: made when an issue is built. */
  readonly crops?: { readonly [Place in "lead" | "pair" | "row"]?: ImageFile | undefined };
}

/** A picture in an issue's folder, with its size. */
export interface ImageFile {
  readonly src: string;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** What a picture looks like, so that its place on the page can be chosen. It is void once `src` is another. */
export interface PictureLook extends ImageFile {
  /** A drawing has few colours and flat areas; a logo is a drawing of one mark. */
  readonly kind: "photograph" | "drawing" | "logo";
  /** The share of it through which the page showed, 0 to 1. */
  readonly clear: number;
  /** The ground that it was laid onto when it was made fit for mail. */
  readonly ground?: "page" | "ink" | undefined;
  /** How light its visible parts are: 0 is black, 1 is white. */
  readonly tone: number;
  /** The number of colours that stand out. */
  readonly colours: number;
  /** 32 hexadecimal digits, nearly the same for another size or quality of one picture. */
  readonly hash: string;
  /** Whether it is an animation, which is never cut. */
  readonly moves?: true | undefined;
}

export interface Caption {
  readonly text: string;
  readonly credit?: string;
}

/** A feed that OPML names. */
export interface ListedFeed {
  readonly title: string;
  readonly url: string;
  /** The names of the groups around it, the outermost first. */
  readonly groups: readonly string[];
}

/** A line of the source that is not part of the story, and why it was left out. */
export interface Dropped {
  readonly text: string;
  readonly reason: string;
}

/** How the reasons begin for which a title, a field or a word longer than any article's is cut. */
export const CUT = {
  title: "a title is cut at",
  field: "a field longer than any article's",
  word: "a word of",
  letter: "a letter is cut at",
} as const;

/** Whether something was left out because it was too long. */
export function isCut({ reason }: Dropped): boolean {
  return Object.values(CUT).some((beginning) => reason.startsWith(beginning));
}

/** Whether the source keeps something from its readers, so that it is shown to the editor and stored in no issue. */
export function isPrivate({ reason }: Dropped): boolean {
  return reason === "a comment";
}

/** One of several articles at which reading broke: its title, and the error. */
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
  /** The title; empty if the source has none, as no title is invented here. */
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
  /** A letter is the editor's own words: shown whole, never summarised. Its `text` is Markdown. */
  readonly kind: "story" | "letter";
  /** The blocks of a letter. */
  readonly blocks?: readonly LetterBlock[];
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
  /** The path or address from which it was read. */
  readonly source: string;
}

/** An article of a source. One of a feed also has the place of its item. */
export interface ReadItem {
  readonly article: Article;
  readonly feed?: { readonly title: string; readonly url?: string };
  /** Whether the source has the whole story; where not, the page at `link` has to be fetched. */
  readonly complete: boolean;
  readonly link?: string;
}

/** What a source holds: the articles in its order, and posts of an export that hold no story. */
export interface ReadSource {
  readonly items: readonly ReadItem[];
  readonly dropped: readonly Dropped[];
  /** Items and posts at which reading broke; the others are read all the same. */
  readonly broken: readonly Broken[];
}

/** What a source holds that is one article. */
export function onlyArticle(article: Article): ReadSource {
  return { items: [{ article, complete: true }], dropped: [], broken: [] };
}

export interface ReadOptions {
  /** The newsletter's language (BCP 47), for texts that neither declare theirs nor are long enough to show it. */
  readonly language?: string | undefined;
  /** Called for each article among several at which reading broke. Without it the first such one ends the reading. */
  readonly onBroken?: ((broken: Broken) => void) | undefined;
}

/** How sure the reader is that it has the story, all of it, and nothing else. */
export interface Reading {
  /** 0 to 1: the expected F1 of the printed text, as overlap with the story. */
  readonly confidence: number;
  /** Whether an editor should look at it. Absent where an earlier version read it. */
  readonly doubtful?: boolean;
  /** Why the text may be only a part of the story. */
  readonly partial?: "paywall" | "stub" | "cut" | "comments";
  /** What speaks against the reading, each a phrase that an editor understands. */
  readonly doubts: readonly string[];
  /** Of a page: the chance that the likeliest value of each field is right, 0 to 1. Below its limit a field is empty. */
  readonly fields?: Readonly<Record<"title" | "authors" | "date" | "picture", number>>;
}

/** The reading of a source that has its story and nothing else. */
export const SURE: Reading = { confidence: 1, doubtful: false, doubts: [] };

/** Earlier versions stored no verdict: their readings are doubtful below this confidence. */
const LEAST_CONFIDENCE = 0.5;

/** Whether an editor has to look before the article goes out; one that an earlier version read is believed. */
export function isDoubtful(reading: Reading | undefined): boolean {
  if (!reading) return false;
  const { confidence, doubtful, partial, doubts } = reading;
  return doubtful ?? (doubts.length > 0 || partial !== undefined || confidence < LEAST_CONFIDENCE);
}

/** Most readings below it are wrong, out of fold. Earlier versions had another scale. */
const BADLY_READ = 0.6;
const BADLY_READ_BEFORE = 0.35;

/** Whether an article was probably misread, so that it is left out if no editor chose it. */
export function isBadlyRead(reading: Reading | undefined): boolean {
  if (!reading) return false;
  const { confidence, doubtful } = reading;
  return confidence < (doubtful === undefined ? BADLY_READ_BEFORE : BADLY_READ);
}

/** What is doubted, in one line. */
export function doubtText({ confidence, partial, doubts }: Reading): string {
  const said = [...(partial ? [PARTIAL[partial]] : []), ...doubts];
  return said.length > 0 ? said.join("; ") : `read with a confidence of ${confidence.toFixed(2)}`;
}

/** Doubts of a page's text alone: its headline may be right all the same. */
export const OF_TEXT = {
  else: "the page says of itself that it is about something else",
  left: "most of the page's text was left out",
  comments: "its comments are longer than the story",
  topic: "it may be about something else than its headline",
  damaged: "some of its characters are damaged",
  beginning: "its beginning may be missing",
  end: "its end may be missing",
  second: "another story may follow it",
  alike: "comments or other parts that are built alike may be in it",
  shape: "it is more of a list, a gallery or code than of a text",
  unsure: "parts of it may be missing, or other text of the page may be in it",
  unseen: "the page may not show a part of it",
} as const;

/**
 * What is doubted of a story of which readers see the headline and a link, in one line: what the page is that the link
 * leads to, and not how well its text was read. Empty where that is nothing.
 */
export function headlineDoubtText({ confidence, partial, doubts }: Reading): string {
  const ofText: readonly string[] = Object.values(OF_TEXT);
  const left = doubts.filter((doubt) => !ofText.includes(doubt));
  if (left.length === 0 && partial === undefined) return "";
  return doubtText({ confidence, ...(partial && { partial }), doubts: left });
}

const PARTIAL: Readonly<Record<NonNullable<Reading["partial"]>, string>> = {
  paywall: "the rest is behind a paywall",
  stub: "it is only the beginning of the story",
  cut: "the end of the story is missing",
  comments: "it is more of readers' comments than of a story",
};
