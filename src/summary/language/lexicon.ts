import written from "./vocabulary.json" with { type: "json" };

/**
 * The word lists of one language for refusals and the ranking. Words are in lower case, and phrases are words joined by one
 * space. An unknown language has empty sets: then sentences are refused only for their form.
 */
export interface Lexicon {
  /** Function words and other words that are too frequent to identify a subject. A sentence often begins with one. */
  readonly stopWords: ReadonlySet<string>;
  /** Pronouns that need a name or a noun with a determiner before them: he, her, it. */
  readonly singularPronouns: ReadonlySet<string>;
  /** Pronouns that can refer to any noun: they, their. */
  readonly pluralPronouns: ReadonlySet<string>;
  /** Other words that refer back at the start of a sentence: another, both, which. */
  readonly pointers: ReadonlySet<string>;
  /** Words that refer back anywhere in an opening, except before a time ("this week"). */
  readonly demonstratives: ReadonlySet<string>;
  /** Pronouns that are never the subject: him, them. */
  readonly objectPronouns: ReadonlySet<string>;
  /** Words before a noun that is already known: the, both. Empty in languages that use them with any noun. */
  readonly definites: ReadonlySet<string>;
  /** Nouns with a unique, known referent: the government, the sun. */
  readonly wellKnown: ReadonlySet<string>;
  /** Nouns that stand for an earlier statement: the move, the deal. */
  readonly labels: ReadonlySet<string>;
  /** Nouns for an organisation that the article names elsewhere: the company. */
  readonly makers: ReadonlySet<string>;
  /** Words that begin a relative clause or an explanation after a comma: which, including. */
  readonly relatives: ReadonlySet<string>;
  /** Words that connect a sentence with the one before from its end: though, that. */
  readonly closers: ReadonlySet<string>;
  /** Words and phrases that connect a sentence with the one before if a comma follows: first, after all. */
  readonly introducers: ReadonlySet<string>;
  /** Words that begin a subordinate clause: because, when, after. */
  readonly subordinators: ReadonlySet<string>;
  /** Words and phrases that connect a sentence with the one before: but, as a result. */
  readonly connectives: ReadonlySet<string>;
  /** Words that mark an addition to an earlier sentence: also. */
  readonly additives: ReadonlySet<string>;
  /** Conjunctions that can be removed from the start of a sentence: but. */
  readonly conjunctions: ReadonlySet<string>;
  /** Connectives that can be removed together with their comma, without a change of meaning or word order. */
  readonly droppable: ReadonlySet<string>;
  /** Pronouns of the first person: I, our. */
  readonly narrators: ReadonlySet<string>;
  /** Verbs that express a guess: speculated, suspect. */
  readonly guesses: ReadonlySet<string>;
  /** Numbers and quantities that need no noun: one, several. */
  readonly counts: ReadonlySet<string>;
  /** Words that begin an adverbial, some of which also begin a clause: in, on, after. */
  readonly prepositions: ReadonlySet<string>;
  /** Words that begin a noun phrase: the, a, every. */
  readonly determiners: ReadonlySet<string>;
  /** Verbs that attribute a quotation to its speaker: said, told, asks. */
  readonly saying: ReadonlySet<string>;
  /** Verb forms without an ending. Each sentence has one or an inflected word. Empty for languages where that is false. */
  readonly verbs: ReadonlySet<string>;
  /** Months, weekdays and nouns of time, which are never names. */
  readonly calendar: ReadonlySet<string>;
}

/** The word lists as vocabulary.json stores them: words separated by spaces, phrases by commas. */
type Vocabulary = Readonly<Partial<Record<keyof Lexicon, string>>>;

/** The lists of phrases. All others are lists of words. */
const OF_PHRASES: ReadonlySet<string> = new Set<keyof Lexicon>([
  "introducers",
  "connectives",
  "droppable",
]);

/** English has every list. A list that a language lacks is empty. */
const LISTS = Object.keys(written.en satisfies Record<keyof Lexicon, string>);

// A Map and not a plain object, because a text may contain the words "constructor" and "__proto__".
const VOCABULARIES = new Map<string, Vocabulary>(Object.entries(written));
const NO_LEXICON = compile({});

/** Returns the word lists of a language (BCP 47). An unknown language has empty sets. */
export const lexiconOf = perLanguage((primary) => {
  const vocabulary = VOCABULARIES.get(primary);
  return vocabulary ? compile(vocabulary) : NO_LEXICON;
});

