import { loadTrees, logOddsOf } from "../../platform/boosted-trees.ts";
import type { Batch, Vector, Weighed } from "./batch.ts";
import { numbersIn } from "../../summary/facts/numbers.ts";
import { Wording } from "../../summary/faithfulness/english.ts";
import { likenessOf, sharedCount, stemOf } from "../../summary/language/lexicon.ts";
import { isSameSource } from "../../article/identity.ts";
import type { Traits } from "./traits.ts";
import stored from "./likeness-weights.json" with { type: "json" };

const DAY_MS = 86_400_000;
/** A greater distance in days makes no difference. */
const MOST_DAYS = 3;
/** The assumed distance for an undated article, which may be of the same day or the next. */
const UNKNOWN_DAYS = 0.5;

/**
 * Computes the common features of two articles, weighted by their rarity among the articles read together. Words count by
 * meaning, because two papers describe one event in different words. The first features are the shares of headline and first
 * sentences that appear in the other article's opening, and in its own headline and first sentence. Each share is computed in
 * both directions, and the smaller and the larger value are features. The others are common names, numbers and text, the days
 * between the articles, and whether both are from the same paper. The order of the two articles does not matter.
 */
export function evidenceOf(a: Traits, b: Traits, batch: Batch): number[] {
  const [one, other] = [batch.weighed(a), batch.weighed(b)];
  const [mine, theirs] = [meaningOf(a), meaningOf(b)];
  const told = [
    sharedMeaning(a.firstWords, theirs.opening, one),
    sharedMeaning(b.firstWords, mine.opening, other),
  ] as const;
  const atTop = [
    sharedMeaning(mine.top, theirs.atTop, one),
    sharedMeaning(theirs.top, mine.atTop, other),
  ] as const;
  return [
    (cosine(one.opening, other.opening) + cosine(one.first, other.first)) / 2,
    weightedOverlap(a.names, b.names, one.rarity, other.rarity),
    Math.min(MOST_NAMES, sharedWeight(a.names, b.names, one.rarity, other.rarity)),
    Math.max(likenessOf(a.runs, b.runs), likenessOf(a.leadRuns, b.leadRuns)),
    Math.min(...told),
    Math.max(...told),
    Math.min(...atTop),
    Math.max(...atTop),
    Math.min(MOST_NUMBERS, sharedCount(mine.numbers, theirs.numbers)),
    Math.min(MOST_DAYS, daysApart(a, b) ?? UNKNOWN_DAYS),
    isSameSource(a.article, b.article) === true ? 1 : 0,
  ];
}

/** More common names than this make no difference. */
const MOST_NAMES = 20;
const MOST_NUMBERS = 4;
/** The headline and about a sentence. */
const TOP_WORDS = 25;
const NUMBER_CHARACTERS = 1500;
/** Smaller numbers are in almost every article. */
const LEAST_NUMBER = 3;

interface Meaning {
  readonly opening: Nearness;
  readonly top: readonly string[];
  readonly atTop: Nearness;
  readonly numbers: ReadonlySet<number>;
}

/** The similarity between a word and the words of a text, from 0 to 1. */
type Nearness = Pick<Wording, "nearness">;

const meanings = new WeakMap<Traits, Meaning>();

function meaningOf(traits: Traits): Meaning {
  const found = meanings.get(traits) ?? readMeaning(traits);
  meanings.set(traits, found);
  return found;
}

function readMeaning({ article, language, firstWords, openingWords }: Traits): Meaning {
  const top = firstWords.slice(0, TOP_WORDS);
  const wording = language === "en" ? (words: readonly string[]) => new Wording(words) : sameStems;
  const text = `${article.title}. ${article.text.slice(0, NUMBER_CHARACTERS)}`;
  const values = numbersIn(text, article.language).flatMap((number) => number.values);
  return {
    opening: wording(openingWords),
    top,
    atTop: wording(top),
    numbers: new Set(values.filter((value) => value >= LEAST_NUMBER)),
  };
}

/** Compares the stems of words. Meanings are known only in English. */
function sameStems(words: readonly string[]): Nearness {
  const stems = new Set(words.map(stemOf));
  return { nearness: (word) => (stems.has(stemOf(word)) ? 1 : 0) };
}

