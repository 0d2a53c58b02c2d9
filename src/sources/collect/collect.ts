import type { Article } from "../../article/article.ts";
import type { Config } from "../../config/config.ts";
import { type Clock, dayIn } from "../../platform/clock.ts";
import type { SqliteCursor } from "../io/cursor/sqlite-cursor.ts";
import { ArticleReader, type ReadingMemory, type WebFlags } from "../article-reader.ts";
import type { Reporter } from "../../platform/reporter.ts";
import type { Candidate } from "./candidates.ts";
import type { Collected } from "./collected.ts";
import { completeChosen, withTags } from "./complete-chosen.ts";
import type { Newness } from "./sift.ts";
import { siftSources, type SiftedSources } from "./sift-sources.ts";

export interface CollectOptions {
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
 * What is new in the sources of a newsletter, for the issue of a slot. Nothing is noted: whoever builds the issue
 * takes `items` and notes `sources`. A source or a page that can't be read is no exception.
 * @throws BroadsheetError STORE_*.
 */
export async function collect(config: Config, options: CollectOptions): Promise<Collected> {
  const { cwd, reporter, flags, memory, clock } = options;
  const newness = newnessOf(config, options);
  const reader = new ArticleReader({ cwd, config, flags, memory });
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
 * newsletter that stood still for a month would lose what was told meanwhile.
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
  const weights = new Map<Article, number>();
  for (const candidate of offers) {
    const article = withTags(candidate);
    articles.push(article);
    if (candidate.isCollected) collected.add(article);
    if (candidate.isPinned) pinned.push(article);
    if (candidate.source.weight !== 1) weights.set(article, candidate.source.weight);
  }
  return { articles, collected, pinned, weights };
}

/** An editor's letter counts as a story: somebody wrote it to be sent. */
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
