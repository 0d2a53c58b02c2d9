import { existsSync } from "node:fs";
import { hasConfig, openProject, type ProjectFlags } from "../config/io/load-config.ts";
import type { Config } from "../config/config.ts";
import { type BuiltIssue, buildIssue } from "../issue/build.ts";
import type { BuildFlags as IssueFlags, Memory, Target } from "../issue/open-build.ts";
import { systemClock } from "../platform/clock.ts";
import type { CommonFlags } from "./flags.ts";
import { reporterOn } from "./reporter.ts";
import type { Terminal } from "./terminal.ts";

export type BuildFlags = CommonFlags &
  ProjectFlags &
  IssueFlags & {
    /** The slot of the schedule that the issue is for. */
    readonly slot?: string;
  };

/** Builds the issue of the newsletter that the flags mean, in the working directory. */
export async function buildInto(
  names: readonly string[],
  flags: BuildFlags,
  terminal: Terminal,
  memory?: Memory,
): Promise<BuiltIssue> {
  const { cwd } = terminal;
  const config = await openProject(flags, terminal);
  const target = await targetFor(names, flags, config, terminal);
  const options = { flags, cwd, reporter: reporterOn(terminal), memory, target };
  const built = await buildIssue(names, config, options);
  if (target?.editsOf !== undefined) await settleMoved(target, config, terminal);
  if (!flags.json && !flags.config && !(await hasConfig(cwd))) terminal.note(BY_DEFAULT);
  return built;
}

const BY_DEFAULT =
  "No broadsheet.yaml here: built with defaults. Begin a newsletter with: broadsheet init";

/**
 * The issue to build: of the next open slot, or a separate one where articles are named. Undefined where no schedule and no
 * store knows of any: then it is that of the day.
 * @throws BroadsheetError USAGE for an issue that is no draft.
 */
async function targetFor(
  names: readonly string[],
  { slot, date }: BuildFlags,
  config: Config,
  terminal: Terminal,
): Promise<Target | undefined> {
  // Most first tries have neither, and need none of this code.
  if (!config.schedule && slot === undefined && !existsSync(config.store)) return undefined;
  const [{ announced }, { assertBuildable, targetOf }] = await Promise.all([
    import("./meant.ts"),
    import("../schedule/meant-issue.ts"),
  ]);
  const isSeparate = names.length > 0 && slot === undefined;
  const issue = await announced({ slot, date, isSeparate }, config, terminal);
  assertBuildable(issue);
  const { draftLeftBehind } = await import("../schedule/left-behind.ts");
  const left =
    isSeparate || issue.at === undefined ? undefined : await draftLeftBehind(config, systemClock);
  if (left === undefined || slot === undefined) {
    if (left !== undefined) terminal.note(leftText(left, issue.slot));
    return targetOf(issue, config);
  }
  return { ...targetOf(issue, config), editsOf: left };
}

function leftText(draft: string, slot: string): string {
  return `The draft ${draft} has edits, and no schedule sends it; to have them in ${slot}: broadsheet build --slot ${slot}`;
}

/** Notes where the edits of a draft have gone. */
async function settleMoved(
  { slot, editsOf: draft = "" }: Target,
  config: Config,
  terminal: Terminal,
): Promise<void> {
  const { openRecords } = await import("../delivery/io/issue-records.ts");
  using records = await openRecords(config, systemClock);
  if (records.move({ slot: draft }, { seen: "draft", event: "merge", why: slot }))
    terminal.note(`The edits of ${draft} are in ${slot} now`);
}
