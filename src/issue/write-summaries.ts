import type { Article } from "../article/article.ts";
import type { Summary } from "../summary/summary.ts";
import { BroadsheetError } from "../errors.ts";
import { summarize } from "../summary/summarize.ts";
import type { ModelWriter, WriterOptions } from "./model-writer.ts";
import type { Memory } from "./memory.ts";
import { readAhead } from "../platform/read-ahead.ts";
import type { BrokenArticle } from "../sources/broken-article.ts";
import type { Reporter } from "../platform/reporter.ts";
import type { Config } from "../config/config.ts";

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
 * What writes summaries by the model that the config names; undefined where it names none, and nothing of models is
 * loaded.
 * @throws BroadsheetError MODEL_UNCONFIGURED
 */
export async function openWriter(
  config: Config,
  options: WriterOptions = {},
): Promise<ModelWriter | undefined> {
  if (!config.summary) return undefined;
  const { ModelWriter } = await import("./model-writer.ts");
  return ModelWriter.open(config, options);
}

/**
 * The summaries of some stories, and the stories of which none could be made. How far a model's writer has
 * come is reported.
 * @throws BroadsheetError MODEL_…, where the writer is strict.
 */
export async function writeSummaries(
  stories: readonly Article[],
  writer: ModelWriter | undefined,
  options: WriteOptions,
): Promise<Summaries> {
  return writer ? writeByModel(stories, writer, options) : extractsOf(stories, options.memory);
}

/** The same in the stories' own sentences. */
export async function extractsOf(stories: readonly Article[], memory?: Memory): Promise<Summaries> {
  return summariesBy(
    stories,
    1,
    async (article) => memory?.summaryOf(article) ?? summarize(article),
  );
}

async function writeByModel(
  stories: readonly Article[],
  writer: ModelWriter,
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
