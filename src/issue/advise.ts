import type { Article } from "../article/article.ts";
import type { Advice } from "../digest/digest.ts";
import { takeAdvice } from "../digest/arrange/take-advice.ts";
import { sourceName } from "../article/identity.ts";
import type { StoryDraft, StoryEdits } from "../digest/stories/story.ts";
import { BroadsheetError } from "../errors.ts";
import type { Reporter } from "../platform/reporter.ts";
import { MOST_ADVISED, type StoryInBrief } from "../summary/model/issue-question.ts";
import { summarize } from "../summary/summarize.ts";
import { MOST_NAMED, nameOf } from "./stages.ts";
import type { ModelWriter } from "../summary/model/model-writer.ts";

export interface AdviseOptions {
  readonly reporter: Reporter;
  /** The editor's decisions to join or to part pairs of articles. */
  readonly edits?: StoryEdits | undefined;
  /** Whether stories may be merged. If not, the merges of a model are only offered to the editor. */
  readonly merge?: boolean | undefined;
}

/** The stories after a model's advice, and how much of the advice was taken; undefined if there was none. */
interface Advised {
  readonly stories: readonly StoryDraft[];
  readonly advice: Advice | undefined;
}

/**
 * Asks a model which stories to merge, how to order them, and for a subject and a preheader. Only advice that the articles
 * support is applied. Without an answer, or with fewer than two stories, nothing changes.
 */
export async function advise(
  stories: readonly StoryDraft[],
  writer: ModelWriter,
  { reporter, edits, merge }: AdviseOptions,
): Promise<Advised> {
  const unadvised = { stories, advice: undefined };
  if (stories.length < 2) return unadvised;
  const asked = stories.slice(0, MOST_ADVISED);
  const progress = reporter.progress("Ordering the issue", 1);
  const said = await writer.adviceOn(asked.map(inBrief)).finally(() => progress.close());
  if (!said) return unadvised;
  const { stories: advised, advice } = takeAdvice(asked, said, { edits, merge });
  for (const note of adviceNotes(advice, stories)) reporter.note(note);
  return { stories: [...advised, ...stories.slice(MOST_ADVISED)], advice };
}

function inBrief({ article, merged }: StoryDraft): StoryInBrief {
  const all = [article, ...merged.map((other) => other.article)];
  return {
    headline: article.title,
    gist: gistOf(article),
    papers: [...new Set(all.flatMap((one) => sourceName(one) ?? []))],
    day: article.publishedAt?.slice(0, 10),
    language: article.language,
  };
}

/** The gist of an article, or "" if summarising crashes. A later step leaves such a story out. */
function gistOf(article: Article): string {
  try {
    return summarize(article).gist.text;
  } catch (error) {
    if (error instanceof BroadsheetError) throw error;
    return "";
  }
}

function adviceNotes(
  { same = [], subject, preheader }: Advice,
  stories: readonly StoryDraft[],
): string[] {
  const titles = new Map(stories.map(({ article }) => [article.id, nameOf(article)]));
  const named = (pair: (typeof same)[number]) =>
    pair.stories.map((id) => titles.get(id) ?? id).join(" and ");
  const [merged, offered] = [true, false].map((used) => same.filter((pair) => pair.used === used));
  return [
    ...(merged ?? [])
      .slice(0, MOST_NAMED)
      .map((pair) => `Merged as the model says: ${named(pair)}`),
    ...(offered ?? [])
      .slice(0, MOST_NAMED)
      .map(
        (pair) =>
          `The model considers these one story; not merged because ${pair.why ?? ""}: ${named(pair)} (join them in the preview)`,
      ),
    ...refusedNote("subject", subject),
    ...refusedNote("preheader", preheader),
  ];
}

function refusedNote(name: "subject" | "preheader", line: Advice["subject"]): string[] {
  if (!line || line.used) return [];
  return [`The model's ${name} ${JSON.stringify(line.text)} was not used: ${line.why ?? ""}`];
}
