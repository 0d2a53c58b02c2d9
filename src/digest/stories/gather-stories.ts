import type { Article } from "../../article/article.ts";
import { isSameSource, folded } from "./source-name.ts";
import { traitsOf, type Traits } from "./traits.ts";

/** A story: the article that tells it in the issue, and those of other papers that were merged into it. */
export interface Story {
  readonly article: Article;
  readonly alsoIn: readonly Article[];
}

/**
 * The stories that some articles tell, each article in exactly one of them, in the order of the first
 * article of each. `preference` says which article an editor would rather show, the lowest number first;
 * otherwise it is the fullest one, and of its own paper's versions of it the latest.
 */
export function gatherStories(
  articles: readonly Article[],
  preference: (article: Article) => number | undefined = () => undefined,
): Story[] {
  const places = new Map(articles.map((article, place) => [article, place]));
  const firstPlace = (members: readonly Article[]) =>
    lowest(members.map((article) => places.get(article) ?? 0));
  return clustersOf(articles)
    .map((members) => ({ members, place: firstPlace(members) }))
    .sort((a, b) => a.place - b.place)
    .map(({ members }) => storyOf(members, preference));
}

function storyOf(
  members: readonly Article[],
  preference: (article: Article) => number | undefined,
): Story {
  const best = lowest(members.map((member) => preference(member) ?? Infinity));
  const [fullest, ...others] = members.filter(
    (member) => (preference(member) ?? Infinity) === best,
  );
  if (!fullest) throw new RangeError("a story is told by one article at least");
  const article = latestVersion(fullest, others);
  return { article, alsoIn: members.filter((member) => member !== article) };
}

/** A call takes fewer arguments than a story may have articles. */
function lowest(numbers: readonly number[]): number {
  return numbers.reduce((least, number) => Math.min(least, number), Infinity);
}

function latestVersion(fullest: Article, others: readonly Article[]): Article {
  return others
    .filter((other) => isSameSource(other, fullest) === true)
    .reduce((latest, other) => (timeOf(other) > timeOf(latest) ? other : latest), fullest);
}

function timeOf({ publishedAt }: Article): number {
  return Date.parse(publishedAt ?? "") || 0;
}

/** A word that so many stories open with tells none of them from the others. */
const MOST_OF_A_WORD = 64;
/** So many stories with words in common are looked at closely, the likeliest first. */
const MOST_CANDIDATES = 12;
const SHARED_WORDS = 4;

/**
 * The articles that tell one story, together: every article in exactly one cluster, its fullest text
 * first. The clusters are the same in whatever order the articles come.
 *
 * Each article is compared with the first of those clusters only that open with some of its words, so the
 * time grows with the number of articles, not with its square, and a chain of likenesses joins nothing.
 */
export function clustersOf(articles: readonly Article[]): Article[][] {
  const clusters: Article[][] = [];
  const index = new Index();
  for (const traits of articles.map(traitsOf).sort(fullestFirst)) {
    const found = index.candidates(traits).find(({ first }) => isSameStory(first, traits));
    if (found) {
      found.members.push(traits.article);
      index.addKeys(traits, found);
      continue;
    }
    const cluster = { first: traits, members: [traits.article] };
    clusters.push(cluster.members);
    index.addKeys(traits, cluster);
    index.addWords(traits, cluster);
  }
  return clusters;
}

interface Cluster {
  readonly first: Traits;
  readonly members: Article[];
}

/** Finds the clusters that an article may belong to: by address, id and text, and by the words of the opening. */
class Index {
  readonly #byKey = new Map<string, Cluster>();
  readonly #byWord = new Map<string, Cluster[]>();

  addKeys(traits: Traits, cluster: Cluster): void {
    for (const key of keysOf(traits)) if (!this.#byKey.has(key)) this.#byKey.set(key, cluster);
  }

  addWords({ lead, language }: Traits, cluster: Cluster): void {
    for (const word of lead) {
      const key = `${language} ${word}`;
      const clusters = this.#byWord.get(key);
      if (!clusters) this.#byWord.set(key, [cluster]);
      else if (clusters.length < MOST_OF_A_WORD) clusters.push(cluster);
    }
  }

  candidates(traits: Traits): Cluster[] {
    const found = keysOf(traits).map((key) => this.#byKey.get(key));
    return [...found.filter((cluster) => cluster !== undefined), ...this.#alike(traits)];
  }

  #alike({ lead, language }: Traits): Cluster[] {
    const shared = new Map<Cluster, number>();
    for (const word of lead) {
      for (const cluster of this.#byWord.get(`${language} ${word}`) ?? [])
        shared.set(cluster, (shared.get(cluster) ?? 0) + 1);
    }
    return [...shared]
      .filter(([, count]) => count >= SHARED_WORDS)
      .sort(([, a], [, b]) => b - a)
      .slice(0, MOST_CANDIDATES)
      .map(([cluster]) => cluster);
  }
}

function keysOf({ article, link, letters }: Traits): string[] {
  return [`id ${article.id}`, `text ${letters}`, ...(link === undefined ? [] : [`link ${link}`])];
}

function fullestFirst(a: Traits, b: Traits): number {
  return b.article.text.length - a.article.text.length || compare(nameOf(a), nameOf(b));
}

function nameOf({ article }: Traits): string {
  return [article.id, article.url, article.title, article.source, article.text].join("\n");
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

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
function isSameStory(a: Traits, b: Traits): boolean {
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
