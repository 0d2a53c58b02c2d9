import type { Article } from "../article/article.ts";
import type { Summary } from "../summary/summary.ts";
import { BroadsheetError } from "../errors.ts";
import { summarize } from "../summary/summarize.ts";
import type { Memory } from "./memory.ts";
import { readAhead } from "../platform/read-ahead.ts";
import type { BrokenArticle } from "../sources/sparing.ts";
import type { SummaryWriter } from "./summary-writer.ts";
import type { Reporter } from "../platform/reporter.ts";

interface WriteOptions {
  readonly reporter: Reporter;
  readonly memory?: Memory | undefined;
  /** How many a model is asked for at a time. */
  readonly atOnce?: number | undefined;
}

export interface Summaries {
  readonly summaries: ReadonlyMap<Article, Summary>;
  readonly broken: readonly BrokenArticle[];
}

/**
 * The summaries of some stories, and the stories of which none could be made. Where a writer has a model, how far it
 * has come is reported.
 * @throws BroadsheetError MODEL_…, where the writer is strict.
 */
export async function writeSummaries(
  stories: readonly Article[],
  writer: SummaryWriter,
  options: WriteOptions,
): Promise<Summaries> {
  const { memory } = options;
  if (writer.hasModel) return writeByModel(stories, writer, options);
  return summariesBy(
    stories,
    1,
    async (article) => memory?.summaryOf(article) ?? summarize(article),
  );
}

async function writeByModel(
  stories: readonly Article[],
  writer: SummaryWriter,
  { reporter, atOnce = 1 }: WriteOptions,
): Promise<Summaries> {
  const progress = reporter.progress("Summarising", stories.length);
  try {
    const summaryOf = async (article: Article) =>
      writer.summaryOf(article).finally(() => progress.step());
    const written = await summariesBy(stories, atOnce, summaryOf);
    progress.close();
    await writer.close(reporter);
    return written;
  } finally {
    progress.close();
  }
}

async function summariesBy(
  stories: readonly Article[],
  atOnce: number,
  summaryOf: (article: Article) => Promise<Summary>,
): Promise<Summaries> {
  const summaries = new Map<Article, Summary>();
  const broken: BrokenArticle[] = [];
  const write = async (article: Article): Promise<void> => {
    try {
      summaries.set(article, await summaryOf(article));
    } catch (error) {
      if (error instanceof BroadsheetError) throw error;
      broken.push({ article, error });
    }
  };
  for await (const _ of readAhead(stories, atOnce, write));
  return { summaries, broken };
}
