import type { Article } from "../../article/article.ts";
import { Batch } from "./batch.ts";
import { matchOf } from "./same-story.ts";
import { isSameSource } from "../../article/identity.ts";
import type { Match, Member, Merge, Story, StoryEdits, Told } from "./story.ts";
import { traitsOf, type Traits } from "./traits.ts";

/**
 * Groups articles into stories, each article into exactly one, in the order of the first article of each. The article with
 * the lowest rank tells the story. Without ranks it is the fullest text, of equally full ones the earliest, and of one paper
 * the latest version.
 */
export function gatherStories<M extends Member>(
  members: readonly M[],
  edits: StoryEdits = {},
): Story<M>[] {
  const known = inMembers(edits, members);
  return joined(mergedClusters(members, known), known)
    .sort((a, b) => placeOf(a) - placeOf(b))
    .map((cluster) =>
      storyOf(
        cluster.flatMap(({ at, merge }) => {
          const member = members[at];
          return member ? [{ member, merge }] : [];
        }),
        known,
      ),
    );
}

/** Converts decisions to the ids of members. Decisions of an older version name articles. */
function inMembers(
  { apart = [], together = [] }: StoryEdits,
  members: readonly Member[],
): Decisions {
  const ids = new Map(members.map(({ id, article }) => [article.id, id]));
  const own = new Set(members.map(({ id }) => id));
  const named = (id: string) => (own.has(id) ? id : (ids.get(id) ?? id));
  const inPairs = (pairs: typeof apart) =>
    pairs.map(([one, other]) => [named(one), named(other)] as const);
  return { apart: inPairs(apart), together: inPairs(together) };
}

type Decisions = { readonly [Kind in keyof StoryEdits]-?: NonNullable<StoryEdits[Kind]> };

function placeOf(cluster: readonly Clustered[]): number {
  return lowest(cluster.map(({ at }) => at));
}

/** A member of a cluster with the reason for its membership; the first member needs none. */
interface Reasoned<M extends Member> {
  readonly member: M;
  readonly merge?: Merge | undefined;
}

function storyOf<M extends Member>(
  members: readonly Reasoned<M>[],
  { together }: Pick<Decisions, "together">,
): Story<M> {
  const hosts = new Set(together.map(([host]) => host));
  const rankOf = ({ member, merge }: Reasoned<M>) => {
    if (hosts.has(member.id)) return -1;
    return merge?.as === "joined" ? Infinity : (member.rank ?? Infinity);
  };
  const best = lowest(members.map(rankOf));
  const preferred = members.filter((member) => rankOf(member) === best);
  if (members.length === 1) return { teller: firstOf(preferred).member, merged: [] };
  const { teller, told } =
    preferred.length < members.length
      ? { teller: latestVersion(preferred), told: "chosen" as const }
      : tellerOf(preferred);
  // The first member has no reason of its own. It gets the reason of the telling article.
  const own = teller.merge ?? FIRST;
  const others = members.filter((member) => member !== teller);
  return {
    teller: teller.member,
    merged: others.map(({ member, merge = own }) => ({ member, merge })),
    told,
  };
}

/** Merges two stories for the given reason. */
export function mergedStory<M extends Member>(
  [host, guest]: readonly [Story<M>, Story<M>],
  merge: Merge,
): Story<M> {
  const members = [
    ...membersOf(host),
    ...membersOf(guest).map(({ member }) => ({ member, merge })),
  ];
  return storyOf(
    members.sort((a, b) => b.member.article.text.length - a.member.article.text.length),
    { together: [] },
  );
}

function membersOf<M extends Member>({ teller, merged }: Story<M>): Reasoned<M>[] {
  return [{ member: teller }, ...merged];
}

const FIRST: Merge = { as: "article", chance: 1 };

/** Texts above this share of the fullest one are equally full. The earliest of them is the original. */
const AS_FULL = 0.9;

function tellerOf<M extends Member>(
  members: readonly Reasoned<M>[],
): { teller: Reasoned<M>; told: Told } {
  const fullest = firstOf(members);
  const latest = latestVersion(members);
  if (latest !== fullest) return { teller: latest, told: "latest" };
  const { length } = fullest.member.article.text;
  const asFull = members.filter(
    (member) => member.member.article.text.length >= length * AS_FULL && timeOf(member) > 0,
  );
  const earliest = asFull.reduce(
    (soonest, other) => (timeOf(other) < timeOf(soonest) ? other : soonest),
    fullest,
  );
  const isEarlier = timeOf(fullest) > 0 && earliest !== fullest;
  return isEarlier ? { teller: earliest, told: "earliest" } : { teller: fullest, told: "fullest" };
}

function firstOf<T>([first]: readonly T[]): T {
  if (first === undefined) throw new RangeError("a story is told by one article at least");
  return first;
}

/** Not `Math.min(...)`: a call takes fewer arguments than a story may have articles. */
function lowest(numbers: readonly number[]): number {
  return numbers.reduce((least, number) => Math.min(least, number), Infinity);
}

