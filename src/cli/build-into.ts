import { BroadsheetError } from "../errors.ts";
import { systemClock } from "../io/clock.ts";
import { hasConfig } from "../io/load-config.ts";
import { openMjmlCache } from "../io/mjml-cache.ts";
import { loadTemplate } from "../io/load-template.ts";
import { writeIssue } from "../io/outbox/outbox.ts";
import { readPictures } from "../io/read-pictures.ts";
import { buildIssue, templateFor } from "../pipeline.ts";
import { buildNotes } from "./build-notes.ts";
import type { CommonFlags, ProjectFlags } from "./flags.ts";
import type { WrittenIssue } from "./issue-view.ts";
import { dayIn, openProject } from "./project.ts";
import { readAll } from "./read-all.ts";
import type { WebFlags } from "./read-each.ts";
import type { Terminal } from "./terminal.ts";

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
  const { articles: all, failures, fetched } = await readAll(names, config, flags, terminal);
  const read = all.filter(({ draft }) => !draft);
  for (const { source, draft } of all) if (draft) terminal.note(`Left out ${source}: a draft`);
  if (read.length === 0) throw onlyDrafts();
  for (const note of buildNotes(read)) terminal.note(note);
  const { articles, pictures } = await readPictures(read, config.folder);
  const template = await loadTemplate(config.template ?? templateFor(articles), config.templates);
  const date = flags.date ?? dayIn(config.timeZone, systemClock());
  const { number, subject, preheader } = flags;
  const cache = openMjmlCache();
  const request = { cache, articles, pictures, config, template, slot: date, date };
  const built = await buildIssue({ ...request, number, subject, preheader });
  const folder = await writeIssue(config.outbox, built.digest.issue, built.files);
  if (!flags.json && !flags.config && !(await hasConfig(terminal.cwd))) terminal.note(BY_DEFAULT);
  return { built, folder, failures, fetched };
}

const BY_DEFAULT =
  "No broadsheet.config.ts here: built with defaults. Begin a newsletter with: broadsheet init";

function onlyDrafts(): BroadsheetError {
  return new BroadsheetError("CONTENT_NO_STORY", "there is nothing to build but drafts", {
    fix: "take `draft: true` out of one",
  });
}
