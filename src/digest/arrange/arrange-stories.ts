import type { Article } from "../../article/article.ts";
import { gatherStories, type Story } from "../stories/gather-stories.ts";
import { pinnedAmong, type UnknownPin } from "./pins.ts";
import { weightOf } from "./weight.ts";

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
  return keyed
    .sort((a, b) => descending(b.pin, a.pin) || descending(a.weight, b.weight))
    .map(({ story }) => story);
}

function descending(a: number, b: number): number {
  if (a === b) return 0;
  return a > b ? -1 : 1;
}
