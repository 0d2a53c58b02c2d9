import written from "./vocabulary.json" with { type: "json" };

/**
 * The words of one language that refusals and the ranking know. Every set is lower case; phrases are
 * words joined by one space. A language that is not listed has empty sets: then nothing is refused for
 * its words, only for its shape.
 */
export interface Lexicon {
  /** Words too common to say what a sentence is about; also the words that begin sentences. */
  readonly stopWords: ReadonlySet<string>;
  /** Pronouns that need a name or a determined noun before them: he, her, it. */
  readonly singularPronouns: ReadonlySet<string>;
  /** Pronouns for which any noun will do: they, their. */
  readonly pluralPronouns: ReadonlySet<string>;
  /** Other words that point back when they begin a sentence: another, both, which. */
  readonly pointers: ReadonlySet<string>;
  /** Words that point back wherever an opening has them, unless at a time ("this week"). */
  readonly demonstratives: ReadonlySet<string>;
  /** Of the pronouns, those that are never who acts: him, them. */
  readonly objectPronouns: ReadonlySet<string>;
  /** Words before a noun that is known already: the, both. Empty where any noun may have them. */
  readonly definites: ReadonlySet<string>;
  /** Nouns, of which readers know one without being told: the government, the sun. */
  readonly wellKnown: ReadonlySet<string>;
  /** Nouns for what was told in other words: the move, the deal. */
  readonly labels: ReadonlySet<string>;
  /** Nouns for bodies that an article calls by name elsewhere: the company. */
  readonly makers: ReadonlySet<string>;
  /** Words that open a clause after a comma without which the sentence says the same: which, including. */
  readonly relatives: ReadonlySet<string>;
  /** Words that at the end of a sentence tie it to the one before: though, that. */
  readonly closers: ReadonlySet<string>;
  /** Words and phrases of two that tie a sentence to the one before when a comma follows: first, after all. */
  readonly introducers: ReadonlySet<string>;
  /** Words that begin a clause which waits for another: because, when, after. */
  readonly subordinators: ReadonlySet<string>;
  /** Words and phrases that tie a sentence to the one before: but, as a result. */
  readonly connectives: ReadonlySet<string>;
  /** Words by which a sentence adds to one before: also. */
  readonly additives: ReadonlySet<string>;
  /** Conjunctions that can be left off the start of a sentence: but. */
  readonly conjunctions: ReadonlySet<string>;
  /** Connectives that can be left off with their comma, without a change of sense or word order. */
  readonly droppable: ReadonlySet<string>;
  /** Words by which the writer speaks of himself, alone or with others: I, our. */
  readonly narrators: ReadonlySet<string>;
  /** Verbs of those who don't know: speculated, suspect. */
  readonly guesses: ReadonlySet<string>;
  /** Words that count and need no noun: one, several. */
  readonly counts: ReadonlySet<string>;
  /** Words that begin an adverbial; some of them can begin a clause too: in, on, after. */
  readonly prepositions: ReadonlySet<string>;
  /** Words that begin a noun phrase: the, a, every. */
  readonly determiners: ReadonlySet<string>;
  /** Verbs that give a quotation its speaker: said, told, asks. */
  readonly saying: ReadonlySet<string>;
  /**
   * Verbs in the forms that have no ending of their own. Every sentence has one of these or a word that is
   * inflected; empty where that can't be told so.
   */
  readonly verbs: ReadonlySet<string>;
  /** Months, weekdays and the nouns of time, which are no one's name. */
  readonly calendar: ReadonlySet<string>;
}

/** A lexicon as it is written down: words between spaces, and phrases between commas. */
type Vocabulary = Readonly<Partial<Record<keyof Lexicon, string>>>;

// A Map, never a plain object: a text may hold the words "constructor" and "__proto__".
const VOCABULARIES = new Map<string, Vocabulary>(Object.entries(written));
const NO_LEXICON = compile({});

/** The lexicon of a language (BCP 47); empty sets where we know none. */
export const lexiconOf = perLanguage((primary) => {
  const vocabulary = VOCABULARIES.get(primary);
  return vocabulary ? compile(vocabulary) : NO_LEXICON;
});

/** What is made of a language once, when first asked for by its BCP 47 tag: most processes read one language. */
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