/** Returns a function that computes a value for a language (BCP 47) at first use and keeps it. */
export function perLanguage<Made>(make: (primary: string) => Made): (language: string) => Made {
  const made = new Map<string, Made>();
  return (language) => {
    const known = made.get(language);
    if (known !== undefined) return known;
    const primary = primarySubtag(language);
    const one = made.get(primary) ?? make(primary);
    made.set(primary, one);
    made.set(language, one);
    return one;
  };
}

/** Returns the language of a BCP 47 tag without script and region: `pt-BR` → `pt`. */
export function primarySubtag(language: string): string {
  return language.toLowerCase().split(/[-_]/, 1)[0] ?? "";
}

/** Whether a word in lower case is a personal pronoun: he, it, their. */
export function isPronoun(word: string, { singularPronouns, pluralPronouns }: Lexicon): boolean {
  return singularPronouns.has(word) || pluralPronouns.has(word);
}

/**
 * Returns a word in the form of the word lists, in lower case. A capitalised pronoun inside a sentence is another word and
 * keeps its capitals: "US", "IT", French "Me Pell", German "Sie" for "you". In a text in capitals it is a pronoun.
 */
export function listedWord(word: string, text: string, at: number, lexicon: Lexicon): string {
  const lower = word.replaceAll("’", "'").toLowerCase();
  const { pointers, narrators } = lexicon;
  const isCapitalised = /^\p{Lu}\p{L}/u.test(word);
  if (!isCapitalised || !(isPronoun(lower, lexicon) || pointers.has(lower) || narrators.has(lower)))
    return lower;
  if (/^\p{Lu}+$/u.test(word)) return /\p{Ll}/u.test(text) ? word : lower;
  // A word of four letters in lower case proves that the text is not in title case.
  const isInside = /[\p{L}\p{N},]\s$/u.test(text.slice(0, at).slice(-2));
  return isInside && /(?<!\p{L})\p{Ll}{4}/u.test(text) ? word : lower;
}

function compile(vocabulary: Vocabulary): Lexicon;
function compile(vocabulary: Readonly<Record<string, string>>): object {
  const listOf = (name: string) => (OF_PHRASES.has(name) ? phrases : words)(vocabulary[name]);
  return Object.fromEntries(LISTS.map((name) => [name, listOf(name)]));
}

/** Parses words that are separated by spaces. */
export function words(list = ""): ReadonlySet<string> {
  return new Set(list.split(/\s+/).filter(Boolean));
}

/** Parses phrases that are separated by commas. */
export function phrases(list = ""): ReadonlySet<string> {
  return new Set(list.split(/,\s*/).filter(Boolean));
}

