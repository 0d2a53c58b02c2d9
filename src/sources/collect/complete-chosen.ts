import type { Config } from "../../config/config.ts";
import type { Article } from "../../article/article.ts";
import { tooThin } from "../../summary/too-thin.ts";
import type { ArticleReader } from "../article-reader.ts";
import type { Failure } from "../../platform/reporter.ts";
import { readAhead } from "../../platform/read-ahead.ts";
import { leftOut, sparing } from "../sparing.ts";
import type { Candidate } from "./candidates.ts";
import type { SourceFailure } from "./collected.ts";
import { type Arrangement, arrangeStories } from "../../digest/arrange/arrange-stories.ts";

interface Completed extends Chosen {
  readonly failures: readonly SourceFailure[];
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
  const failures: SourceFailure[] = [];
  const addresses: string[] = [];
  let pool = candidates;
  for (let round = 0; round < ROUNDS; round++) {
    const { chosen, broken, sound } = await chosenOf(pool, bounds);
    failures.push(...broken);
    pool = sound;
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
  const { chosen, broken } = await chosenOf(whole, bounds);
  return { ...chosen, failures: [...failures, ...broken], addresses };
}

/** The candidates that an issue has, without those at which choosing breaks. */
async function chosenOf(
  candidates: readonly Candidate[],
  bounds: Bounds,
): Promise<{
  readonly chosen: Chosen;
  readonly broken: readonly SourceFailure[];
  readonly sound: readonly Candidate[];
}> {
  const byArticle = new Map(candidates.map((candidate) => [candidate.article, candidate]));
  const { result: chosen, broken } = await sparing([...byArticle.keys()], (articles) =>
    chooseStories(
      articles.flatMap((article) => byArticle.get(article) ?? []),
      bounds,
    ),
  );
  if (broken.length === 0) return { chosen, broken: [], sound: candidates };
  const failures = broken.map((one) => failureOf(byArticle.get(one.article), leftOut(one)));
  for (const { article } of broken) byArticle.delete(article);
  return { chosen, broken: failures, sound: [...byArticle.values()] };
}

interface Settled {
  readonly candidate: Candidate;
  /** Undefined where nothing can be told of it. */
  readonly whole?: Candidate;
  readonly failure?: SourceFailure;
}

async function completed(candidate: Candidate, reader: ArticleReader): Promise<Settled> {
  const { unfinished, ...rest } = candidate;
  if (!unfinished) return { candidate, whole: candidate };
  const reading = await reader.complete(unfinished);
  if ("error" in reading) return { candidate, failure: failureOf(candidate, reading) };
  const { name, item, incomplete } = reading;
  const thin = tooThin(item.article);
  if (thin) return { candidate, failure: failureOf(candidate, { name, error: thin }) };
  const whole = { ...rest, article: item.article };
  if (!incomplete) return { candidate, whole };
  const failure = failureOf(candidate, { name, error: incomplete });
  return { candidate, whole, failure: { ...failure, hasStandIn: true } };
}

function failureOf(candidate: Candidate | undefined, { name, error }: Failure): SourceFailure {
  return { name, error, source: candidate?.source.name ?? name };
}

/** An article with the tags of its source before its own. */
export function withTags({ article, source }: Candidate): Article {
  if (source.tags.length === 0) return article;
  const own = article.tags.filter((tag) => !source.tags.includes(tag));
  return { ...article, tags: [...source.tags, ...own] };
}

interface Chosen {
  /** In the order in which they were offered. */
  readonly offers: readonly Candidate[];
  /** How many stories they tell. */
  readonly stories: number;
}

interface Bounds extends Arrangement {
  /** The most stories. */
  readonly most?: number | undefined;
}

/** What goes into an issue of some articles: the first stories as it will have them, whole, and one letter. */
function chooseStories(
  offers: readonly Candidate[],
  { most = Infinity, ...arrangement }: Bounds,
): Chosen {
  const articlesOf = (kept: (offer: Candidate) => boolean) =>
    offers.filter(kept).map(({ article }) => article);
  const { stories } = arrangeStories(
    articlesOf((offer) => !isLetter(offer)),
    {
      ...arrangement,
      collected: new Set(articlesOf(({ isCollected }) => isCollected)),
      pinned: articlesOf((offer) => offer.isPinned && !isLetter(offer)),
      weights: new Map(offers.map(({ article, source }) => [article, source.weight])),
    },
  );
  const first = stories.slice(0, most);
  const told = first.flatMap(({ article, alsoIn }) => [article, ...alsoIn]);
  const kept = new Set([...told, ...articlesOf(isLetter).slice(0, 1)]);
  return { offers: offers.filter(({ article }) => kept.has(article)), stories: first.length };
}

function isLetter({ article }: Candidate): boolean {
  return article.kind === "letter";
}
