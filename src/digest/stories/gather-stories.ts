import type { Article } from "../../article/article.ts";
import { clustersOf } from "./clusters.ts";
import { isSameSource } from "./source-name.ts";

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
