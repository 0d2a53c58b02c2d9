import { ISSUE_FILES } from "../../preview/issue-file-names.ts";
import path from "node:path";
import type { Config } from "../../config/config.ts";
import type { Served } from "../../desk/serve.ts";
import { isOnTheWeb } from "../../sources/io/read-sources.ts";
import {
  type Configure,
  parseDate,
  parsePort,
  projectFlags,
  webFlags,
  type ConfigFlags,
  configFlags,
} from "../flags.ts";
import { type PreviewFlags, untilInterrupted } from "../watch.ts";
import { labelled } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { readStored } from "../../issue/io/stored-files.ts";
import { issueInOutbox } from "../../issue/io/sending/load-issue.ts";
import { issueFiles } from "../../issue/issue-files.ts";
import { issueInFolder } from "../../issue/io/render-again.ts";
import { takeScreenshots } from "../../issue/io/screenshots.ts";
import { issueData } from "../../preview/issue-data.ts";
import { openProject } from "../../config/io/load-config.ts";
import { existsSync } from "node:fs";
import { reporterOn } from "../reporter.ts";

const preview: Configure = (command, terminal) => {
  webFlags(projectFlags(command))
    .argument("[FILE|URL...]", "the articles of the issue (default: the sources of the config)")
    .option("--date <YYYY-MM-DD>", "the day of the issue (default: today)", parseDate)
    .option("--port <N>", "the port to listen on (default: any that is free)", parsePort)
    .option("--no-open", "do not open the browser")
    .addHelpText(
      "after",
      `
Builds the issue, serves it and every other issue of the outbox on this machine alone, and builds it
again whenever an article, the config or a template changes. The open page follows by itself.
The printed address contains a key, a new one for each start. Without it no other account of this
machine gets in. Keep the address to yourself.

Examples:
  broadsheet preview
  broadsheet preview article.md --no-open --port 4100`,
    )
    .action(async (names: string[], flags: PreviewFlags & { readonly open: boolean }) => {
      const { previewIssues } = await import("../watch.ts");
      const { served, config } = await previewIssues(names, flags, terminal);
      if (flags.json) terminal.printJson({ url: served.url });
      else if (flags.quiet && !flags.open) terminal.insist(served.url);
      else {
        const watched = names.length > 0 ? names : watchedSources(config, terminal);
        terminal.print(
          labelled([
            ["Preview", terminal.paint("bold", served.url)],
            [
              "Watching",
              `${watched.join(", ")}, the templates and the config. Save a file and the page follows.`,
            ],
            ["", terminal.paint("dim", "Ctrl-C ends it")],
          ]),
        );
      }
      const forgetWayIn = flags.open ? await showInBrowser(served, config) : undefined;
      await untilInterrupted();
      await forgetWayIn?.();
      await served.close();
    });
};

/** Opens the browser; what it returns takes the way in away that was made for it, as does the browser's coming. */
async function showInBrowser(
  { url, entered }: Served,
  { outbox }: Config,
): Promise<() => Promise<void>> {
  const { openPage } = await import("../../desk/open-page.ts");
  const forgetWayIn = await openPage(url, outbox);
  void entered.then(forgetWayIn);
  return forgetWayIn;
}

/** Some newsletters have a hundred sources, most of them on the web, where no change is noticed. */
function watchedSources({ sources }: Config, terminal: Terminal): string[] {
  const files = sources.filter(({ from }) => !isOnTheWeb(from));
  const shown = files.slice(0, 3).map(({ from }) => terminal.shown(from));
  return files.length > 3 ? [...shown, `${files.length - 3} more`] : shown;
}

interface ScreenshotFlags extends ConfigFlags {
  readonly out?: string;
}

const screenshot: Configure = (command, terminal) => {
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
  if (isOutside && existsSync(path.join(folder, ISSUE_FILES.digest))) {
    return issueInFolder(folder, config);
  }
  const { digest, unwritten } = await issueInOutbox(name, config, reporterOn(terminal));
  if (unwritten) return { digest, files: issueFiles(unwritten) };
  const { newsletter, slot } = digest.issue;
  const { files } = await readStored(config.outbox, `${newsletter}/${slot}`);
  return { digest, files };
}

export const commands = { preview, screenshot };
