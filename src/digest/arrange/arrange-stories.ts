import { type Article, isDoubtful } from "../../article/article.ts";
import {
  type Earlier,
  type OfferedPair,
  partsOf,
  type Reading,
  type Story,
  type StoryDraft,
  type StoryEdits,
} from "../stories/story.ts";
import { valued } from "./news-value.ts";
import { canonicalLink, folded } from "../../article/identity.ts";
import { nearest } from "../../errors.ts";

type Order = "given" | "weight";

export interface ArrangeOptions {
  /** The date of the issue, YYYY-MM-DD, from which the age of articles is counted. */
  readonly day: string;
  /** Whether articles about one event are merged; true by default. */
  readonly merge?: boolean | undefined;
  /**
   * The order. By default articles that an editor named one by one keep their order, and those of a feed are ordered by news
   * value.
   */
  readonly order?: Order | undefined;
  /** Addresses, headlines or files. Their articles come first, in this order, and the first of them leads. */
  readonly pins?: readonly string[] | undefined;
  /** The editor's decisions to part and to join pairs of articles. */
  readonly edits?: StoryEdits | undefined;
  /**
   * Whether articles are compared; by default if there are several. A single article is compared only to find out whether
   * comparing it crashes.
   */
  readonly isCompared?: boolean | undefined;
}

export interface Arranged {
  readonly stories: readonly StoryDraft[];
  readonly unknownPins: readonly UnknownPin[];
}

/** Groups articles into stories and orders them; the first story leads. */
export async function arrangeStories(
  readings: readonly Reading[],
  options: ArrangeOptions,
): Promise<Arranged> {
  const { merge = true, pins = [], isCompared = readings.length > 1, edits } = options;
  const { ranked, unknown } = rankedBy(pins, readings);
  const stories =
    merge && isCompared
      ? await gathered(ranked, edits)
      : ranked.map((teller) => ({ teller, merged: [] }));
  return { stories: await inOrder(stories, options), unknownPins: unknown };
}

/**
 * Adds to each story the latest story of an earlier issue that it follows, if there is one. The code that compares stories is
 * not loaded for a first issue.
 */
export async function following(
  stories: readonly StoryDraft[],
  { told }: Earlier,
): Promise<readonly StoryDraft[]> {
  if (told.length === 0) return stories;
  const { withFollows } = await import("../stories/follows.ts");
  return withFollows(stories, told);
}

/**
 * Returns the pairs of stories that may be one, for the editor to decide. The code that compares articles is not loaded for a
 * single story.
 */
export async function offeredPairs(
  stories: readonly StoryDraft[],
  { merge = true, edits = {} }: Pick<ArrangeOptions, "merge" | "edits">,
): Promise<readonly OfferedPair[] | undefined> {
  if (!merge || stories.length < 2) return undefined;
  const { unsurePairs } = await import("../stories/offered.ts");
  const pairs = unsurePairs(stories, edits);
  return pairs.length > 0 ? pairs : undefined;
}

/** A reading with its rank; lower ranks come first. */
interface RankedReading extends Reading {
  /** The position of its pin, from 0; Infinity without a pin. */
  readonly pin: number;
  /** The rank for choosing the article that tells a story: articles that an editor named come after the pins. */
  readonly rank: number | undefined;
}

/** The code that compares articles is large, and is not loaded for a single one. */
async function gathered(
  readings: readonly RankedReading[],
  edits: StoryEdits | undefined,
): Promise<readonly Story<RankedReading>[]> {
  const { gatherStories } = await import("../stories/gather-stories.ts");
  return gatherStories(readings, edits);
}

/** Orders articles by pin, then by given order, then by news value. The sort is stable. */
async function inOrder(
  stories: readonly Story<RankedReading>[],
  { day, order }: ArrangeOptions,
): Promise<StoryDraft[]> {
  const told = stories.map((story) => ({
    story,
    telling: [story.teller, ...story.merged.map(({ member }) => member)] as const,
  }));
  const keyed = (await valued(told, day)).map(({ story, news }) => {
    const { pin, isCollected } = story.teller;
    const isValued = order === undefined ? isCollected : order === "weight";
    const value = isValued ? news.value : Infinity;
    const by = pin < Infinity ? "pin" : value < Infinity ? "value" : "given";
    return { story: { ...partsOf(story), place: { by, ...news } as const }, pin, value };
  });
  const ordered = keyed
    .sort((a, b) => ascending(a.pin, b.pin) || ascending(b.value, a.value))
    .map(({ story }) => story);
  return withSureLead(ordered);
}

/** A story that was read with doubt does not lead an issue unless all were. */
export function withSureLead(stories: readonly StoryDraft[]): StoryDraft[] {
  const lead = stories.findIndex(({ article }) => !isDoubtful(article.reading));
  return lead <= 0
    ? [...stories]
    : [...stories.slice(lead, lead + 1), ...stories.toSpliced(lead, 1)];
}

/** Compares two numbers. If both are infinite, their difference would not be a number. */
function ascending(a: number, b: number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** A pin that matches no article, and the title or file that was probably meant. */
interface UnknownPin {
  readonly pin: string;
  readonly near?: string | undefined;
}

interface Ranked {
  readonly ranked: readonly RankedReading[];
  readonly unknown: readonly UnknownPin[];
}

/** Ranks readings: first the pins of the newsletter, then pinned sources, then the articles that an editor named. */
function rankedBy(pins: readonly string[], readings: readonly Reading[]): Ranked {
  const articles = readings.map(({ article }) => article);
  const unknown = pins
    .filter((pin) => !articles.some((article) => answersTo(article, pin)))
    .map((pin) => ({ pin, near: nearest(pin, namesOf(articles)) }));
  let next = pins.length;
  const pinned = readings.map((reading) => {
    const own = pins.findIndex((pin) => answersTo(reading.article, pin));
    const pin = own >= 0 ? own : reading.isPinned ? next++ : Infinity;
    return { ...reading, pin };
  });
  const named = next;
  const rankOf = ({ pin, isCollected }: (typeof pinned)[number]) =>
    pin < Infinity ? pin : isCollected ? undefined : named;
  return {
    ranked: pinned.map((reading) => Object.assign(reading, { rank: rankOf(reading) })),
    unknown,
  };
}

/** Whether a pin means an article: an address, a headline, or a file with or without its folder. */
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