/** The language of a BCP 47 tag without script and region: `pt-BR` → `pt`. */
export function primarySubtag(language: string): string {
  return language.toLowerCase().split(/[-_]/, 1)[0] ?? "";
}

/** Whether a word in lower case stands for a person or a thing: he, it, their. */
export function isPronoun(word: string, { singularPronouns, pluralPronouns }: Lexicon): boolean {
  return singularPronouns.has(word) || pluralPronouns.has(word);
}

/**
 * A word of a text as a lexicon has it: in small letters. A capitalised pronoun inside a sentence is another word and
 * keeps its capitals: "US", "IT", "Me Pell" in French, "Sie" for "you" in German. In a text in capitals it is a pronoun.
 */
export function listedWord(word: string, text: string, at: number, lexicon: Lexicon): string {
  const lower = word.replaceAll("’", "'").toLowerCase();
  const { pointers, narrators } = lexicon;
  const isCapitalised = /^\p{Lu}\p{L}/u.test(word);
  if (!isCapitalised || !(isPronoun(lower, lexicon) || pointers.has(lower) || narrators.has(lower)))
    return lower;
  if (/^\p{Lu}+$/u.test(word)) return /\p{Ll}/u.test(text) ? word : lower;
  // A lower-case word of four letters shows that the text is not in title case.
  const isInside = /[\p{L}\p{N},]\s$/u.test(text.slice(0, at).slice(-2));
  return isInside && /(?<!\p{L})\p{Ll}{4}/u.test(text) ? word : lower;
}

function compile(vocabulary: Vocabulary): Lexicon {
  return {
    stopWords: words(vocabulary.stopWords),
    singularPronouns: words(vocabulary.singularPronouns),
    pluralPronouns: words(vocabulary.pluralPronouns),
    pointers: words(vocabulary.pointers),
    demonstratives: words(vocabulary.demonstratives),
    objectPronouns: words(vocabulary.objectPronouns),
    definites: words(vocabulary.definites),
    wellKnown: words(vocabulary.wellKnown),
    labels: words(vocabulary.labels),
    makers: words(vocabulary.makers),
    relatives: words(vocabulary.relatives),
    closers: words(vocabulary.closers),
    introducers: phrases(vocabulary.introducers),
    subordinators: words(vocabulary.subordinators),
    connectives: phrases(vocabulary.connectives),
    additives: words(vocabulary.additives),
    conjunctions: words(vocabulary.conjunctions),
    droppable: phrases(vocabulary.droppable),
    narrators: words(vocabulary.narrators),
    guesses: words(vocabulary.guesses),
    counts: words(vocabulary.counts),
    prepositions: words(vocabulary.prepositions),
    determiners: words(vocabulary.determiners),
    saying: words(vocabulary.saying),
    verbs: words(vocabulary.verbs),
    calendar: words(vocabulary.calendar),
  };
}

/** Words written down between spaces. */
export function words(list = ""): ReadonlySet<string> {
  return new Set(list.split(/\s+/).filter(Boolean));
}

/** Phrases written down between commas. */
export function phrases(list = ""): ReadonlySet<string> {
  return new Set(list.split(/,\s*/).filter(Boolean));
}

