import type { Article } from "../../article/article.ts";
import { lexiconOf, primarySubtag, words } from "../../summary/language/lexicon.ts";
import { teases } from "../subject/compose-subject.ts";
import written from "./newsworthiness.json" with { type: "json" };
import type { NewsValue, Reading } from "../stories/story.ts";
import { sourceName } from "../../article/identity.ts";

const DAY_MS = 86_400_000;
/** The assumed age of an article without a date: neither new nor old. */
const UNDATED_DAYS = 3;
/** All articles older than this are equally old. */
const OLDEST_DAYS = 14;
/** The story most similar to the whole issue is worth half a day more than one without any similarity. */
const CENTRAL_DAYS = 0.5;
/** A text that reads completely as news is worth two days more than one that does not. */
const NEWS_DAYS = 2;

/** The articles of a story; the first one tells it. */
type Telling = readonly [
  Pick<Reading, "article" | "weight">,
  ...Pick<Reading, "article" | "weight">[],
];

/** The stories of an issue with their news values. `day` is the date of the issue, YYYY-MM-DD, from which age is counted. */
export async function valued<S>(
  stories: readonly { readonly story: S; readonly telling: Telling }[],
  day: string,
): Promise<{ readonly story: S; readonly news: NewsValue }[]> {
  const central = await centralities(stories.map(({ telling: [{ article }] }) => article));
  return stories.map(({ story, telling }, at) => ({
    story,
    news: valueOf(telling, central[at] ?? 0, day),
  }));
}

/** A single story has no similarity. The code that compares stories is large, and is not loaded for one. */
async function centralities(articles: readonly Article[]): Promise<readonly number[]> {
  if (articles.length < 2) return [];
  const { centralityOf } = await import("../stories/batch.ts");
  return centralityOf(articles);
}

function valueOf(telling: Telling, central: number, day: string): NewsValue {
  const [{ article: teller }] = telling;
  const papers = new Set(telling.map(({ article }) => sourceName(article) ?? article.source)).size;
  const ageDays = telling
    .map(({ article }) => ageInDays(article.publishedAt, day))
    .reduce((least, age) => Math.min(least, age), OLDEST_DAYS);
  const editorsWeight = telling
    .map(({ article, weight }) => (article.priority ?? 1) * weight)
    .reduce((most, one) => Math.max(most, one));
  const newsDays = NEWS_DAYS * newsworthinessOf(teller);
  const value =
    Math.log2(papers) + Math.log2(editorsWeight) + CENTRAL_DAYS * central + newsDays - ageDays;
  return {
    value: rounded(value),
    papers,
    ageDays: rounded(ageDays),
    central: rounded(central),
    newsDays: rounded(newsDays),
    weight: rounded(editorsWeight),
  };
}

/** The days from publication to the end of the day. A date after it, caused by time zones, counts as new. */
function ageInDays(publishedAt: string | undefined, day: string): number {
  if (publishedAt === undefined || Number.isNaN(Date.parse(publishedAt))) return UNDATED_DAYS;
  // A date without a time counts as noon.
  const time = Date.parse(publishedAt) + (publishedAt.includes("T") ? 0 : DAY_MS / 2);
  const end = Date.parse(`${day}T00:00:00Z`) + DAY_MS;
  const days = (end - time) / DAY_MS;
  // A future date is a mistake. Otherwise the article would lead every issue until that date.
  if (days < -1) return UNDATED_DAYS;
  return Math.min(OLDEST_DAYS, Math.max(0, days));
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/**
 * Groups of words: harm, the powerful and their institutions, and money, which editors value; and words that address the
 * reader.
 */
type Theme = "harm" | "power" | "money" | "you";

const themes: ReadonlyMap<string, Readonly<Record<Theme, ReadonlySet<string>>>> = new Map(
  Object.entries(written).map(([language, lists]) => [
    language,
    {
      harm: words(lists.harm),
      power: words(lists.power),
      money: words(lists.money),
      you: words(lists.you),
    },
  ]),
);

const NO_WORDS: ReadonlySet<string> = new Set();

/** News has its main words within this many words. */
const FIRST_WORDS = 60;
/** The words that show whether an article addresses its readers may come later than the news. */
const OPENING_WORDS = 250;
const OPENING_CHARACTERS = 3000;

/**
 * The weight of each sign, as a fraction of 1. Fitted to the rank that an editor would give 84 pages in an issue,
 * cross-validated by site, and measured on 76 others (`bench/issues.ts`).
 */
const WORTH = {
  base: 0.42,
  harm: 0.1,
  power: 0.2,
  money: 0.15,
  said: 0.18,
  firstPerson: -0.13,
  secondPerson: -0.29,
  teasing: -0.06,
} as const;

/**
 * Returns how much a text reads as news rather than as advice, a review or a column, from 0 to 1. Signs are the words of its
 * headline and beginning, quoted people, and whether the author writes in the first person or addresses the reader.
 */
export function newsworthinessOf({ title, text, language }: Article): number {
  const { narrators, saying } = lexiconOf(language);
  const words = wordsOf(text.slice(0, OPENING_CHARACTERS)).slice(0, OPENING_WORDS);
  const first = new Set([...wordsOf(title), ...words].slice(0, FIRST_WORDS));
  const lists = themes.get(primarySubtag(language));
  const shareOf = (list: ReadonlySet<string>, most: number) =>
    Math.min(1, words.filter((word) => list.has(word)).length / (most * Math.max(1, words.length)));
  const countOf = (list: ReadonlySet<string> = NO_WORDS, enough: number) =>
    Math.min(enough, [...list].filter((word) => first.has(word)).length) / enough;
  const worth =
    WORTH.base +
    WORTH.harm * countOf(lists?.harm, 2) +
    WORTH.power * countOf(lists?.power, 3) +
    WORTH.money * countOf(lists?.money, 2) +
    WORTH.said * shareOf(saying, 1 / 30) +
    WORTH.firstPerson * shareOf(narrators, 1 / 20) +
    WORTH.secondPerson * shareOf(lists?.you ?? NO_WORDS, 1 / 20) +
    (teases(title, language) ? WORTH.teasing : 0);
  return Math.min(1, Math.max(0, worth));
}

function wordsOf(text: string): string[] {
  return (
    text
      .toLowerCase()
      .replaceAll("’", "'")
      .match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'-]*/gu) ?? []
  );
}
