import type { LetterBlock } from "./letter-block.ts";

/**
 * The format of a source. A feed, an export (Ghost, Substack, Beehiiv) and an archive (Notion) hold several articles,
 * and OPML lists feeds. A document (Word, PDF, mail) was converted to HTML when it was opened.
 */
export type SourceFormat =
  "text" | "markdown" | "html" | "document" | "feed" | "export" | "archive" | "opml";

/** Decoded text and the path or URL that it came from. */
export interface Source {
  readonly format: SourceFormat;
  readonly location: string;
  readonly body: string;
  /** Files that belong to the source, by name: the HTML of the posts of a Substack export, or the pages in an archive. */
  readonly files?: ReadonlyMap<string, string>;
  readonly document?: DocumentFields;
}

/** The metadata of a document, outside its text. */
interface DocumentFields {
  /** How the body is read: as plain text, as a page with more on it than a story, or (if absent) as a story alone. */
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
  /** The alt text. It is empty for a decorative picture. */
  readonly alt: string;
  readonly caption?: string;
  readonly credit?: string;
  readonly widthPx?: number;
  readonly heightPx?: number;
  /** The point that a crop keeps in view, as shares of the width and the height from the top left: 0 to 1. */
  readonly focus?: readonly [x: number, y: number] | undefined;
  /** The look of the file, measured when an issue is built. */
  readonly look?: PictureLook | undefined;
  /** The picture cut for its place in the layout: a lead, one of a pair, or a row. Made when an issue is built. */
  readonly crops?: { readonly [Place in "lead" | "pair" | "row"]?: ImageFile | undefined };
}

