import type { Article } from "../article/article.ts";
import type { Advice } from "../digest/digest.ts";
import { takeAdvice } from "../digest/arrange/take-advice.ts";
import { sourceName } from "../digest/stories/source-name.ts";
import type { StoryEdits } from "../digest/stories/story.ts";
import type { Reporter } from "../platform/reporter.ts";
import { MOST_STORIES, type StoryInBrief } from "../summary/model/issue-question.ts";
import type { Summary } from "../summary/summary.ts";
import type { Arrangement } from "./arrange.ts";
import type { ModelWriter } from "./model-writer.ts";
import { extractsOf } from "./write-summaries.ts";

export interface AdviseOptions {
  readonly reporter: Reporter;
  /** What the editor has parted and joined. */
  readonly edits?: StoryEdits | undefined;
  /** Whether stories may be merged at all; else what a model would merge is an offer. */
  readonly merge?: boolean | undefined;
}

/** An arrangement after a model's advice, if there is one. */
export interface AdvisedArrangement extends Arrangement {
  readonly advice?: Advice | undefined;
}

/**
 * The stories as a writer's model would merge and order them, as far as that can be shown to be right, and its lines
 * for the inbox. With one story, or without an answer, as they are.
 */
export async function advise(
  arrangement: Arrangement,
  writer: ModelWriter,
  { reporter, edits, merge }: AdviseOptions,
): Promise<AdvisedArrangement> {
  const { stories } = arrangement;
  if (stories.length < 2) return arrangement;
  const asked = stories.slice(0, MOST_STORIES);
  const progress = reporter.progress("Ordering the issue", 1);
  const said = await adviceOn(asked, writer).finally(() => progress.close());
  if (!said) return arrangement;
  const { stories: advised, advice } = takeAdvice(asked, said, { edits, merge });
  for (const note of adviceNotes(advice, stories)) reporter.note(note);
  return { ...arrangement, stories: [...advised, ...stories.slice(MOST_STORIES)], advice };
}

async function adviceOn(stories: Arrangement["stories"], writer: ModelWriter) {
  const { summaries } = await extractsOf(stories.map(({ article }) => article));
  return writer.adviceOn(stories.map((story) => inBrief(story, summaries.get(story.article))));
}

function inBrief(
  { article, alsoIn }: Arrangement["stories"][number],
  summary: Summary | undefined,
): StoryInBrief {
  const papers = [article, ...alsoIn].flatMap((one) => sourceName(one) ?? []);
  return {
    headline: article.title,
    gist: summary?.gist.text ?? "",
    papers: [...new Set(papers)],
    day: article.publishedAt?.slice(0, 10),
    language: article.language,
  };
}

/** So many pairs are named in a note; digest.json has them all. */
const NAMED = 3;

function adviceNotes(
  { same = [], subject, preheader }: Advice,
  stories: Arrangement["stories"],
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
