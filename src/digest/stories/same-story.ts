import { folded, isSameSource } from "./source-name.ts";
import type { Traits } from "./traits.ts";

const DAY_MS = 86_400_000;

/**
 * How much two articles must share to be one story, as shares of 1. Chosen so that on a thousand real
 * articles of one season, many on the same running stories, what is merged is one event told twice: a
 * story lost is worse than one told twice.
 */
const COPY = { days: 3, words: 30, text: 0.3, opening: 0.2, together: 0.8, names: 0.7 };
const RETOLD = {
  days: 2,
  lead: 0.45,
  body: 0.3,
  names: 4,
  shareOfNames: 0.6,
  nameless: 0.5,
  sharedText: 0.6,
};
/** Of one paper, an article with another headline is another article. */
const SAME_TITLE = 0.75;
const SERIES_TITLE = 0.3;

/**
 * Whether two articles tell one story: the same article, a copy of it (under another headline, trimmed, or
 * a later version of it), or the same event told by two papers in their own words. In doubt, not.
 */
export function isSameStory(a: Traits, b: Traits): boolean {
  if (a.language !== b.language) return false;
  if (isSameArticle(a, b)) return true;
  return !isSeries(a, b) && (isCopy(a, b) || isRetold(a, b));
}

/** Some feeds give every item one text, and some blogs one address to all notes of a day: neither is enough. */
function isSameArticle(a: Traits, b: Traits): boolean {
  const isTitled = a.article.title !== "" && folded(a.article.title) === folded(b.article.title);
  const isOneAddress = a.article.id === b.article.id || (a.link !== undefined && a.link === b.link);
  if (isOneAddress || a.letters === b.letters) {
    if (isTitled) return true;
    return isOneAddress && overlap(a.runs, b.runs) >= COPY.text;
  }
  return false;
}

/** Numbers of one series: the same paper, the same headline but for a number or a day. */
function isSeries(a: Traits, b: Traits): boolean {
  if (isEqual(a.serial, b.serial) || isSameSource(a.article, b.article) === false) return false;
  return alike(a.title, b.title) >= SERIES_TITLE;
}

function isCopy(a: Traits, b: Traits): boolean {
  if (daysApart(a, b, 0) > COPY.days || Math.min(a.words, b.words) < COPY.words) return false;
  const isOneSource = isSameSource(a.article, b.article) === true;
  if ((isOneSource && alike(a.title, b.title) < SAME_TITLE) || hasOtherNames(a, b)) return false;
  const openings = [share(a.leadRuns, b.runs), share(b.leadRuns, a.runs)] as const;
  // A paper that takes an old story's background under a new opening tells another story.
  if (Math.min(...openings) < COPY.opening) return false;
  return overlap(a.runs, b.runs) + (openings[0] + openings[1]) / 2 >= COPY.together;
}

function isRetold(a: Traits, b: Traits): boolean {
  if (isSameSource(a.article, b.article) !== false) return false;
  if (daysApart(a, b, 0) > RETOLD.days) return false;
  const knowsNames = Math.min(a.names.size, b.names.size) >= RETOLD.names;
  // Two papers with one desk share an older story's background: then the openings decide.
  const least = overlap(a.runs, b.runs) >= COPY.text ? RETOLD.sharedText : RETOLD.lead;
  if (alike(a.lead, b.lead) < Math.max(least, knowsNames ? 0 : RETOLD.nameless)) return false;
  if (alike(a.body, b.body) < RETOLD.body) return false;
  if (!knowsNames) return true;
  return (
    common(a.names, b.names) >= RETOLD.names && overlap(a.names, b.names) >= RETOLD.shareOfNames
  );
}

/** The form of one report filled in twice: the words are the same, the names are others. */
function hasOtherNames(a: Traits, b: Traits): boolean {
  if (a.mainName && b.mainName && !b.body.has(a.mainName) && !a.body.has(b.mainName)) return true;
  return Math.min(a.names.size, b.names.size) >= 2 && overlap(a.names, b.names) < COPY.names;
}

function daysApart(a: Traits, b: Traits, unknown: number): number {
  if (a.published === undefined || b.published === undefined) return unknown;
  return Math.abs(a.published - b.published) / DAY_MS;
}

function common<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): number {
  const [fewer, more] = a.size < b.size ? [a, b] : [b, a];
  let count = 0;
  for (const one of fewer) if (more.has(one)) count++;
  return count;
}

/** What two sets share, of the smaller. */
function overlap<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): number {
  return common(a, b) / Math.max(1, Math.min(a.size, b.size));
}

/** What two sets share, of both (Dice). */
function alike<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): number {
  return (2 * common(a, b)) / Math.max(1, a.size + b.size);
}

/** How much of the first set is in the second. */
function share<T>(part: ReadonlySet<T>, whole: ReadonlySet<T>): number {
  return common(part, whole) / Math.max(1, part.size);
}

function isEqual(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && common(a, b) === a.size;
}
