import { readStored } from "../../issue/io/stored-files.ts";
import { issueInOutbox } from "../../issue/io/sending/load-issue.ts";
import { issueInFolder } from "../../issue/io/render-again.ts";
import { takeScreenshots } from "../../issue/io/screenshots.ts";
import { issueData } from "../../preview/issue-data.ts";
import { openProject } from "../../config/io/load-config.ts";
import { existsSync } from "node:fs";
import path from "node:path";
import type { Config } from "../../config/config.ts";
import { reporterOn } from "../reporter.ts";
import type { Terminal } from "../terminal.ts";
import { type ConfigFlags, configFlags, type Configure } from "../flags.ts";

interface ScreenshotFlags extends ConfigFlags {
  readonly out?: string;
}

export const screenshot: Configure = (command, terminal) => {
  configFlags(command)
    .argument("<ISSUE>", "its date, its folder (here or elsewhere), or: latest")
    .option("--out <DIR>", "where the pictures go (default: screenshots/<date> here)")
    .addHelpText(
      "after",
      `
A PNG of each view, on a phone and on a desktop where the email itself is shown, for a pull request or
an archive. It takes a Chromium or Chrome: CHROMIUM_PATH says where, if it isn't at /usr/bin/chromium.

Example:
  broadsheet screenshot latest --out shots`,
    )
    .action(async (name: string, flags: ScreenshotFlags) => {
      const config = await openProject({ ...(flags.config && { config: flags.config }) }, terminal);
      const { digest, files } = await issueNamed(name, config, terminal);
      const { slot } = digest.issue;
      const folder = path.resolve(terminal.cwd, flags.out ?? path.join("screenshots", slot));
      const names = await takeScreenshots(issueData(digest, files), folder);
      if (flags.json) terminal.printJson({ issue: digest.issue, dir: folder, files: names });
      else
        terminal.print(
          `${names.length} pictures of ${slot} in ${terminal.paint("bold", terminal.shown(folder))}`,
        );
    });
};

/** An issue of the outbox, rendered there again where its digest was edited; or one in a folder anywhere. */
async function issueNamed(name: string, config: Config, terminal: Terminal) {
  const folder = path.resolve(terminal.cwd, name);
  const isOutside = path.relative(config.outbox, folder).startsWith("..");
  if (isOutside && existsSync(path.join(folder, "digest.json"))) {
    return issueInFolder(folder, config);
  }
  const { digest, unwritten } = await issueInOutbox(name, config, reporterOn(terminal));
  if (unwritten) return { digest, files: unwritten };
  const { newsletter, slot } = digest.issue;
  const { files } = await readStored(config.outbox, `${newsletter}/${slot}`);
  return { digest, files };
}
