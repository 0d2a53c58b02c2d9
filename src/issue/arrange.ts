import { many } from "../platform/text.ts";
import { doubtText, isDoubtful, type Article, isCut } from "../article/article.ts";
import {
  arrangeStories,
  type Arranged,
  following,
  offeredPairs,
} from "../digest/arrange/arrange-stories.ts";
import { BroadsheetError } from "../errors.ts";
import { withoutBroken } from "../sources/left-out.ts";
import { MOST_STORIES } from "../digest/digest.ts";
import { emptySections, type Grouping } from "../digest/compose-digest.ts";
import type { Earlier, Reading, StoryDraft } from "../digest/stories/story.ts";
import { storyEditsOf } from "../digest/operations/history.ts";
import { sourceName } from "../article/identity.ts";
import type { Build } from "./open-build.ts";
import { editsBefore } from "./io/keep-edits.ts";
import { earlierIssues } from "./io/outbox.ts";
import { type IssueDraft, MOST_NAMED, nameOf, type ReadIssue } from "./stages.ts";

/**
 * Orders the stories of an issue, the lead story first, without drafts. Articles about one event are merged. A model may
 * advise. Omitted articles and unusable settings are reported.
 * @throws BroadsheetError CONTENT_NO_STORY if all articles are drafts; CONTENT_DOUBTFUL for a doubted article in strict mode.
 */
export async function arrange(read: ReadIssue, build: Build): Promise<IssueDraft> {
  const { readings, failures, missing, fetched } = read;
  const { config, issue, date, reporter, writer } = build;
  const usable = usableOf(readings, build);
  const earlier = await earlierOf(build);
  const given = usable.filter((reading) => !isLetter(reading));
  const arrangement = { ...config, isCompared: given.length > 1, day: date, edits: earlier.edits };
  const { result: arranged, leftOut } = await withoutBroken(given, async (sound) =>
    arrangeStories(sound, arrangement),
  );
  for (const note of storyNotes(arranged, config.sections)) reporter.note(note);
  const { merge } = config;
  const first = withinLimit(arranged.stories, build);
  // The code that asks a model about the whole issue is loaded only if there is a model.
  const asking = writer && (await import("./advise.ts"));
  const { stories, advice } = asking
    ? await asking.advise(first, writer, { reporter, edits: earlier.edits, merge })
    : { stories: first, advice: undefined };
  const { result, leftOut: incomparable } = await withoutBroken(stories, async (sound) => ({
    stories: await following(sound, earlier),
    offered: await offeredPairs(sound, { merge, edits: earlier.edits }),
  }));
  return {
    read,
    issue,
    date,
    articles: readings.length,
    letters: usable.filter(isLetter),
    ...result,
    advice,
    edits: earlier.edits,
    edited: earlier.edited,
    failures,
    missing,
    fetched,
    leftOut: [...leftOut, ...incomparable],
  };
}

/** The stories of earlier issues, and the articles that the editor has joined or parted in this one. */
async function earlierOf(build: Build): Promise<Earlier & Pick<IssueDraft, "edited">> {
  const told = await earlierIssues(build.config.outbox, build.issue);
  const edited = await editsBefore(build);
  return { told, edited, edits: storyEditsOf(edited.operations) };
}

/** @throws BroadsheetError CONTENT_NO_STORY, CONTENT_DOUBTFUL */
function usableOf(readings: readonly Reading[], { flags, reporter }: Build): Reading[] {
  const usable = readings.filter(({ article }) => !article.draft);
  const articles = usable.map(({ article }) => article);
  for (const { article } of readings)
    if (article.draft) reporter.note(`Left out ${article.source}: a draft`);
  if (usable.length === 0)
    throw new BroadsheetError("CONTENT_NO_STORY", "all articles are drafts", {
      fix: "remove `draft: true` from one",
    });
  for (const note of articleNotes(articles)) reporter.note(note);
  const doubtful = articles.filter(({ reading }) => isDoubtful(reading));
  if (flags.strict && doubtful.length > 0) throw doubted(doubtful);
  for (const article of doubtful) reporter.note(`Doubted: ${doubtOf(article)}`);
  return usable;
}

