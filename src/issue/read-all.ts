import path from "node:path";
import { fingerprinter } from "../digest/stories/fingerprint.ts";
import type { Reading } from "../digest/stories/story.ts";
import {
  numbered,
  readingId,
  type ReaderSettings,
  type ReadOutcome,
  readEach,
} from "../sources/article-reader.ts";
import type { ReadIssue } from "./stages.ts";
import { BroadsheetError } from "../errors.ts";
import {
  isOnTheWeb,
  findArticles,
  type FoundFile,
  type Surroundings,
} from "../sources/io/read-sources.ts";
import { missingOf } from "../sources/left-out.ts";
import { tooThin } from "../summary/summary.ts";
import type { Failure, Reporter } from "../platform/reporter.ts";
import type { BuildFlags, Memory } from "./open-build.ts";

/** The settings for reading the articles of an issue. */
export interface ReadSettings extends ReaderSettings {
  /** The content folder, absolute. */
  readonly content: string;
}

export interface ReadOptions extends Surroundings {
  readonly flags: Pick<BuildFlags, "allowPrivate" | "strict" | "date">;
  readonly memory?: Memory | undefined;
}

/**
 * Reads the articles with the given names, or the content folder. Progress and failures are reported.
 * @throws BroadsheetError if no article could be read, or if one could not and `strict` is set.
 */
export async function readAll(
  names: readonly string[],
  config: ReadSettings,
  { flags, cwd, reporter, memory }: ReadOptions,
): Promise<ReadIssue> {
  const { files, failures } = await filesToRead(names, config, { cwd, reporter });
  const readings: Reading[] = [];
  const addresses = new Set<string>();
  const progress = reporter.progress("Reading", files.length);
  try {
    for await (const reading of readEach(files, {
      cwd,
      reporter,
      config,
      flags,
      progress,
      memory,
    })) {
      if (isOnTheWeb(reading.name)) addresses.add(reading.name);
      const failure = reportedFailure(reading);
      if (failure) failures.push(failure);
      if ("error" in reading || tooThin(reading.item.article)) continue;
      readings.push(readingOf(reading, config.folder, cwd));
    }
  } finally {
    progress.close();
  }
  const [first, ...others] = failures;
  const isStrict = flags.strict === true;
  if (first && (isStrict || readings.length === 0))
    throw failedWhole([first, ...others], { isStrict, reporter });
  reporter.unread(failures);
  const missing = failures.map((failure) => missingOf(failure, config.folder));
  return { readings: numbered(readings), failures, missing, fetched: addresses.size };
}

/** The reading of an article that was named, or that a named file or feed contained. */
function readingOf(
  { item: { article, feed }, name, isCollected }: ReadArticle,
  folder: string,
  cwd: string,
): Reading {
  const file =
    isCollected || isOnTheWeb(name) ? undefined : path.relative(folder, path.resolve(cwd, name));
  const id = readingId(article, file?.replaceAll(path.sep, "/"));
  const print = fingerprinter([article], {
    source: name,
    file: file?.replaceAll(path.sep, "/"),
    isCollection: isCollected,
    site: feed?.url,
  })(article);
  return { id, article, isCollected, print, isPinned: false, weight: 1 };
}

type ReadArticle = Exclude<ReadOutcome, Failure>;

/** The reason for reporting an article: it can't be read, has too little text to summarise, or is incomplete. */
function reportedFailure(reading: ReadOutcome): Failure | undefined {
  if ("error" in reading) return reading;
  const error = tooThin(reading.item.article) ?? reading.incomplete;
  return error && { error, name: reading.name };
}

interface FilesToRead {
  readonly files: readonly FoundFile[];
  /** The names without a file. */
  readonly failures: Failure[];
}

/** Resolves names to files. A file with two names is listed once. */
async function filesToRead(
  names: readonly string[],
  config: ReadSettings,
  surroundings: Surroundings,
): Promise<FilesToRead> {
  const content = path.relative(surroundings.cwd, config.content) || ".";
  const files = new Map<string, FoundFile>();
  const failures: Failure[] = [];
  for (const name of names.length > 0 ? names : [content]) {
    const found = await findArticles(name, surroundings).catch((error: unknown) => {
      if (!(error instanceof BroadsheetError)) throw error;
      failures.push({ name, error: names.length > 0 ? error : noContent(error, content) });
      return [];
    });
    for (const file of found)
      files.set(
        isOnTheWeb(file.name) ? file.name : path.resolve(surroundings.cwd, file.name),
        file,
      );
  }
  return { files: [...files.values()], failures };
}

function noContent(error: BroadsheetError, content: string): BroadsheetError {
  if (error.code !== "INPUT_MISSING") return error;
  return new BroadsheetError("INPUT_MISSING", `there is no folder ${content} to build from`, {
    fix: "name an article: broadsheet build article.txt; or begin with: broadsheet init",
    cause: error,
  });
}

/**
 * The error of a build that fails because of its articles. A single failure is the error itself. Several are reported first,
 * and the error refers to them with the code of the first.
 */
export function failedWhole(
  failures: readonly [Failure, ...Failure[]],
  { isStrict, reporter }: { readonly isStrict: boolean; readonly reporter: Reporter },
): BroadsheetError {
  reporter.unread(failures, true);
  const [{ error }] = failures;
  if (failures.length === 1) return error;
  return new BroadsheetError(error.code, "nothing was written: see the lines above", {
    fix: isStrict
      ? "fix these articles, or build without --strict, which leaves them out"
      : "fix these articles, and build again",
  });
}
