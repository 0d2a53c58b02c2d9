import type { Batch } from "./batch.ts";
import { chanceOfOneEvent, daysApart, isNear, isOfAnotherDay } from "./likeness.ts";
import { likenessOf, sharedCount } from "../../summary/language/lexicon.ts";
import { folded, isSameSource } from "../../article/identity.ts";
import { otherEvent } from "./other-event.ts";
import type { Match } from "./story.ts";
import type { Traits } from "./traits.ts";

/** Equal or nearly equal texts leave no doubt. */
const SURE_CHANCE = 0.99;
const COPIED_CHANCE = 0.97;
/** Cross-validated: two of three pairs on one event reach this probability, and two of a hundred that are only similar. */
export const LEAST_CHANCE = 0.35;

/**
 * Decides whether two articles tell the same story: the same article, a copy (with another headline, shortened, or a later
 * version), or the same event. In doubt they do not, because a lost story is worse than a repeated one.
 */
export function matchOf(
  a: Traits,
  b: Traits,
  batch: Batch,
  chanceOf: typeof chanceOfOneEvent = chanceOfOneEvent,
): Match | undefined {
  if (a.language !== b.language) return undefined;
  if (isSameArticle(a, b)) return { as: "article", chance: SURE_CHANCE };
  if (!isNear(a, b, batch)) return undefined;
  if (isSeries(a, b) || isOfAnotherDay(a, b) || isOtherForm(a, b)) return undefined;
  if (isCopy(a, b)) return { as: "copy", chance: COPIED_CHANCE };
  if (otherEvent(a, b) !== undefined) return undefined;
  const isLong = Math.min(a.words, b.words) >= FEWEST_WORDS;
  const chance = Math.max(isLong ? chanceOf(a, b, batch) : 0, isRetold(a, b) ? RETOLD.chance : 0);
  return chance >= LEAST_CHANCE && daysApartOr(a, b) <= RETOLD.days
    ? { as: "event", chance }
    : undefined;
}

/**
 * A model's statement that two articles are one story adds this to the log-odds. With a higher value, 7 of 100 other pairs
 * would be merged.
 */
const MODEL_SAYS = 1;

/** The probability that two articles are one story if a model says so, and the evidence against it. */
export interface Backing {
  readonly chance: number;
  readonly against?: string;
}

/** Computes the probability that two articles are one story if a model says so, and the facts that exclude it. */
export function backingOf(a: Traits, b: Traits, batch: Batch): Backing {
  const match = matchOf(a, b, batch);
  if (match) return match;
  const chance = a.language === b.language ? chanceOfOneEvent(a, b, batch, MODEL_SAYS) : 0;
  const against = againstOneStory(a, b, chance);
  return against === undefined ? { chance } : { chance, against };
}

function againstOneStory(a: Traits, b: Traits, chance: number): string | undefined {
  if (a.language !== b.language) return "they are in two languages";
  if (isSeries(a, b)) return "they are two numbers of one series";
  if (isOfAnotherDay(a, b) || daysApartOr(a, b) > RETOLD.days) return "they are of different days";
  if (isOtherForm(a, b)) return "they name others";
  const other = otherEvent(a, b);
  if (other !== undefined) return OTHER[other];
  if (chance < LEAST_CHANCE) return "they have too little in common";
  return undefined;
}

const OTHER = {
  outcome: "they tell of another outcome",
  score: "they tell of another score",
  winner: "they tell of another winner",
  names: "they name others",
} as const;

/** A shorter text, such as a sentence that a feed repeats in each item, is not sufficient for a comparison. */
const FEWEST_WORDS = 15;
const COPY = { days: 3, words: 30, text: 0.3, opening: 0.2, together: 0.8, names: 0.7 };
/** Thresholds for two reports on one event that are clear without other articles, in any language. */
const RETOLD = {
  days: 2,
  lead: 0.45,
  body: 0.3,
  names: 4,
  shareOfNames: 0.6,
  nameless: 0.5,
  sharedText: 0.6,
  chance: 0.9,
};
/** Articles of one paper whose headlines are less similar are different articles. */
const SAME_TITLE = 0.75;
const SERIES_TITLE = 0.3;

