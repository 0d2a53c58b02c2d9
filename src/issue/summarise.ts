import type { Article } from "../article/article.ts";
import { BroadsheetError } from "../errors.ts";
import { readAhead } from "../platform/read-ahead.ts";
import type { Reporter } from "../platform/reporter.ts";
import { failureOf, type LeftOut } from "../sources/left-out.ts";
import { summarize } from "../summary/summarize.ts";
import type { Summary } from "../summary/summary.ts";
import type { Build } from "./open-build.ts";
import type { ModelWriter } from "../summary/model/model-writer.ts";
import type { IllustratedIssue, SummarisedIssue, SummarisedStory } from "./stages.ts";

/**
 * The issue with a summary of each story. A story is left out if Broadsheet crashes on it. A model's progress is reported.
 * @throws BroadsheetError MODEL_… if the writer is strict; INTERNAL if Broadsheet crashes on every story.
 */
export async function summarise(issue: IllustratedIssue, build: Build): Promise<SummarisedIssue> {
  const { writer, memory, reporter, config } = build;
  const written = writer
    ? await byModel(issue, writer, { reporter, atOnce: config.summary?.concurrency })
    : await withSummaries(
        issue,
        1,
        async (article) => memory?.summaryOf(article) ?? summarize(article),
      );
  const [first] = written.leftOut;
  if (first && written.stories.length + written.letters.length === 0) throw failureOf(first).error;
  return written;
}

async function byModel(
  issue: IllustratedIssue,
  writer: ModelWriter,
  { reporter, atOnce = 1 }: { readonly reporter: Reporter; readonly atOnce: number | undefined },
): Promise<SummarisedIssue> {
  const progress = reporter.progress("Summarising", issue.stories.length);
  try {
    const summaryOf = async (article: Article) =>
      writer.summaryOf(article).finally(() => progress.step());
    const written = await withSummaries(issue, atOnce, summaryOf);
    progress.close();
    await writer.close(reporter);
    return written;
  } finally {
    progress.close();
  }
}

async function withSummaries(
  issue: IllustratedIssue,
  atOnce: number,
  summaryOf: (article: Article) => Promise<Summary>,
): Promise<SummarisedIssue> {
  const stories: SummarisedStory[] = [];
  const leftOut: LeftOut[] = [...issue.leftOut];
  const write = async (story: IllustratedIssue["stories"][number]) => {
    try {
      return { ...story, summary: await summaryOf(story.article) };
    } catch (error) {
      if (error instanceof BroadsheetError) throw error;
      return { id: story.id, article: story.article, error };
    }
  };
  for await (const written of readAhead(issue.stories, atOnce, write)) {
    if ("summary" in written) stories.push(written);
    else leftOut.push(written);
  }
  return { ...issue, stories, leftOut };
}
