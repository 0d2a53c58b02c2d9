import type { Article } from "../article/article.ts";
import { BroadsheetError, errorAt } from "../errors.ts";
import type { Failure } from "../platform/reporter.ts";

/** An article at which our own work broke. */
export interface BrokenArticle {
  readonly article: Article;
  readonly error: unknown;
}

interface WithoutBroken<Result> {
  readonly result: Result;
  readonly broken: readonly BrokenArticle[];
}

/**
 * What some work makes of articles, without those at which it breaks when it is done for them alone: one article is no
 * reason to lose an issue. What breaks at all of them, or at none by itself, is thrown on, and so is every
 * `BroadsheetError`. Nothing is done twice unless something broke.
 */
export async function withoutBroken<Result>(
  articles: readonly Article[],
  work: (articles: readonly Article[]) => Result | Promise<Result>,
): Promise<WithoutBroken<Result>> {
  try {
    return { result: await work(articles), broken: [] };
  } catch (error) {
    if (error instanceof BroadsheetError) throw error;
    const [only, ...others] = articles;
    if (only && others.length === 0) throw leftOut({ article: only, error }).error;
    const broken: BrokenArticle[] = [];
    for (const article of articles) {
      const thrown = await thrownAt(article, work);
      if (thrown) broken.push({ article, error: thrown.error });
    }
    if (broken.length === 0 || broken.length === articles.length) throw error;
    return { result: await work(without(articles, broken)), broken };
  }
}

async function thrownAt(
  article: Article,
  work: (articles: readonly Article[]) => unknown,
): Promise<{ readonly error: unknown } | undefined> {
  try {
    await work([article]);
    return undefined;
  } catch (error) {
    // That there is too little for an issue, say, is nothing wrong with the article.
    return error instanceof BroadsheetError ? undefined : { error };
  }
}

export function without(
  articles: readonly Article[],
  broken: readonly BrokenArticle[],
): readonly Article[] {
  if (broken.length === 0) return articles;
  const left = new Set(broken.map(({ article }) => article));
  return articles.filter((article) => !left.has(article));
}

/** Why a story is left out, for people. */
export function leftOut({ article: { source, title }, error }: BrokenArticle): Failure {
  return { name: source, error: errorAt(title === "" ? source : `${source}: ${title}`, error) };
}
