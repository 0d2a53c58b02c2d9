import written from "./boilerplate.json" with { type: "json" };

/** Kinds of words that stand around stories; each by language, parted by "|", in small letters. */
type WordKind = Exclude<keyof typeof written, "agencies">;

/** The words of some kinds, in all languages. */
export function wordsOf(...kinds: readonly WordKind[]): string[] {
  return kinds.flatMap((kind) => Object.values(written[kind]).flatMap((words) => words.split("|")));
}

/** The words of some kinds as alternatives of a pattern. The longest come first: "read more on" begins with "read more". */
export function anyOf(...kinds: readonly WordKind[]): string {
  return alternatives(wordsOf(...kinds));
}

function alternatives(words: readonly string[]): string {
  return [...new Set(words)]
    .toSorted((a, b) => b.length - a.length)
    .map((word) => word.replace(/[.+*?^${}()[\]\\]/g, String.raw`\$&`))
    .join("|");
}

/** News and picture agencies as they sign, as alternatives of a pattern: "AP", "Getty Images". */
export const AGENCY = alternatives(written.agencies.marks.split("|"));

/** What agencies are called, by their marks or in full. */
export const AGENCY_NAMES: readonly string[] = Object.values(written.agencies).flatMap((names) =>
  names.split("|"),
);

/** Whether a tag only says that a post has none. */
export function isUncategorised(tag: string): boolean {
  return UNCATEGORISED.has(tag.toLowerCase());
}

const UNCATEGORISED: ReadonlySet<string> = new Set(wordsOf("uncategorised"));

/** Kinds of lines that stand on a page around its story. */
export type Boilerplate =
  | "comments"
  | "related"
  | "share"
  | "tags"
  | "subscribe"
  | "legal"
  | "navigation"
  | "advertisement";

/** What each kind of boilerplate is called in `Article.dropped`. */
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

/**
 * Whole lines that sites put around a story, without closing punctuation. A line must equal one of these: a word of
 * them inside a sentence means nothing.
 */
const LINES: ReadonlyMap<string, Boilerplate> = new Map(
  Object.keys(BOILERPLATE_REASONS)
    .filter(isBoilerplate)
    .flatMap((kind) => wordsOf(kind).map((line) => [line, kind] as const)),
);

function isBoilerplate(kind: string): kind is Boilerplate {
  return kind in BOILERPLATE_REASONS;
}

/** Which kind of boilerplate a line is; undefined for a line of a story. */
export function boilerplateOf(line: string): Boilerplate | undefined {
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

// Lines with a part that varies: a number, a name, the headline of another story.
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
  // What Substack sets under every post.
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
