import type { Config } from "../config/config.ts";
import type { Failure } from "../platform/reporter.ts";
import { failureOf, type LeftOut, withoutBroken } from "../sources/left-out.ts";
import { arrange } from "./arrange.ts";
import { compose } from "./compose.ts";
import { illustrate } from "./illustrate.ts";
import { isOutdated, keepEdits } from "./io/keep-edits.ts";
import { refuseFrozen } from "./io/outbox.ts";
import { publish } from "./io/publish.ts";
import { type Build, type BuildFlags, openBuild, type Target } from "./open-build.ts";
import { failedWhole, readAll, type ReadOptions } from "./read-all.ts";
import { check, render } from "./render.ts";
import type {
  CheckedIssue,
  ComposedIssue,
  KeptEdits,
  PublishedIssue,
  ReadIssue,
} from "./stages.ts";
import { summarise } from "./summarise.ts";

interface BuildOptions extends ReadOptions {
  readonly flags: BuildFlags;
  /** The issue to build: one of today, or of the day of the flags, by default. */
  readonly target?: Target | undefined;
}

/** An issue in the outbox that was built from articles. */
export interface BuiltIssue extends PublishedIssue {
  /** What could not be read, and what Broadsheet crashed on. */
  readonly failures: readonly Failure[];
  /** Articles left out because Broadsheet crashed on them. */
  readonly leftOut: readonly LeftOut[];
  /** How many addresses were asked for it. */
  readonly fetched: number;
}

/**
 * Builds an issue of the articles named, or of what is new in the sources of the config, into the outbox. What can't be
 * read is reported, and the issue is made of the rest; with `strict`, or where nothing is left, it is an error.
 * @throws BroadsheetError ISSUE_FROZEN where its sending has begun; whatever reading, rendering and writing throw.
 */
export async function buildIssue(
  names: readonly string[],
  config: Config,
  options: BuildOptions,
): Promise<BuiltIssue> {
  const build = await openBuild(config, { ...options, names });
  // First, so that nothing is read or asked for an issue that can't be written.
  await refuseFrozen(config, build.issue);
  const composed = await draftIssue(async () => read(names, config, options), build);
  const issue = await finishIssue(composed, build);
  if (issue.edits?.file !== undefined) options.reporter.warn(lostText(issue.edits));
  return issue;
}

function lostText({ lost, file }: KeptEdits): string {
  const titles = lost.map((title) => `“${title}”`).join(", ");
  const what = lost.length > 0 ? `Not all that was edited is in it: ${titles}` : UNKNOWN_EDITS;
  return `${what}; digest.json is kept as it was in ${file}`;
}

const UNKNOWN_EDITS = "Nothing says what was edited in the issue before this one";

/**
 * The articles named. Where none is, what a run would collect for the slot, or, where no schedule sends the issue and the
 * config bounds what is new, what an issue of today would have.
 */
export async function read(
  names: readonly string[],
  config: Config,
  options: BuildOptions,
): Promise<ReadIssue> {
  const { flags, target } = options;
  const hasBounds = config.window !== undefined || config.maxItems !== undefined;
  const isLookingAhead = target?.at !== undefined || hasBounds;
  if (names.length > 0 || !isLookingAhead) return readAll(names, config, options);
  const { lookAhead } = await import("./look-ahead.ts");
  const date = target?.date ?? flags.date;
  return lookAhead(config, { ...options, flags: { ...flags, ...(date && { date }) }, target });
}

/**
 * An issue of the articles that `reading` gives, up to its digest, without an editor's changes. Drafts are left out, and so
 * are articles on which Broadsheet crashes.
 * @throws BroadsheetError CONTENT_NO_STORY where there is nothing but drafts; INTERNAL where something crashed on all
 * articles; whatever reading and composing throw.
 */
export async function draftIssue(
  reading: () => Promise<ReadIssue>,
  build: Build,
): Promise<ComposedIssue> {
  const readings = await reading();
  const draft = await arrange(readings, build);
  const illustrated = await illustrate(draft, build);
  const summarised = await summarise(illustrated, build);
  return compose(summarised, build);
}

/** A program that saves digest.json again and again must not keep a build for ever. */
const MOST_ATTEMPTS = 5;

/**
 * Puts an editor's changes into an issue, renders it, checks it and writes it into the outbox. `mayPublish` is asked before
 * anything is written; undefined where it says no.
 * @throws BroadsheetError ISSUE_FROZEN where its sending has begun; whatever rendering and writing throw.
 */
export async function finishIssue(composed: ComposedIssue, build: Build): Promise<BuiltIssue>;
export async function finishIssue(
  composed: ComposedIssue,
  build: Build,
  mayPublish: () => boolean,
): Promise<BuiltIssue | undefined>;
export async function finishIssue(
  composed: ComposedIssue,
  build: Build,
  mayPublish = () => true,
): Promise<BuiltIssue | undefined> {
  const { config } = build;
  for (let attempt = 1; ; attempt++) {
    const { issue, leftOut } = await withoutCrashes(composed, build, async (sound) => {
      const edited = await keepEdits(sound, build);
      const rendered = await render(edited, config);
      return check(rendered);
    });
    // An editor saved digest.json during the attempt. The next one applies these changes too.
    if (attempt < MOST_ATTEMPTS && (await isOutdated(issue, build))) continue;
    if (!mayPublish()) return undefined;
    const failures = [...composed.failures, ...leftOut.map(failureOf)];
    return { ...(await publish(issue, config)), failures, leftOut, fetched: composed.fetched };
  }
}

/** The result of some steps. Stories on which they crash are left out and reported; with `strict` that is an error. */
async function withoutCrashes(
  composed: ComposedIssue,
  build: Build,
  steps: (composed: ComposedIssue) => Promise<CheckedIssue>,
): Promise<{ readonly issue: CheckedIssue; readonly leftOut: readonly LeftOut[] }> {
  const { result: issue, leftOut: crashed } = await withoutBroken(
    composed.stories,
    async (stories) =>
      steps(
        stories === composed.stories ? composed : await compose({ ...composed, stories }, build),
      ),
  );
  const leftOut = [...composed.leftOut, ...crashed];
  const [first, ...others] = leftOut.map(failureOf);
  if (!first) return { issue, leftOut };
  const { flags, reporter } = build;
  if (flags.strict)
    throw failedWhole([first, ...others], composed.articles, { isStrict: true, reporter });
  reporter.unread([first, ...others], composed.articles);
  return { issue, leftOut };
}
