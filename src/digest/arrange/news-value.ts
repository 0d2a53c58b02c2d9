import type { Article } from "../../article/article.ts";
import { lexiconOf, primarySubtag } from "../../summary/language/lexicon.ts";
import { teases } from "../subject/compose-subject.ts";
import written from "./newsworthiness.json" with { type: "json" };
import type { NewsValue, Reading } from "../stories/story.ts";
import { sourceName } from "../../article/identity.ts";

const DAY_MS = 86_400_000;
/** The age of an article without a date: neither new nor stale. */
const UNDATED_DAYS = 3;
/** All older articles are equally old. */
const OLDEST_DAYS = 14;
/** The story that is most like the whole issue is worth half a day more than one that is like nothing in it. */
const CENTRAL_DAYS = 0.5;
/** What reads wholly as news is worth two days more than what is nothing of the kind. */
const NEWS_DAYS = 2;

/** The articles of a story: the first one tells it. */
type Telling = readonly [
  Pick<Reading, "article" | "weight">,
  ...Pick<Reading, "article" | "weight">[],
];

/** The stories of an issue, each with its news value. `day` is the issue's, YYYY-MM-DD: age is counted back from it. */
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

/** A story alone is like no other. The code that compares stories is large, and is not loaded for one. */
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

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** Words of what weighs with editors: harm, the powerful and their institutions, money; and of talking to the reader. */
type Theme = "harm" | "power" | "money" | "you";

const themes: ReadonlyMap<string, Readonly<Record<Theme, ReadonlySet<string>>>> = new Map(
  Object.entries(written).map(([language, lists]) => [
    language,
    {
      harm: set(lists.harm),
      power: set(lists.power),
      money: set(lists.money),
      you: set(lists.you),
    },
  ]),
);

function set(list: string): ReadonlySet<string> {
  return new Set(list.split(" "));
}

const NO_WORDS: ReadonlySet<string> = new Set();

/** News says it at once. */
const FIRST_WORDS = 60;
/** The words that show which readers an article speaks to. They may come later than the news. */
const OPENING_WORDS = 250;
const OPENING_CHARACTERS = 3000;

/**
 * What each sign is worth, of 1. Fitted to how high an editor would put 84 pages in an issue, cross-validated by site,
 * and measured on 76 others (`bench/issues.ts`).
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
 * How much a text reads as news rather than as advice, a review or a column, from 0 to 1: by the words of its headline
 * and beginning, by whether others are quoted, and by whether its author speaks of himself or to the reader.
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
