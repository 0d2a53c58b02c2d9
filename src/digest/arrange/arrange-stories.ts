import type { Article } from "../../article/article.ts";
import { isDoubtful } from "../../article/reading.ts";
import { gatherStories, type Story } from "../stories/gather-stories.ts";
import { canonicalLink } from "../../article/field-values.ts";
import { nearest } from "../../errors.ts";
import { folded, sourceName } from "../stories/source-name.ts";

export type Order = "given" | "weight";

export interface Arrangement {
  /** The day of the issue, YYYY-MM-DD: age is counted back from it. */
  readonly day: string;
  /** Whether articles that tell one story are merged; true by default. */
  readonly merge?: boolean | undefined;
  /** By default what an editor named one by one stands as given, and what a feed brought is by weight. */
  readonly order?: Order | undefined;
  /** Addresses, headlines or files: these come first, in this order, and the first of them leads. */
  readonly pins?: readonly string[] | undefined;
  /** Articles that come right after those. */
  readonly pinned?: readonly Article[] | undefined;
  /** The articles that came with others of a feed or an export, which no editor has put in order. */
  readonly collected?: ReadonlySet<Article> | undefined;
}

export interface Arranged {
  readonly stories: readonly Story[];
  readonly unknownPins: readonly UnknownPin[];
}

/** The stories that some articles tell, each once, in the order of the issue: the first one leads. */
export function arrangeStories(articles: readonly Article[], arrangement: Arrangement): Arranged {
  const { merge = true, pins = [], pinned = [], collected = new Set() } = arrangement;
  const { ranks: first, unknown } = pinnedAmong(articles, pins);
  const after = pinned.map((article, at) => [article, pins.length + at] as const);
  const ranks = new Map([...after, ...first]);
  const preference = (article: Article) =>
    ranks.get(article) ?? (collected.has(article) ? undefined : pins.length + pinned.length);
  const stories = merge
    ? gatherStories(articles, preference)
    : articles.map((article) => ({ article, alsoIn: [] }));
  return { stories: inOrder(stories, ranks, arrangement), unknownPins: unknown };
}

/** By pin, then as given, then by weight; what is equal keeps its order. */
function inOrder(
  stories: readonly Story[],
  ranks: ReadonlyMap<Article, number>,
  { day, order, collected = new Set() }: Arrangement,
): Story[] {
  const isWeighed = ({ article }: Story) =>
    order === undefined ? collected.has(article) : order === "weight";
  const keyed = stories.map((story) => ({
    story,
    pin: ranks.get(story.article) ?? Infinity,
    weight: isWeighed(story) ? weightOf(story, day) : Infinity,
  }));
  const ordered = keyed
    .sort((a, b) => descending(b.pin, a.pin) || descending(a.weight, b.weight))
    .map(({ story }) => story);
  return withSureLead(ordered);
}

/** What was read with doubt leads no issue, unless all was. */
function withSureLead(stories: readonly Story[]): Story[] {
  const lead = stories.findIndex(({ article }) => !isDoubtful(article.reading));
  return lead <= 0
    ? [...stories]
    : [...stories.slice(lead, lead + 1), ...stories.toSpliced(lead, 1)];
}

function descending(a: number, b: number): number {
  if (a === b) return 0;
  return a > b ? -1 : 1;
}

/** A pin that no article answers to, and the title or file that may have been meant. */
interface UnknownPin {
  readonly pin: string;
  readonly near?: string | undefined;
}

interface Pinned {
  /** The place of each pinned article's pin in the list, from 0. */
  readonly ranks: ReadonlyMap<Article, number>;
  readonly unknown: readonly UnknownPin[];
}

/** Which articles are pinned. A pin is an address, a headline, or a file with or without its folder. */
function pinnedAmong(articles: readonly Article[], pins: readonly string[]): Pinned {
  const ranks = new Map<Article, number>();
  const unknown: UnknownPin[] = [];
  for (const [rank, pin] of pins.entries()) {
    const found = articles.filter((article) => answersTo(article, pin));
    for (const article of found) if (!ranks.has(article)) ranks.set(article, rank);
    if (found.length === 0) unknown.push({ pin, near: nearest(pin, namesOf(articles)) });
  }
  return { ranks, unknown };
}

function answersTo({ url, title, source }: Article, pin: string): boolean {
  if (/^https?:\/\//i.test(pin))
    return url !== undefined && canonicalLink(url) === canonicalLink(pin);
  const file = pin.replace(/^\.\//, "");
  return folded(title) === folded(pin) || source === file || source.endsWith(`/${file}`);
}

function namesOf(articles: readonly Article[]): string[] {
  return articles
    .flatMap(({ title, url, source }) => [title, url, source, source.split("/").at(-1)])
    .filter((name): name is string => Boolean(name));
}

const DAY_MS = 86_400_000;
/** Of no date, as old as what is neither new nor stale. */
const UNDATED_DAYS = 3;
/** After two weeks all is equally old. */
const OLDEST_DAYS = 14;

/**
 * How far forward a story belongs, the heavier the further: it loses one a day of its age on the issue's
 * day, and twice as many papers that have it make up for a day.
 */
export function weightOf({ article, alsoIn }: Story, day: string): number {
  const papers = new Set([article, ...alsoIn].map((told) => sourceName(told) ?? told.source));
  const ages = [article, ...alsoIn].map(({ publishedAt }) => ageInDays(publishedAt, day));
  return Math.log2(papers.size) - ages.reduce((least, age) => Math.min(least, age), OLDEST_DAYS);
}

/** Days from publication to the end of the day; what time zones put after it is new. */
function ageInDays(publishedAt: string | undefined, day: string): number {
  if (publishedAt === undefined || Number.isNaN(Date.parse(publishedAt))) return UNDATED_DAYS;
  // A date without a time is neither the day's first news nor its last.
  const time = Date.parse(publishedAt) + (publishedAt.includes("T") ? 0 : DAY_MS / 2);
  const end = Date.parse(`${day}T00:00:00Z`) + DAY_MS;
  const days = (end - time) / DAY_MS;
  // A date to come is a mistake, and would lead every issue until it comes.
  if (days < -1) return UNDATED_DAYS;
  return Math.min(OLDEST_DAYS, Math.max(0, days));
}
