import path from "node:path";
import { BroadsheetError } from "../errors.ts";
import { watchFiles } from "../desk/watch-files.ts";
import type { WrittenIssue } from "../issue/build.ts";
import { type BuildFlags, buildInto } from "./build-into.ts";
import { Memory } from "../issue/memory.ts";
import { watchedFiles, untilInterrupted } from "./preview-issues.ts";
import { openProject } from "../config/io/load-config.ts";
import { Terminal } from "./terminal.ts";

/**
 * Builds an issue, and again whenever what it is made of changes, until somebody ends it. A build that
 * fails is told, and the next one may go well. `show` gets each issue, and how long it took.
 */
export async function buildAndWatch(
  names: readonly string[],
  flags: BuildFlags,
  terminal: Terminal,
  show: (written: WrittenIssue, ms: number | undefined) => void,
): Promise<void> {
  const config = await openProject(flags, terminal);
  const memory = new Memory();
  // Of its own, as a build that failed meanwhile is no reason to leave with an error.
  const own = new Terminal();
  const build = async (isFirst: boolean): Promise<void> => {
    const started = performance.now();
    try {
      own.isQuiet = !isFirst || terminal.isQuiet;
      const written = await buildInto(names, flags, own, memory);
      show(written, isFirst ? undefined : performance.now() - started);
    } catch (error) {
      if (!(error instanceof BroadsheetError)) throw error;
      own.report(error);
    }
  };
  let building = build(true);
  await building;
  const articles = watchedFiles(names, config, terminal.cwd);
  const watcher = await watchFiles(
    { articles, config, configFile: flags.config && path.resolve(terminal.cwd, flags.config) },
    async () => (building = building.then(async () => build(false))),
  );
  await untilInterrupted();
  await watcher.close();
  await building;
}