/** The fullest text, or its latest version in the same paper. */
function latestVersion<M extends Member>(members: readonly Reasoned<M>[]): Reasoned<M> {
  const fullest = firstOf(members);
  return members
    .slice(1)
    .filter(({ member }) => isSameSource(member.article, fullest.member.article) === true)
    .reduce((latest, other) => (timeOf(other) > timeOf(latest) ? other : latest), fullest);
}

function timeOf({ member }: Reasoned<Member>): number {
  return Date.parse(member.article.publishedAt ?? "") || 0;
}

/** A word in the openings of this many stories does not distinguish them. */
const MOST_OF_A_WORD = 64;
/** The maximum number of stories with common words that are compared closely, the most similar first. */
const MOST_CANDIDATES = 8;
const SHARED_WORDS = 4;

/**
 * Groups articles by story: each article is in exactly one cluster, the fullest text first. The order of the input does not
 * matter.
 *
 * Each article is compared only with the first article of clusters whose opening shares some of its words. Therefore the time
 * does not grow with the square of the number of articles, and a chain of similar articles is not merged.
 */
export function clustersOf(articles: readonly Article[]): Article[][] {
  const members = articles.map((article) => ({ id: article.id, article }));
  return mergedClusters(members, { apart: [] }).map((cluster) =>
    cluster.map(({ article }) => article),
  );
}

/** An article of a cluster, its index in the input, and, except for the first one, the reason for its membership. */
interface Clustered {
  readonly at: number;
  readonly id: string;
  readonly article: Article;
  readonly merge?: Merge;
}

function mergedClusters(
  members: readonly Pick<Member, "id" | "article">[],
  { apart }: Pick<Decisions, "apart">,
): readonly (readonly Clustered[])[] {
  const clusters: Cluster[] = [];
  const all = members
    .map(({ id, article }, at) => ({ id, article, at, traits: traitsOf(article) }))
    .sort(
      (a, b) =>
        b.traits.article.text.length - a.traits.article.text.length ||
        compare(nameOf(a.traits), nameOf(b.traits)),
    );
  const batch = new Batch(all.map(({ traits }) => traits));
  const index = new Index(clusters);
  const parted = new Set(apart.flatMap(([a, b]) => [pairKey(a, b), pairKey(b, a)]));
  const isParted = (cluster: Cluster, id: string) =>
    parted.size > 0 && cluster.members.some((one) => parted.has(pairKey(one.id, id)));
  for (const { id, article, at, traits } of all) {
    const found = firstMatch(index.candidates(traits), (cluster) =>
      isParted(cluster, id) ? undefined : matchOf(cluster.first, traits, batch),
    );
    if (found) {
      const { as, chance } = found.match;
      found.cluster.members.push({ at, id, article, merge: { as, chance } });
      index.addKeys(traits, found.cluster.number);
      continue;
    }
    const number = clusters.length;
    clusters.push({ number, first: traits, members: [{ at, id, article }] });
    index.addKeys(traits, number);
    index.addWords(traits, number);
  }
  return clusters.map((cluster) => cluster.members);
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

/** Merges clusters that an editor has joined. The first of each pair comes before the second. */
function joined(
  clusters: readonly (readonly Clustered[])[],
  { together }: Pick<Decisions, "together">,
): (readonly Clustered[])[] {
  let left = [...clusters];
  for (const [host, guest] of together) {
    const [to, from] = [host, guest].map((id) =>
      left.find((members) => members.some((member) => member.id === id)),
    );
    if (!to || !from || to === from) continue;
    const moved = from.map(({ at, id, article }) => ({ at, id, article, merge: JOINED }));
    left = left
      .filter((members) => members !== from)
      .map((members) => (members === to ? to.concat(moved) : members));
  }
  return left;
}

const JOINED: Merge = { as: "joined", chance: 1 };

interface Cluster {
  readonly number: number;
  readonly first: Traits;
  readonly members: Clustered[];
}

/** Finds clusters to which an article may belong: by address, id and text, and by the words of the opening. */
class Index {
  readonly #clusters: readonly Cluster[];
  readonly #byKey = new Map<string, number>();
  readonly #byLanguage = new Map<string, Map<string, number[]>>();

  constructor(clusters: readonly Cluster[]) {
    this.#clusters = clusters;
  }

  addKeys(traits: Traits, cluster: number): void {
    for (const key of keysOf(traits)) if (!this.#byKey.has(key)) this.#byKey.set(key, cluster);
  }

  addWords({ lead, language }: Traits, cluster: number): void {
    const byWord = this.#byLanguage.get(language) ?? new Map<string, number[]>();
    this.#byLanguage.set(language, byWord);
    for (const word of lead) {
      const clusters = byWord.get(word);
      if (!clusters) byWord.set(word, [cluster]);
      else if (clusters.length < MOST_OF_A_WORD) clusters.push(cluster);
    }
  }

  candidates(traits: Traits): Cluster[] {
    const byKey = keysOf(traits).flatMap((key) => this.#byKey.get(key) ?? []);
    return [...byKey, ...this.#alike(traits)].flatMap((number) => this.#clusters[number] ?? []);
  }

  #alike({ lead, language }: Traits): number[] {
    const shared = new Map<number, number>();
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

function nameOf({ article }: Traits): string {
  return [article.id, article.url, article.title, article.source, article.text].join("\n");
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
