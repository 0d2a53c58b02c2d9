import type { Config } from "../config/config.ts";
import type { Issue } from "../digest/digest.ts";
import { dayIn, systemClock } from "../platform/clock.ts";
import { foreignCachesNotice, projectCache } from "../platform/files/cache-folder.ts";
import { userCacheFolder } from "../platform/files/only-ours.ts";
import type { Reporter } from "../platform/reporter.ts";
import type { WebFlags, ReadOutcome, Unfinished } from "../sources/article-reader.ts";
import type { ModelWriter, WriterOptions } from "../summary/model/model-writer.ts";
import type { Article } from "../article/article.ts";
import { Kept } from "../platform/kept.ts";
import type { Loaded } from "./pictures/io/load-pictures.ts";
import { summarize } from "../summary/summarize.ts";
import type { Summary } from "../summary/summary.ts";
import { createHash } from "node:crypto";

/** The options of a build other than its articles. */
export interface BuildFlags extends WebFlags {
  /** Whether an unusable article or picture is an error. Otherwise it is left out. */
  readonly strict?: true;
  /** The date on the front page, YYYY-MM-DD; today by default. */
  readonly date?: string;
  readonly subject?: string;
  readonly preheader?: string;
  readonly number?: number;
  /** Whether to drop an editor's changes to the issue. Otherwise they are applied again. */
  readonly discardEdits?: true;
}

/** The values that all steps of a build share. They do not change during a build. */
export interface Build {
  readonly config: Config;
  readonly issue: Issue;
  /** The date on the front page, YYYY-MM-DD. */
  readonly date: string;
  readonly flags: BuildFlags;
  readonly reporter: Reporter;
  readonly memory: Memory | undefined;
  /** The writer that uses a language model; undefined if the config names no model. */
  readonly writer: ModelWriter | undefined;
  /** The names given to the build; empty if the config decides what is read. */
  readonly names: readonly string[];
  /** The time at which the schedule sends the issue; undefined for an issue outside the schedule. */
  readonly at: Date | undefined;
  /** The slot of a draft whose edits move to this issue, if it has none of its own. */
  readonly editsOf: string | undefined;
  /** Whether the issue is sent without an editor's approval. */
  readonly isUnseen: boolean;
}

interface OpenOptions {
  readonly flags: BuildFlags;
  readonly reporter: Reporter;
  readonly memory?: Memory | undefined;
  readonly names?: readonly string[];
  /** The issue to build; by default that of today, or of the day in the flags. */
  readonly target?: Target | undefined;
}

/** The issue to build. */
export interface Target {
  readonly slot: string;
  /** The time at which the schedule sends it; undefined for an issue outside the schedule. */
  readonly at?: Date | undefined;
  /** The date on its front page, YYYY-MM-DD. */
  readonly date?: string | undefined;
  /** The number on its front page, if the flags have none. */
  readonly number?: number | undefined;
  /** The slot of a draft whose edits move to this issue, if it has none of its own. */
  readonly editsOf?: string | undefined;
  /** Whether articles that an earlier issue has taken are left out. By default, only for an issue of the schedule. */
  readonly skipsTaken?: boolean | undefined;
  /** Whether it is sent without an editor's approval. Then sentences of a model that its gate only marked are left out. */
  readonly isUnseen?: boolean | undefined;
}

/**
 * Begins a build: its issue, and the model that writes its summaries.
 * @throws BroadsheetError MODEL_UNCONFIGURED
 */
export async function openBuild(
  config: Config,
  { flags, reporter, memory, names = [], target }: OpenOptions,
): Promise<Build> {
  // The clock is read once, so that a build that runs past midnight keeps its day.
  const date = target?.date ?? flags.date ?? dayIn(config.timeZone, systemClock());
  const number = flags.number ?? target?.number ?? config.number;
  const issue = {
    newsletter: config.slug,
    slot: target?.slot ?? date,
    ...(number !== undefined && { number }),
  };
  const writer = await openWriter(config, flags);
  const unused = foreignCachesNotice([
    projectCache(config.folder, "http"),
    projectCache(config.folder, "model"),
    userCacheFolder("mjml"),
  ]);
  if (unused !== undefined) reporter.warn(unused);
  return {
    config,
    issue,
    date,
    flags,
    reporter,
    memory,
    writer,
    names,
    at: target?.at,
    editsOf: target?.editsOf,
    isUnseen: target?.isUnseen ?? false,
  };
}

/**
 * The model that writes summaries; undefined if the config names none. The code for models is loaded only if it names one.
 * @throws BroadsheetError MODEL_UNCONFIGURED
 */
export async function openWriter(
  config: Config,
  options: WriterOptions = {},
): Promise<ModelWriter | undefined> {
  if (!config.summary) return undefined;
  const { ModelWriter } = await import("../summary/model/model-writer.ts");
  return ModelWriter.open(config, options);
}

/**
 * The results of earlier builds in this process that a new build can reuse: articles, pages and pictures whose files have not
 * changed, and summaries.
 */
export class Memory {
  /** The articles of a file or an address, by name. */
  readonly readings = new Kept<(ReadOutcome | Unfinished)[]>();
  readonly pages = new Kept<ReadOutcome>();
  readonly pictures = new Kept<Loaded>();
  readonly #summaries = new Map<string, Summary>();

  /** Forgets everything except summaries, because changes on the web are not noticed otherwise. */
  forget(): void {
    for (const kept of [this.readings, this.pages, this.pictures]) kept.forget();
  }

  /** A summary depends only on its article without pictures. */
  summaryOf({ images: _images, ...article }: Article): Summary {
    const key = createHash("sha256").update(JSON.stringify(article)).digest("hex");
    const found = this.#summaries.get(key) ?? summarize({ ...article, images: [] });
    this.#summaries.set(key, found);
    return found;
  }
}
