import type { Article } from "../article/article.ts";
import type { Config } from "../config.ts";
import { arrangeStories, type Arranged } from "../digest/arrange/arrange-stories.ts";
import { BroadsheetError } from "../errors.ts";
import { systemClock } from "../io/clock.ts";
import { openMjmlCache } from "../io/mjml-cache.ts";
import { loadTemplate } from "../io/load-template.ts";
import { type BuiltIssue, buildIssue, isStory, type Rendering, templateFor } from "../pipeline.ts";
import { buildNotes } from "./build-notes.ts";
import type { Failure } from "./failures.ts";
import type { CommonFlags, ProjectFlags } from "./flags.ts";
import type { Memory } from "./memory.ts";
import { placeLogo } from "./place-logo.ts";
import { placePictures } from "./place-pictures.ts";
import { dayIn } from "./project.ts";
import { readAll } from "./read-all.ts";
import type { WebFlags } from "./read-each.ts";
import { storyNotes } from "./story-notes.ts";
import { SummaryWriter } from "./summary-writer.ts";
import type { Terminal } from "./terminal.ts";
import { writeSummaries } from "./write-summaries.ts";

export interface BuildFlags extends CommonFlags, ProjectFlags, WebFlags {
  readonly strict?: true;
  readonly date?: string;
  readonly subject?: string;
  readonly preheader?: string;
  readonly number?: number;
}

/** An issue that is made and not written yet. */
export interface MadeIssue {
  readonly built: BuiltIssue;
  /** What it was rendered with. */
  readonly rendering: Rendering;
  readonly failures: readonly Failure[];
  /** How many addresses of the web were asked for it. */
  readonly fetched: number;
}

interface MakeOptions {
  readonly flags: BuildFlags;
  readonly terminal: Terminal;
  readonly memory?: Memory | undefined;
}

/**
 * The issue that the articles named make, or those of the content folder. What can't be read is reported,
 * and the issue is made of the rest; with `--strict`, or where nothing is left, it is an error.
 */
export async function makeIssue(
  names: readonly string[],
  config: Config,
  { flags, terminal, memory }: MakeOptions,
): Promise<MadeIssue> {
  const writer = new SummaryWriter(config, flags);
  const reading = await readAll(names, config, { flags, terminal, memory });
  const { articles: all, collected, failures, fetched } = reading;
  const read = all.filter(({ draft }) => !draft);
  for (const { source, draft } of all) if (draft) terminal.note(`Left out ${source}: a draft`);
  if (read.length === 0) throw onlyDrafts();
  for (const note of buildNotes(read)) terminal.note(note);
  const date = flags.date ?? dayIn(config.timeZone, systemClock());
  const arranged = arrangeStories(read.filter(isStory), { ...config, day: date, collected });
  for (const note of storyNotes(arranged, config.sections)) terminal.note(note);
  const letters = read.filter((article) => !isStory(article));
  const told = [...letters, ...arranged.stories.map(({ article }) => article)];
  const placed = await placePictures(told, config, { flags, terminal, memory });
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
  const request = { ...rendering, articles, merged, summaries, logo, slot: date, date };
  const built = await buildIssue({ ...request, number, subject, preheader });
  return { built, rendering, failures, fetched: fetched + asked };
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
