import type { ReadItem } from "../article/compose-article.ts";
import type { Config } from "../config/config.ts";
import { BroadsheetError, errorAt } from "../errors.ts";
import { type WebFlags, readNamed } from "../sources/article-reader.ts";
import type { ConfigFlag } from "./flags.ts";
import { openProject } from "../config/io/load-config.ts";
import { reporterOn } from "./reporter.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Shows each article behind some names in turn. One that can't be read, or at which showing breaks, is reported, and
 * the next are still shown.
 */
export async function eachArticle(
  names: readonly string[],
  flags: ConfigFlag & WebFlags,
  terminal: Terminal,
  show: (item: ReadItem, isFirst: boolean, config: Config) => void | Promise<void>,
): Promise<void> {
  const config = await openProject(flags, terminal);
  const reporter = reporterOn(terminal);
  let isFirst = true;
  for await (const reading of readNamed(names, { cwd: terminal.cwd, config, flags, reporter })) {
    if ("error" in reading) {
      terminal.report(reading.error);
      continue;
    }
    if (reading.incomplete) terminal.report(reading.incomplete);
    try {
      await show(reading.item, isFirst, config);
    } catch (error) {
      if (error instanceof BroadsheetError) throw error;
      terminal.report(errorAt(reading.item.article.source, error));
    }
    isFirst = false;
  }
}