/**
 * Some feeds give all items the same text, and some blogs give all notes of a day the same address. So neither alone is
 * sufficient.
 */
function isSameArticle(a: Traits, b: Traits): boolean {
  const isTitled = a.article.title !== "" && folded(a.article.title) === folded(b.article.title);
  const isOneAddress = a.article.id === b.article.id || (a.link !== undefined && a.link === b.link);
  if (isOneAddress || a.letters === b.letters) {
    if (isTitled) return true;
    return isOneAddress && likenessOf(a.runs, b.runs) >= COPY.text;
  }
  return false;
}

/** Whether two articles are parts of a series: the same paper, and the same headline except for a number or a day. */
function isSeries(a: Traits, b: Traits): boolean {
  if (isSameSource(a.article, b.article) === false || alike(a.title, b.title) < SERIES_TITLE)
    return false;
  // "Week 1" and "week 2": each has a number that the other does not have.
  return sharedCount(a.serial, b.serial) < Math.min(a.serial.size, b.serial.size);
}

function isCopy(a: Traits, b: Traits): boolean {
  if (daysApartOr(a, b) > COPY.days || Math.min(a.words, b.words) < COPY.words) return false;
  const isOneSource = isSameSource(a.article, b.article) === true;
  if ((isOneSource && alike(a.title, b.title) < SAME_TITLE) || hasOtherNames(a, b)) return false;
  const openings = [share(a.leadRuns, b.runs), share(b.leadRuns, a.runs)] as const;
  // A paper that repeats the background of an old story below a new opening tells another story.
  if (Math.min(...openings) < COPY.opening) return false;
  return likenessOf(a.runs, b.runs) + (openings[0] + openings[1]) / 2 >= COPY.together;
}

function isRetold(a: Traits, b: Traits): boolean {
  if (isSameSource(a.article, b.article) !== false) return false;
  const knowsNames = Math.min(a.names.size, b.names.size) >= RETOLD.names;
  // Two papers with one newsroom share the background of an older story. Then the openings decide.
  const least = likenessOf(a.runs, b.runs) >= COPY.text ? RETOLD.sharedText : RETOLD.lead;
  if (alike(a.lead, b.lead) < Math.max(least, knowsNames ? 0 : RETOLD.nameless)) return false;
  if (alike(a.body, b.body) < RETOLD.body) return false;
  if (!knowsNames) return true;
  return (
    sharedCount(a.names, b.names) >= RETOLD.names &&
    likenessOf(a.names, b.names) >= RETOLD.shareOfNames
  );
}

/** Whether two articles share only a template: one text under two headlines of a paper, or a report with other names. */
function isOtherForm(a: Traits, b: Traits): boolean {
  const isOnePaper = isSameSource(a.article, b.article) === true;
  if (a.letters === b.letters && isOnePaper) return true;
  return (isOnePaper || likenessOf(a.runs, b.runs) >= COPY.text) && hasOtherNames(a, b);
}

function hasOtherNames(a: Traits, b: Traits): boolean {
  if (a.mainName && b.mainName && !b.body.has(a.mainName) && !a.body.has(b.mainName)) return true;
  return Math.min(a.names.size, b.names.size) >= 2 && likenessOf(a.names, b.names) < COPY.names;
}

/** An undated article may be of any day. */
function daysApartOr(a: Traits, b: Traits): number {
  return daysApart(a, b) ?? 0;
}

/** The similarity of two sets (Dice). */
function alike<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): number {
  return (2 * sharedCount(a, b)) / Math.max(1, a.size + b.size);
}

/** The share of the first set that is in the second. */
function share<T>(part: ReadonlySet<T>, whole: ReadonlySet<T>): number {
  return sharedCount(part, whole) / Math.max(1, part.size);
}
