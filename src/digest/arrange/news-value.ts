import type { Article } from "../../article/article.ts";
import { Batch, type Vector } from "../stories/batch.ts";
import type { Story } from "../stories/story.ts";
import { sourceName } from "../stories/source-name.ts";
import { traitsOf } from "../stories/traits.ts";
import { newsworthinessOf } from "./newsworthiness.ts";

const DAY_MS = 86_400_000;
/** Of no date, as old as what is neither new nor stale. */
const UNDATED_DAYS = 3;
/** After two weeks all is equally old. */
const OLDEST_DAYS = 14;
/** The story that is most like the whole issue is worth half a day more than one that is like nothing in it. */
const CENTRAL_DAYS = 0.5;
/** What reads wholly as news is worth two days more than what is nothing of the kind. */
const NEWS_DAYS = 2;

/** How far forward a story belongs, and why. */
export interface NewsValue {
  /** The sum, in days: the heavier, the further forward. */
  readonly value: number;
  /** How many papers have it; twice as many make up for a day. */
  readonly papers: number;
  /** Days from its newest article to the end of the day. */
  readonly ageDays: number;
  /** How much of what the issue is about it is about: 0 to 1. */
  readonly central: number;
  /** What it is worth that it reads as news, in days: 0 to 2. */
  readonly newsDays: number;
  /** What the editor and the config give it, against 1: twice as much makes up for a day. */
  readonly weight: number;
}

export interface Valuing {
  /** The day of the issue, YYYY-MM-DD: age is counted back from it. */
  readonly day: string;
  /** What the config gives the sources of articles, against 1. */
  readonly weights?: ReadonlyMap<Article, number> | undefined;
}

/** The news value of each story of an issue. */
export function newsValuesOf(
  stories: readonly Story[],
  valuing: Valuing,
): ReadonlyMap<Story, NewsValue> {
  const central = centralityOf(stories.map(({ article }) => article));
  return new Map(
    stories.map((story) => [story, valueOf(story, central.get(story.article) ?? 0, valuing)]),
  );
}

function valueOf(story: Story, central: number, { day, weights }: Valuing): NewsValue {
  const told = [story.article, ...story.alsoIn];
  const papers = new Set(told.map((article) => sourceName(article) ?? article.source)).size;
  const ageDays = told
    .map(({ publishedAt }) => ageInDays(publishedAt, day))
    .reduce((least, age) => Math.min(least, age), OLDEST_DAYS);
  const weight = told
    .map((article) => (article.priority ?? 1) * (weights?.get(article) ?? 1))
    .reduce((most, one) => Math.max(most, one));
  const newsDays = NEWS_DAYS * newsworthinessOf(story.article);
  const value = Math.log2(papers) + Math.log2(weight) + CENTRAL_DAYS * central + newsDays - ageDays;
  return {
    value: rounded(value),
    papers,
    ageDays: rounded(ageDays),
    central: rounded(central),
    newsDays: rounded(newsDays),
    weight: rounded(weight),
  };
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

/** How like all the others an article is, against the one that is most so. */
function centralityOf(articles: readonly Article[]): ReadonlyMap<Article, number> {
  const traits = articles.map(traitsOf);
  const batch = new Batch(traits);
  const vectors = traits.map((one) => batch.weighed(one).opening);
  const sum = new Map<string, number>();
  for (const vector of vectors)
    for (const [word, weight] of unit(vector)) sum.set(word, (sum.get(word) ?? 0) + weight);
  // An article is like itself: that is taken off.
  const likeness = vectors.map((vector) => {
    let shared = -1;
    for (const [word, weight] of unit(vector)) shared += weight * (sum.get(word) ?? 0);
    return Math.max(0, shared);
  });
  const most = likeness.reduce((greatest, one) => Math.max(greatest, one), 0);
  return new Map(
    articles.map((article, at) => [article, most > 0 ? (likeness[at] ?? 0) / most : 0]),
  );
}

function* unit({ weights, length }: Vector): Generator<readonly [string, number]> {
  if (length > 0) for (const [word, weight] of weights) yield [word, weight / length];
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
