import { mayHaveStore } from "../platform/store.ts";
import { hasConfig, type ProjectFlags } from "../config/io/load-config.ts";
import { openOutbox } from "./open-outbox.ts";
import type { Config } from "../config/config.ts";
import { type BuiltIssue, buildIssue } from "../issue/build.ts";
import type { BuildFlags as IssueFlags, Memory, Target } from "../issue/open-build.ts";
import type { PublishedIssue } from "../issue/stages.ts";
import type { Notice } from "../platform/notice.ts";
import { systemClock } from "../platform/clock.ts";
import type { CommonFlags } from "./flags.ts";
import { reporterOn } from "./reporter.ts";
import type { Terminal } from "./terminal.ts";

export type BuildFlags = CommonFlags &
  ProjectFlags &
  IssueFlags & {
    /** The slot of the schedule for which the issue is built. */
    readonly slot?: string;
  };

/** The notices about an issue. */
export interface Noticed {
  readonly notices: readonly Notice[];
}

/** Builds the issue of the newsletter in the working directory, or of the one that the flags name. */
export async function buildInto(
  names: readonly string[],
  flags: BuildFlags,
  terminal: Terminal,
  memory?: Memory,
): Promise<BuiltIssue & Noticed> {
  const { cwd } = terminal;
  const config = await openOutbox(flags, terminal);
  const target = await targetFor(names, flags, config, terminal);
  const options = { flags, cwd, reporter: reporterOn(terminal), memory, target };
  const built = await buildIssue(names, config, options);
  if (!flags.json && !flags.config && !(await hasConfig(cwd))) terminal.note(BY_DEFAULT);
  return { ...built, notices: await noticesAbout(built, config) };
}

/** The notices about an issue. Code that reads the store is loaded only for a newsletter with a schedule or a store. */
export async function noticesAbout(
  built: PublishedIssue,
  config: Config,
): Promise<readonly Notice[]> {
  if (config.schedule || mayHaveStore(config.store)) {
    const { noticesOn } = await import("../schedule/io/gather-notices.ts");
    return noticesOn(built, config, { clock: systemClock, env: process.env });
  }
  const { noticesOf } = await import("../schedule/notices.ts");
  const { digest, report, edits } = built;
  const { slot } = digest.issue;
  return noticesOf({ issues: [{ slot, report, edits }] }, systemClock()).filter(
    ({ about }) => about.slot === slot,
  );
}

const BY_DEFAULT =
  "No broadsheet.yaml here: built with defaults. Begin a newsletter with: broadsheet init";

/**
 * The issue to build. Undefined if no schedule and no store names one; then it is the issue of the day.
 * @throws BroadsheetError USAGE for an issue that is not a draft.
 */
async function targetFor(
  names: readonly string[],
  flags: BuildFlags,
  config: Config,
  terminal: Terminal,
): Promise<Target | undefined> {
  // A new newsletter usually has neither, and does not load this code.
  if (!config.schedule && flags.slot === undefined && !mayHaveStore(config.store)) return undefined;
  const [{ announce }, { assertBuildable, meantBuild }] = await Promise.all([
    import("./meant.ts"),
    import("../schedule/meant-issue.ts"),
  ]);
  const { issue, target } = await meantBuild(names, flags, config, systemClock);
  await announce(issue, config, terminal);
  assertBuildable(issue);
  return target;
}
