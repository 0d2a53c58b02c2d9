import type { Article } from "../article/article.ts";
import { setApartIn } from "../article/boilerplate.ts";
import { likelihood, loadTrees, type StoredTrees, type Trees } from "../platform/boosted-trees.ts";
import { once } from "../platform/remembering.ts";
import { GENRES, type Genre, type GenreChances } from "./summary.ts";
import { lexiconOf, perLanguage, type Lexicon } from "./language/lexicon.ts";
import { beginningOf } from "./language/segments.ts";
import written from "./genre-words.json" with { type: "json" };
import stored from "./genre-weights.json" with { type: "json" };

/** The fields of an article that decide its kind. */
export type Kinded = Pick<
  Article,
  "title" | "text" | "html" | "language" | "authors" | "tags" | "url"
>;

export type GenreTrees = Readonly<Partial<Record<Genre, Trees>>>;

export function compileGenres(weights: Readonly<Record<string, StoredTrees>>): GenreTrees {
  return Object.fromEntries(
    Object.entries(weights).map(([genre, trees]) => [genre, loadTrees(trees)]),
  );
}

const trained = once(() => compileGenres(stored));

/** Returns the probabilities of the likely kinds, the highest first. */
export function notableGenres(chances: GenreChances): Partial<GenreChances> {
  const notable = GENRES.map((genre) => [genre, Math.round(chances[genre] * 100) / 100] as const)
    .filter(([, chance]) => chance >= NOTABLE_CHANCE)
    .toSorted(([, a], [, b]) => b - a);
  return Object.fromEntries(notable);
}

const NOTABLE_CHANCE = 0.05;

/**
 * Returns the probability of each kind. The trees were trained on texts with labelled kinds (`npm run train:judgement`). A
 * text in a language without labelled texts counts as news.
 */
export function genreOf(article: Kinded, trees: GenreTrees = trained()): GenreChances {
  const words = wordsFor(article.language);
  if (words === undefined) return shares((genre) => Number(genre === "news"));
  const row = rowOf(article, words);
  const isDeclared = DECLARED.test(declarationOf(article));
  const said = shares((genre) => {
    const own = trees[genre];
    const chance = own ? likelihood(own, row) : 0;
    return genre === "opinion" && isDeclared ? chance + OF_DECLARED : chance;
  });
  const isLive = (row[FEATURE_NAMES.indexOf("times")] ?? 0) >= TIMES_OF_LIVE_BLOG;
  return isLive
    ? shares((genre) => (genre === "live blog" ? LIVE_CHANCE : said[genre] * (1 - LIVE_CHANCE)))
    : said;
}

/** Returns the publisher's own labels of a text: its tags, its address, and the word before its headline. */
function declarationOf({ url = "", tags, title }: Kinded): string {
  const label = /^([^:|]{1,20})[:|]/.exec(title)?.[1] ?? "";
  return [label, ...tags, ...url.replace(/^\w+:\/\/[^/]*/, "").split(/[/.]/)].join("\n");
}

const DECLARED =
  /^(?:opinions?|columns?|columnists?|op-?eds?|editorials?|commentary|kommentare?|kolumnen?|meinung|tribunes?|opinión|columnas?|opinioni?|opinião|opinie|review)$/imu;
/** The weight of a declared opinion, of which the trees saw few examples. */
const OF_DECLARED = 1;

/** No live blog was labelled. A text with at least this many paragraphs that begin with a time of day is one. */
const TIMES_OF_LIVE_BLOG = 4;
const LIVE_CHANCE = 0.9;

function shares(chanceOf: (genre: Genre) => number): GenreChances;
function shares(chanceOf: (genre: Genre) => number): object {
  const chances = GENRES.map((genre) => [genre, chanceOf(genre)] as const);
  const sum = chances.reduce((total, [, chance]) => total + chance, 0);
  return Object.fromEntries(chances.map(([genre, chance]) => [genre, chance / sum]));
}

type WordList = keyof (typeof written)["en"];
/** The word lists of one language. */
type Words = ReadonlyMap<string, ReadonlySet<string>>;

const WRITTEN = new Map<string, Readonly<Record<WordList, string>>>(Object.entries(written));

const wordsFor = perLanguage((primary): Words | undefined => {
  const own = WRITTEN.get(primary);
  if (own === undefined) return undefined;
  return new Map(Object.entries(own).map(([name, words]) => [name, new Set(words.split(" "))]));
});

/** The kind of a text is decided by this number of first code units. */
const BEGINNING_UNITS = 20_000;

