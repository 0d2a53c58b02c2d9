import type { Config } from "../config/config.ts";
import type { BuiltIssue, Rendering } from "./build-issue.ts";
import type { Failure } from "../platform/reporter.ts";
import type { Surroundings } from "../sources/find-articles.ts";
import { failedWhole } from "./failed-whole.ts";
import { type BuildFlags, issueOf } from "./issue-of.ts";
import type { Memory } from "./memory.ts";
import { type Everything, readAll } from "./read-all.ts";
import { leftOut } from "../sources/sparing.ts";
import { SummaryWriter } from "./summary-writer.ts";

/** An issue that is made and not written yet. */
export interface MadeIssue {
  readonly built: BuiltIssue;
  /** What it was rendered with. */
  readonly rendering: Rendering;
  readonly failures: readonly Failure[];
  /** How many addresses of the web were asked for it. */
  readonly fetched: number;
}

export interface MakeOptions extends Surroundings {
  readonly flags: BuildFlags;
  readonly memory?: Memory | undefined;
}

/**
 * The issue that the articles named make, or what is new in the sources of the config, or those of the content folder.
 * What can't be read is reported, and the issue is made of the rest; with `--strict`, or where nothing is left, it
 * is an error.
 */
export async function makeIssue(
  names: readonly string[],
  config: Config,
  options: MakeOptions,
): Promise<MadeIssue> {
  const writer = new SummaryWriter(config, options.flags);
  const { failures, fetched, ...gathered } = await readFor(names, config, options);
  const { broken, asked, ...made } = await issueOf(gathered, config, {
    ...options,
    writer,
    ...(names.length > 0 && { names }),
  });
  const lost = broken.map(leftOut);
  const all = gathered.articles.length;
  const [first, ...others] = lost;
  const { flags, reporter } = options;
  if (first && flags.strict)
    throw failedWhole([first, ...others], all, { isStrict: true, reporter });
  reporter.unread(lost, all);
  return { ...made, failures: [...failures, ...lost], fetched: fetched + asked };
}

/** Where the config says nothing of it, the content folder is taken whole. */
async function readFor(
  names: readonly string[],
  config: Config,
  options: MakeOptions,
): Promise<Everything> {
  const hasBounds = config.window !== undefined || config.maxItems !== undefined;
  if (names.length > 0 || !hasBounds) return readAll(names, config, options);
  const { lookAhead } = await import("./look-ahead.ts");
  return lookAhead(config, options);
}
