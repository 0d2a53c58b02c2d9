import type { WebFlags } from "../sources/article-reader.ts";
import type { Article } from "../article/article.ts";
import type { Config } from "../config/config.ts";
import { arrangeStories, type Arranged } from "../digest/arrange/arrange-stories.ts";
import { BroadsheetError } from "../errors.ts";
import { dayIn, systemClock } from "../platform/clock.ts";
import { openMjmlCache } from "../email/io/mjml-cache.ts";
import { loadTemplate } from "../email/io/load-template.ts";
import {
  type BuiltIssue,
  buildIssue,
  isStory,
  type Rendering,
  templateFor,
} from "./build-issue.ts";
import { buildNotes } from "./build-notes.ts";
import type { Gathered } from "../sources/collect/collected.ts";
import type { Memory } from "./memory.ts";
import { placeLogo } from "./pictures/place-logo.ts";
import { placePictures } from "./pictures/place-pictures.ts";
import { type BrokenArticle, leftOut, sparing, without } from "../sources/sparing.ts";
import { storyNotes } from "./story-notes.ts";
import { SummaryWriter } from "./summary-writer.ts";
import type { Reporter } from "../platform/reporter.ts";
import { writeSummaries } from "./write-summaries.ts";

/** What is asked of an issue beside its articles. */
export interface BuildFlags extends WebFlags {
  readonly strict?: true;
  readonly date?: string;
  readonly subject?: string;
  readonly preheader?: string;
  readonly number?: number;
}

interface IssueOptions {
  readonly flags: BuildFlags;
  readonly reporter: Reporter;
  readonly memory?: Memory | undefined;
  /** What the articles were read from, as it was named: the sources of the config by default. */
  readonly names?: readonly string[] | undefined;
  /** The slot that the issue is for; its day where none is given. */
  readonly slot?: string | undefined;
  /** Opened before anything is read where a model that can't be asked is to be told first. */
  readonly writer?: SummaryWriter | undefined;
}

/** An issue of articles that were read. */
export interface ComposedIssue {
  readonly built: BuiltIssue;
  /** What it was rendered with. */
  readonly rendering: Rendering;
  /** How many addresses were asked for its pictures. */
  readonly asked: number;
  /** Those of the articles given that it had to go without, as our own work broke at them. */
  readonly broken: readonly BrokenArticle[];
}

/**
 * The issue that some articles make, drafts left out, and those at which something breaks. `flags.date` is its day,
 * today by default.
 * @throws BroadsheetError CONTENT_NO_STORY where there is nothing but drafts; INTERNAL where something broke at all
 * articles, or at one and `strict` is set; whatever `buildIssue` throws.
 */
export async function issueOf(
  { articles: all, collected, pinned }: Gathered,
  config: Config,
  options: IssueOptions,
): Promise<ComposedIssue> {
  const { flags, reporter, memory } = options;
  const writer = options.writer ?? new SummaryWriter(config, flags);
  const read = all.filter(({ draft }) => !draft);
  for (const { source, draft } of all) if (draft) reporter.note(`Left out ${source}: a draft`);
  if (read.length === 0) throw onlyDrafts();
  for (const note of buildNotes(read)) reporter.note(note);
  const date = flags.date ?? dayIn(config.timeZone, systemClock());
  const arrangement = { ...config, day: date, collected, pinned };
  const { result: arranged, broken: unarranged } = await sparing(read.filter(isStory), (stories) =>
    arrangeStories(stories, arrangement),
  );
  for (const note of storyNotes(arranged, config.sections)) reporter.note(note);
  const letters = read.filter((article) => !isStory(article));
  const told = [...letters, ...arranged.stories.map(({ article }) => article)];
  const { names = config.sources.map(({ from }) => from) } = options;
  const placing = { flags, reporter, memory, names, collected };
  const placed = await placePictures(told, config, placing);
  const { logo, pictures: logos } = await placeLogo(config, reporter, memory);
  const merged = mergedInto(placed.articles.slice(letters.length), arranged);
  const atOnce = config.summary?.concurrency;
  const stories = placed.articles.filter(isStory);
  const { summaries, broken: unsummarised } = await writeSummaries(stories, writer, {
    reporter,
    memory,
    atOnce,
  });
  const articles = without(placed.articles, unsummarised);
  const [first] = unsummarised;
  if (first && articles.length === 0) throw leftOut(first).error;
  const template = await loadTemplate(config.template ?? templateFor(articles), config.templates);
  const cache = openMjmlCache();
  const pictures = [...logos, ...placed.pictures];
  const rendering = { config, template, pictures, cache };
  const { number, subject, preheader } = flags;
  const { slot = date } = options;
  const request = { ...rendering, merged, summaries, logo, slot, date, number, subject, preheader };
  const { result: built, broken: unbuilt } = await sparing(articles, async (articles) =>
    buildIssue({ ...request, articles }),
  );
  // With its pictures in place an article is another object.
  const given = new Map(placed.articles.map((article, at) => [article, told[at] ?? article]));
  const broken = [...unarranged, ...unsummarised, ...unbuilt].map(({ article, error }) => ({
    article: given.get(article) ?? article,
    error,
  }));
  return { built, rendering, asked: placed.asked, broken };
}

/** What was merged into each story: its pictures in place, it is another object by now. */
function mergedInto(articles: readonly Article[], { stories }: Arranged) {
  const merged = new Map<Article, readonly Article[]>();
  for (const [at, { alsoIn }] of stories.entries()) {
    const article = articles[at];
    if (article) merged.set(article, alsoIn);
  }
  return merged;
}

function onlyDrafts(): BroadsheetError {
  return new BroadsheetError("CONTENT_NO_STORY", "there is nothing to build but drafts", {
    fix: "take `draft: true` out of one",
  });
}
