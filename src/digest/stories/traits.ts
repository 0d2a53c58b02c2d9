import type { Article } from "../../article/article.ts";
import { FUNCTION_WORDS } from "../../article/detect-language.ts";
import { canonicalLink } from "../../article/identity.ts";
import { weekdaysIn } from "../../summary/facts/dates.ts";
import {
  lexiconOf,
  primarySubtag,
  isTerm,
  stemOf,
  tokensIn,
} from "../../summary/language/lexicon.ts";

/** The properties of a single article that are used for comparisons. The batch adds the rarity of its words. */
export interface Traits {
  readonly article: Article;
  /** The language without region. */
  readonly language: string;
  /** Milliseconds since 1970. */
  readonly published: number | undefined;
  /** The normalised address. */
  readonly link: string | undefined;
  /** The letters and digits of the text, to find the same text under another headline. */
  readonly letters: string;
  /** The title's content words, including weekdays and numbers. */
  readonly title: ReadonlySet<string>;
  /** The title's numbers and days, which differ between the parts of a series. */
  readonly serial: ReadonlySet<string>;
  /** The content words of title and opening. */
  readonly lead: ReadonlySet<string>;
  /** The content words of the text. */
  readonly body: ReadonlySet<string>;
  /** Names and numbers in the text's first part: capitalised words inside sentences. */
  readonly names: ReadonlySet<string>;
  /** The most frequent name of the text. */
  readonly mainName: string | undefined;
  /** Hashes of the runs of four words of the opening, and of the text. */
  readonly leadRuns: ReadonlySet<number>;
  readonly runs: ReadonlySet<number>;
  /** The number of words examined. */
  readonly words: number;
  /** The frequency of each content word in title and opening. */
  readonly counts: ReadonlyMap<string, number>;
  /** The frequency of each content word in the title and the first sentences, which contain the news. */
  readonly firstCounts: ReadonlyMap<string, number>;
  /** The words of the title and first sentences, and of the opening, in lower case and in order, for comparing meanings. */
  readonly firstWords: readonly string[];
  readonly openingWords: readonly string[];
  /** The weekdays named in the first sentences, from 1 for Monday. */
  readonly days: ReadonlySet<number>;
}

/** The beginning of a text contains its news. Later text is background, which other stories share. */
const CHARACTERS = 3000;
const LEAD_WORDS = 120;
const LEAD_RUN_WORDS = 80;
const NAME_WORDS = 250;
const COUNTED_WORDS = 250;
const FIRST_WORDS = 60;
const FIRST_CHARACTERS = 360;
const RUN_WORDS = 4;

/** A word after one of these begins a sentence, so its capital is not significant. */
const SENTENCE_END = /[.!?…:;\n"“”„«»‹›•()[\]–—-]/;

/** A build compares its articles several times: to select, merge and order them. */
const known = new WeakMap<Article, Traits>();

export function traitsOf(article: Article): Traits {
  const found = known.get(article) ?? readTraits(article);
  known.set(article, found);
  return found;
}

function readTraits(article: Article): Traits {
  const { title, text, language, publishedAt, url } = article;
  const opening = text.slice(0, CHARACTERS);
  const isStop = stopWordsOf(language);
  const words = wordsOf(opening, isStop);
  const titleWords = wordsOf(title, isStop);
  const meant = titleWords.filter(({ isMeant }) => isMeant).map(({ stem }) => stem);
  const hashes = words.map(({ hash }) => hash);
  const published = publishedAt === undefined ? Number.NaN : Date.parse(publishedAt);
  return {
    article,
    language: primarySubtag(language),
    published: Number.isNaN(published) ? undefined : published,
    link: url === undefined ? undefined : canonicalLink(url),
    letters: opening.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, ""),
    title: new Set(
      titleWords.filter(({ isMeant, isSerial }) => isMeant || isSerial).map(({ stem }) => stem),
    ),
    serial: new Set(titleWords.filter(({ isSerial }) => isSerial).map(({ stem }) => stem)),
    lead: new Set([...meant, ...meantIn(words.slice(0, LEAD_WORDS))]),
    body: new Set([...meant, ...meantIn(words)]),
    names: new Set(
      words
        .slice(0, NAME_WORDS)
        .filter(({ isName }) => isName)
        .map(({ stem }) => stem),
    ),
    mainName: commonest(words.filter(({ isName }) => isName).map(({ stem }) => stem)),
    leadRuns: runsOf(hashes.slice(0, LEAD_RUN_WORDS)),
    runs: runsOf(hashes),
    words: words.length,
    counts: countsOf([...meant, ...meantIn(words.slice(0, COUNTED_WORDS))]),
    firstCounts: countsOf([...meant, ...meantIn(words.slice(0, FIRST_WORDS))]),
    firstWords: writtenOnce([...titleWords, ...words.slice(0, FIRST_WORDS)]),
    openingWords: writtenOnce([...titleWords, ...words.slice(0, COUNTED_WORDS)]),
    days: new Set(
      weekdaysIn(text.slice(0, FIRST_CHARACTERS), language).map(({ weekday }) => weekday),
    ),
  };
}

