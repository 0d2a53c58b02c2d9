import type { Article } from "./article.ts";
import { fold } from "./clean-text.ts";
import written from "./boilerplate.json" with { type: "json" };

/** Kinds of words that occur around stories. The JSON holds them by language, separated by "|", in lower case. */
type WordKind = Exclude<keyof typeof written, "agencies">;

/** The words of the given kinds, in all languages. */
export function wordsOf(...kinds: readonly WordKind[]): string[] {
  return kinds.flatMap((kind) => Object.values(written[kind]).flatMap((words) => words.split("|")));
}

/** The words of the given kinds as alternatives of a pattern, longest first: "read more on" begins with "read more". */
export function anyOf(...kinds: readonly WordKind[]): string {
  return alternatives(wordsOf(...kinds));
}

function alternatives(words: readonly string[]): string {
  return [...new Set(words)]
    .toSorted((a, b) => b.length - a.length)
    .map((word) => word.replace(/[.+*?^${}()[\]\\]/g, String.raw`\$&`))
    .join("|");
}

/** The marks of news and picture agencies, as alternatives of a pattern: "AP", "Getty Images". */
export const AGENCY = alternatives(written.agencies.marks.split("|"));

/** The names of agencies: their marks and their full names. */
export const AGENCY_NAMES: readonly string[] = Object.values(written.agencies).flatMap((names) =>
  names.split("|"),
);

/** Whether a tag only says that a post has no category. */
export function isUncategorised(tag: string): boolean {
  return UNCATEGORISED.has(tag.toLowerCase());
}

const UNCATEGORISED: ReadonlySet<string> = new Set(wordsOf("uncategorised"));

/** Kinds of boilerplate lines. */
export type Boilerplate =
  | "comments"
  | "related"
  | "share"
  | "tags"
  | "subscribe"
  | "legal"
  | "navigation"
  | "advertisement";

/** The reasons in `Article.dropped`. */
export const BOILERPLATE_REASONS: Readonly<Record<Boilerplate, string>> = {
  comments: "the comments, not the story",
  related: "a pointer to other stories",
  share: "a sharing link",
  tags: "the page's tags",
  subscribe: "an invitation to subscribe",
  legal: "a legal notice",
  navigation: "page navigation",
  advertisement: "an advertisement",
};

/** Whole boilerplate lines, without closing punctuation. Inside a sentence the same words do not count. */
const LINES: ReadonlyMap<string, Boilerplate> = new Map(
  Object.keys(BOILERPLATE_REASONS)
    .filter(isBoilerplate)
    .flatMap((kind) => wordsOf(kind).map((line) => [line, kind] as const)),
);

function isBoilerplate(kind: string): kind is Boilerplate {
  return kind in BOILERPLATE_REASONS;
}

