import type { Article } from "../../article/article.ts";
import { Batch } from "./batch.ts";
import { matchOf } from "./same-story.ts";
import { isSameSource } from "./source-name.ts";
import type { Match, Merge, Story, StoryEdits, Told } from "./story.ts";
import { traitsOf, type Traits } from "./traits.ts";

/**
 * The stories that some articles tell, each article in exactly one of them, in the order of the first
 * article of each. `preference` says which article an editor would rather show, the lowest number first;
 * otherwise it is the fullest one, of texts as full the earliest, and of its own paper's versions the latest.
 */
export function gatherStories(
  articles: readonly Article[],
  preference: (article: Article) => number | undefined = () => undefined,
  edits: StoryEdits = {},
): Story[] {
  const places = new Map(articles.map((article, place) => [article, place]));
  const firstPlace = (members: readonly Article[]) =>
    lowest(members.map((article) => places.get(article) ?? 0));
  return joined(mergedClusters(articles, edits), edits)
    .map((cluster) => ({ cluster, place: firstPlace(cluster.map(({ article }) => article)) }))
    .sort((a, b) => a.place - b.place)
    .map(({ cluster }) => storyOf(cluster, preference, edits));
}

/** An article of a story, and why it is there; the first one of a story needs no reason. */
interface Member {
  readonly article: Article;
  readonly merge?: Merge;
}

function storyOf(
  members: readonly Member[],
  preference: (article: Article) => number | undefined,
  { together = [] }: StoryEdits,
): Story {
  const hosts = new Set(together.map(([host]) => host));
  const rankOf = ({ article, merge }: Member) => {
    if (hosts.has(article.id)) return -1;
    return merge?.as === "joined" ? Infinity : (preference(article) ?? Infinity);
  };
  const best = lowest(members.map(rankOf));
  const preferred = members.filter((member) => rankOf(member) === best);
  const [fullest] = preferred;
  if (!fullest) throw new RangeError("a story is told by one article at least");
  if (members.length === 1) return { article: fullest.article, alsoIn: [] };
  const { article, told } =
    preferred.length < members.length
      ? { article: latestVersion(preferred), told: "chosen" as const }
      : tellerOf(preferred);
  const others = members.filter((member) => member.article !== article);
  // The first of a story has no reason of its own: it is there for the same as the one that tells it.
  const own = members.find((member) => member.article === article)?.merge ?? FIRST;
  return {
    article,
    alsoIn: others.map((member) => member.article),
    told,
    merges: others.map(({ merge }) => merge ?? own),
  };
}

/** Two stories as one, for the reason given; `preference` as with `gatherStories`. */
export function mergedStory(
  [host, guest]: readonly [Story, Story],
  merge: Merge,
  preference: (article: Article) => number | undefined,
): Story {
  const members = [
    ...membersOf(host),
    ...membersOf(guest).map(({ article }) => ({ article, merge })),
  ];
  return storyOf(members.sort(byFullness), preference, {});
}

function membersOf({ article, alsoIn, merges = [] }: Story): Member[] {
  const others = alsoIn.map((other, at) => ({ article: other, merge: merges[at] ?? FIRST }));
  return [{ article }, ...others];
}

function byFullness(a: Member, b: Member): number {
  return b.article.text.length - a.article.text.length;
}

const FIRST: Merge = { as: "article", chance: 1 };

/** Texts this full tell as much; then the one that was there first has the story of its own. */
const AS_FULL = 0.9;

function tellerOf(members: readonly Member[]): { article: Article; told: Told } {
  const [first] = members;
  if (!first) throw new RangeError("a story is told by one article at least");
  const fullest = first.article;
  const latest = latestVersion(members);
  if (latest !== fullest) return { article: latest, told: "latest" };
  const asFull = members
    .map(({ article }) => article)
    .filter(
      (article) => article.text.length >= fullest.text.length * AS_FULL && timeOf(article) > 0,
    );
  const earliest = asFull.reduce(
    (soonest, other) => (timeOf(other) < timeOf(soonest) ? other : soonest),
    fullest,
  );
  const isEarlier = timeOf(fullest) > 0 && earliest !== fullest;
  return isEarlier
    ? { article: earliest, told: "earliest" }
    : { article: fullest, told: "fullest" };
}

/** A call takes fewer arguments than a story may have articles. */
function lowest(numbers: readonly number[]): number {
  return numbers.reduce((least, number) => Math.min(least, number), Infinity);
}

/** The fullest, or its own paper's latest version of it. */
function latestVersion([first, ...others]: readonly Member[]): Article {
  if (!first) throw new RangeError("a story is told by one article at least");
  const fullest = first.article;
  return others
    .map(({ article }) => article)
    .filter((other) => isSameSource(other, fullest) === true)
    .reduce((latest, other) => (timeOf(other) > timeOf(latest) ? other : latest), fullest);
}

