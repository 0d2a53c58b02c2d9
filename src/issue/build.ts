import type { Config } from "../config/config.ts";
import { isFrozen, type IssueState, refusal, takesArticles } from "../delivery/life.ts";
import { systemClock } from "../platform/clock.ts";
import { type Failure, SILENT } from "../platform/reporter.ts";
import { failureOf, type LeftOut, missingOf, withoutBroken } from "../sources/left-out.ts";
import { arrange } from "./arrange.ts";
import { compose } from "./compose.ts";
import { illustrate } from "./illustrate.ts";
import { keepEdits, openEdits } from "./io/keep-edits.ts";
import { refuseFrozen, stateNow } from "./io/outbox.ts";
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
  /** The issue to build; by default that of today, or of the date in the flags. */
  readonly target?: Target | undefined;
}

/** An issue that was built from articles and written to the outbox. */
export interface BuiltIssue extends PublishedIssue {
  /** The articles that could not be read, and those on which Broadsheet crashed. */
  readonly failures: readonly Failure[];
  /** Articles left out because Broadsheet crashed on them. */
  readonly leftOut: readonly LeftOut[];
  /** The number of web addresses requested for its articles and pictures. */
  readonly fetched: number;
}

/**
 * Builds an issue from the articles that `read` returns, and writes it to the outbox. An unreadable article is reported and
 * left out. With `strict`, or if no article is left, it is an error.
 * @throws BroadsheetError ISSUE_FROZEN if sending has begun; and all errors of reading, rendering and writing.
 */
export async function buildIssue(
  names: readonly string[],
  config: Config,
  options: BuildOptions,
): Promise<BuiltIssue> {
  const build = await openBuild(config, { ...options, names });
  // This check precedes reading, so that an issue that can't be written costs no request.
  await refuseFrozen(config, build.issue);
  const composed = await draftIssue(async () => read(names, config, options), build);
  const state = async () => stateNow(config, build.issue);
  const issue = await finishIssue(composed, build, async () => !isKept(await state()));
  if (!issue) throw refusal(build.issue.slot, await state(), "begin");
  const lost = issue.edits && lostText(issue.edits);
  if (lost) options.reporter.warn(lost);
  return issue;
}

/**
 * Whether an issue must stay as an editor saw it: it was approved or began to wait for approval while its articles were read.
 */
function isKept(state: IssueState): boolean {
  return takesArticles(state) && !isFrozen(state);
}

/** The editor's changes that only this build could not apply. Changes without a place in the issue become a notice instead. */
function lostText({ lost, setAside, unapplied, file }: KeptEdits): string | undefined {
  if (lost.length === 0) return file && `${UNKNOWN_EDITS}; it is kept in ${file}`;
  const overruled = lost.filter(
    (one) =>
      !unapplied.some(({ says }) => says === one) && !setAside.some(({ title }) => title === one),
  );
  const words = overruled.map((one) => `“${one}”`).join(", ");
  return words && `Some edits are not in the issue: ${words}; it is kept in ${file}`;
}

const UNKNOWN_EDITS = "It is unknown what was edited in the previous version of the issue";

/**
 * Reads the articles with the given names. Without names, it reads the articles that a run would collect for the slot. For an
 * issue outside the schedule it reads the new articles of the sources if the config has `window` or `maxItems`, otherwise the
 * whole content folder.
 */
export async function read(
  names: readonly string[],
  config: Config,
  options: BuildOptions,
): Promise<ReadIssue> {
  const { flags, target } = options;
  const hasBounds = config.window !== undefined || config.maxItems !== undefined;
  const isLookingAhead = target?.at !== undefined || target?.skipsTaken === true || hasBounds;
  if (names.length > 0 || !isLookingAhead) return readAll(names, config, options);
  const { lookAhead } = await import("./look-ahead.ts");
  const date = target?.date ?? flags.date;
  return lookAhead(config, { ...options, flags: { ...flags, ...(date && { date }) }, target });
}