/** Scripts written without spaces between words: each pair of letters stands for a word. */
const CHINESE_AND_JAPANESE = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー`;
const SOUTH_EAST_ASIAN = String.raw`\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}`;
const KOREAN = String.raw`\p{Script=Hangul}`;
const UNSPACED = new RegExp(`[${CHINESE_AND_JAPANESE}]+|[${SOUTH_EAST_ASIAN}]+|[${KOREAN}]+`, "u");
/** A number stands before a word of such a script without a space: "12票" is two tokens. */
const SPACED = String.raw`[[\p{L}\p{M}\p{N}]--[${CHINESE_AND_JAPANESE}${SOUTH_EAST_ASIAN}${KOREAN}]]+`;
const TOKEN = new RegExp(`${UNSPACED.source}|${SPACED}`, "gv");
const UNSPACED_START = new RegExp(`^(?:${UNSPACED.source})`, "u");

/** Letters that make up the stem of a longer word: "minister" and "ministers" are one term. */
const STEM_LENGTH = 7;

/**
 * What a text is about, as terms to compare texts by: words in lower case without their endings and
 * without stop words; for scripts without spaces, pairs of letters.
 */
export function termsOf(text: string, stopWords: ReadonlySet<string>): ReadonlySet<string> {
  const terms = new Set<string>();
  for (const [token] of text.matchAll(TOKEN)) {
    if (UNSPACED_START.test(token)) for (const pair of pairsOf(token)) terms.add(pair);
    else if (isTerm(token.toLowerCase(), stopWords)) terms.add(stemOf(token.toLowerCase()));
  }
  return terms;
}

/** A word as written, or two letters of a script without spaces, and where it begins. */
interface Token {
  readonly token: string;
  readonly index: number;
  readonly isPair: boolean;
}

/** The words of a text one after another; for scripts without spaces, the overlapping pairs of letters. */
export function* tokensIn(text: string): Generator<Token> {
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (!UNSPACED_START.test(token)) yield { token, index, isPair: false };
    else for (const pair of pairsOf(token)) yield { token: pair, index, isPair: true };
  }
}

/** Whether a word in lower case says what a text is about. */
export function isTerm(word: string, stopWords: ReadonlySet<string>): boolean {
  return !stopWords.has(word) && (word.length > 1 || /\p{N}/u.test(word));
}

/** A word in lower case without its ending. */
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

/** How many terms two texts have in common. */
export function sharedCount<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): number {
  const [short, long] = a.size < b.size ? [a, b] : [b, a];
  let shared = 0;
  for (const term of short) if (long.has(term)) shared++;
  return shared;
}

/** The share of the shorter text's terms that the other has too. */
export function likenessOf<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): number {
  return sharedCount(a, b) / Math.max(1, Math.min(a.size, b.size));
}

/** Two sentences say the same when they are liker than this. */
export const SAME = 0.6;

/** Of verbs, and of nouns as well: it is right to be in doubt. */
const VERB_ENDING = /\p{L}{2}(?:ed|ing|[^s'’u]s)$|['’](?:s|re|ve|ll|d|m)$|n['’]t$/u;
/** "of bombings", "of the charges", "a look", "to live on", "24 hours": nouns, or verbs without a subject. */
const NOUN_FOLLOWS = /(?:\b(?:an?|of(?: the)?|to)|(?:^|\s)\p{N}[\p{N}.,]*) $/u;

/** Verbs that have an object unless they are participles: "A man killed during a search". */
const NEEDS_OBJECT =
  /^(?:killed|injured|wounded|arrested|accused|charged|jailed|convicted|sentenced|suspected)$/;
const PREPOSITION_FOLLOWS = /^ (?:by|during|in|on|of|with|for|after|at|near) /;

/** "It's" and "Pell's going" have a verb, "Pell's bakery" has not. */
const IS_FOLLOWS = /^ (?:an?|the|not|been|no|\p{Ll}+ing)(?!\p{L})/u;
/** "Singers" in "Students, singers": one of several things. */
const LISTED = /^\p{L}+, $/u;

/** "A good week for Ada Pell." Only where we know the verbs of a language, which is English. */
export function lacksVerb(sentence: string, lexicon: Lexicon): boolean {
  const { verbs, prepositions } = lexicon;
  // A sentence in another script is in another language, whose verbs these are not.
  if (verbs.size === 0 || /(?!\p{Script=Latin})\p{L}/u.test(sentence)) return false;
  const told = sentence.replace(/["“][^"”]*["”]/g, " ").toLowerCase();
  return ![...told.matchAll(/\p{L}[\p{L}'’]*/gu)].some(({ 0: word, index }) => {
    // "During" and "following" only look like verbs.
    if (prepositions.has(word)) return false;
    if (!verbs.has(word) && !VERB_ENDING.test(word)) return false;
    const after = told.slice(index + word.length, index + word.length + 10);
    if (NEEDS_OBJECT.test(word) && PREPOSITION_FOLLOWS.test(after)) return false;
    const before = told.slice(Math.max(0, index - 24), index);
    if (!verbs.has(word) && isNoun(word, before, after, lexicon)) return false;
    return !NOUN_FOLLOWS.test(before);
  });
}

/** What ends like a verb where none can be: "Posing", "Students", "by smugglers", "the victims", "Pell's bakery". */
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
