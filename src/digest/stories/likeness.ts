import type { Batch, Vector, Weighed } from "./batch.ts";
import { likenessOf, sharedCount } from "../../summary/language/lexicon.ts";
import type { Traits } from "./traits.ts";
import stored from "./likeness-weights.json" with { type: "json" };

const DAY_MS = 86_400_000;
/** More days make no difference. */
const MOST_DAYS = 3;
/** What is not dated may be of the same day as well as of the next. */
const UNKNOWN_DAYS = 0.5;

/**
 * What two articles share, weighed by how rare it is among those read together: the words of title and opening, the
 * names, text in common, how much of the one's first sentences the other has, and the days between them. It is the
 * same whichever of them comes first.
 */
export function evidenceOf(a: Traits, b: Traits, batch: Batch): number[] {
  const [one, other] = [batch.weighed(a), batch.weighed(b)];
  const copied = Math.max(likenessOf(a.runs, b.runs), likenessOf(a.leadRuns, b.leadRuns));
  const days = Math.min(MOST_DAYS, daysApart(a, b) ?? UNKNOWN_DAYS);
  return [
    (cosine(one.opening, other.opening) + cosine(one.first, other.first)) / 2,
    weightedOverlap(a.names, b.names, one.rarity, other.rarity),
    copied,
    Math.max(shareOf(a.firstCounts, b.counts, one), shareOf(b.firstCounts, a.counts, other)),
    days,
    days * (1 - copied),
  ];
}

/** With less in common two articles are on different things, whatever else they share. */
const LEAST_COSINE = 0.12;

/** Whether two articles have enough words in common to be looked at closely. */
export function isNear(a: Traits, b: Traits, batch: Batch): boolean {
  return cosine(batch.weighed(a).opening, batch.weighed(b).opening) >= LEAST_COSINE;
}

/** How sure it is that two articles tell one event, from 0 to 1. */
export function chanceOfOneEvent(a: Traits, b: Traits, batch: Batch): number {
  const { weights, bias } = stored;
  const logOdds = evidenceOf(a, b, batch).reduce(
    (sum, value, at) => sum + value * (weights[at] ?? 0),
    bias,
  );
  return 1 / (1 + Math.exp(-logOdds));
}

/** Where 9 of 10 that are taken for one run are. */
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

/** So much text in common is the same report, whenever it was published. */
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

/** How much of the first article's words the second has too, by how rare they are. */
function shareOf(
  part: ReadonlyMap<string, number>,
  whole: ReadonlyMap<string, number>,
  { rarity }: Weighed,
): number {
  let [found, all] = [0, 0];
  for (const word of part.keys()) {
    const rare = rarity.get(word) ?? 0;
    all += rare;
    if (whole.has(word)) found += rare;
  }
  return all === 0 ? 0 : found / all;
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