interface Word {
  /** The word in lower case. */
  readonly word: string;
  readonly hash: number;
  readonly stem: string;
  readonly isMeant: boolean;
  readonly isName: boolean;
  readonly isSerial: boolean;
}

interface StopWords {
  readonly common: (word: string) => boolean;
  readonly calendar: ReadonlySet<string>;
}

function wordsOf(text: string, { common, calendar }: StopWords): Word[] {
  const words: Word[] = [];
  let end = 0;
  for (const { token, index, isPair } of tokensIn(text)) {
    const word = token.toLowerCase();
    const isNumber = /\p{N}/u.test(word);
    const isDay = calendar.has(word);
    const isMeant = isPair || (!isDay && !common(word) && isTerm(word, calendar));
    const isInside = end > 0 && !SENTENCE_END.test(text.slice(end, index));
    end = index + token.length;
    words.push({
      word,
      hash: hashOf(word),
      stem: stemOf(word),
      isMeant,
      isName: isMeant && ((isNumber && word.length > 1) || (isInside && word !== token)),
      isSerial: isNumber || isDay,
    });
  }
  return words;
}

function meantIn(words: readonly Word[]): string[] {
  return words.filter(({ isMeant }) => isMeant).map(({ stem }) => stem);
}

function writtenOnce(words: readonly Word[]): string[] {
  return [...new Set(words.filter(({ isMeant }) => isMeant).map(({ word }) => word))];
}

function countsOf(words: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** The most frequent name, if it occurs more than once. If several are equally frequent, the first. */
function commonest(names: readonly string[]): string | undefined {
  const counts = countsOf(names);
  let most: string | undefined;
  for (const [name, count] of counts) if (count > (most ? (counts.get(most) ?? 0) : 1)) most = name;
  return most;
}

function runsOf(hashes: readonly number[]): ReadonlySet<number> {
  const runs = new Set<number>();
  for (let at = 0; at + RUN_WORDS <= hashes.length; at++) {
    let run = 0;
    for (let next = at; next < at + RUN_WORDS; next++)
      run = Math.imul(run, 31) + (hashes[next] ?? 0);
    runs.add(run | 0);
  }
  return runs;
}

/** FNV-1a: 32 bits are sufficient for the runs of two texts, and take a tenth of the time of strings. */
function hashOf(word: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193);
  return hash;
}

function stopWordsOf(language: string): StopWords {
  const { stopWords, saying, calendar } = lexiconOf(language);
  const small = FUNCTION_WORDS.get(primarySubtag(language));
  const common = (word: string) =>
    stopWords.has(word) || saying.has(word) || small?.has(word) === true;
  return { common, calendar };
}
