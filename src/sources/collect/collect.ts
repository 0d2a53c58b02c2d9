import type { Article } from "../../article/article.ts";
import type { Config } from "../../config/config.ts";
import { type Clock, dayIn } from "../../platform/clock.ts";
import type { SqliteCursor } from "../io/cursor/sqlite-cursor.ts";
import { ArticleReader, type ReadingMemory, type WebFlags } from "../article-reader.ts";
import type { Reporter, Failure } from "../../platform/reporter.ts";
import type { Candidate } from "./candidates.ts";
import type { Collected, SourceFailure } from "./collected.ts";
import { type Newness, siftSources, type SiftedSources } from "./sift.ts";
import { tooThin } from "../../summary/too-thin.ts";
import { readAhead } from "../../platform/read-ahead.ts";
import { leftOut, withoutBroken } from "../broken-article.ts";
import { MOST_STORIES } from "../../digest/limits.ts";
import { arrangeStories, type ArrangeOptions } from "../../digest/arrange/arrange-stories.ts";

interface CollectOptions {
  readonly slot: string;
  readonly flags: WebFlags;
  /** The folder that files are named from. */
  readonly cwd: string;
  readonly reporter: Reporter;
  readonly clock: Clock;
  /** What has been in an issue. Without it nothing has: that is how an issue is looked at beforehand. */
  readonly cursor?: Pick<SqliteCursor, "isTaken" | "lastTakenAt"> | undefined;
  readonly memory?: ReadingMemory | undefined;
  /** The day of the issue, YYYY-MM-DD: that of the clock by default. */
  readonly day?: string | undefined;
}

/**
 * What is new in the sources of a newsletter, for the issue of a slot. Nothing is noted: the caller that builds the issue
 * takes `items` and notes `sources`. A source or a page that can't be read is no exception.
 * @throws BroadsheetError STORE_*.
 */
export async function collect(config: Config, options: CollectOptions): Promise<Collected> {
  const { cwd, reporter, flags, memory, clock } = options;
  const newness = newnessOf(config, options);
  const reader = new ArticleReader({ cwd, reporter, config, flags, memory });
  try {
    const sifted = await siftSources(reader, config, {
      newness,
      cwd,
      reporter,
      isOnce: !memory,
    });
    const { day = dayIn(config.timeZone, clock()) } = options;
    const completed = await completeChosen(sifted.candidates, config, { reader, day });
    const { offers, stories } = completed;
    const verdict = verdictOf({ offers, stories, sifted, config });
    const all = sifted.outcomes.reduce((sum, { fresh }) => sum + fresh, 0);
    return {
      ...gathered(offers),
      items: offers.map(({ print }) => print),
      stories,
      verdict,
      sources: sifted.outcomes,
      leftOver: all - offers.length,
      failures: [...sifted.failures, ...completed.failures],
      fetched: new Set([...sifted.addresses, ...completed.addresses]).size,
    };
  } finally {
    await reader.close();
  }
}

/**
 * New is what no other issue has taken, and is dated within the window before the last one: not before now, or a
 * newsletter that stood still for a month would lose what was published meanwhile.
 */
function newnessOf({ window, edited }: Config, { slot, cursor, clock }: CollectOptions): Newness {
  const last = cursor?.lastTakenAt(slot) ?? clock();
  return {
    since: window === undefined ? undefined : new Date(last.getTime() - window),
    isTaken: (print) => cursor?.isTaken(print, { slot, edited }) ?? false,
  };
}

function gathered(offers: readonly Candidate[]) {
  const articles: Article[] = [];
  const collected = new Set<Article>();
  const pinned: Article[] = [];
  const sourceWeights = new Map<Article, number>();
  for (const candidate of offers) {
    const article = withTags(candidate);
    articles.push(article);
    if (candidate.isCollected) collected.add(article);
    if (candidate.isPinned) pinned.push(article);
    if (candidate.source.weight !== 1) sourceWeights.set(article, candidate.source.weight);
  }
  return { articles, collected, pinned, sourceWeights };
}

/** An editor's letter counts as a story: it was written to be sent. */
function verdictOf({
  offers,
  stories,
  sifted,
  config,
}: {
  readonly offers: readonly Candidate[];
  readonly stories: number;
  readonly sifted: SiftedSources;
  readonly config: Config;
}): Collected["verdict"] {
  if (sifted.outcomes.every(({ error }) => error)) return "unread";
  if (offers.length === 0) return "nothing";
  const letters = offers.filter(({ article }) => article.kind === "letter").length;
  return stories + letters < config.minItems ? "tooFew" : "enough";
}

interface Completed extends Chosen {
  readonly failures: readonly SourceFailure[];
  readonly addresses: readonly string[];
}

/** A page that can't be read leaves its place to another story, whose page may not be there either. */
const ROUNDS = 5;
const AT_ONCE = 12;

/** The articles of an issue, each whole: those chosen whose source has only a part are completed by their pages. */
async function completeChosen(
  candidates: readonly Candidate[],
  config: Config,
  { reader, day }: { readonly reader: ArticleReader; readonly day: string },
): Promise<Completed> {
  const bounds = { ...config, day, most: Math.min(config.maxItems ?? MOST_STORIES, MOST_STORIES) };
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
  const { result: chosen, broken } = await withoutBroken([...byArticle.keys()], (articles) =>
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
  /** Undefined where it has no story. */
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
function withTags({ article, source }: Candidate): Article {
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

interface Bounds extends ArrangeOptions {
  /** The most stories. */
  readonly most?: number | undefined;
}

/** What goes into an issue of some articles: the first stories as it will have them, whole, and one letter. */
async function chooseStories(
  offers: readonly Candidate[],
  { most = Infinity, ...arrangement }: Bounds,
): Promise<Chosen> {
  const articlesOf = (kept: (offer: Candidate) => boolean) =>
    offers.filter(kept).map(({ article }) => article);
  const { stories } = await arrangeStories(
    articlesOf((offer) => !isLetter(offer)),
    {
      ...arrangement,
      collected: new Set(articlesOf(({ isCollected }) => isCollected)),
      pinned: articlesOf((offer) => offer.isPinned && !isLetter(offer)),
      sourceWeights: new Map(offers.map(({ article, source }) => [article, source.weight])),
    },
  );
  const first = stories.slice(0, most);
  const chosen = first.flatMap(({ article, alsoIn }) => [article, ...alsoIn]);
  const kept = new Set([...chosen, ...articlesOf(isLetter).slice(0, 1)]);
  return { offers: offers.filter(({ article }) => kept.has(article)), stories: first.length };
}

function isLetter({ article }: Candidate): boolean {
  return article.kind === "letter";
}