/** The share of the given words that a text contains, weighted by rarity. */
function sharedMeaning(words: readonly string[], text: Nearness, { rarity }: Weighed): number {
  let [found, all] = [0, 0];
  for (const word of words) {
    const rare = rarity.get(stemOf(word)) ?? 0;
    all += rare;
    found += rare * text.nearness(word);
  }
  return all === 0 ? 0 : found / all;
}

/** Articles with less in common are about different things, whatever else they share. */
const LEAST_COSINE = 0.12;

/** Whether two articles have enough words in common for a close comparison. */
export function isNear(a: Traits, b: Traits, batch: Batch): boolean {
  return cosine(batch.weighed(a).opening, batch.weighed(b).opening) >= LEAST_COSINE;
}

const trees = loadTrees(stored);

/**
 * The probability that two articles are about the same event, from 0 to 1.
 * @param known Other evidence, as log-odds.
 */
export function chanceOfOneEvent(a: Traits, b: Traits, batch: Batch, known = 0): number {
  return 1 / (1 + Math.exp(-known - logOddsOf(trees, evidenceOf(a, b, batch))));
}

/** Above these values, 9 of 10 pairs are really of one running story. */
const ONE_RUN = { words: 0.27, names: 0.4 };

/** Whether two articles belong to one running story: its next day, or another aspect. */
export function isOneRun(a: Traits, b: Traits, batch: Batch): boolean {
  if (a.language !== b.language) return false;
  const [one, other] = [batch.weighed(a), batch.weighed(b)];
  return (
    cosine(one.opening, other.opening) >= ONE_RUN.words &&
    weightedOverlap(a.names, b.names, one.rarity, other.rarity) >= ONE_RUN.names
  );
}

/** Articles that share this much text are the same report, whenever they were published. */
const SAME_TEXT = 0.7;
/** The articles of two papers on one event are rarely further apart. */
const ONE_EVENT_DAYS = 1.5;
/** If articles are nearly a day apart, the days named in their openings decide. */
const NEXT_DAY = 0.9;

/** Whether two articles are about different days of a running story: far apart, or naming different days. */
export function isOfAnotherDay(a: Traits, b: Traits): boolean {
  const days = daysApart(a, b);
  if (days === undefined || likenessOf(a.runs, b.runs) >= SAME_TEXT) return false;
  const namesOthers = a.days.size > 0 && b.days.size > 0 && sharedCount(a.days, b.days) === 0;
  return days >= ONE_EVENT_DAYS || (days >= NEXT_DAY && namesOthers);
}

/** The days between two articles; undefined if one of them is undated. */
export function daysApart(a: Traits, b: Traits): number | undefined {
  if (a.published === undefined || b.published === undefined) return undefined;
  return Math.abs(a.published - b.published) / DAY_MS;
}

/** The cosine similarity of two articles' words. */
function cosine(a: Vector, b: Vector): number {
  const [fewer, more] = a.weights.size < b.weights.size ? [a, b] : [b, a];
  let shared = 0;
  for (const [word, weight] of fewer.weights) {
    const other = more.weights.get(word);
    if (other !== undefined) shared += weight * other;
  }
  return shared === 0 ? 0 : shared / (a.length * b.length);
}

/** The total rarity of the names that both articles contain. */
function sharedWeight(
  a: ReadonlySet<string>,
  b: ReadonlySet<string>,
  rarity: ReadonlyMap<string, number>,
  otherRarity: ReadonlyMap<string, number>,
): number {
  const shared = [...a].filter((name) => b.has(name));
  return Math.min(sumOf(shared, rarity), sumOf(shared, otherRarity));
}

/** The share of common names in the article with fewer names, weighted by rarity. */
function weightedOverlap(
  a: ReadonlySet<string>,
  b: ReadonlySet<string>,
  rarity: ReadonlyMap<string, number>,
  otherRarity: ReadonlyMap<string, number>,
): number {
  const shared = [...a].filter((name) => b.has(name));
  const least = Math.min(sumOf(a, rarity), sumOf(b, otherRarity));
  return shared.length === 0 ? 0 : sumOf(shared, rarity) / least;
}

function sumOf(words: Iterable<string>, rarity: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const word of words) sum += rarity.get(word) ?? 0;
  return sum;
}
