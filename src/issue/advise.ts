import type { Article } from "../article/article.ts";
import type { Advice } from "../digest/digest.ts";
import { takeAdvice } from "../digest/arrange/take-advice.ts";
import { sourceName } from "../digest/stories/source-name.ts";
import type { StoryDraft, StoryEdits } from "../digest/stories/story.ts";
import { BroadsheetError } from "../errors.ts";
import type { Reporter } from "../platform/reporter.ts";
import { MOST_ADVISED, type StoryInBrief } from "../summary/model/issue-question.ts";
import { summarize } from "../summary/summarize.ts";
import type { ModelWriter } from "../summary/model/model-writer.ts";

export interface AdviseOptions {
  readonly reporter: Reporter;
  /** The pairs that the editor has parted and joined. */
  readonly edits?: StoryEdits | undefined;
  /** Whether stories may be merged at all; otherwise a model's merges are offers. */
  readonly merge?: boolean | undefined;
}

/** Stories after a model's advice, and what became of it; undefined where there was none. */
interface Advised {
  readonly stories: readonly StoryDraft[];
  readonly advice: Advice | undefined;
}

/**
 * The stories as a writer's model would merge and order them, as far as the articles show that to be right, and its lines
 * for the inbox. One story, or stories without an answer, stay as they are.
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

/** A story on which summarising crashes is left out later; it has no gist here. */
function gistOf(article: Article): string {
  try {
    return summarize(article).gist.text;
  } catch (error) {
    if (error instanceof BroadsheetError) throw error;
    return "";
  }
}

/** So many pairs are named in a note; digest.json has them all. */
const NAMED = 3;

function adviceNotes(
  { same = [], subject, preheader }: Advice,
  stories: readonly StoryDraft[],
): string[] {
  const titles = new Map(stories.map(({ article }) => [article.id, nameOf(article)]));
  const named = (pair: (typeof same)[number]) =>
    pair.stories.map((id) => titles.get(id) ?? id).join(" and ");
  const [merged, offered] = [true, false].map((used) => same.filter((pair) => pair.used === used));
  return [
    ...(merged ?? []).slice(0, NAMED).map((pair) => `Merged as the model says: ${named(pair)}`),
    ...(offered ?? [])
      .slice(0, NAMED)
      .map(
        (pair) =>
          `The model takes for one story, left apart as ${pair.why ?? ""}: ${named(pair)} (join them in the preview)`,
      ),
    ...refusedNote("subject", subject),
    ...refusedNote("preheader", preheader),
  ];
}

function refusedNote(name: "subject" | "preheader", line: Advice["subject"]): string[] {
  if (!line || line.used) return [];
  return [`The model's ${name} ${JSON.stringify(line.text)} was not taken: ${line.why ?? ""}`];
}

function nameOf({ title, source }: Article): string {
  return title === "" ? source : JSON.stringify(title);
}