/** Scripts without spaces between words. Each pair of letters counts as a word. */
const CHINESE_AND_JAPANESE = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー`;
const SOUTH_EAST_ASIAN = String.raw`\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}`;
const KOREAN = String.raw`\p{Script=Hangul}`;
const UNSPACED = new RegExp(`[${CHINESE_AND_JAPANESE}]+|[${SOUTH_EAST_ASIAN}]+|[${KOREAN}]+`, "u");
/** A number may stand before a word of such a script without a space: "12票" is two tokens. */
const SPACED = String.raw`[[\p{L}\p{M}\p{N}]--[${CHINESE_AND_JAPANESE}${SOUTH_EAST_ASIAN}${KOREAN}]]+`;
const TOKEN = new RegExp(`${UNSPACED.source}|${SPACED}`, "gv");
const UNSPACED_START = new RegExp(`^(?:${UNSPACED.source})`, "u");

/** The length of the stem of a longer word: "minister" and "ministers" are one term. */
const STEM_LENGTH = 7;

/**
 * Returns the terms of a text, by which texts are compared: words in lower case without endings and without stop words; in
 * scripts without spaces, pairs of letters.
 */
export function termsOf(text: string, stopWords: ReadonlySet<string>): ReadonlySet<string> {
  const terms = new Set<string>();
  for (const [token] of text.matchAll(TOKEN)) {
    if (UNSPACED_START.test(token)) for (const pair of pairsOf(token)) terms.add(pair);
    else if (isTerm(token.toLowerCase(), stopWords)) terms.add(stemOf(token.toLowerCase()));
  }
  return terms;
}

/** A word as written, or a pair of letters of a script without spaces, with its offset. */
interface Token {
  readonly token: string;
  readonly index: number;
  readonly isPair: boolean;
}

/** Returns the words of a text in order; in scripts without spaces, overlapping pairs of letters. */
export function* tokensIn(text: string): Generator<Token> {
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (!UNSPACED_START.test(token)) yield { token, index, isPair: false };
    else for (const pair of pairsOf(token)) yield { token: pair, index, isPair: true };
  }
}

/** Whether a word in lower case can identify a subject. */
export function isTerm(word: string, stopWords: ReadonlySet<string>): boolean {
  return !stopWords.has(word) && (word.length > 1 || /\p{N}/u.test(word));
}

/** Returns a word in lower case without its ending. */
export function stemOf(word: string): string {
  if (word.length <= 3 || /\p{N}/u.test(word)) return word;
  const stem = word.slice(0, STEM_LENGTH);
  return stem.endsWith("s") && stem.length > 3 ? stem.slice(0, -1) : stem;
}

function pairsOf(letters: string): readonly string[] {
  const characters = Array.from(letters);
  if (characters.length === 1) return characters;
  return characters.slice(1).map((character, index) => `${characters[index] ?? ""}${character}`);
}

export function sharedCount<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): number {
  const [short, long] = a.size < b.size ? [a, b] : [b, a];
  let shared = 0;
  for (const term of short) if (long.has(term)) shared++;
  return shared;
}

/** Returns the share of the smaller set that the other one also contains. */
export function likenessOf<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): number {
  return sharedCount(a, b) / Math.max(1, Math.min(a.size, b.size));
}

/** Two sentences with a higher likeness say the same. */
export const SAME = 0.6;

/** Endings of verbs, which some nouns also have. */
const VERB_ENDING = /\p{L}{2}(?:ed|ing|[^s'’u]s)$|['’](?:s|re|ve|ll|d|m)$|n['’]t$/u;
/** Words before a noun, or before a verb without a subject: "of bombings", "a look", "to live on", "24 hours". */
const NOUN_FOLLOWS = /(?:\b(?:an?|of(?: the)?|to)|(?:^|\s)\p{N}[\p{N}.,]*) $/u;

/** Verbs that need an object unless they are participles: "A man killed during a search". */
const NEEDS_OBJECT =
  /^(?:killed|injured|wounded|arrested|accused|charged|jailed|convicted|sentenced|suspected)$/;
const PREPOSITION_FOLLOWS = /^ (?:by|during|in|on|of|with|for|after|at|near) /;

/** "It's" and "Pell's going" contain a verb, but "Pell's bakery" does not. */
const IS_FOLLOWS = /^ (?:an?|the|not|been|no|\p{Ll}+ing)(?!\p{L})/u;
/** The start of an enumeration: "Students, " before "singers". */
const LISTED = /^\p{L}+, $/u;

/** Whether a sentence contains no verb: "A good week for Ada Pell." False in languages without a list of verbs. */
export function lacksVerb(sentence: string, lexicon: Lexicon): boolean {
  const { verbs, prepositions } = lexicon;
  // A sentence in another script is in another language, to which these verbs do not belong.
  if (verbs.size === 0 || /(?!\p{Script=Latin})\p{L}/u.test(sentence)) return false;
  const unquoted = sentence.replace(/["“][^"”]*["”]/g, " ").toLowerCase();
  return ![...unquoted.matchAll(/\p{L}[\p{L}'’]*/gu)].some(({ 0: word, index }) => {
    // Prepositions such as "during" and "following" only look like verbs.
    if (prepositions.has(word)) return false;
    if (!verbs.has(word) && !VERB_ENDING.test(word)) return false;
    const after = unquoted.slice(index + word.length, index + word.length + 10);
    if (NEEDS_OBJECT.test(word) && PREPOSITION_FOLLOWS.test(after)) return false;
    const before = unquoted.slice(Math.max(0, index - 24), index);
    if (!verbs.has(word) && isNoun(word, before, after, lexicon)) return false;
    return !NOUN_FOLLOWS.test(before);
  });
}

/** Whether a word with the ending of a verb must be a noun: "Posing", "by smugglers", "the victims", "Pell's bakery". */
function isNoun(
  word: string,
  before: string,
  after: string,
  { stopWords, determiners, prepositions }: Lexicon,
): boolean {
  const [stem = "", possessive] = word.split(/['’](?=s$)/);
  if (possessive !== undefined) return !stopWords.has(stem) && !IS_FOLLOWS.test(after);
  if (before === "" && word.endsWith("ing")) return true;
  if (!word.endsWith("s")) return false;
  const previous = /([\p{L}'’]+) $/u.exec(before)?.[1] ?? "";
  if (before === "" || LISTED.test(before) || /['’]s$/.test(previous)) return true;
  return determiners.has(previous) || prepositions.has(previous);
}
