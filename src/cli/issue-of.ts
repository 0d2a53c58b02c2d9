import type { Article } from "../article/article.ts";
import type { Config } from "../config.ts";
import { arrangeStories, type Arranged } from "../digest/arrange/arrange-stories.ts";
import { BroadsheetError } from "../errors.ts";
import { systemClock } from "../io/clock.ts";
import { openMjmlCache } from "../io/mjml-cache.ts";
import { loadTemplate } from "../io/load-template.ts";
import { type BuiltIssue, buildIssue, isStory, type Rendering, templateFor } from "../pipeline.ts";
import { buildNotes } from "./build-notes.ts";
import type { Gathered } from "./collect/collected.ts";
import type { BuildFlags } from "./make-issue.ts";
import type { Memory } from "./memory.ts";
import { placeLogo } from "./place-logo.ts";
import { placePictures } from "./place-pictures.ts";
import { dayIn } from "./project.ts";
import { storyNotes } from "./story-notes.ts";
import { SummaryWriter } from "./summary-writer.ts";
import type { Terminal } from "./terminal.ts";
import { writeSummaries } from "./write-summaries.ts";

interface IssueOptions {
  readonly flags: BuildFlags;
  readonly terminal: Terminal;
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
}

/**
 * The issue that some articles make, drafts left out. `flags.date` is its day, today by default.
 * @throws BroadsheetError CONTENT_NO_STORY where there is nothing but drafts; whatever `buildIssue` throws.
 */
export async function issueOf(
  { articles: all, collected, pinned }: Gathered,
  config: Config,
  options: IssueOptions,
): Promise<ComposedIssue> {
  const { flags, terminal, memory } = options;
  const writer = options.writer ?? new SummaryWriter(config, flags);
  const read = all.filter(({ draft }) => !draft);
  for (const { source, draft } of all) if (draft) terminal.note(`Left out ${source}: a draft`);
  if (read.length === 0) throw onlyDrafts();
  for (const note of buildNotes(read)) terminal.note(note);
  const date = flags.date ?? dayIn(config.timeZone, systemClock());
  const arranged = arrangeStories(read.filter(isStory), {
    ...config,
    day: date,
    collected,
    pinned,
  });
  for (const note of storyNotes(arranged, config.sections)) terminal.note(note);
  const letters = read.filter((article) => !isStory(article));
  const told = [...letters, ...arranged.stories.map(({ article }) => article)];
  const { names = config.sources.map(({ from }) => from) } = options;
  const placing = { flags, terminal, memory, names, collected };
  const placed = await placePictures(told, config, placing);
  const { articles, asked } = placed;
  const { logo, pictures: logos } = await placeLogo(config, terminal, memory);
  const merged = mergedInto(articles.slice(letters.length), arranged);
  const stories = articles.filter(isStory);
  const atOnce = config.summary?.concurrency;
  const summaries = writer.hasModel
    ? await writeSummaries(stories, writer, { terminal, atOnce })
    : memory?.summariesOf(stories);
  const template = await loadTemplate(config.template ?? templateFor(articles), config.templates);
  const cache = openMjmlCache();
  const pictures = [...logos, ...placed.pictures];
  const rendering = { config, template, pictures, cache };
  const { number, subject, preheader } = flags;
  const { slot = date } = options;
  const request = { ...rendering, articles, merged, summaries, logo, slot, date };
  const built = await buildIssue({ ...request, number, subject, preheader });
  return { built, rendering, asked };
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
