import { hasConfig, openProject, type ProjectFlags } from "../config/io/load-config.ts";
import { type BuiltIssue, buildIssue } from "../issue/build.ts";
import type { BuildFlags as IssueFlags, Memory } from "../issue/open-build.ts";
import type { CommonFlags } from "./flags.ts";
import { reporterOn } from "./reporter.ts";
import type { Terminal } from "./terminal.ts";

export type BuildFlags = CommonFlags & ProjectFlags & IssueFlags;

/** Builds the issue of the newsletter that the flags mean, in the working directory. */
export async function buildInto(
  names: readonly string[],
  flags: BuildFlags,
  terminal: Terminal,
  memory?: Memory,
): Promise<BuiltIssue> {
  const { cwd } = terminal;
  const config = await openProject(flags, terminal);
  const options = { flags, cwd, reporter: reporterOn(terminal), memory };
  const built = await buildIssue(names, config, options);
  if (!flags.json && !flags.config && !(await hasConfig(cwd))) terminal.note(BY_DEFAULT);
  return built;
}

const BY_DEFAULT =
  "No broadsheet.yaml here: built with defaults. Begin a newsletter with: broadsheet init";
