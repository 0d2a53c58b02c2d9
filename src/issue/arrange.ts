import { many } from "../platform/counted.ts";
import { doubtText, isDoubtful } from "../article/reading.ts";
import type { Article } from "../article/article.ts";
import type { Config } from "../config/config.ts";
import { arrangeStories, type Arranged } from "../digest/arrange/arrange-stories.ts";
import { BroadsheetError } from "../errors.ts";
import type { Reporter } from "../platform/reporter.ts";
import type { Gathered } from "../sources/collect/collected.ts";
import { type BrokenArticle, withoutBroken } from "../sources/broken-article.ts";
import { isStory } from "./issue-files.ts";
import { isCut } from "../article/compose-article.ts";
import { MOST_STORIES } from "../digest/limits.ts";
import { emptySections, type Grouping } from "../digest/arrange/sections.ts";
import type { Story, StoryEdits } from "../digest/stories/story.ts";
import { sourceName } from "../digest/stories/source-name.ts";

/** What an issue tells, in its order. */
export interface Arrangement extends Arranged {
  readonly letters: readonly Article[];
  /** Stories that could not be compared with the others. */
  readonly broken: readonly BrokenArticle[];
}

interface ArrangeOptions {
  readonly day: string;
  readonly reporter: Reporter;
  /** Whether an article that was read with doubt is an error. */
  readonly isStrict?: boolean | undefined;
  /** What the editor has parted and joined in the issue as it was. */
  readonly edits?: StoryEdits | undefined;
}

/**
 * The articles of an issue without drafts, stories told by several merged, the lead first. What is made nothing of is
 * reported.
 * @throws BroadsheetError CONTENT_NO_STORY where there is nothing but drafts; CONTENT_DOUBTFUL where it is strict.
 */
export async function arrange(
  { articles, collected, pinned, sourceWeights }: Gathered,
  config: Config,
  { day, reporter, isStrict, edits }: ArrangeOptions,
): Promise<Arrangement> {
  const read = articles.filter(({ draft }) => !draft);
  for (const { source, draft } of articles) if (draft) reporter.note(`Left out ${source}: a draft`);
  if (read.length === 0) throw onlyDrafts();
  for (const note of buildNotes(read)) reporter.note(note);
  const doubtful = read.filter(({ reading }) => isDoubtful(reading));
  if (isStrict && doubtful.length > 0) throw doubted(doubtful);
  for (const article of doubtful) reporter.note(`Doubted: ${doubtOf(article)}`);
  const told = read.filter(isStory);
  const isCompared = told.length > 1;
  const arrangement = { ...config, isCompared, day, collected, pinned, sourceWeights, edits };
  const { result: arranged, broken } = await withoutBroken(told, (stories) =>
    arrangeStories(stories, arrangement),
  );
  for (const note of storyNotes(arranged, config.sections)) reporter.note(note);
  const stories = arranged.stories.slice(0, MOST_STORIES);
  const left = arranged.stories.length - stories.length;
  if (left > 0) {
    const most = `an issue has ${MOST_STORIES} at most`;
    reporter.note(`Left out the last ${many(left, "story", "stories")}: ${most}`);
  }
  return { ...arranged, stories, letters: read.filter((article) => !isStory(article)), broken };
}

function doubtOf({ title, source, reading }: Article): string {
  return `${title === "" ? source : `“${title}”`}: ${reading ? doubtText(reading) : ""}`;
}

function doubted(articles: readonly Article[]): BroadsheetError {
  const list = articles.map((article) => `\n  ${doubtOf(article)}`).join("");
  return new BroadsheetError("CONTENT_DOUBTFUL", `read with doubt:${list}`, {
    fix: "look at them; without --strict they are in the issue, to be accepted or hidden there",
  });
}

function onlyDrafts(): BroadsheetError {
  return new BroadsheetError("CONTENT_NO_STORY", "there is nothing to build but drafts", {
    fix: "take `draft: true` out of one",
  });
}

/** A note is a line, not the whole of what an author wrote. */
const LONGEST = 160;

/**
 * What a build made nothing of, a line each, for the authors of the articles: front matter that can't be
 * used, titles and words that are too long for any, and every letter after the first.
 */
function buildNotes(articles: readonly Article[]): string[] {
  return [
    ...articles.flatMap(frontMatterNotes),
    ...articles.flatMap(cutNotes),
    ...letterNotes(articles),
  ];
}

/** The reasons that the article reader gives for leaving out front matter. */
const FRONT_MATTER =
  /front matter|^neither story nor letter$|^not (?:a date|a language tag|an http|the address of a picture)/;

function frontMatterNotes({ source, dropped }: Article): string[] {
  return dropped
    .filter(({ reason }) => FRONT_MATTER.test(reason))
    .map(({ text, reason }) => `Not used in ${source}: ${shortened(text)} (${reason})`);
}

function cutNotes({ source, dropped }: Article): string[] {
  return dropped
    .filter(isCut)
    .map(({ text, reason }) => `Cut in ${source}: ${shortened(text)} (${reason})`);
}

function letterNotes(articles: readonly Article[]): string[] {
  const [first, ...others] = articles.filter(({ kind }) => kind === "letter");
  return others.map(
    ({ source }) => `Left out ${source}: an issue has one letter, and it has ${first?.source}`,
  );
}

/** Lines of one reason are one entry: a field each. */
function shortened(text: string): string {
  const line = text.replace(/\s*\n\s*/g, ", ");
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1).toWellFormed()}…` : line;
}

/** So many merged stories are named in a note; digest.json has them all. */
const NAMED = 3;

/**
 * What was made of the articles as a whole, a line each: which were merged, which pins stick to nothing,
 * which sections of the editor's own stay away.
 */
function storyNotes({ stories, unknownPins }: Arranged, sections: Grouping): string[] {
  const empty = emptySections(
    stories.map(({ article }) => article),
    sections,
  );
  return [
    ...mergedNote(stories.filter(({ alsoIn }) => alsoIn.length > 0)),
    ...unknownPins.map(({ pin, near }) =>
      near === undefined
        ? `Nothing is pinned by ${JSON.stringify(pin)}: no article has that title, address or file`
        : `Nothing is pinned by ${JSON.stringify(pin)}: did you mean ${JSON.stringify(near)}?`,
    ),
    ...empty.map(
      (heading) => `Left out the section ${JSON.stringify(heading)}: no story is for it`,
    ),
  ];
}

function mergedNote(stories: readonly Story[]): string[] {
  const count = stories.length;
  if (count === 0) return [];
  const named = stories.slice(0, NAMED).map(({ article, alsoIn }) => {
    return `${nameOf(article)} (${alsoIn.map((other) => sourceName(other) ?? other.source).join(", ")})`;
  });
  const list = named.join("; ") + (count > NAMED ? " …" : "");
  return [`${many(count, "story", "stories")} merged: ${list}`];
}

function nameOf({ title, source }: Article): string {
  return title === "" ? source : JSON.stringify(title);
}
