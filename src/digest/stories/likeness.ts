import { loadTrees, logOddsOf } from "../../platform/boosted-trees.ts";
import type { Batch, Vector, Weighed } from "./batch.ts";
import { numbersIn } from "../../summary/facts/numbers.ts";
import { Wording } from "../../summary/faithfulness/english.ts";
import { likenessOf, sharedCount, stemOf } from "../../summary/language/lexicon.ts";
import { isSameSource } from "../../article/identity.ts";
import type { Traits } from "./traits.ts";
import stored from "./likeness-weights.json" with { type: "json" };

const DAY_MS = 86_400_000;
/** More days make no difference. */
const MOST_DAYS = 3;
/** What is not dated may be of the same day as well as of the next. */
const UNKNOWN_DAYS = 0.5;

/**
 * What two articles share, weighed by how rare it is among those read together. Two papers tell one event in other words, so
 * that words count by their meaning, too. It is weighed how much of headline and first sentences the other article has in its opening, and how much in its own headline and first sentence: of the one that has less and of the one that has more. Then there are names, numbers and text
 * in common, the days between them, and whether one paper has both. It is the same whichever of them comes first.
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

/** More names than this make no difference. */
const MOST_NAMES = 20;
const MOST_NUMBERS = 4;
/** Headline and about a sentence. */
const TOP_WORDS = 25;
const NUMBER_CHARACTERS = 1500;
/** "Two" and "one" are of every article. */
const LEAST_NUMBER = 3;

interface Meaning {
  readonly opening: Nearness;
  readonly top: readonly string[];
  readonly atTop: Nearness;
  readonly numbers: ReadonlySet<number>;
}

/** How near the words of a text come to a word, 0 to 1. */
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

/** Compares the stems of words. Meanings are known in English only. */
function sameStems(words: readonly string[]): Nearness {
  const stems = new Set(words.map(stemOf));
  return { nearness: (word) => (stems.has(stemOf(word)) ? 1 : 0) };
}

/** How much of some words a text has, by how rare they are. */
function sharedMeaning(words: readonly string[], text: Nearness, { rarity }: Weighed): number {
  let [found, all] = [0, 0];
  for (const word of words) {
    const rare = rarity.get(stemOf(word)) ?? 0;
    all += rare;
    found += rare * text.nearness(word);
  }
  return all === 0 ? 0 : found / all;
}

/** Articles that have less in common are on different things, whatever else they share. */
const LEAST_COSINE = 0.12;

/** Whether two articles have enough words in common to be looked at closely. */
export function isNear(a: Traits, b: Traits, batch: Batch): boolean {
  return cosine(batch.weighed(a).opening, batch.weighed(b).opening) >= LEAST_COSINE;
}

const trees = loadTrees(stored);

/**
 * How sure it is that two articles tell one event, from 0 to 1.
 * @param known What else is known of it, as log-odds.
 */
export function chanceOfOneEvent(a: Traits, b: Traits, batch: Batch, known = 0): number {
  return 1 / (1 + Math.exp(-known - logOddsOf(trees, evidenceOf(a, b, batch))));
}

/** At this likeness, 9 of 10 pairs that are taken for one series are one. */
const ONE_RUN = { words: 0.27, names: 0.4 };

/** Whether two articles are of one running story: its next day, or another side of it. */
export function isOneRun(a: Traits, b: Traits, batch: Batch): boolean {
  if (a.language !== b.language) return false;
  const [one, other] = [batch.weighed(a), batch.weighed(b)];
  return (
    cosine(one.opening, other.opening) >= ONE_RUN.words &&
    weightedOverlap(a.names, b.names, one.rarity, other.rarity) >= ONE_RUN.names
  );
}

/** Articles that share so much text are the same report, whenever they were published. */
const SAME_TEXT = 0.7;
/** Two papers' news of one event is rarely further apart. */
const ONE_EVENT_DAYS = 1.5;
/** Nearly a day apart, the days that the openings name decide. */
const NEXT_DAY = 0.9;

/** Whether two articles are of different days of a running story: far apart, or naming other days. */
export function isOfAnotherDay(a: Traits, b: Traits): boolean {
  const days = daysApart(a, b);
  if (days === undefined || likenessOf(a.runs, b.runs) >= SAME_TEXT) return false;
  const namesOthers = a.days.size > 0 && b.days.size > 0 && sharedCount(a.days, b.days) === 0;
  return days >= ONE_EVENT_DAYS || (days >= NEXT_DAY && namesOthers);
}

/** The days between two articles; undefined where one of them is not dated. */
export function daysApart(a: Traits, b: Traits): number | undefined {
  if (a.published === undefined || b.published === undefined) return undefined;
  return Math.abs(a.published - b.published) / DAY_MS;
}

/** The cosine of two articles' words. */
function cosine(a: Vector, b: Vector): number {
  const [fewer, more] = a.weights.size < b.weights.size ? [a, b] : [b, a];
  let shared = 0;
  for (const [word, weight] of fewer.weights) {
    const other = more.weights.get(word);
    if (other !== undefined) shared += weight * other;
  }
  return shared === 0 ? 0 : shared / (a.length * b.length);
}

/** How rare the names are, in sum, that both articles have. */
function sharedWeight(
  a: ReadonlySet<string>,
  b: ReadonlySet<string>,
  rarity: ReadonlyMap<string, number>,
  otherRarity: ReadonlyMap<string, number>,
): number {
  const shared = [...a].filter((name) => b.has(name));
  return Math.min(sumOf(shared, rarity), sumOf(shared, otherRarity));
}

/** How much of the fewer names the other article has too, by how rare they are. */
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
