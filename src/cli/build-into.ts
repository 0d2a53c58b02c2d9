import path from "node:path";
import type { Article } from "../article/article.ts";
import type { Config } from "../config.ts";
import { BroadsheetError } from "../errors.ts";
import { systemClock } from "../io/clock.ts";
import { hasConfig } from "../io/load-config.ts";
import { openMjmlCache } from "../io/mjml-cache.ts";
import { loadTemplate } from "../io/load-template.ts";
import { writeIssue } from "../io/outbox/outbox.ts";
import { readPictures } from "../io/read-pictures.ts";
import { isOnTheWeb } from "../io/read-sources.ts";
import { buildIssue, templateFor, tooThin } from "../pipeline.ts";
import { buildNotes } from "./build-notes.ts";
import { findArticles } from "./find-articles.ts";
import type { CommonFlags, ProjectFlags } from "./flags.ts";
import type { WrittenIssue } from "./issue-view.ts";
import { dayIn, openProject } from "./project.ts";
import { readEach, type WebFlags } from "./read-each.ts";
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
  const files = await filesToRead(config, names, terminal);
  const all = await readAll(files, config, flags, terminal);
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
  return { built, folder };
}

async function readAll(
  files: readonly string[],
  config: Config,
  flags: BuildFlags,
  terminal: Terminal,
): Promise<Article[]> {
  const articles: Article[] = [];
  const errors: BroadsheetError[] = [];
  for await (const reading of readEach(files, { cwd: terminal.cwd, config, flags })) {
    const error = "error" in reading ? reading.error : tooThin(reading.item.article);
    if (error) errors.push(error);
    else if ("item" in reading) articles.push(reading.item.article);
  }
  const [first] = errors;
  if (first && (flags.strict || articles.length === 0)) throw first;
  for (const error of errors) terminal.report(error, EX_TEMPFAIL);
  return articles;
}

/** sysexits(3): an issue was made, but not of everything; run again when the rest can be read. */
const EX_TEMPFAIL = 75;

const BY_DEFAULT =
  "No broadsheet.config.ts here: built with defaults. Begin a newsletter with: broadsheet init";

/** The files named, each once, or else those of the content folder. */
async function filesToRead(
  config: Config,
  names: readonly string[],
  terminal: Terminal,
): Promise<string[]> {
  const content = path.relative(terminal.cwd, config.content) || ".";
  const files = new Map<string, string>();
  for (const name of names.length > 0 ? names : [content]) {
    const found = await findArticles(name, terminal).catch((error: unknown) => {
      throw names.length > 0 ? error : noContent(error, content);
    });
    for (const file of found)
      files.set(isOnTheWeb(file) ? file : path.resolve(terminal.cwd, file), file);
  }
  return [...files.values()];
}

function noContent(error: unknown, content: string): unknown {
  if (!(error instanceof BroadsheetError) || error.code !== "INPUT_MISSING") return error;
  return new BroadsheetError("INPUT_MISSING", `there is no folder ${content} to build from`, {
    fix: "name an article: broadsheet build article.txt; or begin with: broadsheet init",
    cause: error,
  });
}

function onlyDrafts(): BroadsheetError {
  return new BroadsheetError("CONTENT_NO_STORY", "there is nothing to build but drafts", {
    fix: "take `draft: true` out of one",
  });
}