/**
 * Makes an issue from the articles that `reading` returns: all steps up to the digest, without an editor's changes. Drafts,
 * and articles on which Broadsheet crashes, are left out.
 * @throws BroadsheetError CONTENT_NO_STORY if all articles are drafts; INTERNAL if Broadsheet crashes on all articles; and
 * all errors of reading and composing.
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

/** The maximum number of attempts if a program keeps saving digest.json. The next build applies the remaining changes. */
const MOST_ATTEMPTS = 5;

/**
 * Applies an editor's changes to an issue, renders it, checks it and writes it to the outbox. If articles were joined or
 * parted in the meantime, they are arranged again first. If `mayPublish` returns false, nothing is written and the result is
 * undefined.
 * @throws BroadsheetError ISSUE_FROZEN if sending has begun; and all errors of rendering and writing.
 */
export async function finishIssue(composed: ComposedIssue, build: Build): Promise<BuiltIssue>;
export async function finishIssue(
  composed: ComposedIssue,
  build: Build,
  mayPublish: () => Promise<boolean>,
): Promise<BuiltIssue | undefined>;
export async function finishIssue(
  composed: ComposedIssue,
  build: Build,
  mayPublish = async () => true,
): Promise<BuiltIssue | undefined> {
  const finished = await finishDraft(composed, build, mayPublish);
  if (finished !== "regrouped") return finished;
  // The first round has already reported on the articles.
  const again = await draftIssue(async () => composed.read, { ...build, reporter: SILENT });
  return finishIssue(again, build, mayPublish);
}

async function finishDraft(
  composed: ComposedIssue,
  build: Build,
  mayPublish: () => Promise<boolean>,
): Promise<BuiltIssue | "regrouped" | undefined> {
  const { config } = build;
  // The lock is held until the folder is written, so that no operation is added in between.
  await using edits = await openEdits(build);
  let movedFrom: string | undefined;
  for (let attempt = 1; ; attempt++) {
    const { issue, leftOut } = await withoutCrashes(composed, build, async (sound) => {
      const edited = await keepEdits(sound, build, edits);
      const rendered = await render(edited, config);
      return check(rendered);
    });
    movedFrom ??= issue.movedFrom;
    if (!(await mayPublish())) return undefined;
    if (issue.isRegrouped) return "regrouped";
    const crashes = leftOut.map(failureOf);
    const failures = [...composed.failures, ...crashes];
    const missing = [
      ...composed.missing,
      ...crashes.map((crash) => missingOf(crash, config.folder)),
    ];
    const report = { ...issue.report, leftOut: missing };
    const published = await publish({ ...issue, report }, config, { edits });
    // An editor saved digest.json during the attempt. The next one applies these changes too.
    if (published.isOutdated && attempt < MOST_ATTEMPTS) continue;
    if (build.editsOf !== undefined) await settleMoved(build, build.editsOf, movedFrom);
    return { ...published, failures, leftOut, fetched: composed.fetched };
  }
}

/** Reports whether the edits of a draft were moved to this issue. */
async function settleMoved(
  { config, issue, reporter }: Build,
  draft: string,
  movedFrom: string | undefined,
): Promise<void> {
  if (draft !== movedFrom)
    return reporter.note(`${issue.slot} has edits of its own, and those of ${draft} stay there`);
  const { openRecords } = await import("../delivery/io/issue-records.ts");
  await using records = await openRecords(config, systemClock);
  const { state: seen = "draft" } = (await records.find(draft)) ?? {};
  if (await records.move({ slot: draft }, { seen, event: "merge", why: issue.slot }))
    reporter.note(`The edits of ${draft} are in ${issue.slot} now`);
}

/**
 * Runs some steps without the stories on which they crash. All stories left out so far are reported; with `strict` they are
 * an error.
 */
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
  if (flags.strict) throw failedWhole([first, ...others], { isStrict: true, reporter });
  reporter.unread([first, ...others]);
  return { issue, leftOut };
}
