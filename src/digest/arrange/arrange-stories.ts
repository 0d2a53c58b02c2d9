import type { Article } from "../../article/article.ts";
import { isDoubtful } from "../../article/reading.ts";
import type { Story, StoryEdits } from "../stories/story.ts";
import { type NewsValue, newsValuesOf } from "./news-value.ts";
import { canonicalLink } from "../../article/field-values.ts";
import { nearest } from "../../errors.ts";
import { folded } from "../stories/source-name.ts";

type Order = "given" | "weight";

export interface ArrangeOptions {
  /** The day of the issue, YYYY-MM-DD: age is counted back from it. */
  readonly day: string;
  /** Whether articles that tell one story are merged; true by default. */
  readonly merge?: boolean | undefined;
  /** By default what an editor named one by one stands as given, and what a feed brought is by news value. */
  readonly order?: Order | undefined;
  /** Addresses, headlines or files: these come first, in this order, and the first of them leads. */
  readonly pins?: readonly string[] | undefined;
  /** The articles of pinned sources, which come right after `pins`. */
  readonly pinned?: readonly Article[] | undefined;
  /** The articles that came with others of a feed or an export, which no editor has put in order. */
  readonly collected?: ReadonlySet<Article> | undefined;
  /** What the config gives the sources of articles, against 1. */
  readonly sourceWeights?: ReadonlyMap<Article, number> | undefined;
  /** What an editor has parted and joined. */
  readonly edits?: StoryEdits | undefined;
  /** Whether they are compared; by default where there are several. One alone is, to find at which the comparing breaks. */
  readonly isCompared?: boolean | undefined;
}

/** What put a story in its place (a pin, the order that was given, its news value, a model), and its news value. */
interface Place extends NewsValue {
  readonly by: "pin" | "given" | "value" | "model";
}

export interface ArrangedStory extends Story {
  readonly place: Place;
}

export interface Arranged {
  readonly stories: readonly ArrangedStory[];
  readonly unknownPins: readonly UnknownPin[];
}

/** The stories that some articles tell, each once, in the order of the issue: the first one leads. */
export async function arrangeStories(
  articles: readonly Article[],
  options: ArrangeOptions,
): Promise<Arranged> {
  const { merge = true, pins = [], pinned = [], collected = new Set() } = options;
  const { isCompared = articles.length > 1 } = options;
  const { ranks: first, unknown } = pinnedAmong(articles, pins);
  const after = pinned.map((article, at) => [article, pins.length + at] as const);
  const ranks = new Map([...after, ...first]);
  // The lowest tells a story that several tell; where all are undefined, the fullest does.
  const preference = (article: Article) =>
    ranks.get(article) ?? (collected.has(article) ? undefined : pins.length + pinned.length);
  const stories =
    merge && isCompared
      ? await gathered(articles, preference, options.edits)
      : articles.map((article) => ({ article, alsoIn: [] }));
  return { stories: await inOrder(stories, ranks, options), unknownPins: unknown };
}

/** What compares articles is large, and not loaded for one alone. */
async function gathered(
  articles: readonly Article[],
  preference: (article: Article) => number | undefined,
  edits: StoryEdits | undefined,
): Promise<readonly Story[]> {
  const { gatherStories } = await import("../stories/gather-stories.ts");
  return gatherStories(articles, preference, edits);
}

/** By pin, then as given, then by news value; what is equal keeps its order. */
async function inOrder(
  stories: readonly Story[],
  ranks: ReadonlyMap<Article, number>,
  { day, order, sourceWeights, collected = new Set() }: ArrangeOptions,
): Promise<ArrangedStory[]> {
  const values = await newsValuesOf(stories, { day, sourceWeights });
  const isValued = ({ article }: Story) =>
    order === undefined ? collected.has(article) : order === "weight";
  const keyed = stories.map((story) => {
    const news = values.get(story) ?? NO_NEWS;
    const pin = ranks.get(story.article) ?? Infinity;
    const value = isValued(story) ? news.value : Infinity;
    const by = pin < Infinity ? "pin" : value < Infinity ? "value" : "given";
    return { story: { ...story, place: { by, ...news } as const }, pin, value };
  });
  const ordered = keyed
    .sort((a, b) => ascending(a.pin, b.pin) || ascending(b.value, a.value))
    .map(({ story }) => story);
  return withSureLead(ordered);
}

const NO_NEWS: NewsValue = {
  value: 0,
  papers: 1,
  ageDays: 0,
  central: 0,
  newsDays: 0,
  weight: 1,
};

/** What was read with doubt leads no issue, unless all was. */
export function withSureLead(stories: readonly ArrangedStory[]): ArrangedStory[] {
  const lead = stories.findIndex(({ article }) => !isDoubtful(article.reading));
  return lead <= 0
    ? [...stories]
    : [...stories.slice(lead, lead + 1), ...stories.toSpliced(lead, 1)];
}

/** Their difference would be no number where both are infinite. */
function ascending(a: number, b: number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
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