/** The kind of boilerplate that a line is; undefined for a line of a story. A line in quotation marks is speech. */
export function boilerplateOf(line: string): Boilerplate | undefined {
  if (/^(?:["“„«「『‘]|»(?!\s))/u.test(line)) return undefined;
  if (line.length > 300) return isCookieNotice(line) ? "legal" : undefined;
  const plain = line
    .toLowerCase()
    .replace(/’/g, "'")
    .replace(/^[^\p{L}\p{N}©]+|[^\p{L}\p{N}+]+$/gu, "");
  if (plain === "") return "navigation";
  if (isCookieNotice(plain)) return "legal";
  return LINES.get(plain) ?? PATTERNS.find(([pattern]) => pattern.test(plain))?.[1];
}

// Only a cookie notice says "cookies" three times in one line; the word is the same in every language.
function isCookieNotice(line: string): boolean {
  return (line.slice(0, 2000).match(/cookies?/gi)?.length ?? 0) >= 3;
}

// Boilerplate with a variable part: a number, a name, or the headline of another story.
const PATTERNS: readonly (readonly [RegExp, Boilerplate])[] = [
  [
    /^\d+ (?:comments?|responses?|replies|thoughts on|kommentare?|commentaires?|comentarios?|commenti|comentários?|reacties|komentarzy|комментари\p{L}+|yorum)(?: |$)/u,
    "comments",
  ],
  [
    /^(?:comments|responses|replies|kommentare|commentaires|comentarios|commenti|reacties|комментарии|コメント|댓글) ?[:(（]?\d+\)?$/u,
    "comments",
  ],
  [
    /^(?:notify me|save my name|your email address will not|you must be logged in|logged in as|please log ?in to)/,
    "comments",
  ],
  [new RegExp(`^(?:${anyOf("related", "pointers")}) ?[:：|]`, "u"), "related"],
  [/^more (?:from|in|on|about|by|stories|great|news) /, "related"],
  [/^\d+ (?:shares?|likes?|views?|retweets?|min(?:ute)?s? read)$/, "share"],
  [/^(?:share|tweet|pin|email|print|save|send) (?:this|on|to|via|it|with)\b.{0,200}$/, "share"],
  [
    /^(?:tags?|topics?|filed under|posted in|categories|category|keywords|labels|schlagwörter|themen|étiquettes|mots-clés|etiquetas|temas|argomenti|trefwoorden|tagi|метки|теги|タグ|标签|태그) ?[:：]/,
    "tags",
  ],
  [
    /^(?:subscribe|sign up|register|log in|join) (?:to|for|now|today|here|our|us)\b.{0,120}$/,
    "subscribe",
  ],
  // Substack adds this below every post.
  [/^thanks for reading\b.{0,80}\bsubscribe (?:for free )?to receive/, "subscribe"],
  [/^(?:get|receive) (?:the|our) .{0,60}(?:newsletter|inbox|alerts)/, "subscribe"],
  [/^(?:follow|like|find|join|visit) (?:us|me|@\w+) ?.{0,60}$/, "subscribe"],
  [/^(?:©|\(c\)|copyright\b|℗)/, "legal"],
  [new RegExp(anyOf("rights")), "legal"],
  [
    /^(?:this|our) (?:web)?site uses cookies|^we use (?:cookies|akismet)|uses akismet|^by (?:using|continuing) (?:this|to|our)/,
    "legal",
  ],
  [/^(?:click|tap) (?:here|to|on)\b.{0,80}$/, "navigation"],
  [/^(?:back|return|skip|go|jump) to \p{L}[^.]{0,30}$/u, "navigation"],
  [/^(?:previous|next|older|newer) (?:post|article|story|page|entry)s?\b/, "navigation"],
  [/^(?:page|seite|página|pagina) \d+(?: (?:of|von|de|di|van) \d+)?$/, "navigation"],
];

/** "PORTHMOOR — The ferry", "PORTHMOOR, May 3 (AP) — The ferry" */
const CAPITALS =
  /^\p{Lu}[\p{Lu}.'’ /-]{2,30}(?:,[^,()]{1,30}){0,3}(?:\s\([\p{L} /-]{2,30}\))?\s(?:[–—]|--?)\s(?=["“„«]?\p{Lu}(?:\p{Ll}|['’]|\p{Lu}{0,5} \p{Ll}))/u;
/** "【新華社】", "［東京 3日 ロイター］ - ", "(서울=연합뉴스) 홍길동 기자 = ". In "【港】は" the bracket belongs to the sentence. */
const EAST_ASIAN =
  /^(?:[【［][^】］]{0,40}\p{L}[^】］]{0,40}[】］](?![はがをのにともでやへ是的在和])|[([][^()[\]=]{1,15}=[^()[\]=]{1,20}[)\]](?: [^.=]{2,20} =)?)\s*(?:-\s+)?/u;
/** A place with an optional day, a source in brackets, and a separator. The separator may be empty before a capital. */
const BRACKETED =
  /^([^()（）\n]{0,90}?)[\s–—-]*[(（]([^()（）\n]{2,40})[)）](\.?\s*[–—-]{1,2}\s*|\s+|(?=["“„«[\p{Lu}]))(?=["“„«[]?(?:[\p{Lu}\p{Lo}\p{N}]|\p{Ll}\p{Lu}))/u;
const PLACE_OR_DAY =
  /^(?:|\p{N}[^,]{0,24}|[\p{Lu}\p{Lo}]\S*(?: (?:[\p{Lu}\p{Lo}\p{N}]\S*|\p{Ll}{1,3}\.?)){0,4})$/u;
/** "PORTHMOOR, Lune", "Porthmoor, 3 May". After it, any source in brackets and a dash make a dateline. */
const SURE_PLACE = /^\P{Ll}*\p{Lu}{3}\P{Ll}*(?:,|$)|[,،]\s(?:[0-3]?\d \p{L}|\p{L}+\.? \d)/u;
/** "AP", "The Hollywood Reporter". A numeral ("III") or a part of a word ("(Re)Building") is not a source. */
const SOURCE = /^(?![IVXLC]+$)(?:the )?\p{Lu}(?:\p{Lu}|\S{2})\S*(?: \p{Lu}\S*){0,3}$/u;
/** "AFP", "dpa" */
const MARK = /^(?![ivxlc]+$|[IVXLC]+$)(?:\p{Lu}{2,6}|\p{Ll}{2,3})$/u;
/** "(AP)", "(dpa/lhe)" */
const KNOWN = new RegExp(`[(（](?:${AGENCY_NAMES.join("|")})[/)）]`, "iu");

/**
 * The length in code units of the dateline (place and source) at the start of a sentence. When unsure it returns 0: a
 * kept dateline does little harm, but "Ada Pell (Labour) – The mayor" must not lose its subject.
 */
export function datelineLength(text: string, isOpening: boolean): number {
  const opening = text.slice(0, OPENING_CHARACTERS);
  const patterns = isOpening ? [CAPITALS, EAST_ASIAN] : [CAPITALS];
  const lengths = patterns.map((pattern) => pattern.exec(opening)?.[0].length ?? 0);
  const length = Math.max(bracketedLength(opening, isOpening), ...lengths);
  const all = length === 0 ? 0 : length + datelineLength(opening.slice(length), isOpening);
  // "NASA — The agency — said": the second dash closes an apposition, so the first one ends no dateline.
  const [sentence = ""] = opening.slice(all).split(/[.!?]\s|\n/, 1);
  const closesApposition = sentence.split(/\s(?:[–—]|--?)\s/).length % 2 === 0;
  return closesApposition && !KNOWN.test(opening.slice(0, all)) ? 0 : all;
}

function bracketedLength(opening: string, isOpening: boolean): number {
  const [all = "", place = "", source = "", separator = ""] = BRACKETED.exec(opening) ?? [];
  const [hasPlace, isKnown, isSmall] = [place !== "", KNOWN.test(all), /^\p{Ll}/u.test(source)];
  const isPlace = place.split(/[,،]\s/).every((part) => PLACE_OR_DAY.test(part));
  if (!isPlace) return 0;
  const isMark = hasPlace ? isKnown && isSmall : isKnown || MARK.test(source);
  const isPaper = SOURCE.test(source) && /\S /.test(source) && (!hasPlace || place.includes(","));
  const isSource = SOURCE.test(source) && (!hasPlace || SURE_PLACE.test(place));
  if (separator === "") return isKnown || isPaper ? all.length : 0;
  if (separator.trim() === "") return isMark && (isOpening || !isSmall) ? all.length : 0;
  return (isKnown && (isOpening || isSmall)) || isSource ? all.length : 0;
}

const OPENING_CHARACTERS = 600;

/** Splits the dateline off a text and its markup; undefined if there is none. */
export function takeDateline(
  text: string,
  html: string,
): { readonly text: string; readonly html: string; readonly dateline: string } | undefined {
  const length = datelineLength(text, true);
  const dateline = text.slice(0, length);
  const rest = length === 0 ? undefined : withoutBeginning(html, dateline);
  if (rest === undefined || /\n/.test(dateline)) return undefined;
  return { text: text.slice(length).trimStart(), html: rest, dateline: dateline.trim() };
}

/** Removes a text from the beginning of markup, across elements; undefined if the markup begins with another text. */
function withoutBeginning(html: string, beginning: string): string | undefined {
  let at = 0;
  let tags = "";
  for (const character of beginning) {
    for (let tag = TAG.exec(html.slice(at)); tag; tag = TAG.exec(html.slice(at))) {
      tags += tag[0];
      at += tag[0].length;
    }
    if (!html.startsWith(character, at)) return undefined;
    at += character.length;
  }
  return `${tags}${html.slice(at)}`.replace(EMPTY, "$1");
}

const TAG = /^<[^<>]{1,200}>/;
const EMPTY = /^(<p>)?(?:<(strong|em|b|i|span)>\s*<\/\2>\s*)+/;

type Marked = Pick<Article, "html" | "text">;

const HEADING_OR_ROW = /<(h[2-6]|tr)>(.*?)<\/\1>/gs;
const BLOCK_QUOTATION = /<(blockquote)\b[^>]*>(.*?)<\/\1>/gs;
const END_OF_PARAGRAPH = /<\/(?:p|li)>/;

/**
 * Returns a test of whether a place in an article's text lies in a heading or table row. Pages keep these in their
 * text, but they are not sentences. Only the HTML marks them.
 */
export function setApartIn({ html, text }: Marked): (place: number) => boolean {
  return liesOn(contentsOf(html, HEADING_OR_ROW), text);
}

/** Returns the same test for block quotations, whose words are not the author's. They may have several paragraphs. */
export function blockQuotedIn({ html, text }: Marked): (place: number) => boolean {
  const quoted = contentsOf(html, BLOCK_QUOTATION);
  return liesOn(
    quoted.flatMap((inner) => inner.split(END_OF_PARAGRAPH)),
    text,
  );
}

function contentsOf(html: string, elements: RegExp): string[] {
  return Array.from(html.matchAll(elements), ([, , inner = ""]) => inner);
}

function liesOn(markup: readonly string[], text: string): (place: number) => boolean {
  const lines = new Set(markup.map(plain).filter(Boolean));
  if (lines.size === 0) return () => false;
  // Most places lie in the same paragraph as the place before.
  let known = { start: 0, end: 0, isInside: false };
  return (place) => {
    if (place > known.start && place < known.end) return known.isInside;
    const start = text.lastIndexOf("\n\n", place) + 1;
    const next = text.indexOf("\n\n", place);
    const end = next === -1 ? text.length : next;
    known = { start, end, isInside: lines.has(fold(text.slice(start, end))) };
    return known.isInside;
  };
}

function plain(markup: string): string {
  return fold(
    markup
      .replace(/<\/t[dh]>|<br \/>/g, " ")
      .replace(/<[^>]*>/g, "")
      .replace(/&(?:amp|lt|gt|quot);/g, " "),
  );
}
