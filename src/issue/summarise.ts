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
 * Summarises each story of an issue. A story is left out if Broadsheet crashes on it. A model's progress is reported.
 * @throws BroadsheetError MODEL_… if the writer is strict; INTERNAL if Broadsheet crashes on every story.
 */
export async function summarise(issue: IllustratedIssue, build: Build): Promise<SummarisedIssue> {
  const { writer, memory, reporter, config } = build;
  const byRules = (article: Article) => memory?.summaryOf(article) ?? summarize(article);
  const written = writer
    ? await byModel(issue, { writer, byRules }, { reporter, atOnce: config.summary?.concurrency })
    : await withSummaries(issue, 1, { summaryOf: async (article) => byRules(article), byRules });
  const [first] = written.leftOut;
  if (first && written.stories.length + written.letters.length === 0) throw failureOf(first).error;
  return written;
}

async function byModel(
  issue: IllustratedIssue,
  { writer, byRules }: { readonly writer: ModelWriter; readonly byRules: ByRules },
  { reporter, atOnce = 1 }: { readonly reporter: Reporter; readonly atOnce: number | undefined },
): Promise<SummarisedIssue> {
  const progress = reporter.progress("Summarising", issue.stories.length);
  try {
    const summaryOf = async (article: Article) =>
      writer.summaryOf(article).finally(() => progress.step());
    const written = await withSummaries(issue, atOnce, { summaryOf, byRules });
    progress.close();
    await writer.close(reporter);
    return written;
  } finally {
    progress.close();
  }
}

type ByRules = (article: Article) => Summary;

interface Summarisers {
  readonly summaryOf: (article: Article) => Promise<Summary>;
  /** Summarises merged articles by rules. Readers see them only if an editor parts them, and a model costs money. */
  readonly byRules: ByRules;
}

async function withSummaries(
  issue: IllustratedIssue,
  atOnce: number,
  { summaryOf, byRules }: Summarisers,
): Promise<SummarisedIssue> {
  const stories: SummarisedStory[] = [];
  const leftOut: LeftOut[] = [...issue.leftOut];
  const write = async (story: IllustratedIssue["stories"][number]) => {
    try {
      const summary = await summaryOf(story.article);
      return { ...story, summary, others: othersOf(story, byRules) };
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

/** Summarises the merged articles. An article on which Broadsheet crashes gets no summary. */
function othersOf(
  { merged }: IllustratedIssue["stories"][number],
  byRules: ByRules,
): ReadonlyMap<string, Summary> {
  const summaries = new Map<string, Summary>();
  for (const { id, article } of merged) {
    try {
      summaries.set(id, byRules(article));
    } catch {
      continue;
    }
  }
  return summaries;
}