/** The first stories, as many as an issue may have. The others are reported. */
function withinLimit(stories: readonly StoryDraft[], { reporter }: Build): readonly StoryDraft[] {
  const left = stories.length - MOST_STORIES;
  if (left <= 0) return stories;
  const most = `an issue has ${MOST_STORIES} at most`;
  reporter.note(`Left out the last ${many(left, "story", "stories")}: ${most}`);
  return stories.slice(0, MOST_STORIES);
}

/** Whether an article is a letter from the editor, not a story. */
function isLetter({ article }: Reading): boolean {
  return article.kind === "letter";
}

function doubtOf({ title, source, reading }: Article): string {
  return `${title === "" ? source : `“${title}”`}: ${reading ? doubtText(reading) : ""}`;
}

function doubted(articles: readonly Article[]): BroadsheetError {
  const list = articles.map((article) => `\n  ${doubtOf(article)}`).join("");
  return new BroadsheetError("CONTENT_DOUBTFUL", `read with doubt:${list}`, {
    fix: "check them; without --strict they are in the issue, where you can accept or hide them",
  });
}

/** The maximum length in characters of a text that a note quotes. */
const LONGEST = 160;

/**
 * Notes for the authors about content that a build did not use, one line each: invalid front matter, titles and words that
 * are too long, and every letter after the first.
 */
function articleNotes(articles: readonly Article[]): string[] {
  return [
    ...articles.flatMap(frontMatterNotes),
    ...articles.flatMap(({ source, dropped }) =>
      dropped
        .filter(isCut)
        .map(({ text, reason }) => `Cut in ${source}: ${shortened(text)} (${reason})`),
    ),
    ...letterNotes(articles),
  ];
}

/** The article reader's reasons for ignoring front matter. */
const FRONT_MATTER =
  /front matter|^neither story nor letter$|^not (?:a date|a language tag|an http|the address of a picture)/;

function frontMatterNotes({ source, dropped }: Article): string[] {
  return dropped
    .filter(({ reason }) => FRONT_MATTER.test(reason))
    .map(({ text, reason }) => `Not used in ${source}: ${shortened(text)} (${reason})`);
}

function letterNotes(articles: readonly Article[]): string[] {
  const [first, ...others] = articles.filter(({ kind }) => kind === "letter");
  return others.map(
    ({ source }) => `Left out ${source}: an issue has one letter, and it has ${first?.source}`,
  );
}

/** An ignored field may have several lines; a note has one. */
function shortened(text: string): string {
  const line = text.replace(/\s*\n\s*/g, ", ");
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1).toWellFormed()}…` : line;
}

/**
 * Notes about the issue as a whole, one line each: merged stories, pins that match no article, and configured sections
 * without a story.
 */
function storyNotes({ stories, unknownPins }: Arranged, sections: Grouping): string[] {
  const empty = emptySections(
    stories.map(({ article }) => article),
    sections,
  );
  return [
    ...mergedNote(stories.filter(({ merged }) => merged.length > 0)),
    ...unknownPins.map(({ pin, near }) =>
      near === undefined
        ? `Nothing is pinned by ${JSON.stringify(pin)}: no article has that title, address or file`
        : `Nothing is pinned by ${JSON.stringify(pin)}: did you mean ${JSON.stringify(near)}?`,
    ),
    ...empty.map(
      (heading) => `Left out the section ${JSON.stringify(heading)}: no story belongs to it`,
    ),
  ];
}

function mergedNote(stories: readonly StoryDraft[]): string[] {
  const count = stories.length;
  if (count === 0) return [];
  const named = stories.slice(0, MOST_NAMED).map(({ article, merged }) => {
    const papers = merged.map((other) => sourceName(other.article) ?? other.article.source);
    return `${nameOf(article)} (${papers.join(", ")})`;
  });
  const list = named.join("; ") + (count > MOST_NAMED ? " …" : "");
  return [`${many(count, "story", "stories")} merged: ${list}`];
}
