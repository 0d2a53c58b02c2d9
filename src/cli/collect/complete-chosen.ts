import type { Config } from "../../config.ts";
import type { Article } from "../../article/article.ts";
import { type Chosen, chooseStories } from "../../digest/wanted/choose-stories.ts";
import { tooThin } from "../../pipeline.ts";
import type { ArticleReader } from "../article-reader.ts";
import type { Failure } from "../failures.ts";
import { readAhead } from "../read-ahead.ts";
import type { Candidate } from "./candidate.ts";

export interface Completed extends Chosen<Candidate> {
  readonly failures: readonly Failure[];
  readonly addresses: readonly string[];
}

/** A page that can't be read leaves its place to another story, whose page may not be there either. */
const ROUNDS = 5;
const AT_ONCE = 12;

/** The articles of an issue, each whole: those chosen whose source has only a part are completed by their pages. */
export async function completeChosen(
  candidates: readonly Candidate[],
  config: Config,
  { reader, day }: { readonly reader: ArticleReader; readonly day: string },
): Promise<Completed> {
  const bounds = { ...config, day, most: config.maxItems };
  const failures: Failure[] = [];
  const addresses: string[] = [];
  let pool = candidates;
  for (let round = 0; round < ROUNDS; round++) {
    const chosen = chooseStories(pool, bounds);
    const unfinished = chosen.offers.filter(({ unfinished }) => unfinished);
    if (unfinished.length === 0) return { ...chosen, failures, addresses };
    const settled = new Map<Candidate, Candidate | undefined>();
    const complete = async (candidate: Candidate) => completed(candidate, reader);
    for await (const { candidate, whole, failure } of readAhead(unfinished, AT_ONCE, complete)) {
      settled.set(candidate, whole);
      if (failure) failures.push(failure);
      if (candidate.unfinished) addresses.push(candidate.unfinished.page);
    }
    pool = pool.flatMap((candidate) => {
      if (!settled.has(candidate)) return [candidate];
      const whole = settled.get(candidate);
      return whole ? [whole] : [];
    });
  }
  const whole = pool.filter(({ unfinished }) => !unfinished);
  return { ...chooseStories(whole, bounds), failures, addresses };
}

interface Settled {
  readonly candidate: Candidate;
  /** Undefined where nothing can be told of it. */
  readonly whole?: Candidate;
  readonly failure?: Failure;
}

async function completed(candidate: Candidate, reader: ArticleReader): Promise<Settled> {
  const { unfinished, ...rest } = candidate;
  if (!unfinished) return { candidate, whole: candidate };
  const reading = await reader.complete(unfinished);
  if ("error" in reading) return { candidate, failure: reading };
  const { article } = reading.item;
  const error = tooThin(article) ?? reading.incomplete;
  const failure = error && { error, name: reading.name };
  if (tooThin(article)) return { candidate, ...(failure && { failure }) };
  return { candidate, whole: { ...rest, article }, ...(failure && { failure }) };
}

/** An article with the tags of its source before its own. */
export function withTags({ article, source }: Candidate): Article {
  if (source.tags.length === 0) return article;
  const own = article.tags.filter((tag) => !source.tags.includes(tag));
  return { ...article, tags: [...source.tags, ...own] };
}
