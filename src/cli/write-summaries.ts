import type { Article } from "../article/article.ts";
import type { Summary } from "../summary/summary.ts";
import { Progress } from "./progress.ts";
import { readAhead } from "./read-ahead.ts";
import type { SummaryWriter } from "./summary-writer.ts";
import type { Terminal } from "./terminal.ts";

/**
 * The summaries of some stories by a writer that has a model, with how far it has come told on stderr.
 * @throws BroadsheetError MODEL_…, where the writer is strict.
 */
export async function writeSummaries(
  stories: readonly Article[],
  writer: SummaryWriter,
  { terminal, atOnce = 1 }: { readonly terminal: Terminal; readonly atOnce?: number | undefined },
): Promise<ReadonlyMap<Article, Summary>> {
  const summaries = new Map<Article, Summary>();
  const progress = new Progress(terminal, "Summarising", stories.length);
  const write = async (article: Article) => [article, await writer.summaryOf(article)] as const;
  try {
    for await (const [article, summary] of readAhead(stories, atOnce, write)) {
      summaries.set(article, summary);
      progress.step();
    }
  } finally {
    progress.close();
  }
  await writer.close(terminal);
  return summaries;
}
