import type { Article } from "../article/article.ts";
import { arrangeStories, type Arranged } from "../digest/arrange/arrange-stories.ts";
import { BroadsheetError } from "../errors.ts";
import { systemClock } from "../io/clock.ts";
import { hasConfig } from "../io/load-config.ts";
import { openMjmlCache } from "../io/mjml-cache.ts";
import { loadTemplate } from "../io/load-template.ts";
import { writeIssue } from "../io/outbox/outbox.ts";
import { withPreview } from "../preview/with-preview.ts";
import { buildIssue, isStory, templateFor } from "../pipeline.ts";
import { buildNotes } from "./build-notes.ts";
import type { CommonFlags, ProjectFlags } from "./flags.ts";
import type { WrittenIssue } from "./issue-view.ts";
import { placeLogo } from "./place-logo.ts";
import { placePictures } from "./place-pictures.ts";
import { dayIn, openProject } from "./project.ts";
import { readAll } from "./read-all.ts";
import type { WebFlags } from "./read-each.ts";
import { SummaryWriter } from "./summary-writer.ts";
import { storyNotes } from "./story-notes.ts";
import type { Terminal } from "./terminal.ts";
import { writeSummaries } from "./write-summaries.ts";

export interface BuildFlags extends CommonFlags, ProjectFlags, WebFlags {
  readonly strict?: true;
  readonly date?: string;
  readonly subject?: string;
  readonly preheader?: string;
  readonly number?: number;
}

/**
 * The issue that the articles named make, or those of the content folder, written into the outbox. What
 * can't be read is reported, and the issue is made of the rest; with `--strict`, or where nothing is
 * left, nothing is written.
 */
export async function buildInto(
  names: readonly string[],
  flags: BuildFlags,
  terminal: Terminal,
): Promise<WrittenIssue> {
  const config = await openProject(flags, terminal);
  const writer = new SummaryWriter(config, flags);
  const reading = await readAll(names, config, flags, terminal);
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
  const { articles, pictures, asked } = await placePictures(told, config, flags, terminal);
  const { logo, pictures: logos } = await placeLogo(config, terminal);
  const merged = mergedInto(articles.slice(letters.length), arranged);
  const atOnce = config.summary?.concurrency;
  const summaries = writer.hasModel
    ? await writeSummaries(articles.filter(isStory), writer, { terminal, atOnce })
    : undefined;
  const template = await loadTemplate(config.template ?? templateFor(articles), config.templates);
  const { number, subject, preheader } = flags;
  const cache = openMjmlCache();
  const shown = { articles, merged, summaries, pictures: [...logos, ...pictures], logo };
  const request = { ...shown, cache, config, template, slot: date, date };
  const built = withPreview(await buildIssue({ ...request, number, subject, preheader }));
  const folder = await writeIssue(config.outbox, built.digest.issue, built.files);
  if (!flags.json && !flags.config && !(await hasConfig(terminal.cwd))) terminal.note(BY_DEFAULT);
  return { built, folder, failures, fetched: fetched + asked };
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

const BY_DEFAULT =
  "No broadsheet.config.ts here: built with defaults. Begin a newsletter with: broadsheet init";

function onlyDrafts(): BroadsheetError {
  return new BroadsheetError("CONTENT_NO_STORY", "there is nothing to build but drafts", {
    fix: "take `draft: true` out of one",
  });
}
