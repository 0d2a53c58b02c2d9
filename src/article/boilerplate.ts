import written from "./boilerplate.json" with { type: "json" };

/** What a line that belongs to the page, not to the story, is there for. */
export type Boilerplate = keyof typeof written;

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
 * Whole lines that sites put around a story, in the languages we know them in; small letters, without
 * closing punctuation. A line must equal one of these: a word of them inside a sentence means nothing.
 */
const LINES: ReadonlyMap<string, Boilerplate> = new Map(
  Object.keys(written)
    .filter(isBoilerplate)
    .flatMap((kind) => written[kind].split("|").map((line) => [line, kind] as const)),
);

function isBoilerplate(kind: string): kind is Boilerplate {
  return kind in written;
}

/** What a line is there for when it belongs to the page around a story; undefined for story lines. */
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

// Nobody but a web page's notice says "cookies" over and over ("cookie" is the word in every language).
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
  [
    /^(?:related|read more|read next|read also|also read|see also|watch|listen|more on this|lesen sie auch|mehr dazu|lire aussi|à lire aussi|lire|lee también|lea también|leggi anche|leia também|leia mais|lees ook|läs mer|läs också|les også|czytaj także|читайте также|ilgili haber|関連記事|相关阅读|관련기사|اقرأ أيضا) ?[:：|]/,
    "related",
  ],
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
  [
    /all rights? reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados|tutti i diritti riservati|todos os direitos reservados|alle rechten voorbehouden|wszelkie prawa zastrzeżone|все права защищены|tüm hakları saklıdır|無断転載|版权所有|版權所有|무단 ?전재/,
    "legal",
  ],
  [
    /^(?:this|our) (?:web)?site uses cookies|^we use (?:cookies|akismet)|uses akismet|^by (?:using|continuing) (?:this|to|our)/,
    "legal",
  ],
  [/^(?:click|tap) (?:here|to|on)\b.{0,80}$/, "navigation"],
  [/^(?:back|return|skip|go|jump) to \p{L}[^.]{0,30}$/u, "navigation"],
  [/^(?:previous|next|older|newer) (?:post|article|story|page|entry)s?\b/, "navigation"],
  [/^(?:page|seite|página|pagina) \d+(?: (?:of|von|de|di|van) \d+)?$/, "navigation"],
];