function timeOf({ publishedAt }: Article): number {
  return Date.parse(publishedAt ?? "") || 0;
}

/** A word that so many stories open with tells none of them from the others. */
const MOST_OF_A_WORD = 64;
/** So many stories with words in common are looked at closely, the likeliest first. */
const MOST_CANDIDATES = 8;
const SHARED_WORDS = 4;

/**
 * The articles that tell one story, together: every article in exactly one cluster, its fullest text
 * first. The clusters are the same in whatever order the articles come.
 *
 * Each article is compared with the first of those clusters only that open with some of its words, so the
 * time grows with the number of articles, not with its square, and a chain of likenesses joins nothing.
 */
export function clustersOf(articles: readonly Article[]): Article[][] {
  return mergedClusters(articles, {}).map((members) => members.map(({ article }) => article));
}

function mergedClusters(articles: readonly Article[], { apart = [] }: StoryEdits): Member[][] {
  const clusters: Member[][] = [];
  const all = articles.map(traitsOf).sort(fullestFirst);
  const batch = new Batch(all);
  const index = new Index();
  const parted = new Set(apart.flatMap(([a, b]) => [pairKey(a, b), pairKey(b, a)]));
  const isParted = ({ members }: Cluster, { article }: Traits) =>
    parted.size > 0 && members.some((member) => parted.has(pairKey(member.article.id, article.id)));
  for (const traits of all) {
    const found = firstMatch(index.candidates(traits), (cluster) =>
      isParted(cluster, traits) ? undefined : matchOf(cluster.first, traits, batch),
    );
    if (found) {
      const { as, chance } = found.match;
      found.cluster.members.push({ article: traits.article, merge: { as, chance } });
      index.addKeys(traits, found.cluster);
      continue;
    }
    const cluster = { first: traits, members: [{ article: traits.article }] };
    clusters.push(cluster.members);
    index.addKeys(traits, cluster);
    index.addWords(traits, cluster);
  }
  return clusters;
}

function firstMatch(
  clusters: readonly Cluster[],
  matchWith: (cluster: Cluster) => Match | undefined,
): { cluster: Cluster; match: Match } | undefined {
  for (const cluster of clusters) {
    const match = matchWith(cluster);
    if (match) return { cluster, match };
  }
  return undefined;
}

function pairKey(a: string, b: string): string {
  return `${a}\n${b}`;
}

/** The clusters with those that an editor has joined as one, the first of each pair before the second. */
function joined(clusters: readonly Member[][], { together = [] }: StoryEdits): Member[][] {
  let left = [...clusters];
  for (const [host, guest] of together) {
    const [to, from] = [host, guest].map((id) =>
      left.find((members) => members.some(({ article }) => article.id === id)),
    );
    if (!to || !from || to === from) continue;
    const moved = from.map(({ article }) => ({ article, merge: JOINED }));
    left = left
      .filter((members) => members !== from)
      .map((members) => (members === to ? to.concat(moved) : members));
  }
  return left;
}

const JOINED: Merge = { as: "joined", chance: 1 };

interface Cluster {
  readonly first: Traits;
  readonly members: Member[];
}

/** Finds the clusters that an article may belong to: by address, id and text, and by the words of the opening. */
class Index {
  readonly #byKey = new Map<string, Cluster>();
  readonly #byLanguage = new Map<string, Map<string, Cluster[]>>();

  addKeys(traits: Traits, cluster: Cluster): void {
    for (const key of keysOf(traits)) if (!this.#byKey.has(key)) this.#byKey.set(key, cluster);
  }

  addWords({ lead, language }: Traits, cluster: Cluster): void {
    const byWord = this.#byLanguage.get(language) ?? new Map<string, Cluster[]>();
    this.#byLanguage.set(language, byWord);
    for (const word of lead) {
      const clusters = byWord.get(word);
      if (!clusters) byWord.set(word, [cluster]);
      else if (clusters.length < MOST_OF_A_WORD) clusters.push(cluster);
    }
  }

  candidates(traits: Traits): Cluster[] {
    const found = keysOf(traits).map((key) => this.#byKey.get(key));
    return [...found.filter((cluster) => cluster !== undefined), ...this.#alike(traits)];
  }

  #alike({ lead, language }: Traits): Cluster[] {
    const shared = new Map<Cluster, number>();
    const byWord = this.#byLanguage.get(language);
    for (const word of lead) {
      for (const cluster of byWord?.get(word) ?? [])
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
