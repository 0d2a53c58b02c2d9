import path from "node:path";
import type { Article } from "../article/article.ts";
import type { Config } from "../config/config.ts";
import { BroadsheetError } from "../errors.ts";
import {
  isOnTheWeb,
  findArticles,
  type FoundFile,
  type Surroundings,
} from "../sources/io/read-sources.ts";
import { tooThin } from "../summary/too-thin.ts";
import { type Reading, type WebFlags, readEach } from "../sources/article-reader.ts";
import type { Failure, Reporter } from "../platform/reporter.ts";
import type { Memory } from "./memory.ts";

interface ReadFlags extends WebFlags {
  readonly strict?: true;
}

interface ReadAllOptions extends Surroundings {
  readonly flags: ReadFlags;
  readonly memory?: Memory | undefined;
}

/** What could be read, what could not, and how many addresses were asked for it. */
export interface Everything {
  readonly articles: readonly Article[];
  /** Those among them that came with others, of a feed or an export. */
  readonly collected: ReadonlySet<Article>;
  readonly failures: readonly Failure[];
  readonly fetched: number;
}

/**
 * The articles behind what is named, or those of the content folder, with how far it has come and what could not be read reported.
 * @throws BroadsheetError where nothing could be read, or not all and `strict` is set.
 */
export async function readAll(
  names: readonly string[],
  config: Config,
  { flags, cwd, reporter, memory }: ReadAllOptions,
): Promise<Everything> {
  const { files, failures } = await filesToRead(names, config, { cwd, reporter });
  const articles: Article[] = [];
  const collected = new Set<Article>();
  const addresses = new Set<string>();
  let all = failures.length;
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
      all++;
      if (isOnTheWeb(reading.name)) addresses.add(reading.name);
      const failure = failureOf(reading);
      if (failure) {
        failures.push(failure);
        progress.failed(failure);
      }
      if ("error" in reading || tooThin(reading.item.article)) continue;
      articles.push(reading.item.article);
      if (reading.isCollected) collected.add(reading.item.article);
    }
  } finally {
    progress.close();
  }
  const [first, ...others] = failures;
  const isStrict = flags.strict === true;
  if (first && (isStrict || articles.length === 0))
    throw failedWhole([first, ...others], all, { isStrict, reporter });
  reporter.unread(failures, all);
  return { articles, collected, failures, fetched: addresses.size };
}

/** Why a reading is of no use, or not of all use: it failed, or the article has nothing to summarise. */
function failureOf(reading: Reading): Failure | undefined {
  if ("error" in reading) return reading;
  const error = tooThin(reading.item.article) ?? reading.incomplete;
  return error && { error, name: reading.name };
}

interface FilesToRead {
  readonly files: readonly FoundFile[];
  /** What was named and is not there. */
  readonly failures: Failure[];
}

/** The files behind the names, each once. */
async function filesToRead(
  names: readonly string[],
  config: Config,
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
 * The error where nothing can be made of what was asked for: that of the only failure, or one that points to the
 * several that were reported, with the code of the first.
 */
export function failedWhole(
  failures: readonly [Failure, ...Failure[]],
  of: number,
  { isStrict, reporter }: { readonly isStrict: boolean; readonly reporter: Reporter },
): BroadsheetError {
  reporter.unread(failures, of, true);
  const [{ error }] = failures;
  if (failures.length === 1) return error;
  return new BroadsheetError(error.code, "nothing was written: the table above says why", {
    fix: isStrict
      ? "mend what it lists, or build without --strict of what can be read"
      : "mend what it lists, and build again",
  });
}
