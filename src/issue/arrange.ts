import type { Article } from "../article/article.ts";
import type { Config } from "../config/config.ts";
import { arrangeStories, type Arranged } from "../digest/arrange/arrange-stories.ts";
import { BroadsheetError } from "../errors.ts";
import type { Reporter } from "../platform/reporter.ts";
import type { Gathered } from "../sources/collect/collected.ts";
import { type BrokenArticle, sparing } from "../sources/sparing.ts";
import { buildNotes } from "./build-notes.ts";
import { isStory } from "./issue-files.ts";
import { storyNotes } from "./story-notes.ts";

/** What an issue tells, in its order. */
export interface Arrangement extends Arranged {
  readonly letters: readonly Article[];
  /** Stories that could not be compared with the others. */
  readonly broken: readonly BrokenArticle[];
}

/**
 * The articles of an issue without drafts, stories told by several merged, the lead first. What is made nothing of is
 * reported.
 * @throws BroadsheetError CONTENT_NO_STORY where there is nothing but drafts.
 */
export async function arrange(
  { articles, collected, pinned }: Gathered,
  config: Config,
  { day, reporter }: { readonly day: string; readonly reporter: Reporter },
): Promise<Arrangement> {
  const read = articles.filter(({ draft }) => !draft);
  for (const { source, draft } of articles) if (draft) reporter.note(`Left out ${source}: a draft`);
  if (read.length === 0) throw onlyDrafts();
  for (const note of buildNotes(read)) reporter.note(note);
  const arrangement = { ...config, day, collected, pinned };
  const { result: arranged, broken } = await sparing(read.filter(isStory), (stories) =>
    arrangeStories(stories, arrangement),
  );
  for (const note of storyNotes(arranged, config.sections)) reporter.note(note);
  return { ...arranged, letters: read.filter((article) => !isStory(article)), broken };
}

function onlyDrafts(): BroadsheetError {
  return new BroadsheetError("CONTENT_NO_STORY", "there is nothing to build but drafts", {
    fix: "take `draft: true` out of one",
  });
}
