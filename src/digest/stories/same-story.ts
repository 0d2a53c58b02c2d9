import type { Batch } from "./batch.ts";
import { chanceOfOneEvent, daysApart, isNear, isOfAnotherDay } from "./likeness.ts";
import { likenessOf, sharedCount } from "../../summary/language/lexicon.ts";
import { folded, isSameSource } from "../../article/identity.ts";
import { otherEvent } from "./other-event.ts";
import type { Match } from "./story.ts";
import type { Traits } from "./traits.ts";

/** What is the same text, or nearly, leaves no room for doubt. */
const SURE = 0.99;
const COPIED = 0.97;
/** Cross-validated, two of three pairs of one event reach this chance, and two of a hundred that only look alike. */
export const LEAST_CHANCE = 0.35;

/**
 * Whether two articles tell one story: the same article, a copy of it (under another headline, trimmed, or a later
 * version of it), or the same event told twice. In doubt, not: a story lost is worse than one told twice.
 */
export function matchOf(
  a: Traits,
  b: Traits,
  batch: Batch,
  chanceOf: typeof chanceOfOneEvent = chanceOfOneEvent,
): Match | undefined {
  if (a.language !== b.language) return undefined;
  if (isSameArticle(a, b)) return { as: "article", chance: SURE };
  if (!isNear(a, b, batch)) return undefined;
  if (isSeries(a, b) || isOfAnotherDay(a, b) || isOtherForm(a, b)) return undefined;
  if (isCopy(a, b)) return { as: "copy", chance: COPIED };
  if (otherEvent(a, b) !== undefined) return undefined;
  const isLong = Math.min(a.words, b.words) >= FEWEST_WORDS;
  const chance = Math.max(isLong ? chanceOf(a, b, batch) : 0, isRetold(a, b) ? RETOLD.chance : 0);
  return chance >= LEAST_CHANCE && daysApartOr(a, b) <= RETOLD.days
    ? { as: "event", chance }
    : undefined;
}

/** What a model's word that two articles are one story adds to the chance, as log-odds. With more, 7 of 100 other pairs would be merged. */
const MODEL_SAYS = 1;

/** How sure it is that two articles are one story which a model says are, and what speaks against it. */
export interface Backing {
  readonly chance: number;
  readonly against?: string;
}

/** How sure it is with a model's word that two articles are one story, and what forbids it. */
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

/** A shorter text, such as one sentence that each item of a feed has, says too little to be compared. */
const FEWEST_WORDS = 15;
const COPY = { days: 3, words: 30, text: 0.3, opening: 0.2, together: 0.8, names: 0.7 };
/** What two papers wrote of one event where it can be told from these two alone, in whatever language. */
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
/** Articles of one paper whose headlines are less alike are different articles. */
const SAME_TITLE = 0.75;
const SERIES_TITLE = 0.3;

/** Some feeds give every item one text, and some blogs one address to all notes of a day: neither is enough. */
function isSameArticle(a: Traits, b: Traits): boolean {
  const isTitled = a.article.title !== "" && folded(a.article.title) === folded(b.article.title);
  const isOneAddress = a.article.id === b.article.id || (a.link !== undefined && a.link === b.link);
  if (isOneAddress || a.letters === b.letters) {
    if (isTitled) return true;
    return isOneAddress && likenessOf(a.runs, b.runs) >= COPY.text;
  }
  return false;
}

/** Numbers of one series: the same paper, the same headline but for a number or a day. */
function isSeries(a: Traits, b: Traits): boolean {
  if (isSameSource(a.article, b.article) === false || alike(a.title, b.title) < SERIES_TITLE)
    return false;
  // "Week 1" and "week 2": each has what the other hasn't.
  return sharedCount(a.serial, b.serial) < Math.min(a.serial.size, b.serial.size);
}

function isCopy(a: Traits, b: Traits): boolean {
  if (daysApartOr(a, b) > COPY.days || Math.min(a.words, b.words) < COPY.words) return false;
  const isOneSource = isSameSource(a.article, b.article) === true;
  if ((isOneSource && alike(a.title, b.title) < SAME_TITLE) || hasOtherNames(a, b)) return false;
  const openings = [share(a.leadRuns, b.runs), share(b.leadRuns, a.runs)] as const;
  // A paper that takes an old story's background under a new opening tells another story.
  if (Math.min(...openings) < COPY.opening) return false;
  return likenessOf(a.runs, b.runs) + (openings[0] + openings[1]) / 2 >= COPY.together;
}

function isRetold(a: Traits, b: Traits): boolean {
  if (isSameSource(a.article, b.article) !== false) return false;
  const knowsNames = Math.min(a.names.size, b.names.size) >= RETOLD.names;
  // Two papers with one desk share an older story's background: then the openings decide.
  const least = likenessOf(a.runs, b.runs) >= COPY.text ? RETOLD.sharedText : RETOLD.lead;
  if (alike(a.lead, b.lead) < Math.max(least, knowsNames ? 0 : RETOLD.nameless)) return false;
  if (alike(a.body, b.body) < RETOLD.body) return false;
  if (!knowsNames) return true;
  return (
    sharedCount(a.names, b.names) >= RETOLD.names &&
    likenessOf(a.names, b.names) >= RETOLD.shareOfNames
  );
}

/** Whether two articles have one form: a text under two headlines of one paper, or a report filled in with other names. */
function isOtherForm(a: Traits, b: Traits): boolean {
  const isOnePaper = isSameSource(a.article, b.article) === true;
  if (a.letters === b.letters && isOnePaper) return true;
  return (isOnePaper || likenessOf(a.runs, b.runs) >= COPY.text) && hasOtherNames(a, b);
}

function hasOtherNames(a: Traits, b: Traits): boolean {
  if (a.mainName && b.mainName && !b.body.has(a.mainName) && !a.body.has(b.mainName)) return true;
  return Math.min(a.names.size, b.names.size) >= 2 && likenessOf(a.names, b.names) < COPY.names;
}

/** What is not dated may be of any day. */
function daysApartOr(a: Traits, b: Traits): number {
  return daysApart(a, b) ?? 0;
}

/** What two sets share, of both (Dice). */
function alike<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): number {
  return (2 * sharedCount(a, b)) / Math.max(1, a.size + b.size);
}

/** How much of the first set is in the second. */
function share<T>(part: ReadonlySet<T>, whole: ReadonlySet<T>): number {
  return sharedCount(part, whole) / Math.max(1, part.size);
}