/** Computes the features that predict the kind of an article. Undefined in a language without labelled texts. */
export function genreFeatures(article: Kinded): readonly number[] | undefined {
  const words = wordsFor(article.language);
  return words && rowOf(article, words);
}

/** A text prepared for all its features. */
interface Read {
  readonly article: Kinded;
  readonly text: string;
  readonly paragraphs: readonly string[];
  readonly headings: readonly string[];
  /** The words outside quotations, in lower case. */
  readonly words: readonly string[];
  readonly opening: readonly string[];
  readonly titleWords: readonly string[];
  readonly lists: Words;
  readonly lexicon: Lexicon;
  readonly letters: number;
}

function rowOf(article: Kinded, lists: Words): readonly number[] {
  const text = proseOf({ ...article, text: beginningOf(article.text, BEGINNING_UNITS) });
  const unquoted = text.replace(/["“„«][^"“”„«»\n]*["“”»]/g, " ");
  const words = wordsOf(unquoted);
  const paragraphs = text.split(/\n\s*\n/).filter(Boolean);
  const html = article.html.slice(0, 4 * BEGINNING_UNITS);
  const read: Read = {
    article: { ...article, html },
    text,
    paragraphs,
    headings: [...html.matchAll(/<h[2-6][^>]*>([^]*?)<\/h/g)].map(([, inner = ""]) =>
      inner.replace(/<[^>]+>/g, "").trim(),
    ),
    words,
    opening: words.slice(0, OPENING_WORDS),
    titleWords: wordsOf(article.title),
    lists,
    lexicon: lexiconOf(article.language),
    letters: Math.max(1, text.length),
  };
  return IN_ORDER.map((feature) => feature(read));
}

/** Returns the text without headings and table rows, which some formats have only in the markup. */
function proseOf(article: Kinded): string {
  const isSetApart = setApartIn(article);
  let next = 0;
  const isProse = ({ length }: string) => {
    const start = next;
    next += length + "\n\n".length;
    return !isSetApart(start);
  };
  return article.text.split("\n\n").filter(isProse).join("\n\n");
}

const OPENING_WORDS = 60;

type Feature = (read: Read) => number;

function shareIn(words: readonly string[], set: ReadonlySet<string>): number {
  return words.filter((word) => set.has(word)).length / Math.max(1, words.length);
}

function listed(words: readonly string[], lists: Words, list: WordList): number {
  return shareIn(words, lists.get(list) ?? new Set());
}

function matches(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

/** Returns the number of matches per hundred words. */
function often({ text, words }: Read, pattern: RegExp): number {
  return (100 * matches(text, pattern)) / Math.max(1, words.length);
}

function shareOf(texts: readonly string[], pattern: RegExp): number {
  return texts.filter((text) => pattern.test(text)).length / Math.max(1, texts.length);
}

const I = new Set("i my me i'm i've ich mein mir je mon yo mi io eu ik mijn".split(" "));
/** The labels of questions and answers: "PELL: ", "Q: ". */
const LABEL =
  /(?:^|[\n.?!"”] ?)(\p{Lu}[\p{L}.'’]{0,15}(?: \p{Lu}[\p{L}.'’-]{1,15})?): (?=["“\p{Lu}])/gu;

/** Returns the number of occurrences of the most frequent text. */
function mostOf(texts: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}

const TIME = /^\W{0,3}(?:\d{1,2}[:.h]\d\d|\d{1,2} ?[ap]\.?m\b)/iu;
const SPEAKER = /^(?:Q|A|\p{Lu}[\p{L}.'’ -]{1,30}): /u;
const NUMBERED = /^(?:#|\p{L}+ )?\p{Nd}{1,3}[.):]?\s/u;

/** The trained weights depend on this order. */
const FEATURES: Readonly<Record<string, Feature>> = {
  // Structure
  wordCount: ({ words }) => words.length,
  paragraphs: ({ paragraphs }) => paragraphs.length,
  paragraphWords: ({ paragraphs, words }) => words.length / Math.max(1, paragraphs.length),
  headings: ({ headings }) => headings.length,
  headingShare: ({ headings, paragraphs }) => headings.length / Math.max(1, paragraphs.length),
  numberedHeadings: ({ headings }) => headings.filter((text) => NUMBERED.test(text)).length,
  askingHeadings: ({ headings }) => shareOf(headings, /\?$/),
  items: ({ article }) => matches(article.html, /<li\b/g),
  itemShare: ({ article, words }) =>
    (100 * matches(article.html, /<li\b/g)) / Math.max(1, words.length),
  orderedLists: ({ article }) => matches(article.html, /<ol\b/g),
  quoted: ({ article, paragraphs }) =>
    matches(article.html, /<blockquote\b/g) / Math.max(1, paragraphs.length),
  code: ({ article }) => matches(article.html, /<(?:pre|code)\b/g),
  tables: ({ article }) => matches(article.html, /<table\b/g),
  bold: ({ article, paragraphs }) =>
    matches(article.html, /<p>\s*<(?:strong|b)\b/g) / Math.max(1, paragraphs.length),
  links: ({ article, words }) => (100 * matches(article.html, /<a\b/g)) / Math.max(1, words.length),
  askingParagraphs: ({ paragraphs }) => shareOf(paragraphs, /\?["”]?$/),
  speakers: ({ paragraphs, text }) => {
    const inline = matches(text, /[.?!"] (?:Q|A|\p{Lu}[\p{L}'’-]{1,15}): \p{Lu}/gu);
    return paragraphs.filter((one) => SPEAKER.test(one)).length + inline;
  },
  sameSpeaker: ({ text }) => mostOf([...text.matchAll(LABEL)].map(([, label = ""]) => label)),
  sameHeading: ({ headings }) =>
    mostOf(headings.map((one) => one.split(/\s/, 1)[0] ?? "")) / Math.max(1, headings.length),
  times: ({ paragraphs }) => paragraphs.filter((one) => TIME.test(one)).length,
  numberedParagraphs: ({ paragraphs }) => shareOf(paragraphs, NUMBERED),
  shortParagraphs: ({ paragraphs }) =>
    paragraphs.filter((one) => one.length < 60).length / Math.max(1, paragraphs.length),
  unended: ({ paragraphs }) => shareOf(paragraphs, /[^.?!…"”’)\s]$/),
  // Title
  titleWords: ({ titleWords }) => titleWords.length,
  titleNumber: ({ article }) =>
    Number(
      /^\P{L}{0,3}\d|\b(?:\d+|[Tt]hree|[Ff]our|[Ff]ive|[Ss]even|[Tt]en) \p{L}/u.test(article.title),
    ),
  titleVersion: ({ article }) => Number(/\d+\.\d/.test(article.title)),
  titleAsks: ({ article }) => Number(/\?/.test(article.title)),
  titleColon: ({ article }) => Number(/[:|–—]/.test(article.title)),
  titleQuotes: ({ article }) => Number(/["“‘'’]\p{L}[^"”]*["”’']/u.test(article.title)),
  titleHow: ({ titleWords }) =>
    Number(/^(?:how|why|what|wie|warum|comment|pourquoi|cómo|por)$/.test(titleWords[0] ?? "")),
  titleReader: ({ titleWords, lists }) => listed(titleWords, lists, "reader"),
  titleI: ({ titleWords }) => shareIn(titleWords, I),
  titlePraise: ({ titleWords, lists }) => listed(titleWords, lists, "praise"),
  titleMade: ({ titleWords, lists }) => listed(titleWords, lists, "made"),
  titleMust: ({ titleWords, lists }) => listed(titleWords, lists, "must"),
  titleList: ({ titleWords, lists }) => listed(titleWords, lists, "list"),
  titleOpinion: ({ titleWords, lists }) => listed(titleWords, lists, "opinion"),
  titleTold: ({ titleWords, opening, lexicon }) => {
    const contentWords = titleWords.filter((word) => !lexicon.stopWords.has(word));
    return contentWords.length === 0 ? -1 : shareIn(contentWords, new Set(opening));
  },
  // Words
  is: ({ words, lists }) => listed(words, lists, "is"),
  was: ({ words, lists }) => listed(words, lists, "was"),
  past: ({ words }) =>
    words.filter((word) => word.endsWith("ed")).length / Math.max(1, words.length),
  pastOpening: ({ opening }) => opening.filter((word) => word.endsWith("ed")).length,
  present: ({ words }) =>
    words.filter((word) => word.endsWith("ing")).length / Math.max(1, words.length),
  if: ({ words, lists }) => listed(words, lists, "if"),
  we: ({ words, lists }) => listed(words, lists, "we"),
  weOpening: ({ opening, lists }) => listed(opening, lists, "we"),
  work: ({ words, lists }) => listed(words, lists, "work"),
  us: ({ words, lists }) => listed(words, lists, "us"),
  readerOpening: ({ opening, lists }) => listed(opening, lists, "reader"),
  numbersOpening: ({ text }) => matches(text.slice(0, 300), /\d+/g),
  namesOpening: ({ text }) => matches(text.slice(0, 300), /(?<=[\p{L},] )\p{Lu}\p{L}+/gu),
  opensColon: ({ text }) => Number(/^[^.!?]{3,90}:(?:\s|$)/.test(text.slice(0, 120))),
  shortSentences: ({ text }) => {
    const lengths = text.split(/[.?!…]["”’]?\s/).map((one) => matches(one, /\S+/g));
    return lengths.filter((words) => words > 0 && words < 6).length / Math.max(1, lengths.length);
  },
  longestSentence: ({ text }) => {
    const lengths = text.split(/[.?!…]["”’]?\s/).map((one) => matches(one, /\S+/g));
    return lengths.slice(0, 2).reduce((most, words) => Math.max(most, words), 0);
  },
  variety: ({ words }) =>
    new Set(words.slice(0, 300)).size / Math.max(1, Math.min(300, words.length)),
  i: ({ words }) => shareIn(words, I),
  iOpening: ({ opening }) => shareIn(opening, I),
  narrators: ({ words, lexicon }) => shareIn(words, lexicon.narrators),
  narratorsOpening: ({ opening, lexicon }) => shareIn(opening, lexicon.narrators),
  reader: ({ words, lists }) => listed(words, lists, "reader"),
  must: ({ words, lists }) => listed(words, lists, "must"),
  turns: ({ words, lists }) => listed(words, lists, "turns"),
  said: ({ words, lists }) => listed(words, lists, "said"),
  saidOpening: ({ opening, lists }) => listed(opening, lists, "said"),
  praise: ({ words, lists }) => listed(words, lists, "praise"),
  made: ({ words, lists }) => listed(words, lists, "made"),
  madeOpening: ({ opening, lists }) => listed(opening, lists, "made"),
  do: ({ words, lists }) => listed(words, lists, "do"),
  show: ({ words, lists }) => listed(words, lists, "show"),
  calendar: ({ words, lexicon }) => shareIn(words, lexicon.calendar),
  calendarOpening: ({ opening, lexicon }) => shareIn(opening, lexicon.calendar),
  pronounsOpening: ({ opening, lexicon }) => shareIn(opening, lexicon.singularPronouns),
  pronouns: ({ words, lexicon }) => shareIn(words, lexicon.singularPronouns),
  stopShare: ({ words, lexicon }) => shareIn(words, lexicon.stopWords),
  wordLetters: ({ words }) =>
    words.reduce((sum, word) => sum + word.length, 0) / Math.max(1, words.length),
  sentenceWords: ({ text, words }) => words.length / Math.max(1, matches(text, /[.?!…](?=\s|$)/g)),
  // Marks
  quotedLetters: ({ text, letters }) =>
    (text.match(/["“„«][^"“”„«»\n]*["“”»]/g) ?? []).reduce((sum, one) => sum + one.length, 0) /
    letters,
  opensQuoting: ({ text }) => Number(/^["“„«'‘]/.test(text)),
  asks: (read) => often(read, /\?/g),
  calls: (read) => often(read, /!/g),
  brackets: (read) => often(read, /\(/g),
  dashes: (read) => often(read, /[–—]|--/g),
  colons: (read) => often(read, /: /g),
  digits: (read) => often(read, /\d+/g),
  money: (read) => often(read, /[\p{Sc}%]/gu),
  years: (read) => often(read, /\b(?:19|20)\d\d\b/g),
  names: (read) => often(read, /(?<=[\p{L},] )\p{Lu}\p{L}+/gu),
  capitals: (read) => often(read, /\b\p{Lu}{2,}\b/gu),
  addresses: (read) => often(read, /https?:|www\.|@\w/g),
  versions: (read) => often(read, /\b\d+\.\d+(?:\.\d+)?\b/g),
  smileys: (read) => often(read, /[:;]-?\)|\p{Extended_Pictographic}/gu),
  shortened: (read) => often(read, /\p{L}['’](?:s|t|re|m|ve|ll|d)\b/gu),
  dateline: ({ text }) => Number(/^\p{Lu}[\p{Lu}\s.,]{2,40}(?:\([^)]*\))?\s*[—–:-]/u.test(text)),
  // Author and place
  authors: ({ article }) => article.authors.length,
  authorNamed: ({ article, text }) => {
    const name = article.authors[0] ?? "";
    return name.includes(" ") ? Number(text.includes(name)) : -1;
  },
  titled: ({ article }) => Number(article.title !== ""),
};

const FEATURE_NAMES = Object.keys(FEATURES);
const IN_ORDER = Object.values(FEATURES);

function wordsOf(text: string): readonly string[] {
  return (
    text
      .toLowerCase()
      .replaceAll("’", "'")
      .match(/\p{L}+(?:'\p{L}+)?/gu) ?? []
  );
}