/** A picture in an issue's folder, with its size. */
export interface ImageFile {
  readonly src: string;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** The appearance of a picture, by which the layout chooses its place. It is no longer valid if `src` changes. */
export interface PictureLook extends ImageFile {
  /** A drawing has few colours and flat areas; a logo is a drawing of one mark. */
  readonly kind: "photograph" | "drawing" | "logo";
  /** The share of the picture that is transparent, 0 to 1. */
  readonly clear: number;
  /** The background colour that was put behind it when it was prepared for mail. */
  readonly ground?: "page" | "ink" | undefined;
  /** How light its visible parts are: 0 is black, 1 is white. */
  readonly tone: number;
  /** The number of colours that stand out. */
  readonly colours: number;
  /** A perceptual hash of 32 hexadecimal digits, nearly the same for other sizes of the picture. */
  readonly hash: string;
  /** Whether it is an animation. Animations are never cropped. */
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

/** Text of the source that is not part of the story, and why it was left out. */
export interface Dropped {
  readonly text: string;
  readonly reason: string;
}

/** The first words of the reasons for cutting a title, a field, a word or a letter that is too long. */
export const CUT = {
  title: "a title is cut at",
  field: "a field longer than any article's",
  word: "a word of",
  letter: "a letter is cut at",
} as const;

/** Whether text was left out because it was too long. */
export function isCut({ reason }: Dropped): boolean {
  return Object.values(CUT).some((beginning) => reason.startsWith(beginning));
}

/** Whether the source hides this text from its readers. Such text is shown to the editor and never stored in an issue. */
export function isPrivate({ reason }: Dropped): boolean {
  return reason === "a comment";
}

/** An article of a feed or export that could not be read: its title, and the error. */
export interface Broken {
  readonly text: string;
  readonly error: unknown;
}

/**
 * One clean story. `text` holds the paragraphs, joined by a blank line. Every offset in a Summary counts UTF-16 code
 * units in `text`. No text of the source is lost: text outside the story is in `captions` or `dropped`.
 */
export interface Article {
  /** Stable across runs: a hash of the URL, or of title and text if there is no URL. */
  readonly id: string;
  /** Empty if the source has no title. No title is invented here. */
  readonly title: string;
  readonly url?: string;
  /** The name of the paper or site that published it. */
  readonly site?: string;
  readonly authors: readonly string[];
  /** ISO 8601: a date, or a date and time with zone. */
  readonly publishedAt?: string;
  /** BCP 47; never `und`. */
  readonly language: string;
  readonly tags: readonly string[];
  /** A line above the headline. Only front matter can set it. */
  readonly kicker?: string;
  /** The weight that the editor gives the article; every other article has 1. Only front matter can set it. */
  readonly priority?: number;
  /** The author's own summary. A page's or feed's description counts only if it is a summary. */
  readonly description?: string;
  /** A letter is the editor's own text. It is printed whole and never summarised, and its `text` is Markdown. */
  readonly kind: "story" | "letter";
  /** The blocks of a letter. */
  readonly blocks?: readonly LetterBlock[];
  /** Drafts are left out of a build. */
  readonly draft?: true;
  /** Sanitised HTML: only block and inline text markup, and http(s) and mailto links. */
  readonly html: string;
  readonly text: string;
  readonly images: readonly Image[];
  readonly captions: readonly Caption[];
  readonly dropped: readonly Dropped[];
  /** How sure the reader is of this article. Absent if an earlier version read it. */
  readonly reading?: Reading;
  /** The path or URL that it was read from. */
  readonly source: string;
}

/** An article of a source. `feed` is set for an article of a feed. */
export interface ReadItem {
  readonly article: Article;
  readonly feed?: { readonly title: string; readonly url?: string };
  /** Whether the source has the whole story. Otherwise the page at `link` has to be fetched. */
  readonly complete: boolean;
  readonly link?: string;
}

/** The contents of a source: its articles in order, and the posts of an export that hold no story. */
export interface ReadSource {
  readonly items: readonly ReadItem[];
  readonly dropped: readonly Dropped[];
  /** Items and posts that could not be read. The other ones are read all the same. */
  readonly broken: readonly Broken[];
}

/** A source that holds one article. */
export function onlyArticle(article: Article): ReadSource {
  return { items: [{ article, complete: true }], dropped: [], broken: [] };
}

export interface ReadOptions {
  /** The newsletter's language (BCP 47), for a text that declares none and is too short for detection. */
  readonly language?: string | undefined;
  /** Called for each article of a feed or export that could not be read. Without it, the first such article throws. */
  readonly onBroken?: ((broken: Broken) => void) | undefined;
}

/** How sure the reader is that the text is the whole story and nothing else. */
export interface Reading {
  /** 0 to 1: the expected F1 of the printed text against the true story. */
  readonly confidence: number;
  /** Whether an editor should look at it. Absent where an earlier version read it. */
  readonly doubtful?: boolean;
  /** Why the text may be only a part of the story. */
  readonly partial?: "paywall" | "stub" | "cut" | "comments";
  /** Reasons to doubt the reading, as phrases for the editor. */
  readonly doubts: readonly string[];
  /** For a page: the probability, 0 to 1, that the best value of each field is right. Unlikely values are not used. */
  readonly fields?: Readonly<Record<"title" | "authors" | "date" | "picture", number>>;
}

/** The reading of a source that holds exactly one story. */
export const SURE: Reading = { confidence: 1, doubtful: false, doubts: [] };

/** Earlier versions stored no verdict. Their readings are doubtful below this confidence. */
const LEAST_CONFIDENCE = 0.5;

/** Whether an editor should look before the article is sent. Readings without a verdict are trusted. */
export function isDoubtful(reading: Reading | undefined): boolean {
  if (!reading) return false;
  const { confidence, doubtful, partial, doubts } = reading;
  return doubtful ?? (doubts.length > 0 || partial !== undefined || confidence < LEAST_CONFIDENCE);
}

/** Out of fold, most readings below this confidence are wrong. Earlier versions used another scale. */
const BADLY_READ = 0.6;
const BADLY_READ_BEFORE = 0.35;

/** Whether an article was probably misread. Such an article is left out unless an editor chose it. */
export function isBadlyRead(reading: Reading | undefined): boolean {
  if (!reading) return false;
  const { confidence, doubtful } = reading;
  return confidence < (doubtful === undefined ? BADLY_READ_BEFORE : BADLY_READ);
}

/** The doubts of a reading, in one line. */
export function doubtText({ confidence, partial, doubts }: Reading): string {
  const said = [...(partial ? [PARTIAL[partial]] : []), ...doubts];
  return said.length > 0 ? said.join("; ") : `read with a confidence of ${confidence.toFixed(2)}`;
}

/**
 * Doubts about the text of a page. Its headline may be right all the same. Issues store these words: after a rewording, a
 * stored doubt counts as one about the headline until the next build.
 */
export const OF_TEXT = {
  else: "the page's description is about something else",
  left: "most of the page's text was left out",
  comments: "its comments are longer than the story",
  topic: "its text may not be about its headline",
  damaged: "some of its characters are damaged",
  beginning: "its beginning may be missing",
  end: "its end may be missing",
  second: "another story may follow it",
  alike: "comments or other repeated parts may be in it",
  shape: "it is mostly a list, a gallery or code",
  unsure: "parts of it may be missing, or other text of the page may be in it",
  unseen: "the page may not show a part of it",
} as const;

/**
 * The doubts of a story that is printed as a headline with a link, in one line. Doubts about the text are left out,
 * because readers see only the headline. Empty if no doubt remains.
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
  comments: "it is mostly readers' comments",
};
